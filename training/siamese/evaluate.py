"""Follows labelled sequences with our checkpoint or ONNX files and with NanoTrack, by the same loop: `python -m siamese.evaluate --help`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from .follow import Matcher, Rules, SingleTracker
from .matchers import NanoMatcher, OnnxMatcher, TorchMatcher
from .sequences import Scores, Sequence, rate, read_otb, read_pseudo
from .weights import load_follower

OURS = Rules(penalty=0.1, window=0.35, rate=0.35)


def run(matcher: Matcher, rules: Rules, sequence: Sequence) -> Scores:
    tracker = SingleTracker(matcher, rules)
    first = sequence.truth[0]
    assert first is not None
    tracker.start(sequence.frames[0], first)
    return rate([first] + [tracker.follow(f) for f in sequence.frames[1:]], sequence.truth)


def table(matchers: dict[str, tuple[Matcher, Rules]], groups: dict[str, list[Sequence]]) -> list[dict[str, float | str]]:
    rows: list[dict[str, float | str]] = []
    for name, (matcher, rules) in matchers.items():
        row: dict[str, float | str] = {"tracker": name}
        for group, sequences in groups.items():
            found = [run(matcher, rules, s) for s in sequences]
            row[f"{group} AUC"] = round(float(np.mean([f.auc for f in found])), 3)
            row[f"{group} P20"] = round(float(np.mean([f.precision for f in found])), 3)
        rows.append(row)
    return rows


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--otb", nargs="*", type=Path, default=[], help="folders with img/ and groundtruth_rect.txt")
    p.add_argument("--clips", nargs="*", type=Path, default=[], help="videos kept for evaluation")
    p.add_argument("--tracks", type=Path, help="folder with CLIP.jsonl: their pseudo-labels")
    p.add_argument("--checkpoints", nargs="*", type=Path, default=[])
    p.add_argument("--onnx", type=Path, help="folder with template.onnx and search.onnx")
    p.add_argument("--models", type=Path, help="folder with nanotrackv2_* and nanotrackv3_*, to compare with")
    p.add_argument("--rules", nargs=3, type=float, help="penalty, window and rate for ours")
    a = p.parse_args()
    torch.set_num_threads(1)
    rules = Rules(*a.rules) if a.rules else OURS
    matchers: dict[str, tuple[Matcher, Rules]] = {str(c): (TorchMatcher(load_follower(c)), rules) for c in a.checkpoints}
    if a.onnx:
        matchers[str(a.onnx)] = (OnnxMatcher(a.onnx), rules)
    if a.models:
        matchers |= {f"NanoTrack v{v}": (NanoMatcher(a.models, v), Rules()) for v in (2, 3)}
    groups = {folder.name: [read_otb(folder)] for folder in a.otb}
    for clip in a.clips:
        groups[clip.stem] = read_pseudo(clip, a.tracks / f"{clip.name}.jsonl")
    for row in table(matchers, groups):
        print(json.dumps(row))


if __name__ == "__main__":
    main()
