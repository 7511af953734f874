"""Fixtures that build a small site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cheap_network import CheapPredictor
from small_world import Outcome, Run, draw_pets, random_weights

from sod_gallery.cli import main
from sod_gallery.engines.predictor import unload_predictors


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return random_weights(tmp_path_factory.mktemp("weights") / "tiny.safetensors", 1)


@pytest.fixture(scope="session")
def other_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return random_weights(tmp_path_factory.mktemp("weights") / "other.safetensors", 2)


@pytest.fixture
def cheap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Replace the network by one that costs nothing, but in tests that ask for the ``real`` one."""
    unload_predictors()
    if "real" not in request.fixturenames:
        monkeypatch.setattr("sod_gallery.engines.predictor.Predictor", CheapPredictor)
    yield
    unload_predictors()


@pytest.fixture
def real() -> None:
    """Keep the network: see ``cheap``."""


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return draw_pets(tmp_path / "pets")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return the root of an empty site."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "_config.yml").write_text("title: test\n")
    return folder


@pytest.fixture
def run(site: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command on the site, offline."""

    def call(*arguments: str | Path) -> Outcome:
        capfd.readouterr()
        code = main([*map(str, arguments), "--offline"], root=site)
        return Outcome(code, *capfd.readouterr())

    return call


@pytest.fixture
def build(run: Run, photos: Path, weights: Path) -> Run:
    """Return a function that builds the photos and tells how it went."""

    def call(*arguments: str | Path) -> Outcome:
        return run("--photos", photos, "--model", weights, "--json", *arguments)

    return call
