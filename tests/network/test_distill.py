"""The training: learns block by block and end to end, resumes, and writes weights that load."""

from __future__ import annotations

import math
import sys
from copy import deepcopy
from dataclasses import replace
from itertools import count
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor, nn

from sod_gallery.errors import CheckpointError
from sod_gallery.networks.checkpoints import resolve
from sod_gallery.networks.preprocessing import prepare
from sod_gallery.networks.u2net import DECODER, ENCODER, U2NETP, U2Net, resize_like
from sod_gallery.networks.weights import fold, is_folded, load_network
from sod_gallery.photos.decoding import load_photo

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import distill
from distillation import networks
from distillation.memory import DEEP, Memory
from distillation.photos import Photos, cut, draw, find_training_photos
from distillation.settings import Phase, Settings, Variety
from distillation.training import Training

pytestmark = pytest.mark.network

CENTRE = (0.5, 0.5)
BLOCKWISE = Phase(
    "crops", 0.5, side=32, window=24, batch=2, rate=2e-2, adam_rate=4e-3, composed=False
)
COMPOSED = Phase(
    "chain", 0.5, side=48, window=32, batch=1, rate=1e-3, adam_rate=1e-3, composed=True
)
AS_THEY_ARE = Variety(collages=0, windows=0, sharpened=0)
SETTINGS = Settings(
    phases=(BLOCKWISE, COMPOSED),
    variety=AS_THEY_ARE,
    size=48,
    warm_up=2,
    measured=2,
    replayed=2,
    remembered=3,
)


def network(seed: int) -> U2Net:
    torch.manual_seed(seed)
    return U2Net(U2NETP).eval()


@pytest.fixture(scope="module")
def teacher() -> U2Net:
    """Random weights, but features that differ from place to place."""
    teacher = network(7)
    networks.recalibrate(teacher, [torch.randn(2, 3, 64, 64)])
    return teacher


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Photos:
    folder = tmp_path_factory.mktemp("photos")
    write_noise(folder, 6, height=60)
    return find_training_photos([folder], Settings(hold_out=6))


def write_noise(folder: Path, count: int, height: int) -> None:
    random = np.random.default_rng(0)
    for index in range(count):
        pixels = random.integers(0, 256, (height + index, 40, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{index}.png")


@pytest.fixture
def training(teacher: U2Net, photos: Photos) -> Training:
    return Training(SETTINGS, teacher, photos, torch.device("cpu"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    write_noise(tmp_path / "photos", 5, height=30)
    return tmp_path / "photos"


def features(losses: dict[str, Tensor]) -> float:
    return sum(losses[name].item() for name in ENCODER + DECODER)


def test_blocks_learn(training: Training) -> None:
    losses = [features(training.step(second, 24)) for second in range(12)]
    assert training.progress.phase == 0
    assert max(losses[-3:]) < 0.8 * losses[0]


def test_a_disturbed_student_comes_back(teacher: U2Net, photos: Photos) -> None:
    student = deepcopy(teacher)
    with torch.no_grad():
        for parameter in student.parameters():
            if parameter.ndim == 4:
                parameter.add_(0.3 * parameter.std() * torch.randn(parameter.shape))
    settings = replace(SETTINGS, phases=(COMPOSED,))
    training = Training(settings, teacher, photos, torch.device("cpu"), student)
    losses = [features(training.step(second, 24)) for second in range(24)]
    assert max(losses[-3:]) < 0.1 * losses[0]


def test_a_window_changes_no_other_block(teacher: U2Net) -> None:
    x = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        whole = networks.trace(teacher, x, 64, CENTRE)
        part = networks.trace(teacher, x, 32, CENTRE)
        logits = teacher.logits(x)
    for expected, name in zip(logits, (networks.FUSED, *networks.SIDES), strict=True):
        coarse = resize_like(whole.outputs[name], x)
        torch.testing.assert_close(coarse, expected)
    torch.testing.assert_close(part.outputs["stage2d"], whole.outputs["stage2d"])
    assert part.outputs["stage1d"].shape[2:] == part.outputs[networks.FUSED].shape[2:] == (32, 32)
    torch.testing.assert_close(part.inputs["stage1d"], cut(whole.inputs["stage1d"], 32, CENTRE))


def test_blocks_are_fed_by_the_teacher(teacher: U2Net) -> None:
    """A perfect block has no loss, however bad the blocks before it are."""
    student = network(8)
    student.stage3 = teacher.stage3
    with torch.no_grad():
        taught = networks.trace(teacher, torch.randn(1, 3, 64, 64), 64, CENTRE)
        losses = networks.compare_blocks(student, taught, networks.measure_variances([taught]))
    assert losses["stage3"] == 0
    assert min(losses[name] for name in ("stage1", "stage2", "stage4", "stage1d")) > 0.01


def test_the_students_own_blocks_feed_each_other_end_to_end(teacher: U2Net) -> None:
    student = network(8)
    student.stage3 = teacher.stage3
    with torch.no_grad():
        x = torch.randn(1, 3, 64, 64)
        taught, learnt = (networks.trace(n, x, 64, CENTRE) for n in (teacher, student))
    variances = networks.measure_variances([taught])
    assert networks.compare(learnt, taught, variances)["stage3"] > 0.01
    assert max(networks.compare(taught, taught, variances).values()) == 0


def test_faint_maps_weigh_as_much_as_they_are_stretched() -> None:
    """The same error, in a photo with an object and in one where the teacher hardly sees any."""
    taught = torch.full((2, 1, 8, 8), -2.0)
    taught[0, 0, 0, 0] = 9.0
    learnt = torch.where(taught < 0, -1.5, taught)

    def loss(photo: int) -> float:
        ours, theirs = (
            networks.Trace({}, {"side2": maps[photo, None]}) for maps in (learnt, taught)
        )
        return networks.compare(ours, theirs, {})["side2"].item()

    assert loss(1) / loss(0) == pytest.approx((1 + math.exp(2)) * 64 / 63, rel=1e-3)
    ours, theirs = (networks.Trace({}, {"side2": maps}) for maps in (learnt, taught))
    together = networks.compare(ours, theirs, {})["side2"].item()
    assert together == pytest.approx((loss(0) + loss(1)) / 2)


@pytest.mark.parametrize("joint", [False, True])
def test_stages_learn_for_those_behind_them_only_if_joint(joint: bool) -> None:
    student = network(8)
    x = torch.randn(1, 3, 64, 64)
    learnt = networks.trace(student, x, 64, CENTRE, joint)
    learnt.outputs["side2"].mean().backward()  # type: ignore[no-untyped-call]
    learns = {name for name in networks.BLOCKS if moves(student.get_submodule(name))}
    assert learns == ({*ENCODER, *DECODER[:-1], "side2"} if joint else {"stage2d", "side2"})


def moves(block: nn.Module) -> bool:
    return any(p.grad is not None and p.grad.abs().max() > 0 for p in block.parameters())


def test_the_teacher_is_left_as_it_is(teacher: U2Net, training: Training) -> None:
    before = {name: tensor.clone() for name, tensor in teacher.state_dict().items()}
    for second in (0, 9):
        training.step(second, 10)
    for name, tensor in teacher.state_dict().items():
        torch.testing.assert_close(tensor, before[name], rtol=0, atol=0)


def test_folding_changes_nothing_but_the_modules() -> None:
    student = network(9)
    x = torch.randn(2, 3, 64, 64)
    networks.recalibrate(student, [x])
    before = student.logits(x)
    fold(student)
    assert is_folded(student)
    assert before[0].std() > 0.05
    torch.testing.assert_close(student.logits(x), before, rtol=0, atol=5e-3)


def test_recalibration_measures_the_networks_own_features() -> None:
    student = network(9)
    norm = student.get_submodule("stage3.rebnconvin.bn_s1")
    assert isinstance(norm, nn.BatchNorm2d)
    nn.init.constant_(torch.as_tensor(norm.running_mean), 50)
    seen: list[Tensor] = []
    norm.register_forward_hook(lambda _, given, __: seen.append(given[0].mean((0, 2, 3))))
    networks.recalibrate(student, torch.randn(3, 2, 3, 48, 48))
    torch.testing.assert_close(norm.running_mean, torch.stack(seen).mean(0))
    assert not student.training


@pytest.mark.parametrize(("batch", "folded"), [(1, True), (2, False)])
def test_a_photo_is_never_normalised_by_itself(
    teacher: U2Net, photos: Photos, tmp_path: Path, batch: int, folded: bool
) -> None:
    phases = (BLOCKWISE, replace(BLOCKWISE, name="whole photos", batch=batch))
    training = Training(replace(SETTINGS, phases=phases), teacher, photos, torch.device("cpu"))
    for second in range(4):
        training.step(second, 4)
    training.save(tmp_path / "state")
    state = torch.load(tmp_path / "state", weights_only=True)
    assert folded is not any("running_mean" in name for name in state["student"])


@pytest.mark.parametrize("stop", [2, 6])
def test_a_resumed_training_ends_like_an_unbroken_one(
    teacher: U2Net, photos: Photos, tmp_path: Path, stop: int
) -> None:
    """Both in the first phase and in the second, where batch normalisation is gone."""
    unbroken = Training(SETTINGS, teacher, photos, torch.device("cpu"))
    for second in range(8):
        unbroken.step(second, 8)
    killed = Training(SETTINGS, teacher, photos, torch.device("cpu"))
    for second in range(stop):
        killed.step(second, 8)
    killed.save(tmp_path / "state")
    killed.step(stop, 8)
    resumed = Training(replace(SETTINGS, seed=5), teacher, photos, torch.device("cpu"))
    resumed.load(tmp_path / "state")
    for second in range(stop, 8):
        resumed.step(second, 8)
    assert resumed.progress == unbroken.progress
    expected = unbroken.result().state_dict()
    for name, tensor in resumed.result().state_dict().items():
        torch.testing.assert_close(tensor, expected[name], rtol=0, atol=0)


def test_phases_follow_their_shares_and_rates_fall() -> None:
    phases = (replace(BLOCKWISE, share=3), replace(COMPOSED, share=1))
    settings = replace(SETTINGS, phases=phases, warm_up=10, last_rate=0.1)
    assert [settings.at(share) for share in (0, 0.375, 0.75, 1, 2)] == [
        (0, 0.0),
        (0, 0.5),
        (1, 0.0),
        (1, 1.0),
        (1, 1.0),
    ]
    assert settings.decline(0, 0) == pytest.approx(0.1)
    assert settings.decline(0, 50) == pytest.approx(1)
    assert settings.decline(1, 50) == pytest.approx(0.1)


def test_held_out_photos_are_not_trained_on(folder: Path) -> None:
    settings = Settings(hold_out=2)
    photos = find_training_photos([folder], settings)
    assert [path.name for path in photos.paths] == ["1.png", "3.png"]
    (folder / "1.png").unlink()
    (folder / "2.png").unlink()
    fewer = find_training_photos([folder], settings)
    assert [path.name for path in fewer.paths] == ["3.png"]
    assert fewer.sha256 != photos.sha256


def pictures(photos: Photos, variety: Variety, count: int) -> Tensor:
    settings = replace(SETTINGS, variety=variety)
    return draw(photos, count, SETTINGS.size, settings, torch.Generator().manual_seed(3))


def test_a_photo_as_it_is_is_what_the_predictor_sees(photos: Photos) -> None:
    """Or its mirror image; every photo comes up."""
    checkpoint = msgspec.structs.replace(resolve("u2netp-distilled"), input_size=SETTINGS.size)
    expected = [prepare(np.asarray(load_photo(path)), checkpoint) for path in photos.paths]
    seen = set()
    for picture in pictures(photos, AS_THEY_ARE, 40).numpy():
        distances = [
            min(abs(picture - e).max(), abs(picture[..., ::-1] - e).max()) for e in expected
        ]
        assert min(distances) < 1e-4
        seen.add(int(np.argmin(distances)))
    assert len(seen) == len(expected)


@pytest.mark.parametrize(
    "variety",
    [Variety(1, 0, sharpened=0), Variety(0, 1, sharpened=0), Variety(0, 0, sharpened=1)],
    ids=["collages", "windows", "sharpened"],
)
def test_varied_photos_are_none_of_the_photos(photos: Photos, variety: Variety) -> None:
    plain = pictures(photos, AS_THEY_ARE, 40)
    varied = pictures(photos, variety, 40)
    assert varied.isfinite().all()
    assert varied.shape == plain.shape
    nearest = [(plain - picture).abs().amax((1, 2, 3)).min().item() for picture in varied]
    assert sum(distance > 0.1 for distance in nearest) > 30


def test_a_collage_has_four_photos(tmp_path: Path) -> None:
    for value in (50, 100, 150, 200):
        Image.new("RGB", (30, 20), (value, value, value)).save(tmp_path / f"{value}.png")
    photos = find_training_photos([tmp_path], Settings(hold_out=4))
    assert len(photos.paths) == 3
    collages = pictures(photos, Variety(1, 0, sharpened=0), 30)[:, 0]
    quarters = collages.reshape(-1, 2, 24, 2, 24)
    assert quarters.std((2, 4)).max() < 1e-5
    means = quarters.mean((2, 4)).flatten().tolist()
    assert len({round(mean, 2) for mean in means}) > 3


def test_memory_gives_back_the_last_photos_only(teacher: U2Net) -> None:
    memory = Memory(2)
    with torch.no_grad():
        traces = [networks.trace(teacher, torch.randn(1, 3, 64, 64), 64, CENTRE) for _ in "abc"]
    for taught in traces:
        memory.add(taught)
    drawn = memory.draw(16, torch.Generator().manual_seed(0))
    for name in DEEP:
        for kept, whole in ((drawn.inputs, "inputs"), (drawn.outputs, "outputs")):
            last = torch.cat([getattr(taught, whole)[name] for taught in traces[1:]])
            found = (kept[name][:, None] - last).abs().amax((2, 3, 4)) < 0.02 * last.abs().max()
            assert found.any(1).all()
            assert found.any(0).all()
    with torch.no_grad():
        losses = networks.compare_blocks(teacher, drawn, networks.measure_variances(traces))
    assert set(losses) == set(DEEP)
    assert max(losses.values()) < 1e-3


def test_replays_teach_the_deep_stages_only(
    teacher: U2Net, photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[str, ...]] = []

    def record(
        student: U2Net, taught: networks.Trace, variances: networks.Variances
    ) -> dict[str, Tensor]:
        compared.append(tuple(taught.inputs))
        return networks.compare_blocks(student, taught, variances)

    monkeypatch.setattr("distillation.training.compare_blocks", record)
    phase = replace(BLOCKWISE, side=48, replays=2)
    settings = replace(SETTINGS, phases=(phase,))
    training = Training(settings, teacher, photos, torch.device("cpu"))
    losses = [training.step(second, 60) for second in range(20)]
    assert compared == 20 * [networks.BLOCKS, DEEP, DEEP]
    assert losses[-1]["stage4"] < 0.75 * losses[0]["stage4"]


def test_a_chain_replays_what_the_students_own_blocks_made(
    teacher: U2Net, photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = network(8)
    for parameter in student.get_submodule("stage3").parameters():
        nn.init.zeros_(parameter)
    replayed: list[networks.Trace] = []

    def record(
        student: U2Net, taught: networks.Trace, variances: networks.Variances
    ) -> dict[str, Tensor]:
        replayed.append(taught)
        return networks.compare_blocks(student, taught, variances)

    monkeypatch.setattr("distillation.training.compare_blocks", record)
    settings = replace(SETTINGS, phases=(replace(COMPOSED, replays=1),))
    Training(settings, teacher, photos, torch.device("cpu"), student).step(0, 60)
    (drawn,) = replayed
    assert drawn.inputs["stage4"].abs().max() == 0
    assert drawn.outputs["stage4"].abs().max() > 0


def test_a_stage_that_bfloat16_falsifies_is_kept_exact() -> None:
    teacher = network(7)
    fold(teacher)
    x = torch.randn(1, 3, 64, 64)
    assert networks.keep_exact(teacher, x) == []
    nn.init.constant_(teacher.get_parameter("stage3.rebnconv1d.conv_s1.bias"), 1000.0)
    assert networks.keep_exact(teacher, x) == ["stage3"]
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        assert teacher.get_submodule("stage3")(torch.randn(1, 64, 16, 16)).dtype == torch.float32


def run(command: list[str]) -> int:
    """Run the command with a clock by which every look takes a second."""
    ticks = count()
    return distill.main(command, clock=lambda: float(next(ticks)))


@pytest.fixture
def command(
    teacher: U2Net, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    torch.save(teacher.state_dict(), tmp_path / "teacher.pth")
    monkeypatch.setattr(distill, "Settings", lambda: replace(SETTINGS, report_every=2))
    out = str(tmp_path / "student.safetensors")
    return ["--teacher", str(tmp_path / "teacher.pth"), "--photos", str(folder), "--out", out]


def test_the_command_writes_weights_that_load(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--minutes", "0.1"]) == 0
    assert "photos/s" in capsys.readouterr().out
    out = tmp_path / "student.safetensors"
    assert is_folded(load_network(resolve(str(out))))
    with safe_open(out, "pt") as file:
        metadata = file.metadata()
    assert {tensor.dtype for tensor in load_file(out).values()} == {torch.float16}
    assert metadata["teacher_sha256"] == resolve(command[1]).sha256
    assert (metadata["steps"], metadata["photos"]) == ("5", "4")
    assert metadata["start"] == "random weights"


def test_the_command_resumes_and_starts_from_a_student(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--minutes", "0.05"]) == 0
    assert run(command) == 2
    assert "add --resume" in capsys.readouterr().err
    assert run([*command, "--minutes", "0.1", "--resume"]) == 0
    first = tmp_path / "student.safetensors"
    command[-1] = str(tmp_path / "second.safetensors")
    assert run([*command, "--start", str(first), "--minutes", "0.05"]) == 0
    with safe_open(command[-1], "pt") as file:
        assert file.metadata()["start"].startswith("student.safetensors, sha256 ")
        assert "crops" not in file.metadata()["recipe"]


@pytest.mark.parametrize("content", [b"", b"no state", None])
def test_a_broken_state_is_refused(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "student.safetensors.state").write_bytes(content)
    assert run([*command, "--resume"]) == 3
    assert "begin anew without --resume" in capsys.readouterr().err
    assert not (tmp_path / "student.safetensors").exists()


def test_a_state_of_another_training_is_refused(
    teacher: U2Net, photos: Photos, training: Training, tmp_path: Path
) -> None:
    training.save(tmp_path / "state")
    other_photos = Training(SETTINGS, teacher, replace(photos, sha256="1"), torch.device("cpu"))
    last_phase = replace(SETTINGS, phases=(COMPOSED,))
    other_phases = Training(last_phase, teacher, photos, torch.device("cpu"), network(1))
    for other in (other_photos, other_phases):
        with pytest.raises(CheckpointError, match="other photos, or of other phases"):
            other.load(tmp_path / "state")
