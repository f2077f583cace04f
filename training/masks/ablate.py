"""Measures what each augmentation, the teacher, the renders and the detector's layers are worth: trains briefly with all, without each, and
measures every run on held-out labels: `python -m masks.ablate --help`. What stands behind `--` goes to each `masks.train`.

Stopped at any point, the same command goes on where it was. The table is written anew after each run."""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch

from .augment import NAMES
from .evaluate import as_detected, headed, measure
from .labels import load_outlines, load_rendered
from .train import arguments as training_arguments
from .weights import load_head

COLUMNS = ["photographs: person", "photographs: vehicle", "boxes off: person", "boxes off: vehicle", "demo: person", "demo: vehicle"]


def plan(train: list[str]) -> dict[str, list[str]]:
    """Runs by name, with their options; in the order of what is missed most when time runs out."""
    runs = {"all": train, "all, seed 2": [*train, "--seed", "2"]}
    for option, name in (("--clips", "without distillation"), ("--renders", "without renders"), ("--detector", "from scratch")):
        if option in train:
            at = train.index(option)
            runs[name] = train[:at] + train[at + 2 :]
    for name in NAMES:
        runs[f"without {name}"] = [*train, "--without", name]
    runs["without any augmentation"] = [*train, "--without", *NAMES]
    return runs


def measured(checkpoint: Path, a: argparse.Namespace, train: argparse.Namespace) -> dict[str, float]:
    looks = {"iou": headed(load_head(checkpoint))}
    items = [i for i in load_outlines(train.images, train.segments, held_out=True) if i.group != "other"]
    sets = {"photographs": items, "boxes off": as_detected(items), "demo": load_rendered(*a.rendered, every=24)}
    found = {name: measure(pool, looks) for name, pool in sets.items()}
    return {column: found[s][g]["iou"] for column in COLUMNS for s, g in [column.split(": ")]}


def write_tables(rows: list[dict[str, Any]], missing: list[str], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with (out / "masks-ablation.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, ["run", "cpuSeconds", *COLUMNS], lineterminator="\n")
        table.writeheader()
        table.writerows({k: row[k] for k in table.fieldnames} for row in rows)
    lines = ["| mean IoU | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    lines += [f"| {row['run']} | " + " | ".join(f"{row[c]:.3f}" for c in COLUMNS) + " |" for row in rows]
    if missing:
        lines += ["", "Not run: " + ", ".join(missing) + "."]
    (out / "masks-ablation.md").write_text("\n".join(lines) + "\n")


def main() -> None:
    given = sys.argv[1:]
    at = given.index("--") if "--" in given else len(given)
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rendered", type=Path, nargs=2, metavar=("VIDEO", "TRUTH"), required=True, help="the demo clip, held out")
    p.add_argument("--work", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True, help="folder of masks-ablation.csv and .md")
    p.add_argument("--only", nargs="+", help="runs to do, by name; all by default")
    a = p.parse_args(given[:at])
    train = given[at + 1 :]
    torch.set_num_threads(1)
    runs = {name: options for name, options in plan(train).items() if a.only is None or name in a.only}
    rows: list[dict[str, Any]] = []
    for name, options in runs.items():
        folder = a.work / name.replace(", ", "-").replace(" ", "-")
        stored = folder / "measured.json"
        if not stored.exists():
            began = time.monotonic()
            said = subprocess.run([sys.executable, "-m", "masks.train", *options, "--out", str(folder)], check=True, capture_output=True, text=True)
            row = {"run": name, "cpuSeconds": json.loads(said.stdout.splitlines()[-1])["cpuSeconds"]}
            parsed = training_arguments().parse_args([*options, "--out", str(folder)])
            stored.write_text(json.dumps(row | measured(folder / "checkpoint.pt", a, parsed)) + "\n")
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        rows.append(json.loads(stored.read_text()))
        write_tables(rows, list(runs)[len(rows) :], a.out)


if __name__ == "__main__":
    main()
