"""Batches of crops of one shape, drawn at random from what is labelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .augment import Switches, lesson
from .geometry import STRIDE, Floats, Shape
from .labels import Labelled

GROUPS = {"person": 0.45, "vehicle": 0.3, "other": 0.25}
"""Of each batch, on average."""


@dataclass(frozen=True)
class Batch:
    crops: NDArray[np.uint8]
    """[N,3,H,W], RGB."""
    masks: Floats
    """[N,1,H/2,W/2], the share of each cell that is the object."""


def cells(mask: NDArray[np.uint8]) -> Floats:
    h, w = mask.shape
    return np.asarray(cv2.resize(mask, (w // STRIDE, h // STRIDE), interpolation=cv2.INTER_AREA), dtype=np.float32) / 255


class Draw:
    """Draws objects: first the group, then the kind of source, then the picture, so that crowded ones do not outweigh the others."""

    def __init__(self, pools: dict[str, list[Labelled]], shares: dict[str, float]):
        self.groups: dict[str, list[tuple[float, list[list[Labelled]]]]] = {g: [] for g in GROUPS}
        self.outlined = [x for name, pool in pools.items() if name != "clips" for x in pool]
        """Those whose masks are exact enough to be cut out."""
        for name, pool in pools.items():
            for group, kinds in self.groups.items():
                by_picture: dict[str, list[Labelled]] = {}
                for item in pool:
                    if item.group == group:
                        by_picture.setdefault(item.source, []).append(item)
                if by_picture:
                    kinds.append((shares[name], list(by_picture.values())))

    def one(self, rng: Generator) -> Labelled:
        names = [g for g, kinds in self.groups.items() if kinds]
        p = np.array([GROUPS[g] for g in names])
        kinds = self.groups[names[rng.choice(len(names), p=p / p.sum())]]
        q = np.array([share * min(1.0, sum(map(len, pictures)) / 30) for share, pictures in kinds])
        pictures = kinds[rng.choice(len(kinds), p=q / q.sum())][1]
        weight = np.sqrt([len(x) for x in pictures])
        items = pictures[rng.choice(len(pictures), p=weight / weight.sum())]
        return items[rng.integers(len(items))]


def batches(draw: Draw, on: Switches, size: int, seed: int, scale: float = 1.0) -> Iterator[Batch]:
    """Without an end. Objects wait until there are enough of their shape."""
    rng = np.random.default_rng(seed)
    waiting: dict[Shape, list[tuple[NDArray[np.uint8], Floats]]] = {}
    while True:
        other = draw.outlined[rng.integers(len(draw.outlined))]
        shape, crop, mask = lesson(draw.one(rng), other, on, rng, scale)
        ready = waiting.setdefault(shape, [])
        ready.append((crop, cells(mask)))
        if len(ready) == size:
            waiting[shape] = []
            yield Batch(np.stack([c for c, _ in ready]).transpose(0, 3, 1, 2), np.stack([m for _, m in ready])[:, None])
