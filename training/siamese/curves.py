"""Draws the logs of one or several runs side by side: `python -m siamese.curves --out curves.png RUN...`."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402


def read(folder: Path) -> dict[str, list[float]]:
    with (folder / "log.csv").open(newline="") as f:
        rows = list(csv.DictReader(f))
    return {k: [float(r[k]) for r in rows] for k in rows[0]}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("runs", nargs="+", type=Path)
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    logs = {folder.name: read(folder) for folder in a.runs}
    names = list(dict.fromkeys(k for log in logs.values() for k in log if k not in ("step", "seconds")))
    columns = 3
    rows = -(-len(names) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(12, 3 * rows), squeeze=False)
    for axis, name in zip(axes.flat, names, strict=False):
        for run, log in logs.items():
            if name in log:
                axis.plot(log["step"], log[name], label=run, linewidth=1)
        axis.set_title(name)
        axis.grid(alpha=0.3)
    for axis in list(axes.flat)[len(names) :]:
        axis.axis("off")
    axes[0][0].legend()
    figure.tight_layout()
    figure.savefig(a.out, dpi=80)


if __name__ == "__main__":
    main()
