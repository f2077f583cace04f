"""Trains the embedding alone, behind a finished backbone: `python -m siamese.train_identity --help`.

What the embedding judges by is computed once per crop, so that steps are cheap, and batches large and full of look-alikes, which is
what contrastive learning wants."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor

from .augment import Augment, degrade
from .geometry import Image
from .losses import supervised_contrastive
from .progress import Progress
from .network import Follower
from .weights import load_follower


def arguments() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pairs", type=Path, required=True)
    p.add_argument("--weights", type=Path, required=True, help="checkpoint whose recogniser is trained on")
    p.add_argument("--out", type=Path, required=True, help="checkpoint to write")
    p.add_argument("--fresh", action="store_true", help="start the recogniser anew")
    p.add_argument("--steps", type=int, default=300)
    p.add_argument("--crops", type=int, default=12_000, help="pairs to use at most")
    p.add_argument("--batch", type=int, default=160, help="objects per step, each in two views")
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    return p.parse_args()


class Chooser:
    """Draws pairs so that half of a batch comes from one clip: people of one place, in one light, are the hard negatives."""

    def __init__(self, folder: Path, rng: Generator, most: int):
        self.rng = rng
        self.identity: NDArray[np.int32] = np.load(folder / "identity.npy")[:most]
        about = json.loads((folder / "about.json").read_text())
        tracks = [c["tracks"] for c in about["clips"].values()]
        ends = np.cumsum(tracks)
        by_identity: dict[int, list[int]] = {}
        for i, n in enumerate(self.identity):
            if n >= 0:
                by_identity.setdefault(int(n), []).append(i)
        self.by_identity = by_identity
        self.clips = [
            [n for n in range(int(e) - t, int(e)) if n in by_identity] for e, t in zip(ends, tracks, strict=True) if t >= 4
        ]
        self.rest = list(by_identity)

    def batch(self, n: int) -> list[int]:
        rng = self.rng
        clip = self.clips[rng.integers(len(self.clips))] if self.clips else []
        near = list(rng.permutation(clip)[: n // 4])
        # Two pairs of each object of the clip: four views, at different times.
        chosen = [int(rng.choice(self.by_identity[int(k)])) for k in near for _ in range(2)]
        far = rng.choice(len(self.rest), n - len(chosen), replace=False)
        return chosen + [int(rng.choice(self.by_identity[self.rest[int(k)]])) for k in far]


def planes(crops: list[Image]) -> Tensor:
    x = torch.from_numpy(np.stack(crops).transpose(0, 3, 1, 2).astype(np.float32))
    return x.contiguous(memory_format=torch.channels_last)


def evidence_of(follower: Follower, source: NDArray[np.uint8], count: int, rng: Generator) -> Tensor:
    # Colour casts stay off: on one camera, colours are what tells people apart.
    on = Augment(colour=False)
    kept = []
    progress = Progress("crops", count)
    for start in range(0, count, 64):
        crops = planes([degrade(np.asarray(c), rng, on, 0.5) for c in source[start : min(start + 64, count)]])
        with torch.no_grad():
            early, kernels = follower.backbone.both(crops)
            kept.append(follower.recogniser.evidence(crops, early, kernels).half())
        progress.step(start + len(crops))
    progress.done()
    return torch.cat(kept)


def main() -> None:
    a = arguments()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    rng = np.random.default_rng(a.seed)
    template, again = (np.load(a.pairs / f"{name}.npy", mmap_mode="r") for name in ("template", "again"))
    chooser = Chooser(a.pairs, rng, a.crops)
    follower = load_follower(a.weights, fresh_recogniser=a.fresh).to(memory_format=torch.channels_last)
    count = len(chooser.identity)
    views = [evidence_of(follower, source, count, rng) for source in (template, again)]
    recogniser = follower.recogniser.train()
    optimiser = torch.optim.AdamW(recogniser.parameters(), lr=a.rate, weight_decay=1e-3)
    progress = Progress("embedding", a.steps)
    kept = []
    for step in range(a.steps):
        for group in optimiser.param_groups:
            group["lr"] = a.rate * min(1.0, (step + 1) / 20) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / a.steps)))
        chosen = chooser.batch(a.batch)
        e = recogniser(torch.cat([view[chosen] for view in views]).float().contiguous(memory_format=torch.channels_last))
        n = len(chosen)
        loss = supervised_contrastive(e[:n], e[n:], torch.from_numpy(chooser.identity[chosen].astype(np.int64)))
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimiser.step()
        kept.append(float(loss.detach()))
        progress.step(step + 1, f"loss {kept[-1]:.3f}")
        if (step + 1) % 50 == 0:
            print(json.dumps({"step": step + 1, "loss": round(float(np.mean(kept[-50:])), 4)}), flush=True)
    progress.done()
    torch.save({"average": follower.state_dict()}, a.out)


if __name__ == "__main__":
    main()
