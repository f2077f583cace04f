"""Rank-1 of embeddings on crops of a MOT sequence: `python -m siamese.reid --help`.

Protocol: of every identity seen in at least two of the sampled frames (every 10th), crops of at least 20 px height that no other
box covers by more than 30 %. Queries: each crop; gallery: all crops at least 3 s away from it. A query counts when its
nearest neighbour by cosine has its identity; queries without their identity in the gallery are left out."""

from __future__ import annotations

import argparse
import csv
import functools
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from .clips import decode
from .geometry import TEMPLATE_PX, Box, Image, context_side, crop
from .nanotrack import session
from .weights import load_follower

Floats = NDArray[np.float32]
Embed = Callable[[Image, Box], Floats]


@dataclass(frozen=True)
class Sighting:
    frame: int
    identity: int
    box: Box


def covered(a: Box, b: Box) -> float:
    iw = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    ih = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    return max(iw, 0.0) * max(ih, 0.0) / (a.w * a.h)


def sightings(truth: Path, every: int = 10) -> list[Sighting]:
    frames: dict[int, list[Sighting]] = defaultdict(list)
    with truth.open(newline="") as f:
        for row in csv.reader(f):
            frame, identity, x, y, w, h = (float(v) for v in row[:6])
            if int(frame) % every == 1:
                frames[int(frame)].append(Sighting(int(frame), int(identity), Box(x, y, w, h)))
    return [
        s for there in frames.values() for s in there
        if s.box.h >= 20 and all(o is s or covered(s.box, o.box) <= 0.3 for o in there)
    ]


def rank_1(found: list[Sighting], embeddings: Floats, apart: int) -> tuple[float, int]:
    identity, frame = np.array([s.identity for s in found]), np.array([s.frame for s in found])
    similarity = embeddings @ embeddings.T
    similarity[np.abs(frame[:, None] - frame[None, :]) < apart] = -2
    there = ((identity[:, None] == identity[None, :]) & (similarity > -2)).any(1)
    best = identity[similarity.argmax(1)] == identity
    return float(best[there].mean()), int(there.sum())


def plain(image: Image, box: Box, width: int, height: int) -> Image:
    h, w = image.shape[:2]
    b = box.clipped(w, h)
    part = image[int(b.y) : max(int(b.y + b.h), int(b.y) + 1), int(b.x) : max(int(b.x + b.w), int(b.x) + 1)]
    return np.asarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def normalised(v: Floats) -> Floats:
    return np.asarray(v / max(float(np.linalg.norm(v)), 1e-9), dtype=np.float32)


def histogram(image: Image, box: Box) -> Floats:
    """Hue and saturation in 16 by 8 bins, for each half of the body."""
    hsv = cv2.cvtColor(plain(image, box, 32, 64), cv2.COLOR_RGB2HSV)
    halves = [cv2.calcHist([half], [0, 1], None, [16, 8], [0, 180, 0, 256]).ravel() for half in (hsv[:32], hsv[32:])]
    return normalised(np.sqrt(np.concatenate(halves)))


def from_checkpoint(checkpoint: Path) -> Embed:
    model = load_follower(checkpoint).eval()

    def embed(image: Image, box: Box) -> Floats:
        x = crop(image, box.cx, box.cy, context_side(box.w, box.h), TEMPLATE_PX)
        with torch.inference_mode():
            e = model.template(torch.from_numpy(x.transpose(2, 0, 1)[None].astype(np.float32)))[1]
        return np.asarray(e[0].numpy(), dtype=np.float32)

    return embed


def from_onnx(file: Path) -> Embed:
    """OSNet (RGB, ImageNet's mean and deviation) or reid-0248 (BGR, raw)."""
    run = session(file)
    first = run.get_inputs()[0]
    planar = first.shape[1] == 3
    height, width = (int(v) for v in (first.shape[2:4] if planar else first.shape[1:3]))
    osnet = "osnet" in file.name

    def embed(image: Image, box: Box) -> Floats:
        part = plain(image, box, width, height).astype(np.float32)
        x: NDArray[Any] = (part / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225] if osnet else part[:, :, ::-1]
        x = x.transpose(2, 0, 1) if planar else x
        return normalised(run.run(None, {first.name: np.ascontiguousarray(x[None], dtype=np.float32)})[0].ravel())

    return embed


@functools.cache
def read_sightings(video: Path, truth: Path) -> tuple[list[Sighting], NDArray[np.uint8]]:
    """The sightings of a sequence, and its pictures."""
    return sightings(truth), decode(video, 10_000)


def embeddings_of(embed: Embed, found: list[Sighting], pictures: NDArray[np.uint8]) -> Floats:
    return np.stack([embed(np.asarray(pictures[s.frame - 1]), s.box) for s in found])


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--video", type=Path, required=True)
    p.add_argument("--truth", type=Path, required=True, help="MOTChallenge ground truth in the video's pixels")
    p.add_argument("--fps", type=float, default=10)
    p.add_argument("--checkpoints", nargs="*", type=Path, default=[])
    p.add_argument("--onnx", nargs="*", type=Path, default=[], help="re-identification networks to compare with")
    a = p.parse_args()
    torch.set_num_threads(1)
    found, pictures = read_sightings(a.video, a.truth)
    embeds: dict[str, Embed] = {"HSV histogram": histogram}
    embeds |= {str(c): from_checkpoint(c) for c in a.checkpoints} | {f.stem: from_onnx(f) for f in a.onnx}
    for name, embed in embeds.items():
        value, queries = rank_1(found, embeddings_of(embed, found, pictures), round(3 * a.fps))
        print(json.dumps({"embedding": name, "rank-1": round(value, 3), "queries": queries, "crops": len(found)}))


if __name__ == "__main__":
    main()
