"""Runs the teacher over a pool of pairs, once: `python -m siamese.teach --help`."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from .geometry import GRID, KERNEL
from .nanotrack import TEACHER_CHANNELS, TEACHER_SEARCH_PX, TEACHER_TEMPLATE_PX, enlarge, load_nanotrack, to_our_grid, to_our_pixels
from .progress import Progress

def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--pairs", type=Path, required=True)
    p.add_argument("--models", type=Path, required=True, help="folder with nanotrackv3_*.onnx")
    a = p.parse_args()
    teacher = load_nanotrack(a.models, 3)
    template, search = (np.load(a.pairs / f"{name}.npy", mmap_mode="r") for name in ("template", "search"))
    n = len(template)
    create = np.lib.format.open_memmap
    kernels = create(a.pairs / "teacher_kernel.npy.part", "w+", np.float16, (n, TEACHER_CHANNELS, KERNEL, KERNEL))
    features = create(a.pairs / "teacher_features.npy.part", "w+", np.float16, (n, TEACHER_CHANNELS, GRID, GRID))
    scores = np.zeros((n, GRID, GRID), np.float16)
    boxes = np.zeros((n, 5), np.float32)
    progress = Progress("teacher", n)
    for i in range(n):
        kernel = teacher.features(enlarge(np.asarray(template[i]), TEACHER_TEMPLATE_PX))
        found = teacher.find(kernel, enlarge(np.asarray(search[i]), TEACHER_SEARCH_PX))
        kernels[i], features[i] = kernel[0], found.features
        scores[i] = to_our_grid(found.score)
        best = int(found.score.argmax())
        boxes[i, :4] = to_our_pixels(found.boxes.reshape(4, -1)[:, best])
        boxes[i, 4] = found.score.flat[best]
        progress.step(i + 1)
    progress.done()
    np.save(a.pairs / "teacher_score.npy", scores)
    np.save(a.pairs / "teacher_box.npy", boxes)
    kernels.flush()
    features.flush()
    for name in ("teacher_kernel", "teacher_features"):
        (a.pairs / f"{name}.npy.part").rename(a.pairs / f"{name}.npy")


if __name__ == "__main__":
    main()
