"""Augmentations, each with its own switch. Those of geometry are applied when pairs are cut, the others when they are loaded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, cast

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .geometry import Box, Image, Matrix


@dataclass(frozen=True)
class Augment:
    """Which augmentations are on."""

    rotation: bool = True
    flip: bool = True
    translation: bool = True
    zoom: bool = True
    shear: bool = True
    brightness: bool = True
    contrast: bool = True
    colour: bool = True
    gamma: bool = True
    blur: bool = True
    compression: bool = True
    occlusion: bool = True

    def without(self, names: Sequence[str]) -> "Augment":
        return replace(self, **{name: False for name in names})

    def with_also(self, name: str) -> "Augment":
        return replace(self, **{name: True})

    def only(self, names: Sequence[str]) -> "Augment":
        return self.without([name for name in NAMES if name not in names])


NAMES = [f.name for f in fields(Augment)]
GEOMETRY = ("rotation", "flip", "translation", "zoom", "shear")
"""Applied when pairs are cut; the others when they are loaded."""
OFF = Augment().without(NAMES)


@dataclass(frozen=True)
class Jitter:
    """How a crop differs from the plain one: where the object's centre is moved to, in crop pixels, and how it is bent."""

    dx: float = 0.0
    dy: float = 0.0
    zoom: float = 1.0
    aspect: float = 1.0
    angle: float = 0.0
    shear: float = 0.0
    flip: bool = False


def template_jitter(rng: Generator, on: Augment, flip: bool) -> Jitter:
    """Small: a template is cut from a box that a detector gave."""
    drawn = Jitter(
        dx=rng.normal(0, 1.2),
        dy=rng.normal(0, 1.2),
        zoom=math.exp(rng.normal(0, 0.06)),
        aspect=math.exp(rng.normal(0, 0.03)),
        angle=rng.normal(0, 0.05),
        shear=rng.normal(0, 0.02),
        flip=flip,
    )
    return switched(drawn, on)


def search_jitter(rng: Generator, on: Augment, flip: bool) -> Jitter:
    """Large: between two searches an object moves, nears and turns."""
    far = rng.random() < 0.3
    dx, dy = rng.uniform(-42, 42, 2) if far else np.clip(rng.normal(0, 12, 2), -42, 42)
    drawn = Jitter(
        dx=float(dx),
        dy=float(dy),
        zoom=math.exp(float(np.clip(rng.normal(0, 0.17), -0.5, 0.5))),
        aspect=math.exp(rng.normal(0, 0.07)),
        angle=rng.normal(0, 0.12),
        shear=rng.normal(0, 0.05),
        flip=flip,
    )
    return switched(drawn, on)


def switched(drawn: Jitter, on: Augment) -> Jitter:
    """Only what is on. All is drawn all the same, so that pools of one seed hold the same pairs, whatever is off."""
    return Jitter(
        dx=drawn.dx if on.translation else 0.0,
        dy=drawn.dy if on.translation else 0.0,
        zoom=drawn.zoom if on.zoom else 1.0,
        aspect=drawn.aspect if on.zoom else 1.0,
        angle=drawn.angle if on.rotation else 0.0,
        shear=drawn.shear if on.shear else 0.0,
        flip=drawn.flip and on.flip,
    )


def jittered_map(box: Box, side: float, size: int, jitter: Jitter) -> Matrix:
    """The map from picture to crop that puts the box's centre at the crop's, moved and bent by `jitter`."""
    k = size / side * jitter.zoom
    kx, ky = k * math.sqrt(jitter.aspect), k / math.sqrt(jitter.aspect)
    cos, sin = math.cos(jitter.angle), math.sin(jitter.angle)
    turn = np.array([[cos, -sin], [sin, cos]]) @ np.array([[1.0, jitter.shear], [0.0, 1.0]])
    a = turn @ np.diag([-kx if jitter.flip else kx, ky])
    target = np.array([size / 2 + jitter.dx, size / 2 + jitter.dy])
    return np.column_stack([a, target - a @ np.array([box.cx, box.cy])])


def mapped_box(box: Box, m: Matrix) -> Box:
    """Upright box of the mapped object. It is taken as an ellipse: corners would make turned boxes too large."""
    cx, cy = m[:, :2] @ np.array([box.cx, box.cy]) + m[:, 2]
    hw = math.hypot(m[0, 0] * box.w, m[0, 1] * box.h) / 2
    hh = math.hypot(m[1, 0] * box.w, m[1, 1] * box.h) / 2
    return Box(cx - hw, cy - hh, 2 * hw, 2 * hh)


def degrade(image: Image, rng: Generator, on: Augment, strength: float = 1.0) -> Image:
    """Light, colour, lens and codec. Each has its own chance."""
    x: NDArray[Any] = image
    if on.blur and rng.random() < 0.25 * strength:
        if rng.random() < 0.5:
            k = rng.uniform(0.35, 0.9)
            small = cv2.resize(x, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
            x = cv2.resize(small, x.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        else:
            length = int(rng.integers(2, 6))
            kernel = np.zeros((length, length), np.float32)
            if rng.random() < 0.5:
                kernel[length // 2] = 1 / length
            else:
                kernel[:, length // 2] = 1 / length
            x = cv2.filter2D(x, -1, kernel)
    table: NDArray[Any] = np.arange(256, dtype=np.float32)[None, :].repeat(3, 0)
    if on.gamma and rng.random() < 0.35 * strength:
        table = 255 * (table / 255) ** math.exp(rng.normal(0, 0.4))
    if on.brightness and rng.random() < 0.5 * strength:
        table = table + rng.normal(0, 22)
    if on.contrast and rng.random() < 0.5 * strength:
        table = (table - 128) * math.exp(rng.normal(0, 0.25)) + 128
    if on.colour and rng.random() < 0.4 * strength:
        table = table * np.exp(rng.normal(0, 0.1, (3, 1)))
    x = cv2.LUT(x, np.clip(table, 0, 255).astype(np.uint8).T[None])
    if on.colour and rng.random() < 0.12 * strength:
        grey = cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)
        x = cv2.merge([grey, grey, grey])
    if on.gamma and rng.random() < 0.12 * strength:
        # A dark picture is also a noisy one.
        noise = rng.normal(0, rng.uniform(3, 12), x.shape).astype(np.float32)
        x = np.clip(x * rng.uniform(0.3, 0.8) + noise, 0, 255).astype(np.uint8)
    if on.compression and rng.random() < 0.25 * strength:
        _, data = cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(15, 70))])
        x = cast(NDArray[Any], cv2.imdecode(data, cv2.IMREAD_COLOR))
    return np.asarray(x, dtype=np.uint8)


def occlude(search: Image, box: Box, other: Image, rng: Generator) -> tuple[Image, float]:
    """Covers part of the object with a piece of another picture; returns the share of its box that is covered."""
    out = search.copy()
    h, w = out.shape[:2]
    share = rng.uniform(0.2, 1.1)
    side = rng.integers(4)
    pw, ph = box.w * (share if side < 2 else 1.3), box.h * (share if side >= 2 else 1.3)
    x = box.x if side == 0 else box.x + box.w - pw if side == 1 else box.cx - pw / 2
    y = box.y if side == 2 else box.y + box.h - ph if side == 3 else box.cy - ph / 2
    part = Box(x, y, pw, ph).clipped(w, h)
    x1, y1, x2, y2 = round(part.x), round(part.y), round(part.x + part.w), round(part.y + part.h)
    if x2 - x1 < 2 or y2 - y1 < 2:
        return out, 0.0
    ox, oy = int(rng.integers(0, w - (x2 - x1) + 1)), int(rng.integers(0, h - (y2 - y1) + 1))
    out[y1:y2, x1:x2] = other[oy : oy + y2 - y1, ox : ox + x2 - x1]
    left, right = max(box.x, x1), min(box.x + box.w, x2)
    top, bottom = max(box.y, y1), min(box.y + box.h, y2)
    return out, max(0.0, right - left) * max(0.0, bottom - top) / (box.w * box.h)
