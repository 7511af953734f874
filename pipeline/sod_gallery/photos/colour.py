"""Converts pixels to sRGB where a file states its colours by code points or by a gamma, not by ICC.

Code points are those of ITU-T H.273, in PNG's chunk cICP and in the box colr (nclx) of AVIF and
HEIC.  HDR (PQ and HLG, ITU-R BT.2100) is tone-mapped as Chromium does: luminance relative to a
white of 203 cd/m² (BT.2408) is compressed by a rational curve, from the greatest luminance that the
file states.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Points = tuple[float, float, float, float, float, float, float, float]
"""Chromaticities x, y of white, red, green and blue."""

D65 = (0.3127, 0.329)
BT709: Points = (*D65, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
PRIMARIES: dict[int, Points] = {
    1: BT709,
    4: (0.31, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (*D65, 0.64, 0.33, 0.29, 0.6, 0.15, 0.06),
    6: (*D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    7: (*D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    9: (*D65, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046),
    11: (0.314, 0.351, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
    12: (*D65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
    22: (*D65, 0.63, 0.34, 0.295, 0.605, 0.155, 0.077),
}
"""By H.273's code point; others count as BT.709."""
PQ, HLG, LINEAR, GAMMA_22, GAMMA_28 = 16, 18, 8, 4, 5
WHITE = 203.0
"""Luminance of diffuse white in cd/m²."""
BRIGHTEST = {PQ: 10_000.0, HLG: 1_000.0}
"""Greatest luminance in cd/m² where a file does not state it."""

LEVELS: Floats = np.linspace(0, 1, 256, dtype=np.float32)
"""The values of bytes."""

_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


@dataclass(frozen=True)
class Encoding:
    """How the values of a file's pixels stand for light."""

    primaries: Points = BT709
    gamma: float = 0.0
    """Light is the value to the power of 1 / gamma, as PNG's gAMA states it; 0: see transfer."""
    transfer: int = 13
    """H.273's code point; 13 is sRGB's curve, which all SDR curves but powers count as."""
    brightest: float = 0.0
    """Greatest luminance of HDR in cd/m²; 0 where the file does not state it."""

    @property
    def is_hdr(self) -> bool:
        """Tell whether it has to be tone-mapped."""
        return not self.gamma and self.transfer in (PQ, HLG)

    @property
    def is_srgb(self) -> bool:
        """Tell whether there is nothing to convert, or too little to see."""
        like_srgb = not self.gamma and self.transfer not in (PQ, HLG, LINEAR, GAMMA_28)
        like_srgb = like_srgb or abs(self.gamma - 1 / 2.2) < 0.005
        return like_srgb and bool(np.allclose(self.primaries, BT709, atol=0.003))


def by_code_points(primaries: int, transfer: int, brightest: float = 0.0) -> Encoding:
    """Return the encoding that H.273's code points name."""
    return Encoding(PRIMARIES.get(primaries, BT709), transfer=transfer, brightest=brightest)


def to_srgb(pixels: NDArray[np.uint8], encoding: Encoding) -> NDArray[np.uint8]:
    """Convert H×W×3 or H×W bytes to sRGB, a strip of rows at a time to spare memory."""
    if pixels.ndim == 2:  # grey has no primaries: its curve alone is converted
        return _curve(encoding)[pixels]
    between = PRIMARIES[9] if encoding.is_hdr else BT709  # HDR is tone-mapped in BT.2020
    first = _matrix(encoding.primaries, between).astype(np.float32)
    second = _matrix(between, BT709).astype(np.float32)
    linear = _linear(encoding)(LEVELS)
    result = np.empty_like(pixels)
    rows = max(1, 2_000_000 // pixels.shape[1])
    for top in range(0, len(pixels), rows):
        light = linear[pixels[top : top + rows]] @ first.T
        if encoding.is_hdr:
            light = _tone_mapped(light, encoding) @ second.T
        result[top : top + rows] = _encoded(light)
    return result


def _curve(encoding: Encoding) -> NDArray[np.uint8]:
    return _encoded(_linear(encoding)(LEVELS))


def _linear(encoding: Encoding) -> Callable[[Floats], Floats]:
    """Return the function from values to light, 1 being diffuse white."""
    if encoding.gamma:
        return lambda v: (v ** (1 / encoding.gamma)).astype(np.float32)
    powers = {LINEAR: 1.0, GAMMA_22: 2.2, GAMMA_28: 2.8}
    if encoding.transfer in powers:
        return lambda v: (v ** powers[encoding.transfer]).astype(np.float32)
    return {PQ: _from_pq, HLG: _from_hlg}.get(encoding.transfer, _from_srgb)


def _from_srgb(v: Floats) -> Floats:
    """IEC 61966-2-1."""
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4).astype(np.float32)


def _from_pq(v: Floats) -> Floats:
    """SMPTE ST 2084: light of up to 10,000 cd/m²."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    power = v ** (1 / m2)
    light = (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
    return np.asarray(light * (10_000 / WHITE), np.float32)


def _from_hlg(v: Floats) -> Floats:
    """BT.2100's inverse OETF, with the display's gamma of 1.2 for each channel."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(v <= 0.5, v**2 / 3, (np.exp((v - c) / a) + b) / 12)
    return (scene**1.2 * (BRIGHTEST[HLG] / WHITE)).astype(np.float32)


def _tone_mapped(light: Floats, encoding: Encoding) -> Floats:
    """Compress what is brighter than white, by the brightest channel, so that hues stay."""
    most = (encoding.brightest or BRIGHTEST[encoding.transfer]) / WHITE
    peak = light.max(axis=-1, keepdims=True)
    return np.asarray(light * ((1 + peak / most**2) / (1 + peak)), np.float32)


def _encoded(light: Floats) -> NDArray[np.uint8]:
    """Return light as sRGB's bytes; what is out of range is cut off."""
    v = np.clip(light, 0, 1)
    curve = np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055)
    return (curve * 255 + 0.5).astype(np.uint8)


def _matrix(source: Points, target: Points) -> NDArray[np.float64]:
    """Return the matrix from light in some primaries to light in others, adapted to their white."""
    whites = (_BRADFORD @ _xyz(target[:2])) / (_BRADFORD @ _xyz(source[:2]))
    adapted = np.linalg.inv(_BRADFORD) @ np.diag(whites) @ _BRADFORD
    return np.asarray(np.linalg.inv(_to_xyz(target)) @ adapted @ _to_xyz(source), np.float64)


def _to_xyz(primaries: Points) -> NDArray[np.float64]:
    columns = np.array([_xyz(primaries[at : at + 2]) for at in (2, 4, 6)]).T
    return np.asarray(columns * np.linalg.solve(columns, _xyz(primaries[:2])), np.float64)


def _xyz(point: tuple[float, ...]) -> NDArray[np.float64]:
    x, y = point
    return np.array([x / y, 1, (1 - x - y) / y])
