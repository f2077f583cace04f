"""What the tracker's loop can be run with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from .geometry import GRID, SEARCH_PX, STRIDE, TEMPLATE_PX, Image
from .nanotrack import TEACHER_SEARCH_PX, TEACHER_TEMPLATE_PX, Floats, load_nanotrack, session
from .network import Follower


def planes(crop: Image) -> NDArray[np.float32]:
    return np.ascontiguousarray(crop.transpose(2, 0, 1)[None], dtype=np.float32)


def corners(ltrb: Floats) -> Floats:
    """Corners [4,G,G] relative to the crop's centre from distances [4,G,G]."""
    at = ((np.arange(GRID) - (GRID - 1) / 2) * STRIDE).astype(np.float32)
    px, py = np.meshgrid(at, at)
    return np.stack([px - ltrb[0], py - ltrb[1], px + ltrb[2], py + ltrb[3]])


class TorchMatcher:
    template_px = TEMPLATE_PX
    search_px = SEARCH_PX

    def __init__(self, model: Follower):
        self.model = model.eval()
        self.kernel = torch.zeros(0)

    @torch.inference_mode()
    def remember(self, crop: Image) -> None:
        self.kernel, _ = self.model.template(torch.from_numpy(planes(crop)))

    @torch.inference_mode()
    def find(self, crop: Image) -> tuple[Floats, Floats]:
        score, ltrb = self.model.search(torch.from_numpy(planes(crop)), self.kernel)
        return score.sigmoid()[0, 0].numpy(), corners(ltrb[0].numpy())


class NanoMatcher:
    template_px = TEACHER_TEMPLATE_PX
    search_px = TEACHER_SEARCH_PX

    def __init__(self, folder: Path, version: int):
        self.model = load_nanotrack(folder, version)
        self.kernel: Floats = np.zeros(0, np.float32)

    def remember(self, crop: Image) -> None:
        self.kernel = self.model.features(crop)

    def find(self, crop: Image) -> tuple[Floats, Floats]:
        found = self.model.find(self.kernel, crop)
        return found.score, found.boxes


class OnnxMatcher:
    """The exported files."""

    template_px = TEMPLATE_PX
    search_px = SEARCH_PX

    def __init__(self, folder: Path):
        self.template = session(folder / "template.onnx")
        self.search = session(folder / "search.onnx")
        self.kernel: Floats = np.zeros(0, np.float32)

    def remember(self, crop: Image) -> None:
        self.kernel = self.template.run(["kernel"], {"crop": planes(crop)})[0]

    def find(self, crop: Image) -> tuple[Floats, Floats]:
        score, ltrb = self.search.run(["score", "ltrb"], {"crop": planes(crop), "kernel": self.kernel})
        return score[0, 0], corners(ltrb[0])
