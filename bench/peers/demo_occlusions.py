"""How often an object of the demo clip that others hid for a while comes back under its number.

    npm run build
    pip install -r bench/peers/requirements-trackers.txt
    python3 bench/peers/demo_occlusions.py streams

The clip's truth says of each picture what is seen of whom. Every tracker is given the seen part's box of all of which a quarter or more is
seen, as a detector that errs nowhere would, and runs through the whole clip once, at its defaults. An object counts for each stretch in
which less is seen of it, if it was given in the --around pictures before and after and the tracker shows it in those before.
"""

import argparse
import json
import logging
import warnings
from pathlib import Path

import numpy as np
from hide_objects import number_in
from peer_trackers import PEERS
from track_occluded import peer_tracks, sightline_tracks

SEEN_MIN = 0.25
SCORE = 0.9
# Pictures: none is hidden for longer and comes back.
LENGTHS = ((1, 2), (3, 15), (16, 45))


def seen_rows(truth: list[dict]) -> np.ndarray:
    rows = [
        [frame["index"] + 1, one["track"], x1, y1, x2 - x1, y2 - y1, SCORE]
        for frame in truth
        for one in frame["objects"]
        if one["visibility"] >= SEEN_MIN
        for x1, y1, x2, y2 in [one["box"]]
    ]
    return np.array(rows, float)


def stretches(rows: np.ndarray, around: int) -> list[tuple[int, int, int]]:
    """Object, last picture before and first behind, where it is in all of `around` pictures on both sides."""
    found = []
    for number in np.unique(rows[:, 1]):
        frames = rows[rows[:, 1] == number][:, 0].astype(int)
        given = set(frames.tolist())
        for last, first in zip(frames, frames[1:]):
            sides = [*range(last - around + 1, last + 1), *range(first, first + around)]
            if first - last > 1 and given.issuperset(sides):
                found.append((int(number), int(last), int(first)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, help="with demo.truth.jsonl")
    parser.add_argument("--around", type=int, default=5)
    parser.add_argument("--only", default="", help="part of the names of the trackers to run")
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    header, *truth = map(json.loads, (given.folder / "demo.truth.jsonl").read_text().splitlines())
    size, fps = (header["widthPx"], header["heightPx"]), header["fps"]
    truth_rows = seen_rows(truth)
    hidden = stretches(truth_rows, given.around)
    detections = truth_rows.copy()
    detections[:, 1] = -1
    names = [f"{low}–{high} pictures" for low, high in LENGTHS]
    print(f"{'':28}" + "".join(f"{name:<20}" for name in names))
    for name in [*PEERS, "sightline track"]:
        if given.only not in name:
            continue
        ours = name == "sightline track"
        lines = sightline_tracks(detections, size, fps, 0.7) if ours else peer_tracks(name, detections, size, fps)
        tracks = np.array([[float(part) for part in line.split(",")[:6]] for line in lines])
        cells = []
        for low, high in LENGTHS:
            kept = []
            for number, last, first in hidden:
                if not low <= first - last - 1 <= high:
                    continue
                own = truth_rows[truth_rows[:, 1] == number]
                before = number_in(tracks, own[(own[:, 0] > last - given.around) & (own[:, 0] <= last)])
                after = number_in(tracks, own[(own[:, 0] >= first) & (own[:, 0] < first + given.around)])
                if before is not None:
                    kept.append(before == after)
            cells.append(f"{sum(kept)} of {len(kept)}")
        print(f"{name:<28}" + "".join(f"{cell:<20}" for cell in cells))


if __name__ == "__main__":
    main()
