"""Measures the time of each step of a build, one photo at a time."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from sod_gallery.build.job import Job
from sod_gallery.build.model_pool import provenance_of
from sod_gallery.build.recipe import run_steps
from sod_gallery.build.steps import PredictedMask, Product
from sod_gallery.config import Config
from sod_gallery.engines.hardware import processor
from sod_gallery.engines.predictor import Predictor
from sod_gallery.engines.runtime import choose
from sod_gallery.files import hash_bytes, write_atomically
from sod_gallery.manifest import StepRecord
from sod_gallery.networks.registry import Checkpoint
from sod_gallery.photos import workers
from sod_gallery.photos.decoding import Decoded
from sod_gallery.photos.finding import find_photos
from sod_gallery.pictures.imaging import make_mask
from sod_gallery.records import Provenance

DECODING, NETWORK, WRITING = "decoding", "network", "hashing and writing"


class Stopwatch:
    """A step runner that measures every step, in core-seconds (seconds times cores in use)."""

    def __init__(self, root: Path, predictor: Predictor) -> None:
        self.root = root
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._predictor = predictor

    def ensure(self, label: str, key: str, make: Callable[[], Product]) -> StepRecord:
        """Run a step and write its files; see recipe.StepRunner."""
        elsewhere_before = self._elsewhere()
        begin = time.perf_counter()
        product = make()
        made = time.perf_counter()
        for file in product.files:
            hash_bytes(file.content)
            write_atomically(self.root / file.path, file.content)
        elsewhere = self._elsewhere() - elsewhere_before
        self.seconds[label.rpartition("/")[2]] += made - begin - elsewhere
        self.seconds[WRITING] += time.perf_counter() - made
        return StepRecord(key=key, outputs=[], findings=product.findings)

    def _elsewhere(self) -> float:
        """Return the seconds of what steps call and what is counted by itself."""
        return self.seconds[DECODING] + self.seconds[NETWORK] / processor().cores

    def load(self, path: Path) -> Decoded:
        """Return a photo as a build decodes it, in a worker."""
        begin = time.perf_counter()
        decoded = workers.decode("photo", path, workers.measure(path))
        self.seconds[DECODING] += time.perf_counter() - begin
        return decoded

    def predict(self, _: Provenance, photo: Image.Image) -> PredictedMask:
        """Return a photo's mask at its size.  The network's time counts for all cores."""
        begin = time.perf_counter()
        prediction = self._predictor.predict_with_peak(photo)
        self.seconds[NETWORK] += (time.perf_counter() - begin) * processor().cores
        return PredictedMask(make_mask(prediction.saliency, photo.size), prediction.peak)


def measure_stages(checkpoint: Checkpoint, photos: Path, work: Path) -> list[tuple[str, float]]:
    """Build all photos of a folder; return each stage with its core-seconds, the longest first."""
    runtime = choose()
    watch = Stopwatch(work / "stages", Predictor(checkpoint, runtime))
    made_by = provenance_of(checkpoint, runtime)
    for name in find_photos(photos):
        slug = hash_bytes(name.encode())[:12]
        job = Job("bench", name, slug, photos / name, in_site=False)
        run_steps(job, "", [made_by], Config(), watch, watch.load, watch.predict)
    return sorted(watch.seconds.items(), key=lambda stage: -stage[1])
