"""Sizes that the network, the data and the runtime share, and the geometry of crops."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

TEMPLATE_PX = 64
SEARCH_PX = 128
STRIDE = 8
GRID = SEARCH_PX // STRIDE
KERNEL = TEMPLATE_PX // STRIDE
CONTEXT = 0.5

Image = NDArray[np.uint8]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Box:
    """Left, top, width and height in pixels; x + w is exclusive."""

    x: float
    y: float
    w: float
    h: float

    @property
    def cx(self) -> float:
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        return self.y + self.h / 2

    def clipped(self, width: int, height: int) -> "Box":
        """The part inside a picture; its sides may be 0."""
        x1, y1 = min(max(self.x, 0.0), width), min(max(self.y, 0.0), height)
        x2, y2 = min(max(self.x + self.w, 0.0), width), min(max(self.y + self.h, 0.0), height)
        return Box(x1, y1, x2 - x1, y2 - y1)


def context_side(w: float, h: float) -> float:
    """Side of the square that holds an object and its surroundings (SiamFC, Bertinetto et al. 2016, section 3.4)."""
    p = CONTEXT * (w + h)
    return math.sqrt((w + p) * (h + p))


def iou(a: Box, b: Box) -> float:
    iw = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    ih = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    if iw <= 0 or ih <= 0:
        return 0.0
    inter = iw * ih
    return inter / (a.w * a.h + b.w * b.h - inter)


def square_to_crop(cx: float, cy: float, side: float, size: int) -> Matrix:
    """The 2x3 map from picture to crop, both with pixel edges at whole numbers."""
    k = size / side
    return np.array([[k, 0.0, size / 2 - k * cx], [0.0, k, size / 2 - k * cy]])


def warp(image: Image, matrix: Matrix, size: int) -> Image:
    """A crop of `size` px; outside the picture stands its mean colour."""
    m = matrix.copy()
    # OpenCV has pixel centres at whole numbers, we have edges there.
    m[:, 2] += 0.5 * (m[:, 0] + m[:, 1]) - 0.5
    scale = math.sqrt(abs(m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0]))
    if scale < 0.5:
        # Bilinear sampling alone would alias: average over blocks first.
        k = int(1 / scale)
        h, w = image.shape[0] // k * k, image.shape[1] // k * k
        small = cv2.resize(image[:h, :w], (w // k, h // k), interpolation=cv2.INTER_AREA)
        m = matrix.copy()
        m[:, :2] *= k
        m[:, 2] += 0.5 * (m[:, 0] + m[:, 1]) - 0.5
        image = np.asarray(small, dtype=np.uint8)
    mean = [float(v) for v in cv2.mean(image)[:3]]
    out = cv2.warpAffine(image, m, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=mean)
    return np.asarray(out, dtype=np.uint8)


def crop(image: Image, cx: float, cy: float, side: float, size: int) -> Image:
    """SiamFC's crop: a square of `side` picture pixels around a point, scaled to `size`."""
    return warp(image, square_to_crop(cx, cy, side, size), size)
