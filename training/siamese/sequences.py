"""Labelled sequences to evaluate on, and the measures of OTB (Wu et al. 2013)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .clips import decode, read_tracks, scaled
from .geometry import Box, Image, iou


@dataclass(frozen=True)
class Sequence:
    name: str
    frames: list[Image]
    truth: list[Box | None]
    """None where nobody knows."""


def rgb(file: Path) -> Image:
    image = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"{file} is no image")
    return np.asarray(image[:, :, ::-1], dtype=np.uint8)


def read_otb(folder: Path) -> Sequence:
    frames = [rgb(f) for f in sorted((folder / "img").iterdir())]
    truth: list[Box | None] = []
    for line in (folder / "groundtruth_rect.txt").read_text().split("\n"):
        values = [float(v) for v in re.split(r"[,\s]+", line.strip()) if v]
        if len(values) == 4:
            # OTB counts pixels from 1.
            truth.append(Box(values[0] - 1, values[1] - 1, values[2], values[3]))
    return Sequence(folder.name, frames[: len(truth)], truth)


def read_pseudo(clip: Path, jsonl: Path, longest: int = 3, most_frames: int = 200) -> list[Sequence]:
    """The longest tracks that the project's own detector and tracker found in a clip. Not a ground truth: only for comparing."""
    frames = decode(clip, 640)
    width, tracks = read_tracks(jsonl, 0.4)
    k = frames.shape[2] / width
    long = sorted((t for t in tracks.values() if len(t) >= 15), key=len, reverse=True)[:longest]
    found = []
    for n, track in enumerate(long):
        numbers = [i for i in range(min(track), min(max(track) + 1, len(frames), min(track) + most_frames))]
        truth = [scaled(track[i], k) if i in track else None for i in numbers]
        found.append(Sequence(f"{clip.name}#{n + 1}", [np.asarray(frames[i]) for i in numbers], truth))
    return found


@dataclass(frozen=True)
class Scores:
    auc: float
    precision: float
    """Share of frames whose centre is within 20 px."""


def rate(boxes: list[Box], truth: list[Box | None]) -> Scores:
    """Success is the mean over 21 thresholds 0, 0.05 .. 1 of the share of frames whose overlap is above."""
    known = [(b, t) for b, t in zip(boxes, truth, strict=True) if t is not None]
    overlaps = np.array([iou(b, t) for b, t in known])
    distances = np.array([np.hypot(b.cx - t.cx, b.cy - t.cy) for b, t in known])
    success = [(overlaps > x).mean() for x in np.linspace(0, 1, 21)]
    return Scores(float(np.mean(success)), float((distances <= 20).mean()))
