"""Sizes that the network, the data and the runtime share, and the geometry of crops."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from siamese.geometry import Box, Image, Matrix

MARGIN = 0.125
"""Of a box's sides, what is shown around it on each."""
STRIDE = 2
"""Pixels of the crop to one cell of the mask."""
DEEPEST = 16
"""Pixels of the crop to one cell of the encoder's last layer."""
WIDE = 1.43
"""From this width to one of height a box is wide, below its inverse it is tall."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """Of a crop, pixels; about as many in each shape, so that each costs the same."""

    width: int
    height: int

    def scaled(self, k: float) -> "Shape":
        """In whole cells of the deepest layer."""
        return Shape(max(1, round(self.width * k / DEEPEST)) * DEEPEST, max(1, round(self.height * k / DEEPEST)) * DEEPEST)


TALL, SQUARE, BROAD = Shape(64, 128), Shape(96, 96), Shape(128, 64)
SHAPES = (TALL, SQUARE, BROAD)


def shape_of(box: Box) -> Shape:
    """The shape that bends a box least."""
    aspect = box.w / box.h
    return BROAD if aspect > WIDE else TALL if aspect < 1 / WIDE else SQUARE


def region_of(box: Box) -> Box:
    """What a crop shows: the box and its margin."""
    return Box(box.x - MARGIN * box.w, box.y - MARGIN * box.h, box.w * (1 + 2 * MARGIN), box.h * (1 + 2 * MARGIN))


def to_crop(region: Box, shape: Shape) -> Matrix:
    """The 2x3 map from picture to crop, both with pixel edges at whole numbers."""
    kx, ky = shape.width / region.w, shape.height / region.h
    return np.array([[kx, 0.0, -kx * region.x], [0.0, ky, -ky * region.y]])


def warp(image: NDArray[np.uint8], matrix: Matrix, shape: Shape, around: tuple[float, ...] = (0.0,)) -> NDArray[np.uint8]:
    """A crop of a picture or a mask. What shrinks by more than two is averaged in blocks first: sampling alone would alias."""
    m = matrix.copy()
    kx, ky = np.hypot(m[0, 0], m[1, 0]), np.hypot(m[0, 1], m[1, 1])
    bx, by = max(1, int(1 / kx)), max(1, int(1 / ky))
    if bx > 1 or by > 1:
        h, w = image.shape[0] // by * by, image.shape[1] // bx * bx
        if h and w:
            image = np.asarray(cv2.resize(image[:h, :w], (w // bx, h // by), interpolation=cv2.INTER_AREA), dtype=np.uint8)
            m[:, 0] *= bx
            m[:, 1] *= by
    # OpenCV has pixel centres at whole numbers, we have edges there.
    m[:, 2] += 0.5 * (m[:, 0] + m[:, 1]) - 0.5
    out = cv2.warpAffine(image, m, (shape.width, shape.height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=around)
    return np.asarray(out, dtype=np.uint8)


def mean_colour(image: Image) -> tuple[float, ...]:
    """What stands outside of a picture."""
    return tuple(float(v) for v in cv2.mean(image[::8, ::8])[:3])


def cut(image: Image, box: Box) -> Image:
    """The crop of a box, as the runtime cuts it."""
    shape = shape_of(box)
    return warp(image, to_crop(region_of(box), shape), shape, mean_colour(image))


def paste(grid: Floats, box: Box, width: int, height: int, threshold: float = 0.5) -> NDArray[np.bool_]:
    """A mask's cells over the region of a box as pixels of the picture: those within the box whose middle is above the threshold."""
    rows, columns = grid.shape
    region = region_of(box)
    out = np.zeros((height, width), bool)
    x1, y1 = max(0, round(box.x)), max(0, round(box.y))
    x2, y2 = min(width, round(box.x + box.w)), min(height, round(box.y + box.h))
    if x2 <= x1 or y2 <= y1:
        return out
    x = ((np.arange(x1, x2) + 0.5 - region.x) * columns / region.w - 0.5).astype(np.float32)
    y = ((np.arange(y1, y2) + 0.5 - region.y) * rows / region.h - 0.5).astype(np.float32)
    values = cv2.remap(grid, *np.meshgrid(x, y), cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    out[y1:y2, x1:x2] = values > threshold
    return out
