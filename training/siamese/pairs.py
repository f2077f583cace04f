"""Pairs of template and search crop, cut from every kind of source."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .augment import Augment, Jitter, jittered_map, mapped_box, search_jitter, template_jitter
from .clips import Clip, picture
from .geometry import SEARCH_PX, TEMPLATE_PX, Box, Image, Matrix, context_side, warp
from .stills import CutOut, Still

RATIO = SEARCH_PX / TEMPLATE_PX


@dataclass(frozen=True)
class Pair:
    template: Image
    again: Image
    """The object at the search's moment, cut like a template: the positive of the embedding."""
    search: Image
    box: Box
    """In search-crop pixels; sides of 0 when the object is not in the search crop."""
    identity: int
    """Equal for the same object; -1 when it has no identity to be learned."""


@dataclass
class Sources:
    clips: list[Clip]
    stills: list[Still]
    cut_outs: list[CutOut]
    pictures: list[Image]
    """Backgrounds, and pictures to cut random boxes from."""


def cut_template(image: Image, box: Box, jitter: Jitter) -> Image:
    return warp(image, jittered_map(box, context_side(box.w, box.h), TEMPLATE_PX, jitter), TEMPLATE_PX)


def cut_search(image: Image, box: Box, jitter: Jitter) -> tuple[Image, Box]:
    m = jittered_map(box, context_side(box.w, box.h) * RATIO, SEARCH_PX, jitter)
    return warp(image, m, SEARCH_PX), mapped_box(box, m)


def pair_of(a: Image, box_a: Box, b: Image, box_b: Box, identity: int, rng: Generator, on: Augment) -> Pair:
    flip = rng.random() < 0.5
    search, box = cut_search(b, box_b, search_jitter(rng, on, flip))
    return Pair(
        cut_template(a, box_a, template_jitter(rng, on, flip)),
        cut_template(b, box_b, template_jitter(rng, on, rng.random() < 0.5)),
        search,
        box,
        identity,
    )


NOWHERE = Box(0, 0, 0, 0)
SHARES = (0.45, 0.2, 0.2, 0.15)
"""Of clips, photographs, cut-outs and random boxes."""


def crowding(clip: Clip, track: int) -> float:
    """Share of a track's moments at which another object is within its search crop."""
    at: dict[int, list[Box]] = {}
    for t, boxes in clip.tracks.items():
        if t != track:
            for frame, box in boxes:
                at.setdefault(frame, []).append(box)
    seen = clip.tracks[track]
    return sum(
        any(max(abs(o.cx - b.cx), abs(o.cy - b.cy)) < context_side(b.w, b.h) for o in at.get(f, [])) for f, b in seen
    ) / len(seen)


def without(pair: Pair, search: Image) -> Pair:
    """The same template, searched where the object is not."""
    return Pair(pair.template, pair.again, search, NOWHERE, pair.identity)


class Cutter:
    """Draws pairs at random. Identities are numbered: tracks first, then boxes of stills, then cut-outs."""

    def __init__(self, sources: Sources, on: Augment, seed: int, shares: "tuple[float, float, float, float]" = SHARES):
        self.sources = sources
        self.on = on
        self.shares = shares
        self.rng = np.random.default_rng(seed)
        self.tracks = [(c, t) for c in sources.clips for t in c.tracks]
        # The square root: long clips count for more, but not for all. Tracks among others teach most.
        weight = np.array([len(c.tracks[t]) ** 0.5 * (1 + 2 * crowding(c, t)) for c, t in self.tracks])
        self.track_weight = weight / weight.sum() if len(weight) else weight
        self.alike: dict[int, list[CutOut]] = {}
        for item in sources.cut_outs:
            self.alike.setdefault(item.label, []).append(item)
        self.boxes = [(s, b) for s in sources.stills for b in s.boxes]
        self.backgrounds = [s.image for s in sources.stills] + sources.pictures

    def any_picture(self) -> Image:
        clips = self.sources.clips
        if clips and (self.rng.random() < 0.4 or not self.backgrounds):
            clip = clips[self.rng.integers(len(clips))]
            return picture(clip, int(self.rng.integers(len(clip.frames))))
        return self.backgrounds[self.rng.integers(len(self.backgrounds))]

    def from_clip(self) -> Pair:
        """The same track at two moments up to about three seconds apart."""
        rng = self.rng
        n = int(rng.choice(len(self.tracks), p=self.track_weight))
        clip, track = self.tracks[n]
        seen = clip.tracks[track]
        i = int(rng.integers(len(seen)))
        reach = int(rng.choice([5, 15, 45]))
        j = int(np.clip(i + rng.integers(-reach, reach + 1), 0, len(seen) - 1))
        (fa, box_a), (fb, box_b) = seen[i], seen[j]
        pair = pair_of(picture(clip, fa), box_a, picture(clip, fb), box_b, n, rng, self.on)
        if rng.random() < 0.12:
            others = [b for t, boxes in clip.tracks.items() if t != track for f, b in boxes if f == fb]
            side = context_side(box_b.w, box_b.h) * RATIO
            far = [b for b in others if abs(b.cx - box_b.cx) > side * 0.7 or abs(b.cy - box_b.cy) > side * 0.7]
            if far:
                other = far[rng.integers(len(far))]
                search, _ = cut_search(picture(clip, fb), other, search_jitter(rng, self.on, False))
                return without(pair, search)
        return pair

    def from_still(self) -> Pair:
        n = int(self.rng.integers(len(self.boxes)))
        still, box = self.boxes[n]
        pair = pair_of(still.image, box, still.image, box, len(self.tracks) + n, self.rng, self.on)
        if self.rng.random() < 0.1:
            return without(pair, self.from_anywhere().search)
        return pair

    def from_anywhere(self) -> Pair:
        """A random box of any picture: follow whatever is in it, as long as there is something."""
        rng = self.rng
        for _ in range(6):
            image = self.any_picture()
            box = self.random_box(image)
            x, y = int(box.x), int(box.y)
            if image[y : y + int(box.h) + 1, x : x + int(box.w) + 1].std() > 14:
                break
        return pair_of(image, box, image, box, -1, rng, self.on)

    def random_box(self, image: Image) -> Box:
        rng = self.rng
        h, w = image.shape[:2]
        side = float(np.exp(rng.uniform(np.log(14), np.log(min(h, w) * 0.45))))
        aspect = float(np.exp(rng.normal(0, 0.45)))
        bw, bh = side * aspect**0.5, side / aspect**0.5
        return Box(rng.uniform(0, max(1.0, w - bw)), rng.uniform(0, max(1.0, h - bh)), bw, bh)

    def background(self, size: int, side_px: float) -> Image:
        image = self.any_picture()
        h, w = image.shape[:2]
        cx, cy = self.rng.uniform(0.15, 0.85) * w, self.rng.uniform(0.15, 0.85) * h
        k = size / side_px
        return warp(image, np.array([[k, 0, size / 2 - k * cx], [0, k, size / 2 - k * cy]]), size)

    def paste(self, canvas: Image, item: CutOut, side: float, jitter: Jitter) -> tuple[Image, Box]:
        h, w = item.alpha.shape
        size = canvas.shape[0]
        m = jittered_map(Box(0, 0, w, h), side, size, jitter)
        image, alpha = warp(item.image, m, size), alpha_warp(item.alpha, m, size)
        soft = cv2.GaussianBlur(alpha, (3, 3), 0).astype(np.float32)[:, :, None] / 255
        ys, xs = np.nonzero(alpha > 127)
        box = NOWHERE if len(xs) < 12 else Box(xs.min(), ys.min(), xs.max() + 1 - xs.min(), ys.max() + 1 - ys.min())
        return (image * soft + canvas * (1 - soft)).astype(np.uint8), box

    def from_cut_outs(self) -> Pair:
        """An outlined object before two backgrounds, with others of its kind around it."""
        rng, on, items = self.rng, self.on, self.sources.cut_outs
        n = int(rng.integers(len(items)))
        item = items[n]
        h, w = item.alpha.shape
        side = context_side(w, h)
        flip = rng.random() < 0.5
        template, _ = self.paste(self.background(TEMPLATE_PX, rng.uniform(60, 250)), item, side, template_jitter(rng, on, flip))
        again, _ = self.paste(self.background(TEMPLATE_PX, rng.uniform(60, 250)), item, side, template_jitter(rng, on, flip))
        search = self.background(SEARCH_PX, rng.uniform(100, 350))
        target_first = rng.random() < 0.3
        jitter = search_jitter(rng, on, flip)
        box = NOWHERE
        absent = rng.random() < 0.1
        if target_first and not absent:
            search, box = self.paste(search, item, side * RATIO, jitter)
        for _ in range(int(rng.integers(0, 4))):
            near = self.alike[item.label] if rng.random() < 0.6 else items
            other = near[rng.integers(len(near))]
            if other is item:
                continue
            oh, ow = other.alpha.shape
            angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(26, 60)
            at = Jitter(dx=np.cos(angle) * reach + jitter.dx, dy=np.sin(angle) * reach + jitter.dy, zoom=float(np.exp(rng.normal(0, 0.3))))
            search, _ = self.paste(search, other, context_side(ow, oh) * RATIO, at)
        if not target_first and not absent:
            search, box = self.paste(search, item, side * RATIO, jitter)
        return Pair(template, again, search, box, len(self.tracks) + len(self.boxes) + n)

    def draw(self) -> Pair:
        kinds = [
            (self.from_clip, bool(self.tracks)),
            (self.from_still, bool(self.boxes)),
            (self.from_cut_outs, bool(self.sources.cut_outs)),
            (self.from_anywhere, True),
        ]
        usable = [(p, f) for p, (f, there) in zip(self.shares, kinds, strict=True) if there and p > 0]
        total = sum(p for p, _ in usable)
        at = self.rng.random() * total
        for p, f in usable:
            at -= p
            if at <= 0:
                return f()
        return usable[-1][1]()


def alpha_warp(alpha: NDArray[np.uint8], m: Matrix, size: int) -> NDArray[np.uint8]:
    shifted = m.copy()
    shifted[:, 2] += 0.5 * (m[:, 0] + m[:, 1]) - 0.5
    return np.asarray(cv2.warpAffine(alpha, shifted, (size, size), flags=cv2.INTER_LINEAR), dtype=np.uint8)
