"""Photographs with boxes, the cut-outs of their outlined objects, and pictures without any labels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from .geometry import Box, Image

IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp"}


@dataclass(frozen=True)
class Still:
    image: Image
    boxes: list[Box]


@dataclass(frozen=True)
class CutOut:
    """An object without its surroundings: RGB and coverage 0..255 of the same size."""

    image: Image
    alpha: NDArray[np.uint8]
    label: int


def read_image(file: Path, longer_px: int = 640) -> Image | None:
    bgr = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if bgr is None:
        return None
    k = longer_px / max(bgr.shape[:2])
    if k < 1:
        bgr = cv2.resize(bgr, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(bgr[:, :, ::-1])


def load_stills(images: Path, labels: Path) -> list[Still]:
    """Images with YOLO labels (class cx cy w h, 0..1)."""
    stills = []
    for file in sorted(images.iterdir()):
        image = read_image(file) if file.suffix.lower() in IMAGE_SUFFIXES else None
        if image is None:
            continue
        label = labels / f"{file.stem}.txt"
        boxes = []
        for line in label.read_text().splitlines() if label.exists() else []:
            cx, cy, w, h = (float(v) for v in line.split()[1:5])
            H, W = image.shape[:2]
            box = Box((cx - w / 2) * W, (cy - h / 2) * H, w * W, h * H)
            # An object as large as the picture leaves nothing to search in.
            if min(box.w, box.h) >= 12 and box.w * box.h < 0.5 * W * H:
                boxes.append(box)
        stills.append(Still(image, boxes))
    return stills


def load_cut_outs(images: Path, segments: Path) -> list[CutOut]:
    """Objects of at least 24 px cut along their YOLO polygons."""
    found = []
    for file in sorted(images.iterdir()):
        outlines = segments / f"{file.stem}.txt"
        image = read_image(file) if file.suffix.lower() in IMAGE_SUFFIXES and outlines.exists() else None
        if image is None:
            continue
        H, W = image.shape[:2]
        for line in outlines.read_text().splitlines():
            label, *values = (float(v) for v in line.split())
            points = np.array(values).reshape(-1, 2) * [W, H]
            x1, y1 = np.maximum(np.floor(points.min(0)), 0).astype(int)
            x2, y2 = np.minimum(np.ceil(points.max(0)), [W, H]).astype(int)
            if min(x2 - x1, y2 - y1) < 24:
                continue
            alpha = np.zeros((H, W), np.uint8)
            cv2.fillPoly(alpha, [np.round(points).astype(np.int32)], 255)
            found.append(CutOut(image[y1:y2, x1:x2].copy(), alpha[y1:y2, x1:x2].copy(), int(label)))
    return found


def load_pictures(folders: list[Path], longer_px: int = 640) -> list[Image]:
    """Any pictures, for random boxes and as backgrounds."""
    found = []
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.suffix.lower() in IMAGE_SUFFIXES:
                image = read_image(file, longer_px)
                if image is not None and min(image.shape[:2]) >= 120:
                    found.append(image)
    return found
