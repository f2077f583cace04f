"""Sightline's tracker against others on the same public detections.

    npm run build
    pip install -r bench/peers/requirements-trackers.txt
    python3 bench/peers/compare_trackers.py ../shared/data/mot

Every tracker gets all detections of the files, which hold none below score 0.5. TrackEval scores what comes out. Frames per second are
those of association alone: the time inside `update` of the others, inside Sightline's tracker (`sightline track --json`), over all
sequences, the best of --rounds. The means are over sequences, each counting alike.
"""

import argparse
import json
import logging
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
from peer_trackers import PEERS
from score_tracks import score

# Node compiles what it runs often: as in a camera that has run for some minutes.
WARM_UP = 30
FIGURES = ("HOTA", "IDF1", "MOTA", "IDSW")


class Sequence(NamedTuple):
    name: str
    detections: Path
    truth: Path
    size: tuple[int, int]
    fps: float


class Run(NamedTuple):
    lines: list[str]
    frames: int
    seconds: float


def sequences(folder: Path) -> list[Sequence]:
    pets = folder / "PETS09-S2L1"
    return [
        Sequence("PETS09-S2L1", pets / "det_768x576.txt", pets / "gt_768x576.txt", (768, 576), 10),
        *(
            Sequence(name, folder / name / "det.txt", folder / name / "gt.txt", (640, 480), 25)
            for name in ("TUD-Campus", "TUD-Stadtmitte")
        ),
    ]


def run_peer(name: str, sequence: Sequence) -> Run:
    rows = np.loadtxt(sequence.detections, delimiter=",")
    update = PEERS[name](sequence.size, sequence.fps)
    frames = int(rows[:, 0].max())
    lines, seconds = [], 0.0
    for frame in range(1, frames + 1):
        found = rows[rows[:, 0] == frame]
        boxes = np.column_stack([found[:, 2:4], found[:, 2:4] + found[:, 4:6]])
        start = time.perf_counter()
        tracked = update(boxes, found[:, 6].copy())
        seconds += time.perf_counter() - start
        for track, (x1, y1, x2, y2) in tracked:
            lines.append(f"{frame},{track},{x1:.2f},{y1:.2f},{x2 - x1:.2f},{y2 - y1:.2f},1,-1,-1")
    return Run(lines, frames, seconds)


def run_sightline(sequence: Sequence) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "tracks.txt"
        size = "x".join(map(str, sequence.size))
        command = ["node", "bin/sightline.mjs", "track", "--detections", str(sequence.detections), "--size", size]
        command += ["--fps", str(sequence.fps), "--mot", str(out), "--json", "--repeat", str(WARM_UP)]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return Run(out.read_text().splitlines(), told["frames"], told["trackMs"] / 1000)


def measure(name: str, all_sequences: list[Sequence], rounds: int) -> tuple[list[dict[str, float]], float]:
    """Scores by sequence, and frames per second."""
    results, fps = [], 0.0
    for at in range(rounds):
        runs = [run_sightline(s) if name == "sightline track" else run_peer(name, s) for s in all_sequences]
        fps = max(fps, sum(run.frames for run in runs) / sum(run.seconds for run in runs))
        if at > 0:
            continue
        for sequence, run in zip(all_sequences, runs):
            with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
                file.write("\n".join(run.lines))
                file.flush()
                results.append(score(sequence.truth, Path(file.name)))
    return results, fps


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, help="folder of PETS09-S2L1, TUD-Campus and TUD-Stadtmitte")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="part of the names of the trackers to run")
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    all_sequences = sequences(given.folder)
    heads = ["mean", *(s.name for s in all_sequences)]
    print(" " * 26 + "".join(f"{head:<32}" for head in heads))
    print(f"{'':26}" + "".join(f"{name:<8}" for name in FIGURES) * len(heads) + "fps")
    for name in [*PEERS, "sightline track"]:
        if given.only not in name:
            continue
        results, fps = measure(name, all_sequences, given.rounds)
        mean = {figure: float(np.mean([r[figure] for r in results])) for figure in FIGURES}
        mean["IDSW"] = sum(r["IDSW"] for r in results)
        cells = [f"{r[f]:<8.0f}" if f == "IDSW" else f"{r[f]:<8.3f}" for r in [mean, *results] for f in FIGURES]
        print(f"{name:26}" + "".join(cells) + f"{fps:.0f}", flush=True)


if __name__ == "__main__":
    main()
