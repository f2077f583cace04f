"""Clips as pictures in memory, with the tracks that `sightline analyze --jsonl` found in them."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .geometry import Box, Image

VIDEO_SUFFIXES = {".mp4", ".mkv", ".avi", ".gif", ".mov", ".webm"}


@dataclass(frozen=True)
class Clip:
    name: str
    frames: NDArray[np.uint8]
    """[n, height, width, 3], RGB; memory-mapped."""
    numbers: list[int]
    """The frame number in the file of each picture kept."""
    tracks: dict[int, list[tuple[int, Box]]]
    """Per track its boxes, by index into `frames`, in order."""


def decode(file: Path, longer_px: int) -> NDArray[np.uint8]:
    """Every picture of a video, RGB, the longer side at most `longer_px`."""
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0", str(file)],
        check=True, capture_output=True, text=True,
    )
    width, height = (int(v) for v in probe.stdout.strip().split("\n")[0].split(",")[:2])
    k = min(1.0, longer_px / max(width, height))
    w, h = round(width * k / 2) * 2, round(height * k / 2) * 2
    # Passthrough: frames stay those that the analysis numbered.
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", str(file), "-fps_mode", "passthrough", "-vf", f"scale={w}:{h}:flags=area",
         "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        check=True, capture_output=True,
    ).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, h, w, 3)


def read_tracks(jsonl: Path, score_min: float) -> tuple[int, dict[int, dict[int, Box]]]:
    """Width of the source and, per track, boxes by frame number. Predicted boxes are left out: nobody saw them."""
    tracks: dict[int, dict[int, Box]] = defaultdict(dict)
    width = 0
    for line in jsonl.read_text().splitlines():
        message = json.loads(line)
        if message["type"] == "hello":
            width = int(message["width"])
        if message["type"] != "frame":
            continue
        for o in message["objects"]:
            if o["state"] in ("tracked", "tentative") and o["score"] >= score_min:
                x1, y1, x2, y2 = o["box"]
                tracks[o["track"]][message["index"]] = Box(x1, y1, x2 - x1, y2 - y1)
    return width, dict(tracks)


def load_clip(file: Path, jsonl: Path, cache: Path, every: int = 2, longer_px: int = 640, score_min: float = 0.45) -> Clip:
    """Decodes a clip once into `cache`; keeps every `every`-th picture in which some track is long enough to be believed."""
    width, by_frame = read_tracks(jsonl, score_min)
    long_enough = {t: boxes for t, boxes in by_frame.items() if len(boxes) >= 5}
    seen = sorted({n for boxes in long_enough.values() for n in boxes})
    numbers = [n for n in seen if n % every == 0]
    if not numbers:
        # No track: still pictures to cut random boxes from.
        numbers = list(range(0, 200, 25))
    stored = cache / f"{file.name}-{every}-{longer_px}.npy"
    if not stored.exists():
        frames = decode(file, longer_px)
        numbers = [n for n in numbers if n < len(frames)]
        cache.mkdir(parents=True, exist_ok=True)
        np.save(stored, frames[numbers])
    frames = np.load(stored, mmap_mode="r")
    numbers = numbers[: len(frames)]
    index = {n: i for i, n in enumerate(numbers)}
    k = frames.shape[2] / width if width else 1.0
    tracks: dict[int, list[tuple[int, Box]]] = {}
    for t, boxes in long_enough.items():
        kept = [(index[n], scaled(b, k)) for n, b in sorted(boxes.items()) if n in index]
        kept = [(i, b) for i, b in kept if min(b.w, b.h) >= 6]
        if len(kept) >= 3:
            tracks[t] = kept
    return Clip(file.name, frames, numbers, tracks)


def scaled(box: Box, k: float) -> Box:
    return Box(box.x * k, box.y * k, box.w * k, box.h * k)


def picture(clip: Clip, index: int) -> Image:
    return np.asarray(clip.frames[index])
