"""Converted networks are cached; a damaged or missing cache costs time and nothing else."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from sod_gallery.engines import conversion
from sod_gallery.engines.conversion import Conversion
from sod_gallery.networks.checkpoints import resolve


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache in which a file is what the test says: nothing is really converted."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    conversion._folder_of_this_process.cache_clear()
    return tmp_path / "cache/sod-gallery"


class Counted(Conversion):
    """Converts to a few bytes, and counts how often."""

    made = 0

    def _record(self) -> tuple[Path, Path]:
        Counted.made += 1
        return self._keep(".onnx", b"graph"), self._keep("-exact.json", b'{"nodes":[]}')


@pytest.fixture
def converted(cache: Path) -> Conversion:
    assert not cache.exists()
    Counted.made = 0
    return Counted(resolve("u2netp-distilled"))


def test_a_network_is_converted_once(converted: Conversion, cache: Path) -> None:
    assert converted.graph().read_bytes() == b"graph"
    assert converted.graph().parent == cache
    assert Counted.made == 1
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("harm", [b"", b"grap", b"graph and more", None])
def test_a_damaged_file_is_made_again(
    converted: Conversion, cache: Path, harm: bytes | None
) -> None:
    path = converted.graph()
    if harm is None:
        path.unlink()
        path.symlink_to("/nowhere")
    else:
        path.write_bytes(harm)
    assert converted.graph().read_bytes() == b"graph"
    assert Counted.made == 2
    assert not list(cache.glob(".*"))


def test_a_cache_that_cannot_be_written_costs_a_note(
    converted: Conversion, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.parent.write_text("a file where a folder should be")
    with caplog.at_level(logging.WARNING):
        first = converted.graph()
    assert first.read_bytes() == b"graph"
    assert "cannot be written" in caplog.text
    assert converted.graph() == first
    assert Counted.made == 1
    conversion._folder_of_this_process().cleanup()
    conversion._folder_of_this_process.cache_clear()


def test_a_folder_in_the_place_of_a_file_is_no_obstacle(converted: Conversion) -> None:
    path = converted.graph()
    path.unlink()
    path.mkdir()
    assert converted.graph().read_bytes() == b"graph"
    conversion._folder_of_this_process().cleanup()
    conversion._folder_of_this_process.cache_clear()
