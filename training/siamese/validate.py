"""Finds the objects of a pool of held-out pairs, plain and degraded: `python -m siamese.validate --help`.

Steadier than a few sequences: one pair's luck does not decide over the next frame's. The degraded pictures are the same for every
checkpoint."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from .augment import OFF, Augment
from .data import PairPool
from .losses import corners_of, giou
from .network import Follower
from .weights import load_follower


@torch.inference_mode()
def measure(follower: Follower, pool: PairPool, batch: int = 32) -> dict[str, float]:
    """Mean IoU of the best cell's box (which is the area under its success curve), share above 0.5, mean error of its centre in
    pixels of the search crop and mean score, over pairs whose object is there; and the mean score over those whose object is not."""
    overlaps, scores, absent, errors = [], [], [], []
    for start in range(0, len(pool), batch):
        items = [pool[i] for i in range(start, min(start + batch, len(pool)))]
        x = {k: torch.stack([item[k] for item in items]).float() for k in ("template", "search", "box")}
        kernel, _ = follower.template(x["template"].contiguous(memory_format=torch.channels_last))
        logits, ltrb = follower.search(x["search"].contiguous(memory_format=torch.channels_last), kernel)
        best = logits.flatten(1).argmax(1)
        boxes = corners_of(ltrb).flatten(2)[torch.arange(len(best)), :, best]
        iou, _ = giou(boxes, x["box"])
        there = x["box"][:, 2] > 0
        top = logits.flatten(1).amax(1).sigmoid()
        overlaps += iou[there].tolist()
        away = (boxes[:, :2] + boxes[:, 2:] - x["box"][:, :2] - x["box"][:, 2:]) / 2
        errors += away.norm(dim=1)[there].tolist()
        scores += top[there].tolist()
        absent += top[~there].tolist()
    found = np.array(overlaps)
    return {
        "iou": round(float(found.mean()), 3),
        "above 0.5": round(float((found > 0.5).mean()), 3),
        "error px": round(float(np.mean(errors)), 2),
        "score": round(float(np.mean(scores)), 3),
        "score absent": round(float(np.mean(absent)), 3) if absent else float("nan"),
    }


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pairs", type=Path, required=True, help="pool cut from held-out clips")
    p.add_argument("--checkpoints", nargs="+", type=Path, required=True)
    a = p.parse_args()
    torch.set_num_threads(1)
    for checkpoint in a.checkpoints:
        follower = load_follower(checkpoint).to(memory_format=torch.channels_last)
        row: dict[str, object] = {"checkpoint": str(checkpoint)}
        for name, on in (("plain", OFF), ("degraded", Augment().without(["occlusion"])), ("occluded", Augment().only(["occlusion"]))):
            row[name] = measure(follower, PairPool(a.pairs, on, 5, taught=False))
        print(json.dumps(row))


if __name__ == "__main__":
    main()
