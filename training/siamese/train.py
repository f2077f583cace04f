"""Trains the follower: `python -m siamese.train --help`, or the same under `torchrun`."""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import ConcatDataset, DataLoader
from torch.utils.data.distributed import DistributedSampler

from .augment import NAMES, Augment
from .data import PairPool, first_crops
from .detector_weights import import_detector
from .lesson import Lesson, Weights
from .network import Follower, count
from .weights import load_follower
from .quantise import quantise
from .progress import Progress


def arguments() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--pairs", nargs="+", type=Path, required=True, help="pools; the teacher need not have seen all")
    p.add_argument("--out", type=Path, required=True, help="folder of checkpoint.pt (resumed when there), log.csv and curves")
    p.add_argument("--detector", type=Path, help="default detector's ONNX file, to start from its backbone; without it: from scratch")
    p.add_argument("--weights", type=Path, help="checkpoint whose weights to start from")
    p.add_argument("--quantise", action="store_true", help="fine-tune --weights with 8-bit weights and activations")
    p.add_argument("--no-teacher", action="store_true")
    p.add_argument("--without", nargs="*", default=[], choices=NAMES, help="augmentations to leave out")
    p.add_argument("--steps", type=int, default=4000)
    p.add_argument("--frozen-steps", type=int, default=300, help="first steps, in which imported weights stay as they are")
    p.add_argument("--all-layers", action="store_true", help="train the imported layers before stride 4 too")
    p.add_argument("--batch", type=int, default=48, help="pairs per process and step")
    p.add_argument("--rate", type=float, default=1.5e-3)
    p.add_argument("--backbone-rate", type=float, default=0.5, help="times --rate")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--workers", type=int, default=1)
    p.add_argument("--save-every", type=int, default=200)
    return p.parse_args()


class Average:
    """Exponential moving average of the weights: what is evaluated and exported."""

    def __init__(self, model: nn.Module):
        self.values = {k: v.detach().clone() for k, v in model.state_dict().items()}

    def update(self, model: nn.Module, step: int) -> None:
        decay = min(0.998, (1 + step) / (10 + step))
        for k, v in model.state_dict().items():
            if v.dtype.is_floating_point:
                self.values[k].lerp_(v.detach(), 1 - decay)
            else:
                self.values[k].copy_(v)


def set_up(a: argparse.Namespace) -> tuple[int, int, torch.device]:
    """Rank, number of processes and device; `torchrun` says the first two."""
    torch.set_num_threads(a.threads)
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    cuda = torch.cuda.is_available()
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cuda else torch.device("cpu")
    if world > 1:
        dist.init_process_group("nccl" if cuda else "gloo")
    seed = a.seed + rank
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    return rank, world, device


def prepare(a: argparse.Namespace) -> Lesson:
    torch.manual_seed(a.seed)
    lesson = Lesson(Follower(), Weights(), taught=not a.no_teacher)
    if a.detector:
        backbone = lesson.follower.backbone
        import_detector(backbone, backbone.stem, backbone.blocks, a.detector, first_crops(a.pairs[0], 256))
    if a.weights:
        lesson.follower = load_follower(a.weights)
    if a.quantise:
        quantise(lesson.follower)
    if not a.no_teacher:
        some = torch.from_numpy(np.load(a.pairs[0] / "teacher_features.npy", mmap_mode="r")[:400].astype(np.float32))
        lesson.teacher_mean = some.mean((0, 2, 3), keepdim=True)
        lesson.teacher_scale = some.std((0, 2, 3), keepdim=True).clamp(min=1e-3)
    return lesson


def set_frozen(parts: list[nn.Module], frozen: bool) -> None:
    for part in parts:
        for p in part.parameters():
            p.requires_grad_(not frozen)


def schedule(step: int, steps: int) -> float:
    """Warm-up, then constant, then down along a cosine in the last 40 %: a resumed run may be given more or fewer steps."""
    down = max(0.0, (step / steps - 0.6) / 0.4)
    return min(1.0, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * down)))


def main() -> None:
    a = arguments()
    rank, world, device = set_up(a)
    on = Augment().without(a.without)
    pools = [PairPool(folder, on, a.seed, taught=not a.no_teacher) for folder in a.pairs]
    pool: ConcatDataset[dict[str, Tensor]] = ConcatDataset(pools)
    sampler: DistributedSampler[dict[str, Tensor]] = DistributedSampler(pool, world, rank, seed=a.seed, drop_last=True)
    loader = DataLoader(pool, a.batch, sampler=sampler, num_workers=a.workers, drop_last=True)
    lesson = prepare(a).to(device).to(memory_format=torch.channels_last)
    follower = lesson.follower
    pretrained = bool(a.detector or a.weights)
    if pretrained and not a.all_layers:
        set_frozen(follower.backbone.early, True)
    slow = [p for part in (*follower.backbone.early, *follower.backbone.late) for p in part.parameters() if p.requires_grad]
    slow_ids = {id(p) for p in slow}
    rest = [p for p in lesson.parameters() if p.requires_grad and id(p) not in slow_ids]
    groups = [{"params": rest, "factor": 1.0}, {"params": slow, "factor": a.backbone_rate if pretrained else 1.0}]
    optimiser = torch.optim.AdamW(groups, lr=a.rate, weight_decay=1e-4)
    average = Average(follower)
    step = 0
    checkpoint = a.out / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        lesson.load_state_dict(saved["lesson"])
        optimiser.load_state_dict(saved["optimiser"])
        average.values = saved["average"]
        step = saved["step"]
    model: nn.Module = DistributedDataParallel(lesson) if world > 1 else lesson
    if rank == 0:
        a.out.mkdir(parents=True, exist_ok=True)
        settings = {k: str(v) if isinstance(v, (Path, list)) else v for k, v in vars(a).items()}
        (a.out / "settings.json").write_text(json.dumps(settings | {"parameters": count(follower), "processes": world}, indent=1) + "\n")
    log = Log(a.out / "log.csv") if rank == 0 else None
    progress = Progress("training", a.steps)
    lesson.train()
    while step < a.steps:
        epoch = step // max(len(loader), 1)
        for part in pools:
            part.epoch = epoch
        sampler.set_epoch(epoch)
        for batch in loader:
            frozen = pretrained and step < a.frozen_steps
            if pretrained and world == 1:
                # DistributedDataParallel wants the same parameters in every step: there a rate of 0 is what freezes.
                set_frozen(follower.backbone.late, frozen)
            rate = a.rate * schedule(step, a.steps)
            for group in optimiser.param_groups:
                group["lr"] = rate * (0.0 if frozen and group["factor"] != 1.0 else group["factor"])
            losses = model({k: v.to(device) for k, v in batch.items()})
            total = sum((v for k, v in losses.items() if k != "iou"), torch.zeros((), device=device))
            optimiser.zero_grad(set_to_none=True)
            total.backward()
            nn.utils.clip_grad_norm_(lesson.parameters(), 5.0)
            optimiser.step()
            step += 1
            average.update(follower, step)
            if log is not None:
                log.add(step, losses)
                progress.step(step, f"loss {float(total.detach()):.3f}")
                if step % a.save_every == 0 or step == a.steps:
                    save(checkpoint, lesson, optimiser, average, step)
            if step >= a.steps:
                break
    progress.done()
    if world > 1:
        dist.destroy_process_group()


def save(file: Path, lesson: Lesson, optimiser: torch.optim.Optimizer, average: Average, step: int) -> None:
    """Whole or not at all: a run that is killed while it saves keeps its last checkpoint."""
    part = file.with_suffix(".part")
    torch.save({"lesson": lesson.state_dict(), "optimiser": optimiser.state_dict(), "average": average.values, "step": step}, part)
    part.replace(file)


class Log:
    """Means over 20 steps, as CSV."""

    def __init__(self, file: Path):
        self.file = file
        self.kept: list[dict[str, float]] = []
        self.started = time.monotonic()

    def add(self, step: int, losses: dict[str, Tensor]) -> None:
        self.kept.append({k: float(v.detach()) for k, v in losses.items()})
        if step % 20:
            return
        row = {"step": step, "seconds": round(time.monotonic() - self.started, 1)} | {
            k: round(float(np.mean([x[k] for x in self.kept])), 4) for k in self.kept[0]
        }
        self.kept = []
        fresh = not self.file.exists()
        with self.file.open("a", newline="") as f:
            writer = csv.DictWriter(f, fieldnames=list(row))
            if fresh:
                writer.writeheader()
            writer.writerow(row)


if __name__ == "__main__":
    main()
