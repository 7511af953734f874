"""Pure functions from photo and saliency map to masks, cut-outs, composites and web sizes.

Pictures are Pillow images: photos RGB, masks L, cut-outs RGBA with straight alpha.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageStat
from PIL.Image import Resampling

from sod_gallery.config import DEFAULT_SIZES

Box = tuple[int, int, int, int]

ABOVE_HALF = [0] * 128 + [255] * 128
"""From a mask's levels to the object (255), which are the levels from 128, and the rest (0)."""

SOCIAL_PREVIEW_SIZE = (1200, 630)
"""Pixels, as Open Graph's readers ask for."""
SOCIAL_PREVIEW_GROUND = "#d3dae1"
"""Dark enough for white objects to stand out."""
COMPOSITE_HEIGHT = 900
"""Greatest height of a composite in pixels: that of a portrait fits a screen."""
GAP_COLOUR = "#ffffff"
CHECKER_CELL = 12
CHECKER_LIGHT, CHECKER_DARK = (244, 244, 246), (216, 218, 222)
PREVIEW = 1600
"""Pixels.  A picture of at most this width is made from the photo at this width, which is faster
than from the photo at its own size."""
WEBP_LIMIT, JPEG_LIMIT = 16_383, 65_535
"""Greatest side of a picture in pixels."""


class CompositeStyle(Protocol):
    """What a composite looks like: the part of the settings that ``composite`` needs."""

    @property
    def panels(self) -> Sequence[str]:
        """Which of photo, cutout and mask, from left to right."""

    @property
    def gap(self) -> int:
        """Pixels between two panels."""

    @property
    def max_width(self) -> int:
        """Greatest width of the whole, in pixels."""


def make_mask(saliency: NDArray[np.float32], size: tuple[int, int]) -> Image.Image:
    """Return the mask of a saliency map: (h, w) in [0, 1] becomes an L image of ``size`` (W, H).

    The reference's post-processing: truncated to 8 bits first and resized afterwards, which is
    nearer to the published results than the other order (0.0017 against 0.0023).
    """
    small = Image.fromarray((saliency * 255).astype(np.uint8))
    return small.resize(size, Resampling.BILINEAR)


def fit_map(levels: NDArray[np.uint8], size: tuple[int, int]) -> Image.Image:
    """Return a published map, H×W of 0 … 255, as an L image of ``size`` (W, H).

    Another size is sampled bilinearly without anti-aliasing, as the field's evaluators do
    (``cv2.resize`` with ``INTER_LINEAR``).
    """
    image = Image.fromarray(levels)
    if image.size == size:
        return image
    scale = (image.width / size[0], 0, 0, 0, image.height / size[1], 0)
    sampled = image.convert("F").transform(size, Image.Transform.AFFINE, scale, Resampling.BILINEAR)
    return Image.fromarray(np.rint(np.asarray(sampled)).astype(np.uint8))


def cutout(photo: Image.Image, mask: Image.Image) -> Image.Image:
    """Return the photo with the mask as alpha; its colours stay, even where it is transparent."""
    result = photo.convert("RGBA")
    result.putalpha(mask)
    return result


def coverage(mask: Image.Image) -> float:
    """Return the share of the pixels that are above one half, rounded to four digits."""
    return round(ImageStat.Stat(mask.point(ABOVE_HALF)).mean[0] / 255, 4)


def touches(mask: Image.Image) -> list[str]:
    """Return which of left, top, right, bottom the object (mask above one half) touches."""
    box = _object_box(mask)
    if box is None:
        return []
    borders = (0, 0, mask.width, mask.height)
    sides = ("left", "top", "right", "bottom")
    return [side for side, at, border in zip(sides, box, borders, strict=True) if at == border]


def is_empty(mask: Image.Image) -> bool:
    """Tell whether the mask is nothing but zeros, as that of a flat map is."""
    return mask.getbbox() is None


def _object_box(mask: Image.Image) -> Box | None:
    return mask.point(ABOVE_HALF).getbbox()


def web_widths(width: int, wanted: Sequence[int] = DEFAULT_SIZES) -> list[int]:
    """Return the widths to publish a picture at, narrowest first, never wider than itself.

    A picture that does not reach a step is published at its own width: 750 → [480, 750].
    """
    return sorted({min(width, step) for step in wanted})


def resize_width(image: Image.Image, width: int) -> Image.Image:
    """Resize to ``width``, or to what WebP can hold where that would be too tall.

    Colours of transparent pixels do not bleed: Pillow resizes RGBA premultiplied.
    """
    scale = min(width / image.width, WEBP_LIMIT / image.height)
    return image.resize(_scaled(image.size, scale), Resampling.LANCZOS)


def ladder(image: Image.Image, widths: Sequence[int]) -> list[Image.Image]:
    """Return the picture at these widths, narrowest first, each made from the next wider one.

    Resizing costs by what it reads: three sizes cost little more than the widest alone.
    """
    made: list[Image.Image] = []
    for width in sorted(widths, reverse=True):
        image = resize_width(image, width)
        made.append(image)
    return made[::-1]


def preview(image: Image.Image) -> Image.Image:
    """Return the picture at most ``PREVIEW`` pixels wide."""
    return image if image.width <= PREVIEW else resize_width(image, PREVIEW)


def _scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def composite(photo: Image.Image, mask: Image.Image, style: CompositeStyle) -> Image.Image:
    """Return the panels side by side as RGB, all of one size, never larger than the photo."""
    count = len(style.panels)
    room = max(1, (style.max_width - style.gap * (count - 1)) // count)
    scale = min(1.0, room / photo.width, COMPOSITE_HEIGHT / photo.height)
    width, height = _scaled(photo.size, scale)
    photo = photo.resize((width, height), Resampling.LANCZOS)
    mask = mask.resize((width, height), Resampling.LANCZOS)
    pitch = width + style.gap
    result = Image.new("RGB", (pitch * count - style.gap, height), GAP_COLOUR)
    for index, panel in enumerate(style.panels):
        result.paste(_panel(panel, photo, mask), (pitch * index, 0))
    return result


def _panel(name: str, photo: Image.Image, mask: Image.Image) -> Image.Image:
    if name == "photo":
        return photo
    if name == "mask":
        return mask.convert("RGB")
    return Image.composite(photo, _checkerboard(photo.size), mask)


def _checkerboard(size: tuple[int, int]) -> Image.Image:
    y, x = np.ogrid[: size[1], : size[0]]
    dark = (y // CHECKER_CELL + x // CHECKER_CELL) % 2 == 1
    colours = np.array((CHECKER_LIGHT, CHECKER_DARK), np.uint8)
    return Image.fromarray(colours[dark.astype(np.uint8)])


def social_preview(photo: Image.Image, mask: Image.Image) -> Image.Image:
    """Return the RGB picture of 1200×630 pixels for link previews: photo beside cut-out.

    Both halves show the same part of the photo, as much as fills them, around the object.
    """
    half = (SOCIAL_PREVIEW_SIZE[0] // 2, SOCIAL_PREVIEW_SIZE[1])
    box = _cover_box(photo.size, half, _object_box(mask) or (0, 0, *photo.size))
    photo = photo.resize(half, Resampling.LANCZOS, box=box)
    mask = mask.resize(half, Resampling.LANCZOS, box=box)
    result = Image.new("RGB", SOCIAL_PREVIEW_SIZE, SOCIAL_PREVIEW_GROUND)
    result.paste(photo, (0, 0))
    result.paste(photo, (half[0], 0), mask)
    return result


def _cover_box(size: tuple[int, int], shape: tuple[int, int], around: Box) -> Box:
    """Return the largest box of the given shape inside ``size``, centred on ``around``."""
    scale = min(size[0] / shape[0], size[1] / shape[1])
    width, height = _scaled(shape, scale)
    left = (around[0] + around[2] - width) // 2
    top = (around[1] + around[3] - height) // 2
    left = max(0, min(left, size[0] - width))
    top = max(0, min(top, size[1] - height))
    return left, top, left + width, top + height
