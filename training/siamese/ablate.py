"""Measures what each augmentation, the teacher and the detector's backbone are worth: trains briefly once with all, once with none,
once without each, and so on, from the same seed and the same pairs, and measures every run on held-out clips:
`python -m siamese.ablate --help`.

Stopped at any point, the same command goes on where it was. After each run `ablation.csv` and `ablation.md` are written anew."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from .ablation_table import write_tables
from .augment import GEOMETRY, NAMES, OFF, Augment
from .data import PairPool
from .make_pairs import add_sources, load_clips, load_sources, write_pool
from .pairs import SHARES, Cutter, Sources
from .progress import Progress
from .reid import embeddings_of, from_checkpoint, rank_1, read_sightings
from .validate import measure
from .weights import load_follower

APART_S = 3
OWN_STRENGTH = 3.0
"""How much more often than in training a disturbance is drawn where it is measured alone."""
NATURAL = Augment().without(["rotation", "flip", "shear"])
"""Held-out pairs: between two searches an object moves and nears, and the picture is not bent."""


@dataclass(frozen=True)
class Variant:
    """One run: what is off, and how it starts."""

    name: str
    off: tuple[str, ...] = ()
    seed: int = 1
    taught: bool = False
    scratch: bool = False

    @property
    def pool(self) -> str:
        """Pools differ only by what is off when pairs are cut."""
        off = [n for n in self.off if n in GEOMETRY]
        return "all" if not off else "bent-by-nothing" if len(off) == len(GEOMETRY) else "without-" + "-".join(off)


def plan(names: Sequence[str], seeds: Sequence[int], teacher: bool, scratch: bool) -> list[Variant]:
    """In the order of what is missed most when time runs out."""
    first, *others = seeds
    runs = [Variant("all", seed=first), *(Variant(f"all, seed {s}", seed=s) for s in others[:1])]
    runs += [Variant("none", tuple(NAMES), first), *(Variant(f"without {n}", (n,), first) for n in names)]
    # Without translation nothing is learnt but that objects are in the middle: "none" says little of the others.
    runs.append(Variant("translation alone", tuple(n for n in NAMES if n != "translation"), first))
    if teacher:
        runs += [Variant("with teacher" + (f", seed {s}" if s != first else ""), seed=s, taught=True) for s in seeds[:2]]
    if scratch:
        runs.append(Variant("from scratch", seed=first, scratch=True))
    return runs + [Variant(f"all, seed {s}", seed=s) for s in others[1:]]


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_sources(p)
    p.add_argument("--work", type=Path, required=True, help="folder of pools, runs and what was measured of them")
    p.add_argument("--out", type=Path, required=True, help="folder of ablation.csv and ablation.md")
    p.add_argument("--names", nargs="*", default=NAMES, choices=NAMES, help="augmentations to leave out, one run each")
    p.add_argument("--seeds", nargs="+", type=int, default=[1, 2], help="runs with all: their spread is the noise")
    p.add_argument("--detector", type=Path, help="default detector's ONNX file, to start from its backbone; without it: from scratch")
    p.add_argument("--teacher", type=Path, help="folder with nanotrackv3_*.onnx: runs with a teacher too")
    p.add_argument("--scratch", action="store_true", help="a run from scratch too: some three times as slow")
    p.add_argument("--reid-video", type=Path, help="with --reid-truth: rank-1 of the embedding, see siamese.reid")
    p.add_argument("--reid-truth", type=Path)
    p.add_argument("--reid-fps", type=float, default=10)
    p.add_argument("--count", type=int, default=6400, help="pairs to train on")
    p.add_argument("--held-out-count", type=int, default=600)
    p.add_argument("--steps", type=int, default=300)
    p.add_argument("--frozen-steps", type=int, default=50)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--threads", type=int, default=1)
    return p.parse_args(given)


class Pools:
    """Cuts pools when they are first asked for; clips and pictures are read once, and only if something is to be cut."""

    def __init__(self, folder: Path, a: argparse.Namespace):
        self.folder = folder
        self.a = a
        self.sources: dict[str, Sources] = {}

    def train(self, variant: Variant) -> Path:
        on = Augment().without([n for n in variant.off if n in GEOMETRY])
        return self.whole(variant.pool, on, self.a.count, "train", lambda: load_sources(self.a), SHARES)

    def held_out(self, extra: str | None = None) -> Path:
        """Pairs of the held-out clips alone; `extra` bends them in one more way."""
        on = NATURAL if extra is None else NATURAL.with_also(extra)
        name = "held-out" + (f"-{extra}" if extra else "")
        clips = lambda: Sources(load_clips(self.a, [], self.a.hold_out), [], [], [])  # noqa: E731
        return self.whole(name, on, self.a.held_out_count, "held-out", clips, (1.0, 0.0, 0.0, 0.0))

    def whole(
        self, name: str, on: Augment, count: int, kind: str, load: Callable[[], Sources], shares: tuple[float, float, float, float]
    ) -> Path:
        pool = self.folder / name
        if not (pool / "about.json").exists():
            self.sources.setdefault(kind, Sources([], [], [], []))
            if not self.sources[kind].clips:
                self.sources[kind] = load()
            write_pool(Cutter(self.sources[kind], on, 1, shares), pool, count, {"count": count, "on": on.__dict__})
        return pool


def train(variant: Variant, pools: Pools, run: Path, a: argparse.Namespace) -> None:
    """In a process of its own, as by hand; its checkpoint is resumed."""
    pool = pools.train(variant)
    if variant.taught and not (pool / "teacher_features.npy").exists():
        subprocess.run([sys.executable, "-m", "siamese.teach", "--pairs", str(pool), "--models", str(a.teacher)], check=True)
    options: dict[str, Any] = {
        "pairs": pool, "out": run, "steps": a.steps, "frozen-steps": a.frozen_steps, "batch": a.batch, "seed": variant.seed,
        "threads": a.threads, "workers": 0, "save-every": 50,
    }  # fmt: skip
    command = [sys.executable, "-m", "siamese.train", *(str(x) for k, v in options.items() for x in (f"--{k}", v))]
    command += [] if variant.taught else ["--no-teacher"]
    command += ["--detector", str(a.detector)] if a.detector and not variant.scratch else []
    command += ["--without", *variant.off] if variant.off else []
    subprocess.run(command, check=True, env=os.environ | {"OMP_NUM_THREADS": str(a.threads)})


def measured(variant: Variant, pools: Pools, checkpoint: Path, a: argparse.Namespace) -> dict[str, Any]:
    """On held-out pairs as they are, with everything that degrades a picture, and with one disturbance alone: the one that was
    left out, or each of them."""
    follower = load_follower(checkpoint).to(memory_format=torch.channels_last)
    row: dict[str, Any] = {"run": variant.name, "off": list(variant.off), "seed": variant.seed, "taught": variant.taught}
    row |= {"scratch": variant.scratch, "steps": a.steps, "batch": a.batch}
    plain = pools.held_out()
    row["plain"] = measure(follower, PairPool(plain, OFF, 5, taught=False))
    row["degraded"] = measure(follower, PairPool(plain, Augment().without(["occlusion"]), 5, taught=False))
    alone: dict[str, dict[str, float]] = {}
    for name in variant.off or NAMES:
        if name not in GEOMETRY:
            alone[name] = measure(follower, PairPool(plain, OFF.with_also(name), 5, taught=False, strength=OWN_STRENGTH))
        else:
            # Objects move and near in the plain pairs already.
            same = name in ("translation", "zoom")
            alone[name] = row["plain"] if same else measure(follower, PairPool(pools.held_out(name), OFF, 5, taught=False))
    row["alone"] = alone
    if a.reid_video:
        found, pictures = read_sightings(a.reid_video, a.reid_truth)
        embeddings = embeddings_of(from_checkpoint(checkpoint), found, pictures)
        row["rank-1"] = round(rank_1(found, embeddings, round(APART_S * a.reid_fps))[0], 3)
    return row


def main(given: Sequence[str] | None = None) -> None:
    a = arguments(given)
    torch.set_num_threads(a.threads)
    pools = Pools(a.work / f"pools-{a.count}", a)
    runs = plan(a.names, a.seeds, a.teacher is not None, a.scratch)
    progress = Progress("runs", len(runs))
    rows: list[dict[str, Any]] = []
    for i, variant in enumerate(runs):
        run = a.work / f"runs-{a.steps}x{a.batch}" / variant.name.replace(", ", "-").replace(" ", "-")
        stored = run / "measured.json"
        if not stored.exists():
            started = time.monotonic()
            train(variant, pools, run, a)
            row = measured(variant, pools, run / "checkpoint.pt", a) | {"seconds": round(time.monotonic() - started)}
            stored.write_text(json.dumps(row) + "\n")
            print(f"{i + 1}/{len(runs)} {variant.name}: {row['seconds']} s, IoU {row['plain']['iou']}", file=sys.stderr, flush=True)
        rows.append(json.loads(stored.read_text()))
        write_tables(rows, [v.name for v in runs[i + 1 :]], a.out)
        progress.step(i + 1, variant.name)
    progress.done()


if __name__ == "__main__":
    main()
