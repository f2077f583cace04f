"""Tables of what `siamese.ablate` measured: every number as CSV, and what one wants to see as Markdown."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Column = Callable[[Row], float | None]


def value(kind: str, name: str) -> Column:
    return lambda row: float(row[kind][name])


def apart(row: Row) -> float:
    """How much higher the best score is where the object is than where it is not."""
    return float(row["plain"]["score"]) - float(row["plain"]["score absent"])


def own(name: str) -> Column:
    """IoU on pairs with that one disturbance."""
    return lambda row: float(row["alone"][name]["iou"]) if name in row["alone"] else None


COLUMNS: dict[str, tuple[Column, int]] = {
    "IoU": (value("plain", "iou"), 3),
    "centre off by, px": (value("plain", "error px"), 2),
    "IoU, degraded": (value("degraded", "iou"), 3),
    "scores apart": (apart, 2),
    "rank-1": (lambda row: row.get("rank-1"), 3),
}


def is_reference(row: Row) -> bool:
    return not row["off"] and not row["taught"] and not row["scratch"]


def among(rows: Sequence[Row], column: Column) -> tuple[float, float] | None:
    """Mean and spread (largest less smallest) of the runs with everything on: runs that differ by their seed only."""
    found = [v for v in (column(row) for row in rows if is_reference(row)) if v is not None]
    return (sum(found) / len(found), max(found) - min(found)) if found else None


def cell(row: Row, rows: Sequence[Row], column: Column, digits: int) -> str:
    """Bold where a run is further from the mean of the runs with everything on than these are from each other."""
    v = column(row)
    if v is None:
        return ""
    text = f"{v:.{digits}f}"
    reference = among(rows, column)
    # Rounded first: what looks equal in the table is not called different.
    far = reference is not None and round(abs(v - reference[0]), digits) > round(reference[1], digits)
    several = sum(is_reference(r) for r in rows) > 1
    return f"**{text}**" if several and far and not is_reference(row) else text


def own_cell(row: Row, rows: Sequence[Row]) -> str:
    """For a run that left one augmentation out: IoU under that disturbance, with all on and in this run."""
    if len(row["off"]) != 1:
        return ""
    column = own(row["off"][0])
    reference = among(rows, column)
    return f"{reference[0]:.3f} → {cell(row, rows, column, 3)}" if reference else cell(row, rows, column, 3)


def line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def legend(row: Row) -> list[str]:
    text = (
        f"Written by `siamese.ablate`: {row['steps']} steps of {row['batch']} pairs each. A short run tells what matters early. IoU is the mean over "
        "held-out pairs, the area under their success curve; bold is further from the mean of the runs with all than the seeds' spread (largest "
        "less smallest). What is not bold means nothing; what is, little: a spread of few seeds is too small more often than not."
    )
    return ["# What each augmentation does in a short run", "", text, ""]


def markdown(rows: Sequence[Row], missing: Sequence[str]) -> str:
    lines = legend(rows[0])
    lines.append(line(["run", *COLUMNS, "IoU under what was left out, all → this run"]))
    lines.append(line(["---"] * (len(COLUMNS) + 2)))
    for row in rows:
        lines.append(line([row["run"], *(cell(row, rows, c, digits) for c, digits in COLUMNS.values()), own_cell(row, rows)]))
    spread = [among(rows, c) for c, _ in COLUMNS.values()]
    texts = ["" if s is None else f"{s[1]:.{digits}f}" for s, (_, digits) in zip(spread, COLUMNS.values(), strict=True)]
    lines.append(line(["spread of the seeds", *texts, ""]))
    if missing:
        lines += ["", "Not measured: " + "; ".join(missing) + "."]
    return "\n".join(lines) + "\n"


def flat(row: Row) -> dict[str, object]:
    """One level, for CSV: `alone.blur.iou` and the like."""
    out: dict[str, object] = {}
    for key, v in row.items():
        if isinstance(v, dict):
            out |= {f"{key}.{k}": x for k, x in flat(v).items()}
        else:
            out[key] = " ".join(v) if isinstance(v, list) else v
    return out


def write_tables(rows: Sequence[Row], missing: Sequence[str], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "ablation.md").write_text(markdown(rows, missing))
    flats = [flat(row) for row in rows]
    names = list(dict.fromkeys(name for f in flats for name in f))
    with (out / "ablation.csv").open("w", newline="") as f:
        writer = csv.DictWriter(f, fieldnames=names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(flats)
