"""Cuts a pool of pairs into memory-mapped files: `python -m siamese.make_pairs --help`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .augment import NAMES, Augment
from .clips import VIDEO_SUFFIXES, Clip, load_clip
from .geometry import SEARCH_PX, TEMPLATE_PX
from .pairs import SHARES, Cutter, Sources
from .progress import Progress
from .stills import load_cut_outs, load_pictures, load_stills


def add_sources(p: argparse.ArgumentParser) -> None:
    p.add_argument("--videos", type=Path, required=True, help="folder of videos, searched in depth")
    p.add_argument("--tracks", type=Path, help="folder with CLIP.jsonl of `sightline analyze CLIP --jsonl`; without it: random boxes only")
    p.add_argument("--hold-out", nargs="*", default=[], help="clips (file names) kept for evaluation")
    p.add_argument("--images", type=Path, help="folder of photographs")
    p.add_argument("--labels", type=Path, help="their boxes, YOLO")
    p.add_argument("--segments", type=Path, help="their outlines, YOLO")
    p.add_argument("--pictures", nargs="*", type=Path, default=[], help="folders of further pictures, without labels")
    p.add_argument("--cache", type=Path, required=True, help="where decoded clips are kept")


def arguments() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__)
    add_sources(p)
    p.add_argument("--only", nargs="*", default=[], help="these clips and no others: for a pool to validate on")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--count", type=int, default=40_000)
    p.add_argument("--shares", nargs=4, type=float, default=list(SHARES), help="of clips, photographs, cut-outs and random boxes")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--without", nargs="*", default=[], choices=NAMES, help="augmentations of geometry to leave out")
    return p.parse_args()


def load_clips(a: argparse.Namespace, hold_out: Sequence[str], only: Sequence[str]) -> list[Clip]:
    clips = []
    for file in sorted(f for f in a.videos.rglob("*") if f.suffix.lower() in VIDEO_SUFFIXES):
        jsonl = (a.tracks or Path("/nonexistent")) / f"{file.name}.jsonl"
        if file.name in hold_out or (only and file.name not in only) or not jsonl.exists():
            continue
        clips.append(load_clip(file, jsonl, a.cache))
    return clips


def load_sources(a: argparse.Namespace, only: Sequence[str] = ()) -> Sources:
    clips = load_clips(a, a.hold_out, only)
    stills = load_stills(a.images, a.labels) if a.images and a.labels else []
    cut_outs = load_cut_outs(a.images, a.segments) if a.images and a.segments else []
    return Sources(clips, stills, cut_outs, load_pictures(a.pictures))


def write_pool(cutter: Cutter, out: Path, count: int, about: dict[str, object]) -> None:
    """Cuts `count` pairs. `about.json` comes last: a folder that has it is whole."""
    out.mkdir(parents=True, exist_ok=True)
    shapes = {"template": TEMPLATE_PX, "again": TEMPLATE_PX, "search": SEARCH_PX}
    maps = {name: np.lib.format.open_memmap(out / f"{name}.npy", "w+", np.uint8, (count, px, px, 3)) for name, px in shapes.items()}
    boxes = np.zeros((count, 4), np.float32)
    identities = np.zeros(count, np.int32)
    progress = Progress("pairs", count)
    for i in range(count):
        pair = cutter.draw()
        for name in maps:
            maps[name][i] = getattr(pair, name)
        boxes[i] = (pair.box.x, pair.box.y, pair.box.w, pair.box.h)
        identities[i] = pair.identity
        progress.step(i + 1)
    progress.done()
    np.save(out / "box.npy", boxes)
    np.save(out / "identity.npy", identities)
    (out / "about.json").write_text(json.dumps(about, indent=1) + "\n")


def main() -> None:
    a = arguments()
    sources = load_sources(a, a.only)
    cutter = Cutter(sources, Augment().without(a.without), a.seed, tuple(a.shares))
    about = {
        "count": a.count,
        "seed": a.seed,
        "shares": a.shares,
        "without": a.without,
        "held_out": a.hold_out,
        "clips": {c.name: {"pictures": len(c.frames), "tracks": len(c.tracks)} for c in sources.clips},
        "still_boxes": len(cutter.boxes),
        "cut_outs": len(sources.cut_outs),
        "pictures": len(sources.pictures),
    }
    write_pool(cutter, a.out, a.count, about)
    print(json.dumps(about))


if __name__ == "__main__":
    main()
