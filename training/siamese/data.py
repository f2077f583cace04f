"""A pool of pairs as a PyTorch data set; augmentations of light, lens, codec and occlusion are drawn anew each time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from .augment import Augment, degrade, occlude
from .geometry import GRID, KERNEL, Box
from .nanotrack import TEACHER_CHANNELS

HIDDEN = 0.7
"""An object covered by more than this share is not to be found."""


class PairPool(Dataset[dict[str, Tensor]]):
    def __init__(self, folder: Path, on: Augment, seed: int, taught: bool, strength: float = 1.0):
        """`strength` multiplies the chance of each augmentation that is drawn here."""
        self.folder = folder
        self.on = on
        self.strength = strength
        self.seed = seed
        self.epoch = 0
        self.taught = taught
        self.template, self.again, self.search = (np.load(folder / f"{n}.npy", mmap_mode="r") for n in ("template", "again", "search"))
        self.box = np.load(folder / "box.npy")
        self.identity = np.load(folder / "identity.npy")
        # A pool that the teacher has not seen may stand beside one that it has.
        self.has_teacher = (folder / "teacher_features.npy").exists()
        if taught and self.has_teacher:
            self.teacher_kernel = np.load(folder / "teacher_kernel.npy", mmap_mode="r")
            self.teacher_features = np.load(folder / "teacher_features.npy", mmap_mode="r")
            self.teacher_score = np.load(folder / "teacher_score.npy", mmap_mode="r")
            self.teacher_box = np.load(folder / "teacher_box.npy")

    def __len__(self) -> int:
        return len(self.box)

    def __getitem__(self, i: int) -> dict[str, Tensor]:
        rng = np.random.default_rng((self.seed, self.epoch, i))
        x, y, w, h = (float(v) for v in self.box[i])
        search = np.asarray(self.search[i])
        covered = 0.0
        if self.on.occlusion and w > 0 and rng.random() < 0.2 * self.strength:
            search, covered = occlude(search, Box(x, y, w, h), np.asarray(self.search[int(rng.integers(len(self)))]), rng)
        seen = w > 0 and covered < HIDDEN
        item = {
            "template": degrade(np.asarray(self.template[i]), rng, self.on, 0.6 * self.strength),
            "again": degrade(np.asarray(self.again[i]), rng, self.on, self.strength),
            "search": degrade(search, rng, self.on, self.strength),
        }
        out: dict[str, Tensor] = {k: torch.from_numpy(np.ascontiguousarray(v.transpose(2, 0, 1))) for k, v in item.items()}
        out["box"] = torch.tensor([x, y, x + w, y + h] if seen else [0.0] * 4)
        out["identity"] = torch.tensor(int(self.identity[i]))
        if self.taught and not self.has_teacher:
            out |= untaught()
        elif self.taught:
            out["teacher_kernel"] = torch.from_numpy(np.array(self.teacher_kernel[i]))
            out["teacher_features"] = torch.from_numpy(np.array(self.teacher_features[i]))
            out["teacher_score"] = torch.from_numpy(np.array(self.teacher_score[i]))
            out["teacher_box"] = torch.from_numpy(self.teacher_box[i])
            # What the teacher saw, the student may no longer see.
            out["teachable"] = torch.tensor(float(covered == 0.0))
        return out


def untaught() -> dict[str, Tensor]:
    half = torch.float16
    return {
        "teacher_kernel": torch.zeros(TEACHER_CHANNELS, KERNEL, KERNEL, dtype=half),
        "teacher_features": torch.zeros(TEACHER_CHANNELS, GRID, GRID, dtype=half),
        "teacher_score": torch.zeros(GRID, GRID, dtype=half),
        "teacher_box": torch.zeros(5),
        "teachable": torch.tensor(0.0),
    }


def first_crops(folder: Path, n: int) -> "list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]":
    return [np.asarray(c) for c in np.load(folder / "search.npy", mmap_mode="r")[:n]]
