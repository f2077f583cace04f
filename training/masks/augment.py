"""What is done to a labelled object before the network sees it. Each kind has its own switch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from siamese.augment import Augment, degrade
from siamese.geometry import Box, Image, Matrix

from .geometry import Shape, mean_colour, region_of, shape_of, to_crop, warp
from .labels import Labelled, Mask


@dataclass(frozen=True)
class Switches:
    """Which augmentations are on."""

    flips: bool = True
    scales: bool = True
    """Boxes that a detector did not quite hit, turned a little; and fewer pixels than the crop has."""
    light: bool = True
    occluders: bool = True
    backgrounds: bool = True
    """The object cut out, in front of another picture."""

    def without(self, names: Sequence[str]) -> "Switches":
        return replace(self, **{name: False for name in names})


NAMES = [f.name for f in fields(Switches)]
LIGHT = Augment().without(["blur"])
NO_LIGHT = LIGHT.without(["brightness", "contrast", "colour", "gamma"])


def jittered(box: Box, rng: Generator) -> Box:
    """As a detector might have drawn it: each side off by some hundredths of the box."""
    off = np.clip(rng.normal(0, 0.05, 4), -0.12, 0.12)
    x1, y1 = box.x + off[0] * box.w, box.y + off[1] * box.h
    x2, y2 = box.x + (1 + off[2]) * box.w, box.y + (1 + off[3]) * box.h
    return Box(x1, y1, x2 - x1, y2 - y1)


def turned(m: Matrix, shape: Shape, rng: Generator) -> Matrix:
    """The map, turned by some degrees around the crop's middle."""
    angle = float(np.clip(rng.normal(0, 0.06), -0.15, 0.15))
    cos, sin = math.cos(angle), math.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    middle = np.array([shape.width / 2, shape.height / 2])
    return np.column_stack([turn @ m[:, :2], turn @ (m[:, 2] - middle) + middle])


def mirrored(m: Matrix, shape: Shape) -> Matrix:
    return np.diag([-1.0, 1.0]) @ m + np.array([[0, 0, shape.width], [0, 0, 0]])


def fewer_pixels(crop: Image, rng: Generator) -> Image:
    """As of an object that is small in its picture."""
    k = rng.uniform(0.25, 0.9)
    small = cv2.resize(crop, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, crop.shape[1::-1], interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def cover(crop: Image, mask: Mask, other: Labelled, rng: Generator) -> tuple[Image, Mask]:
    """Something stands before part of the object: another object, or a plain bar as of a pole or a wall."""
    h, w = mask.shape
    if rng.random() < 0.3:
        out, left = crop.copy(), mask.copy()
        colour = rng.integers(0, 256, 3)
        noise = rng.normal(0, 6, (h, w, 1))
        if rng.random() < 0.5:
            x = int(rng.integers(0, w))
            part = np.s_[:, x : x + int(rng.integers(max(2, w // 16), max(3, w // 3)))]
        else:
            y = int(rng.integers(h // 3, h))
            part = np.s_[y : y + int(rng.integers(max(2, h // 12), h)), :]
        out[part] = np.clip(colour + noise[part], 0, 255)
        left[part] = 0
        return out, left
    side = rng.uniform(0.5, 1.1)
    angle = rng.uniform(0, 2 * math.pi)
    reach = rng.uniform(0.45, 0.9)
    kx = side * w / other.box.w
    ky = side * h / other.box.h
    if rng.random() < 0.7:
        kx = ky = min(kx, ky) if rng.random() < 0.5 else max(kx, ky) * 0.7
    cx, cy = w / 2 + math.cos(angle) * reach * w * 0.8, h / 2 + math.sin(angle) * reach * h * 0.8
    m = np.array([[kx, 0, cx - kx * other.box.cx], [0, ky, cy - ky * other.box.cy]])
    if min(kx, ky) < 0.02 or max(kx, ky) > 8:
        return crop, mask
    shape = Shape(w, h)
    image, alpha = warp(other.image, m, shape), warp(other.mask, m, shape)
    soft = alpha.astype(np.float32)[:, :, None] / 255
    return (image * soft + crop * (1 - soft)).astype(np.uint8), (mask * (1 - soft[:, :, 0])).astype(np.uint8)


def before(crop: Image, mask: Mask, other: Labelled, rng: Generator) -> Image:
    """The object in front of a part of another picture."""
    h, w = mask.shape
    H, W = other.image.shape[:2]
    k = rng.uniform(0.3, 1.2) * max(w / W, h / H) * 2
    cx, cy = rng.uniform(0.2, 0.8) * W, rng.uniform(0.2, 0.8) * H
    m = np.array([[k, 0, w / 2 - k * cx], [0, k, h / 2 - k * cy]])
    behind = warp(other.image, m, Shape(w, h), mean_colour(other.image))
    soft = cv2.GaussianBlur(mask, (3, 3), 0).astype(np.float32)[:, :, None] / 255
    return (crop * soft + behind * (1 - soft)).astype(np.uint8)


def lesson(item: Labelled, other: Labelled, on: Switches, rng: Generator, scale: float = 1.0) -> tuple[Shape, Image, Mask]:
    """One crop and the mask that it should have. `scale` makes crops smaller than the runtime's, and steps cheaper."""
    box = jittered(item.box, rng) if on.scales else item.box
    shape = shape_of(box).scaled(scale)
    m = to_crop(region_of(box), shape)
    if on.scales and rng.random() < 0.5:
        m = turned(m, shape, rng)
    if on.flips and rng.random() < 0.5:
        m = mirrored(m, shape)
    crop = warp(item.image, m, shape, mean_colour(item.image))
    mask: NDArray[np.uint8] = warp(item.mask, m, shape)
    if on.backgrounds and rng.random() < 0.2:
        crop = before(crop, mask, other, rng)
    if on.occluders and rng.random() < 0.3:
        covered = cover(crop, mask, other, rng)
        # What is left must still be an object.
        if covered[1].sum() > 0.35 * mask.sum():
            crop, mask = covered
    if on.scales and rng.random() < 0.35:
        crop = fewer_pixels(crop, rng)
    crop = degrade(crop, rng, LIGHT if on.light else NO_LIGHT)
    return shape, crop, mask
