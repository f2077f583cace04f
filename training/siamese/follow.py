"""A plain single-object tracker around a Siamese network, the same for ours and for those that it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .geometry import Box, Image, context_side, crop

Floats = NDArray[np.float32]


class Matcher(Protocol):
    template_px: int
    search_px: int

    def remember(self, crop: Image) -> None: ...

    def find(self, crop: Image) -> tuple[Floats, Floats]:
        """Scores [G,G], and corners [4,G,G] relative to the crop's centre in crop pixels."""
        ...


@dataclass(frozen=True)
class Rules:
    """SiamRPN's: how much a change of size or shape costs, how much the middle is preferred, how fast size follows."""

    penalty: float = 0.15
    window: float = 0.45
    rate: float = 0.37


class SingleTracker:
    def __init__(self, matcher: Matcher, rules: Rules):
        self.matcher = matcher
        self.rules = rules
        self.box = Box(0, 0, 1, 1)
        self.score = 1.0

    def start(self, image: Image, box: Box) -> None:
        self.box = box
        side = context_side(box.w, box.h)
        self.matcher.remember(crop(image, box.cx, box.cy, side, self.matcher.template_px))

    def follow(self, image: Image) -> Box:
        m, b = self.matcher, self.box
        side = context_side(b.w, b.h) * m.search_px / m.template_px
        scores, corners = m.find(crop(image, b.cx, b.cy, side, m.search_px))
        corners = corners * (side / m.search_px)
        w, h = np.maximum(corners[2] - corners[0], 1e-3), np.maximum(corners[3] - corners[1], 1e-3)
        size = np.sqrt((w + (w + h) / 2) * (h + (w + h) / 2)) / context_side(b.w, b.h)
        shape = (w / h) / (b.w / b.h)
        penalty = np.exp(-(np.maximum(size, 1 / size) * np.maximum(shape, 1 / shape) - 1) * self.rules.penalty)
        hann = np.hanning(scores.shape[0] + 2)[1:-1] if scores.shape[0] % 2 == 0 else np.hanning(scores.shape[0])
        ranked = penalty * scores * (1 - self.rules.window) + np.outer(hann, hann) * self.rules.window
        at = np.unravel_index(int(ranked.argmax()), ranked.shape)
        self.score = float(scores[at])
        rate = float(penalty[at] * scores[at] * self.rules.rate)
        cx, cy = b.cx + float(corners[0][at] + corners[2][at]) / 2, b.cy + float(corners[1][at] + corners[3][at]) / 2
        nw, nh = b.w * (1 - rate) + float(w[at]) * rate, b.h * (1 - rate) + float(h[at]) * rate
        H, W = image.shape[:2]
        cx, cy = min(max(cx, 0.0), W), min(max(cy, 0.0), H)
        nw, nh = min(max(nw, 4.0), W), min(max(nh, 4.0), H)
        self.box = Box(cx - nw / 2, cy - nh / 2, nw, nh)
        return self.box
