"""U2Net gallery: salient object detection over folders of photos, and the data of a static site.

The public names are those of ``__all__``, documented in docs/api.md.  They are loaded when they are
first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import (
        Checkpoint,
        PipelineError,
        Runtime,
        SaliencyMap,
        Summary,
        build_gallery,
        cut_out,
        load_checkpoint,
        load_photo,
        make_mask,
        predict_map,
    )

__version__ = "0.1.0"

__all__ = [
    "Checkpoint",
    "PipelineError",
    "Runtime",
    "SaliencyMap",
    "Summary",
    "build_gallery",
    "cut_out",
    "load_checkpoint",
    "load_photo",
    "make_mask",
    "predict_map",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(".api", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
