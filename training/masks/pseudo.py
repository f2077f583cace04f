"""Masks that the teacher gives to what Sightline's detector found in clips: `python -m masks.pseudo --help`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from siamese.clips import decode
from siamese.geometry import Box, Image, iou
from siamese.progress import Progress

from .labels import VEHICLES, Group, Labelled
from .teacher import Teacher, in_picture

AGREES = 0.7
"""What the teacher's mask spans must overlap the detector's box so much: else it shows two objects, or half of one."""
AROUND = 0.5
"""Of a box's sides, what is kept of the picture around it on each."""
LONGER_PX = 960


def objects(jsonl: Path, score_min: float) -> Iterator[tuple[int, str, int, Box]]:
    """Index, label, track and box of what `sightline analyze --jsonl` reports as seen, in the source's pixels."""
    for line in jsonl.read_text().splitlines():
        message = json.loads(line)
        if message["type"] != "frame":
            continue
        for o in message["objects"]:
            if o["state"] in ("tracked", "tentative") and o["score"] >= score_min and (o["label"] == "person" or o["label"] in VEHICLES.values()):
                x1, y1, x2, y2 = o["box"]
                yield message["index"], o["label"], o["track"], Box(x1, y1, x2 - x1, y2 - y1)


def spans(inside: np.ndarray) -> Box:
    ys, xs = np.nonzero(inside)
    if len(xs) == 0:
        return Box(0, 0, 0, 0)
    return Box(float(xs.min()), float(ys.min()), float(xs.max() + 1 - xs.min()), float(ys.max() + 1 - ys.min()))


def teach(image: Image, box: Box, label: str, teacher: Teacher, source: str) -> Labelled | None:
    """The box with its surroundings and the teacher's mask, unless teacher and detector disagree about what is there."""
    h, w = image.shape[:2]
    values, region = teacher.look(image, box, label)
    p = in_picture(values, region, w, h)
    if iou(spans(p > 0.5), box) < AGREES:
        return None
    wide = Box(box.x - AROUND * box.w, box.y - AROUND * box.h, box.w * (1 + 2 * AROUND), box.h * (1 + 2 * AROUND)).clipped(w, h)
    x1, y1, x2, y2 = int(wide.x), int(wide.y), int(wide.x + wide.w), int(wide.y + wide.h)
    # What is outside of the box by more than a little is another object.
    pad = 0.06 * max(box.w, box.h)
    keep = np.zeros_like(p)
    keep[max(0, int(box.y - pad)) : int(box.y + box.h + pad) + 1, max(0, int(box.x - pad)) : int(box.x + box.w + pad) + 1] = 1
    mask = np.round(np.clip(p * keep, 0, 1) * 255).astype(np.uint8)
    group: Group = "person" if label == "person" else "vehicle"
    return Labelled(image[y1:y2, x1:x2].copy(), Box(box.x - x1, box.y - y1, box.w, box.h), mask[y1:y2, x1:x2].copy(), group, label, source)


def load(file: Path) -> list[Labelled]:
    """What `main` has stored."""
    stored = np.load(file, allow_pickle=True)
    return [
        Labelled(i, Box(*b), m, g, l, s)
        for i, b, m, g, l, s in zip(stored["images"], stored["boxes"].tolist(), stored["masks"], stored["groups"].tolist(), stored["labels"].tolist(), stored["sources"].tolist(), strict=True)
    ]


def save(file: Path, items: list[Labelled]) -> None:
    def ragged(values: list[np.ndarray]) -> np.ndarray:
        out = np.empty(len(values), object)
        out[:] = values
        return out

    np.savez_compressed(
        file,
        images=ragged([i.image for i in items]), masks=ragged([i.mask for i in items]),
        boxes=np.array([[i.box.x, i.box.y, i.box.w, i.box.h] for i in items]),
        groups=np.array([i.group for i in items]), labels=np.array([i.label for i in items]), sources=np.array([i.source for i in items]),
    )


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--videos", type=Path, nargs="+", required=True, help="clips that were analysed with --fps")
    p.add_argument("--tracks", type=Path, required=True, help="folder of NAME.jsonl, one per clip, of `sightline analyze --fps`")
    p.add_argument("--fps", type=float, required=True, help="as given to `sightline analyze`")
    p.add_argument("--teacher", type=Path, required=True)
    p.add_argument("--score-min", type=float, default=0.45)
    p.add_argument("--per-track", type=int, default=8, help="masks of one track, at most")
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    teacher = Teacher(a.teacher)
    kept: list[Labelled] = []
    for video in a.videos:
        jsonl = a.tracks / f"{video.name}.jsonl"
        times = {m["index"]: m["ptsMs"] for m in map(json.loads, jsonl.read_text().splitlines()) if m["type"] == "frame"}
        width = json.loads(jsonl.read_text().splitlines()[0])["width"]
        pictures, rate = decode(video, LONGER_PX), rate_of(video)
        found = list(objects(jsonl, a.score_min))
        progress = Progress(video.name, len(found))
        per_track: dict[int, int] = {}
        before = len(kept)
        for n, (index, label, track, box) in enumerate(found):
            progress.step(n + 1)
            at = round(times[index] / 1000 * rate)
            if at >= len(pictures) or per_track.get(track, 0) >= a.per_track:
                continue
            k = pictures.shape[2] / width
            scaled = Box(box.x * k, box.y * k, box.w * k, box.h * k)
            if scaled.w * scaled.h < 900:
                continue
            taught = teach(pictures[at], scaled, label, teacher, f"{video.name}/{track}")
            if taught is not None:
                kept.append(taught)
                per_track[track] = per_track.get(track, 0) + 1
        progress.done()
        print(f"{video.name}: {len(kept) - before} masks of {len(found)} boxes")
    save(a.out, kept)


def rate_of(video: Path) -> float:
    import subprocess

    text = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=avg_frame_rate", "-of", "csv=p=0", str(video)],
        check=True, capture_output=True, text=True,
    ).stdout.strip().split("\n")[0].strip(",")
    above, _, below = text.partition("/")
    return float(above) / float(below or 1)


if __name__ == "__main__":
    main()
