"""Outlined objects of photographs, of rendered frames, and where each belongs: to learn from, or held out."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from siamese.geometry import Box, Image
from siamese.stills import IMAGE_SUFFIXES

Group = Literal["person", "vehicle", "other"]
PERSON = 1
VEHICLES = {2: "bicycle", 3: "car", 4: "motorcycle", 6: "bus", 7: "train", 8: "truck"}
"""COCO's category ids."""
HELD_OUT_OF = 4
HELD_OUT = 3
"""Photographs whose number has this remainder (of `HELD_OUT_OF`) are never learned from."""
AREA_MIN = 400
"""Smaller boxes, in square pixels of the photograph, have no outline worth the name."""

Mask = NDArray[np.uint8]


@dataclass(frozen=True)
class Labelled:
    """An object with its mask, 0 or 255 in the picture's size; teachers' masks are between."""

    image: Image
    box: Box
    mask: Mask
    group: Group
    label: str
    source: str


def group_of(category: int) -> Group:
    return "person" if category == PERSON else "vehicle" if category in VEHICLES else "other"


def is_held_out(file: Path) -> bool:
    return int(file.stem) % HELD_OUT_OF == HELD_OUT


def load_outlines(images: Path, segments: Path, held_out: bool) -> list[Labelled]:
    """Objects of photographs with YOLO polygons (COCO category id, x y x y ..., 0..1), of one side of the split."""
    found = []
    for file in sorted(images.iterdir()):
        outlines = segments / f"{file.stem}.txt"
        if file.suffix.lower() not in IMAGE_SUFFIXES or not outlines.exists() or is_held_out(file) != held_out:
            continue
        bgr = cv2.imread(str(file), cv2.IMREAD_COLOR)
        if bgr is None:
            continue
        image = np.ascontiguousarray(bgr[:, :, ::-1])
        h, w = image.shape[:2]
        for line in outlines.read_text().splitlines():
            category, *values = (float(v) for v in line.split())
            points = np.array(values).reshape(-1, 2) * [w, h]
            x1, y1 = points.min(0)
            x2, y2 = points.max(0)
            if (x2 - x1) * (y2 - y1) < AREA_MIN or min(x2 - x1, y2 - y1) < 8:
                continue
            mask = np.zeros((h, w), np.uint8)
            cv2.fillPoly(mask, [np.floor(points).astype(np.int32)], 255)
            group = group_of(int(category))
            label = "person" if group == "person" else VEHICLES.get(int(category), "other")
            found.append(Labelled(image, Box(x1, y1, x2 - x1, y2 - y1), mask, group, label, file.stem))
    return found


def decode_counts(counts: str, height: int, width: int) -> Mask:
    """COCO's compressed run-length code."""
    runs: list[int] = []
    value = shift = 0
    for character in counts:
        bits = ord(character) - 48
        value |= (bits & 31) << shift
        shift += 5
        if bits & 32:
            continue
        if bits & 16:
            value |= -1 << shift
        runs.append(value + runs[-2] if len(runs) > 2 else value)
        value = shift = 0
    flat = np.zeros(height * width, np.uint8)
    at = 0
    for i, run in enumerate(runs):
        if i % 2:
            flat[at : at + run] = 255
        at += run
    return np.ascontiguousarray(flat.reshape(width, height).T)


def load_rendered(video: Path, truth: Path, every: int = 8, visible_min: float = 0.3) -> list[Labelled]:
    """Objects of every n-th frame of a rendered clip, with their exact masks; those mostly hidden are left out."""
    header, *frames = (json.loads(line) for line in truth.read_text().splitlines())
    width, height = header["widthPx"], header["heightPx"]
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-i", str(video), "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        check=True, capture_output=True,
    ).stdout
    pictures = np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)
    found = []
    for frame in frames[::every]:
        for o in frame["objects"]:
            if o["box"] is None or o["visibility"] < visible_min:
                continue
            x1, y1, x2, y2 = o["box"]
            if (x2 - x1) * (y2 - y1) < AREA_MIN or min(x2 - x1, y2 - y1) < 8:
                continue
            group: Group = "person" if o["label"] == "person" else "vehicle"
            mask = decode_counts(o["mask"]["counts"], height, width)
            found.append(Labelled(pictures[frame["index"]], Box(x1, y1, x2 - x1, y2 - y1), mask, group, o["label"], "demo"))
    return found


KEPT_AROUND = 0.6
"""Of a box's sides, what `compact` keeps of the picture around it on each."""
KEPT_PX = 288
"""Longer side of what `compact` keeps."""


def compact(item: Labelled) -> Labelled:
    """The same object with as much of its picture as training needs: warping whole pictures would take longer than learning."""
    h, w = item.mask.shape
    b = item.box
    x1, y1 = max(0, int(b.x - KEPT_AROUND * b.w)), max(0, int(b.y - KEPT_AROUND * b.h))
    x2, y2 = min(w, int(b.x + (1 + KEPT_AROUND) * b.w) + 1), min(h, int(b.y + (1 + KEPT_AROUND) * b.h) + 1)
    image, mask = item.image[y1:y2, x1:x2], item.mask[y1:y2, x1:x2]
    k = min(1.0, KEPT_PX / max(image.shape[:2]))
    if k < 1:
        size = (max(1, round(image.shape[1] * k)), max(1, round(image.shape[0] * k)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        mask = np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    kx, ky = image.shape[1] / (x2 - x1), image.shape[0] / (y2 - y1)
    box = Box((b.x - x1) * kx, (b.y - y1) * ky, b.w * kx, b.h * ky)
    return Labelled(np.ascontiguousarray(image), box, np.ascontiguousarray(mask), item.group, item.label, item.source)
