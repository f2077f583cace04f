"""NanoTrack v2 and v3 (Apache-2.0, https://github.com/HonglinChu/SiamTrackers), as teacher and for comparison."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray

from .geometry import SEARCH_PX, Image

TEACHER_TEMPLATE_PX = 127
TEACHER_SEARCH_PX = 255
TEACHER_STRIDE = 16
TEACHER_CHANNELS = 96

Floats = NDArray[np.float32]


def session(model: Path | bytes) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"])


def any_size(file: Path) -> bytes:
    """The backbone's file fixes 255 px; it is fully convolutional and takes the template's 127 as well."""
    model = onnx.load(str(file))
    for value in [*model.graph.input, *model.graph.output]:
        dims = value.type.tensor_type.shape.dim
        for i, name in ((2, "h"), (3, "w")):
            dims[i].ClearField("dim_value")
            dims[i].dim_param = f"{value.name}_{name}"
    del model.graph.value_info[:]
    return bytes(model.SerializeToString())


@dataclass(frozen=True)
class Found:
    score: Floats
    """[G, G], 0..1."""
    boxes: Floats
    """[4, G, G]: left, top, right, bottom relative to the crop's centre, in pixels of the 255 px crop."""
    features: Floats
    """[C, 16, 16] of the search crop."""


class NanoTrack:
    def __init__(self, backbone: Path, head: Path):
        self.backbone = session(any_size(backbone))
        self.head = session(head)

    def features(self, crop: Image) -> Floats:
        """Of an RGB crop; the network itself wants BGR."""
        x = np.ascontiguousarray(crop[:, :, ::-1].transpose(2, 0, 1)[None], dtype=np.float32)
        return np.asarray(self.backbone.run(None, {"input": x})[0], dtype=np.float32)

    def find(self, kernel: Floats, crop: Image) -> Found:
        features = self.features(crop)
        cls, ltrb = self.head.run(None, {"input1": kernel, "input2": features})
        n = cls.shape[-1]
        e = np.exp(cls[0] - cls[0].max(0))
        at = ((np.arange(n) - n // 2) * TEACHER_STRIDE).astype(np.float32)
        px, py = np.meshgrid(at, at)
        boxes = np.stack([px - ltrb[0, 0], py - ltrb[0, 1], px + ltrb[0, 2], py + ltrb[0, 3]])
        return Found(e[1] / e.sum(0), boxes, features[0])


def load_nanotrack(folder: Path, version: int) -> NanoTrack:
    suffix = "_sim" if version == 2 else ""
    stem = f"nanotrackv{version}_nanotrack"
    return NanoTrack(folder / f"{stem}_backbone{suffix}.onnx", folder / f"{stem}_head{suffix}.onnx")


def enlarge(crop: Image, size: int) -> Image:
    return np.asarray(cv2.resize(crop, (size, size), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def to_our_grid(teacher: Floats) -> Floats:
    """A map of v3's 15 cells (at 8, 16, ... 120 px of our search crop) on our 16 cells (at 4, 12, ... 124): means of neighbours."""
    padded = np.pad(teacher, [(0, 0)] * (teacher.ndim - 2) + [(1, 1), (1, 1)], mode="edge")
    mean = (padded[..., 1:, 1:] + padded[..., :-1, 1:] + padded[..., 1:, :-1] + padded[..., :-1, :-1]) / 4
    return np.asarray(mean, dtype=np.float32)


def to_our_pixels(boxes: Floats) -> Floats:
    """Corners relative to the centre of the 255 px crop, in pixels of ours from its top left corner."""
    return np.asarray(boxes * (SEARCH_PX / TEACHER_SEARCH_PX) + SEARCH_PX / 2, dtype=np.float32)
