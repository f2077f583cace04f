"""Mean IoU on held-out labels, beside the teacher's and that of boxes filled: `python -m masks.evaluate --help`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from .augment import jittered
from .geometry import Floats, cut, paste
from .labels import Labelled, load_outlines, load_rendered
from .network import MaskHead
from .teacher import Teacher, in_picture
from .weights import load_head

Bools = NDArray[np.bool_]
Grid = Callable[[Labelled], Bools]
LARGE = 64 * 64


def overlap(a: Bools, b: Bools) -> float:
    union = int((a | b).sum())
    return int((a & b).sum()) / union if union else 1.0


def filled(item: Labelled) -> Bools:
    h, w = item.mask.shape
    b = item.box
    out = np.zeros((h, w), bool)
    out[max(0, round(b.y)) : round(b.y + b.h), max(0, round(b.x)) : round(b.x + b.w)] = True
    return out


def taught(teacher: Teacher) -> Grid:
    def look(item: Labelled) -> Bools:
        h, w = item.mask.shape
        values, region = teacher.look(item.image, item.box, item.label)
        return (in_picture(values, region, w, h) > 0.5) & filled(item)

    return look


def headed(head: MaskHead) -> Grid:
    def look(item: Labelled) -> Bools:
        h, w = item.mask.shape
        with torch.no_grad():
            logits = head(torch.from_numpy(cut(item.image, item.box).transpose(2, 0, 1)[None].astype(np.float32)))
        grid: Floats = logits.sigmoid()[0, 0].numpy()
        return paste(grid, item.box, w, h)

    return look


def measure(items: list[Labelled], looks: dict[str, Grid]) -> dict[str, dict[str, float]]:
    """Mean IoU by group and way, with the number of objects; `person large` are those with boxes of 64 x 64 px or more."""
    found: dict[str, dict[str, list[float]]] = {}
    for item in items:
        truth = item.mask > 127
        groups = [item.group, *([f"{item.group} large"] if item.box.w * item.box.h >= LARGE else [])]
        for name, look in looks.items():
            value = overlap(look(item), truth)
            for group in groups:
                found.setdefault(group, {}).setdefault(name, []).append(value)
    return {g: {"objects": len(next(iter(v.values()))), **{n: round(float(np.mean(x)), 4) for n, x in v.items()}} for g, v in sorted(found.items())}


def as_detected(items: list[Labelled], seed: int = 1) -> list[Labelled]:
    """The same objects in boxes whose sides are off by some hundredths, as a detector's are."""
    rng = np.random.default_rng(seed)
    return [Labelled(i.image, jittered(i.box, rng), i.mask, i.group, i.label, i.source) for i in items]


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--images", type=Path, required=True)
    p.add_argument("--segments", type=Path, required=True)
    p.add_argument("--rendered", type=Path, nargs=2, metavar=("VIDEO", "TRUTH"))
    p.add_argument("--checkpoints", type=Path, nargs="+", default=[])
    p.add_argument("--teacher", type=Path)
    a = p.parse_args()
    torch.set_num_threads(1)
    looks: dict[str, Grid] = {"box filled": filled}
    if a.teacher:
        looks["teacher"] = taught(Teacher(a.teacher))
    for file in a.checkpoints:
        looks[str(file)] = headed(load_head(file))
    held_out = [i for i in load_outlines(a.images, a.segments, held_out=True) if i.group != "other"]
    report = {"photographs": measure(held_out, looks), "photographs, boxes off": measure(as_detected(held_out), looks)}
    if a.rendered:
        report["rendered"] = measure(load_rendered(*a.rendered), looks)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
