"""Trains the mask head: `python -m masks.train --help`."""

from __future__ import annotations

import argparse
import copy
import csv
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from siamese.detector_weights import import_detector
from siamese.network import count, fold_norms
from siamese.progress import Progress

from .augment import NAMES, Switches
from .data import Draw, batches
from .evaluate import headed, measure
from .geometry import SQUARE, region_of, to_crop, warp
from .labels import Labelled, compact, load_outlines, load_rendered
from .losses import mask_loss
from .network import MaskHead
from .pseudo import load as load_pseudo

SHARES = {"photographs": 0.55, "clips": 0.25, "renders": 0.2}
"""Of the kinds of source, within a group."""
AVERAGE_STEPS = 200
"""The averaged weights look back over about so many steps."""
WARM_STEPS = 50


def load_pools(a: argparse.Namespace) -> dict[str, list[Labelled]]:
    pools = {"photographs": load_outlines(a.images, a.segments, held_out=False)}
    if a.clips:
        pools["clips"] = load_pseudo(a.clips)
    if a.renders:
        pools["renders"] = [x for folder in a.renders for x in rendered(folder)]
    return {name: [compact(i) for i in pool] for name, pool in pools.items()}


def rendered(folder: Path) -> list[Labelled]:
    """Each frame is a picture of its own."""
    items = load_rendered(folder / "demo.mp4", folder / "demo.truth.jsonl", every=1)
    return [Labelled(i.image, i.box, i.mask, i.group, i.label, f"{folder.name}/{i.label}") for i in items]


def start(pools: dict[str, list[Labelled]], detector: Path | None, seed: int, start_from: Path | None = None) -> MaskHead:
    torch.manual_seed(seed)
    head = MaskHead()
    if detector is None and start_from is None:
        fold_norms(head.encoder)
        return head
    rng = np.random.default_rng(seed)
    items = [i for pool in pools.values() for i in pool]
    chosen = [items[i] for i in rng.choice(len(items), min(192, len(items)), replace=False)]
    if start_from is not None:
        fold_norms(head.encoder)
        head.load_state_dict(torch.load(start_from, map_location="cpu", weights_only=True)["average"])
        return head
    crops = [warp(i.image, to_crop(region_of(i.box), SQUARE), SQUARE) for i in chosen]
    import_detector(head.encoder, head.encoder.stem, head.encoder.blocks, detector, crops)
    return head


def rate_at(step: int, steps: int) -> float:
    return min(1.0, (step + 1) / WARM_STEPS) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))


class Average:
    """Exponential moving average of the weights (Polyak); norms' statistics are copied."""

    def __init__(self, head: MaskHead):
        self.head = copy.deepcopy(head).eval()

    @torch.no_grad()
    def update(self, head: MaskHead, step: int) -> None:
        keep = min(1 - 1 / AVERAGE_STEPS, (1 + step) / (10 + step))
        for mine, new in zip(self.head.state_dict().values(), head.state_dict().values(), strict=True):
            if mine.dtype.is_floating_point:
                mine.mul_(keep).add_(new, alpha=1 - keep)
            else:
                mine.copy_(new)


def train(head: MaskHead, draw: Draw, on: Switches, a: argparse.Namespace) -> MaskHead:
    """Returns the averaged weights."""
    if a.detector is not None and a.train != "all":
        for part in head.encoder.early if a.train == "late" else [head.encoder]:
            part.requires_grad_(False)
    inherited = [p for p in head.encoder.parameters() if p.requires_grad]
    ids = {id(p) for p in head.encoder.parameters()}
    new = [p for p in head.parameters() if id(p) not in ids]
    slower = 0.3 if a.detector is not None else 1.0
    groups = [{"params": new, "lr": a.rate}, *([{"params": inherited, "lr": a.rate * slower}] if inherited else [])]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: rate_at(s, a.steps))
    average = Average(head)
    checkpoint = a.out / "checkpoint.pt"
    first = 0
    if checkpoint.exists() and not a.fresh:
        state = torch.load(checkpoint, map_location="cpu", weights_only=True)
        head.load_state_dict(state["head"])
        average.head.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = state["step"]
    source = batches(draw, on, a.batch, a.seed + first, a.scale)
    progress = Progress("training", a.steps)
    log_file = (a.out / "log.csv").open("a", buffering=1)
    log = csv.writer(log_file)
    began, total = time.monotonic(), 0.0
    head.train()
    head.to(memory_format=torch.channels_last)
    for step in range(first, a.steps):
        batch = next(source)
        crops = torch.from_numpy(batch.crops.astype(np.float32)).to(memory_format=torch.channels_last)
        loss = mask_loss(head(crops), torch.from_numpy(batch.masks))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(head.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        average.update(head, step)
        total += loss.item()
        progress.step(step + 1, f"loss {loss.item():.3f}")
        if (step + 1) % 20 == 0:
            log.writerow([step + 1, round(total / 20, 4), round(time.monotonic() - began, 1)])
            total = 0.0
        if (step + 1) % 200 == 0 or step + 1 == a.steps:
            state = {"step": step + 1, "head": head.state_dict(), "average": average.head.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict()}
            torch.save(state, a.out / "checkpoint.part")
            (a.out / "checkpoint.part").rename(checkpoint)
    progress.done()
    log_file.close()
    return average.head


def arguments() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--images", type=Path, required=True, help="photographs")
    p.add_argument("--segments", type=Path, required=True, help="their outlines, as YOLO polygons")
    p.add_argument("--clips", type=Path, help="what masks.pseudo wrote; without it nothing is distilled")
    p.add_argument("--renders", type=Path, nargs="*", default=[], help="folders with demo.mp4 and demo.truth.jsonl of other seeds than the demo's")
    p.add_argument("--detector", type=Path, help="the default detector's file: what the encoder starts from; from scratch without it")
    p.add_argument("--train", choices=["decoder", "late", "all"], default="late", help="layers that learn: those of the decoder, all but the first, all")
    p.add_argument("--scale", type=float, default=1.0, help="of crops: smaller ones make a first stage cheaper")
    p.add_argument("--start-from", type=Path, help="averaged weights of an earlier stage")
    p.add_argument("--without", nargs="*", choices=NAMES, default=[], help="augmentations to switch off")
    p.add_argument("--steps", type=int, default=2000)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--rate", type=float, default=2e-3)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--fresh", action="store_true", help="do not go on from a checkpoint in --out")
    p.add_argument("--out", type=Path, required=True)
    return p


def main() -> None:
    a = arguments().parse_args()
    torch.set_num_threads(a.threads)
    a.out.mkdir(parents=True, exist_ok=True)
    pools = load_pools(a)
    print(json.dumps({name: {g: sum(i.group == g for i in pool) for g in ("person", "vehicle", "other")} for name, pool in pools.items()}), flush=True)
    head = start(pools, a.detector, a.seed, a.start_from)
    print(json.dumps({"weights": count(head)}), flush=True)
    began = time.process_time()
    best = train(head, Draw(pools, SHARES), Switches().without(a.without), a)
    best.eval()
    held_out = [i for i in load_outlines(a.images, a.segments, held_out=True) if i.group != "other"]
    print(json.dumps({"cpuSeconds": round(time.process_time() - began), "heldOut": measure(held_out, {"head": headed(best)})}), flush=True)


if __name__ == "__main__":
    main()
