"""Trains once with all augmentations and once without each, from the same weights and seed, and measures all on held-out pairs:
`python -m siamese.ablate --help`. One JSON line per run; runs that are there already are not repeated."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import torch

from .augment import NAMES, Augment
from .data import PairPool
from .progress import Progress
from .validate import OFF, measure
from .weights import load_follower

GEOMETRY = ("rotation", "flip", "translation", "zoom", "shear")


def arguments() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--pools", type=Path, required=True, help="folder of pools: `all`, and `without-NAME` for each of geometry that is asked for")
    p.add_argument("--held-out", type=Path, required=True, help="pool to measure on")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--names", nargs="*", default=NAMES, choices=NAMES)
    p.add_argument("train", nargs=argparse.REMAINDER, help="after --: options of siamese.train, such as --weights FILE --steps 200")
    return p.parse_args()


def main() -> None:
    a = arguments()
    torch.set_num_threads(1)
    options = [o for o in a.train if o != "--"]
    progress = Progress("runs", len(a.names) + 1)
    for i, name in enumerate([None, *a.names]):
        run = a.out / (f"without-{name}" if name else "all")
        pool = a.pools / (run.name if name in GEOMETRY else "all")
        if not (run / "done").exists():
            command = [sys.executable, "-m", "siamese.train", "--pairs", str(pool), "--out", str(run), "--no-teacher", *options]
            subprocess.run([*command, *(["--without", name] if name else [])], check=True)
            (run / "done").touch()
        follower = load_follower(run / "checkpoint.pt").to(memory_format=torch.channels_last)
        row: dict[str, object] = {"run": run.name}
        for kind, on in (("plain", OFF), ("degraded", Augment())):
            row[kind] = measure(follower, PairPool(a.held_out, on, 5, taught=False))
        print(json.dumps(row), flush=True)
        progress.step(i + 1)
    progress.done()


if __name__ == "__main__":
    main()
