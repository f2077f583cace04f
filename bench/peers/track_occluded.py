"""The peers on videos with boards pasted over people, counted by the rule of bench/occluders.mjs.

    node bench/occluders.mjs --video FILE --truth FILE --clips 8 --first 4 --keep FOLDER
    pip install -r bench/peers/requirements-trackers.txt
    python3 bench/peers/track_occluded.py FOLDER

Every tracker gets the detections that Sightline's had, scores and all, at its own defaults; those of `trackers` also with a memory of
10 s, which is ours, in place of 30 pictures. The defaults expect the scores of other detectors:
`--lift` maps scores in straight lines so that 0.4, from which Sightline's tracker starts tracks of its default detector, becomes 0.7, from
which `sightline track` and the `trackers` package start them. `sightline track` is our tracker on the same files. Writes
FOLDER/tracks/TRACKER/CLIP.txt, and prints the table of all that lie there.
"""

import argparse
import json
import logging
import subprocess
import tempfile
import warnings
from pathlib import Path

import numpy as np
from peer_trackers import PEERS, REMEMBERING

# Scores as they are, and as they are lifted.
LIFT = ((0, 0.4, 1), (0, 0.7, 1))
TRACKERS = {**PEERS, **REMEMBERING}


def peer_tracks(name: str, rows: np.ndarray, size: tuple[int, int], fps: float) -> list[str]:
    update = TRACKERS[name](size, fps)
    lines = []
    for frame in range(1, int(rows[:, 0].max()) + 1):
        now = rows[rows[:, 0] == frame]
        boxes = np.column_stack([now[:, 2:4], now[:, 2:4] + now[:, 4:6]])
        for track, (x1, y1, x2, y2) in update(boxes, now[:, 6].copy()):
            lines.append(f"{frame},{track},{x1:.2f},{y1:.2f},{x2 - x1:.2f},{y2 - y1:.2f},1,-1,-1,-1")
    return lines


def sightline_tracks(rows: np.ndarray, size: tuple[int, int], fps: float, score_min: float) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "found.txt", Path(folder) / "tracks.txt"
        np.savetxt(given, rows, fmt="%.8g", delimiter=",")
        command = ["node", "bin/sightline.mjs", "track", "--detections", str(given), "--size", "x".join(map(str, size))]
        command += ["--fps", str(fps), "--score-min", str(score_min), "--mot", str(out)]
        subprocess.run(command, check=True, capture_output=True)
        return out.read_text().splitlines()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, help="what bench/occluders.mjs --keep wrote")
    parser.add_argument("--only", default="", help="part of the names of the trackers to run")
    parser.add_argument("--lift", action="store_true")
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    told = json.loads((given.folder / "occluders.json").read_text())
    for name in [*TRACKERS, "sightline track"]:
        if given.only not in name:
            continue
        out = given.folder / "tracks" / (name + ", lifted" * given.lift)
        out.mkdir(exist_ok=True)
        for path in sorted((given.folder / "detections").glob("*.txt")):
            rows = np.loadtxt(path, delimiter=",")[:, :7]
            if given.lift:
                rows[:, 6] = np.interp(rows[:, 6], *LIFT)
            if name == "sightline track":
                lines = sightline_tracks(rows, told["size"], told["fps"], 0.7 if given.lift else 0.4)
            else:
                lines = peer_tracks(name, rows, told["size"], told["fps"])
            (out / path.name).write_text("".join(f"{line}\n" for line in lines))
    subprocess.run(["node", "bench/occluders/kept-numbers.mjs", str(given.folder)], check=True)


if __name__ == "__main__":
    main()
