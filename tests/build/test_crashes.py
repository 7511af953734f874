"""Whatever ends a build, the next one arrives at the same files, and nothing is half-written."""

from __future__ import annotations

import hashlib
import json
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from crashing import (
    CHANGING,
    IS_LONG,
    Watcher,
    World,
    default_signals,
    environment,
    make_world,
    tear,
    trials,
)
from small_world import draw, random_weights, tree

from sod_gallery.engines.runtime import supported

KILLS = [
    *((signal.SIGKILL, chance) for chance in trials(3, 100, "SIGKILL")),
    *((signal.SIGTERM, chance) for chance in trials(1, 30, "SIGTERM")),
    *((signal.SIGINT, chance) for chance in trials(1, 30, "SIGINT")),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("crashes")
    return make_world(folder, random_weights(folder / "weights.safetensors", 1))


def interrupt(world: World, site: Path, number: signal.Signals, moment: float) -> tuple[int, str]:
    """Start a build and send it a signal; returns the exit code and what it said."""
    process = world.start(site)
    time.sleep(moment)
    process.send_signal(number)
    sent = time.perf_counter()
    out, err = process.communicate(timeout=60)
    assert time.perf_counter() - sent < 5, "it took too long to end"
    return process.returncode, out + err


@pytest.mark.parametrize(("number", "chance"), KILLS)
def test_a_build_goes_on_after_any_signal(
    world: World, number: signal.Signals, chance: random.Random, tmp_path: Path
) -> None:
    world_site = world.site(tmp_path.name, built=chance.random() < 0.6)
    is_torn = number == signal.SIGKILL and chance.random() < 0.5
    with Watcher(world, world_site) as watcher:
        for _ in range(chance.choice((1, 1, 2))):
            moment = chance.uniform(0.0 if number == signal.SIGKILL else 0.3, world.seconds * 1.05)
            code, said = interrupt(world, world_site, number, moment)
            assert "Traceback" not in said
            assert code in {0, -number, 128 + number}
            if code == 128 + number:
                assert "stopping" in said or "stopped before anything was begun" in said
            if is_torn:
                tear(world_site, chance)
        built = 0 if is_torn else len(re.findall(r"^\[\d+/\d+\] built ", said, re.M))
        final, told = world.build(world_site)
    assert final == 0, told
    assert watcher.faults == []
    assert watcher.looks
    assert world.difference(world_site) == []
    fresh = re.search(r"(\d+) fresh", told)
    assert int(fresh[1] if fresh else 0) >= built - 1, "finished photos were made again"


def test_a_stopped_build_sums_up_and_exits_as_shells_expect(world: World, tmp_path: Path) -> None:
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
        site = world.site(f"{tmp_path.name}-{code}", built=False)
        process = world.start(site)
        while not list(site.rglob("mask.png")):
            time.sleep(0.005)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        assert process.returncode == code, err
        assert "stopping: photos in hand are dropped" in err
        assert "interrupted; the next build goes on where this one stopped" in out
    world.check(site)


def catches_signals(pid: int) -> bool:
    """Tell whether a process has a handler for SIGTERM, which Python itself has not."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


@pytest.mark.parametrize("moment", [chance.random() for chance in trials(3, 40, "start")])
def test_an_interrupted_start_shows_no_traceback(tmp_path: Path, moment: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sod_gallery", "check", "--out", str(tmp_path)],
        env=environment(),
        preexec_fn=default_signals,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not catches_signals(process.pid):  # the first hundredths belong to Python itself
        time.sleep(0.001)
    time.sleep(moment * 0.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert "Traceback" not in err
    assert process.returncode in {0, 1, 130}


def can_mount() -> bool:
    try:
        return not subprocess.run(["unshare", "-rm", "true"], check=False).returncode
    except OSError:
        return False


@pytest.mark.skipif(not can_mount(), reason="no user namespaces (unshare -rm) to mount a disk in")
@pytest.mark.parametrize("chance", trials(2, 24, "disk"))
def test_a_full_disk_costs_nothing_but_time(
    world: World, chance: random.Random, tmp_path: Path
) -> None:
    begun = chance.choice(("-", str(world.folder / "old")))
    needed = sum(4096 + len(content) for content in world.whole.values())
    there = 0 if begun == "-" else needed
    size = there + int(chance.uniform(0.02, 0.9) * needed)
    driver = Path(__file__).parents[1] / "drivers/small_disk.py"
    command = ["unshare", "-rm", sys.executable, driver, str(size), tmp_path, begun]
    done = subprocess.run(
        [*map(str, command), *world.command],
        env=environment(CHEAP_SECONDS="0"),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    code, said = found["first"]
    assert code in {0, 2}, said
    assert "Traceback" not in said
    assert code == 0 or "No space left on device" in said
    assert found["half"] == []
    assert found["second"][0] == 0, found["second"]
    whole = {path: hashlib.sha256(content).hexdigest() for path, content in world.whole.items()}
    assert {p: h for p, h in found["files"].items() if p not in CHANGING} == whole


@pytest.mark.parametrize("chance", trials(1, 10, "two builds"))
def test_two_builds_at_once_do_not_mix(world: World, chance: random.Random, tmp_path: Path) -> None:
    site = world.site(tmp_path.name, built=chance.random() < 0.5)
    with Watcher(world, site) as watcher:
        first = world.start(site)
        time.sleep(chance.uniform(0, world.seconds))
        second = world.start(site)
        said = [process.communicate(timeout=60) for process in (first, second)]
    codes = sorted(process.returncode for process in (first, second))
    assert codes in ([0, 0], [0, 2]), said
    assert codes == [0, 0] or any("another build is running" in err for _, err in said)
    assert watcher.faults == []
    assert world.difference(site) == []


@pytest.mark.network
@pytest.mark.skipif(not IS_LONG, reason="takes minutes: set CRASHES=long")
@pytest.mark.parametrize(
    ("backend", "precision"),
    [("onnxruntime", "fp32"), ("openvino", "bf16"), ("torch", "bf16"), ("onnxruntime", "int8")],
)
def test_two_sites_share_one_cold_cache(tmp_path: Path, backend: str, precision: str) -> None:
    if not supported(precision, "cpu"):
        pytest.skip("this processor does not compute in bfloat16")
    draw(tmp_path / "pets/a.jpg", (60, 40), 1)
    command = [sys.executable, "-m", "sod_gallery", "--photos", str(tmp_path / "pets"), "--offline"]
    command += ["--backend", backend, "--precision", precision]
    processes = [
        subprocess.Popen(
            [*command, "--out", str(tmp_path / name)],
            env=environment(XDG_CACHE_HOME=str(tmp_path / "cache")),
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        for name in ("one", "two")
    ]
    for process in processes:
        _, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
    assert tree(tmp_path / "one", *CHANGING) == tree(tmp_path / "two", *CHANGING)
    for path in (tmp_path / "cache/sod-gallery").iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() in path.name
