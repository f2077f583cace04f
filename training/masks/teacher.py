"""The teacher: DeepLab v3 on MobileNetV2 (VOC's 21 classes, Apache-2.0), asked about one object at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort

from siamese.geometry import Box, Image

from .geometry import Floats, Shape, mean_colour, to_crop, warp

SIDE_PX = 257
CONTEXT = 1.5
"""Side of the square that it sees, in longer sides of the box."""
VOC = {
    "person": [15], "bicycle": [2], "car": [7, 6], "motorcycle": [14], "bus": [6, 7], "train": [19, 6], "truck": [7, 6, 19],
    "other": [c for c in range(1, 21)],
}
"""VOC's classes by our labels: it knows no trucks, and calls them cars, buses or trains."""


class Teacher:
    def __init__(self, file: Path):
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self.session = ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self.name = self.session.get_inputs()[0].name

    def look(self, image: Image, box: Box, label: str, flipped: bool = True) -> tuple[Floats, Box]:
        """How likely each pixel of a square around a box is of the label's class, and which square that is. Seen twice, once
        in a mirror, it errs less."""
        side = CONTEXT * max(box.w, box.h)
        region = Box(box.cx - side / 2, box.cy - side / 2, side, side)
        shape = Shape(SIDE_PX, SIDE_PX)
        crop = warp(image, to_crop(region, shape), shape, mean_colour(image)).astype(np.float32) / 127.5 - 1
        views = [crop, crop[:, ::-1]] if flipped else [crop]
        total = np.zeros((SIDE_PX, SIDE_PX), np.float32)
        for i, view in enumerate(views):
            logits = self.session.run(None, {self.name: np.ascontiguousarray(view[None])})[0][0]
            e = np.exp(logits - logits.max(2, keepdims=True))
            p = e[:, :, VOC[label]].sum(2) / e.sum(2)
            total += p[:, ::-1] if i else p
        return total / len(views), region


def in_picture(values: Floats, region: Box, width: int, height: int) -> Floats:
    """A square's values as pixels of the picture, 0 outside of it."""
    import cv2

    x = ((np.arange(width) + 0.5 - region.x) * values.shape[1] / region.w - 0.5).astype(np.float32)
    y = ((np.arange(height) + 0.5 - region.y) * values.shape[0] / region.h - 0.5).astype(np.float32)
    inside = cv2.remap(values, *np.meshgrid(x, y), cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(inside, dtype=np.float32)
