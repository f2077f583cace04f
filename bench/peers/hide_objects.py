"""How often an object that was hidden for a while comes back under its number.

    npm run build
    pip install -r bench/peers/requirements-trackers.txt
    python3 bench/peers/hide_objects.py ../shared/data/mot

Takes every labelled object that is well detected before and after a stretch of 15, 30 or 60 frames, removes its detections in that
stretch (those that overlap with its label), and looks whether it has one number in the 10 frames before and after. An object counts if
the tracker had it before. The share of all stretches, with their number, is printed.
"""

import argparse
import logging
import subprocess
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from compare_trackers import Sequence, sequences
from peer_trackers import PEERS
from score_tracks import overlaps

LENGTHS = (15, 30, 60)
LEAD, AROUND = 40, 10
DETECTED_MIN = 0.6
SECONDS_APART = 30


class Stretch(NamedTuple):
    sequence: Sequence
    object_id: int
    first: int
    length: int


def rows_of(path: Path) -> np.ndarray:
    return np.loadtxt(path, delimiter=",")[:, :7]


def matches(rows: np.ndarray, label: np.ndarray, least: float) -> np.ndarray:
    """Which rows of the label's frame overlap with it."""
    is_near = rows[:, 0] == label[0]
    is_near[is_near] = overlaps(rows[is_near][:, 2:6], label[None, 2:6])[:, 0] >= least
    return is_near


def stretches(sequence: Sequence, truth: np.ndarray, found: np.ndarray) -> Iterator[Stretch]:
    """Not overlapping ones of each length, for each object."""
    for object_id in np.unique(truth[:, 1]):
        labels = truth[truth[:, 1] == object_id]
        seen = {int(label[0]) for label in labels if matches(found, label, 0.5).any()}
        frames = set(map(int, labels[:, 0]))
        for length in LENGTHS:
            first = min(frames) + AROUND
            while first + length + AROUND <= max(frames) + 1:
                around = [*range(first - AROUND, first), *range(first + length, first + length + AROUND)]
                halves = around[:AROUND], around[AROUND:]
                if frames.issuperset(around) and all(sum(f in seen for f in h) >= DETECTED_MIN * AROUND for h in halves):
                    yield Stretch(sequence, int(object_id), first, length)
                    first += length + AROUND
                else:
                    first += AROUND


def hidden(stretch: Stretch, truth: np.ndarray, found: np.ndarray) -> np.ndarray:
    """The detections around a stretch, without the object's own, frames from 1."""
    low, high = max(1, stretch.first - LEAD), stretch.first + stretch.length + AROUND
    rows = found[(found[:, 0] >= low) & (found[:, 0] < high)]
    for label in truth[truth[:, 1] == stretch.object_id]:
        if stretch.first <= label[0] < stretch.first + stretch.length:
            rows = rows[~matches(rows, label, 0.3)]
    rows = rows.copy()
    rows[:, 0] -= low - 1
    return rows


def track_peer(name: str, sequence: Sequence, rows: np.ndarray, frames: int) -> np.ndarray:
    update = PEERS[name](sequence.size, sequence.fps)
    tracked = []
    for frame in range(1, frames + 1):
        now = rows[rows[:, 0] == frame]
        boxes = np.column_stack([now[:, 2:4], now[:, 2:4] + now[:, 4:6]])
        tracked += [[frame, i, *b[:2], *(b[2:4] - b[:2])] for i, b in update(boxes, now[:, 6].copy())]
    return np.array(tracked).reshape(-1, 6)


def track_sightline(sequence: Sequence, cases: list[np.ndarray]) -> list[np.ndarray]:
    """All cases in one run, so far apart in time that no track lives from one to the next."""
    apart = int(SECONDS_APART * sequence.fps)
    offsets, shifted = [], []
    for rows in cases:
        offsets.append(offsets[-1] + apart if offsets else 0)
        shifted.append(rows + np.array([offsets[-1], *[0] * 6]))
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "found.txt", Path(folder) / "tracks.txt"
        np.savetxt(given, np.concatenate(shifted), fmt="%.8g", delimiter=",")
        size = "x".join(map(str, sequence.size))
        command = ["node", "bin/sightline.mjs", "track", "--detections", str(given), "--size", size]
        subprocess.run([*command, "--fps", str(sequence.fps), "--mot", str(out)], check=True, capture_output=True)
        tracks = np.loadtxt(out, delimiter=",", ndmin=2)[:, :6]
    parts = [tracks[(tracks[:, 0] > offset) & (tracks[:, 0] <= offset + apart)] for offset in offsets]
    return [part - np.array([offset, *[0] * 5]) for part, offset in zip(parts, offsets)]


def number_in(tracks: np.ndarray, labels: np.ndarray) -> int | None:
    """The track that is most often the object."""
    numbers = Counter(int(row[1]) for label in labels for row in tracks[matches(tracks, label, 0.5)])
    return numbers.most_common(1)[0][0] if numbers else None


def returns(tracks: np.ndarray, stretch: Stretch, truth: np.ndarray) -> bool | None:
    labels = truth[truth[:, 1] == stretch.object_id].copy()
    low = max(1, stretch.first - LEAD)
    labels[:, 0] -= low - 1
    first = stretch.first - low + 1
    at = labels[:, 0]
    before = number_in(tracks, labels[(at >= first - AROUND) & (at < first)])
    after = number_in(tracks, labels[(at >= first + stretch.length) & (at < first + stretch.length + AROUND)])
    return None if before is None else before == after


def results(name: str, sequence: Sequence, length: int) -> list[bool]:
    truth, found = rows_of(sequence.truth), rows_of(sequence.detections)
    cases = [one for one in stretches(sequence, truth, found) if one.length == length]
    rows = [hidden(one, truth, found) for one in cases]
    if not cases:
        return []
    if name == "sightline track":
        tracks = track_sightline(sequence, rows)
    else:
        frames = [one.first + length + AROUND - max(1, one.first - LEAD) for one in cases]
        tracks = [track_peer(name, sequence, *case) for case in zip(rows, frames)]
    kept = [returns(case, one, truth) for case, one in zip(tracks, cases)]
    return [result for result in kept if result is not None]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="part of the names of the trackers to run")
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    print(f"{'':26}" + "".join(f"{f'{length} frames':<16}" for length in LENGTHS))
    for name in [*PEERS, "sightline track"]:
        if given.only not in name:
            continue
        cells = []
        for length in LENGTHS:
            kept = [result for s in sequences(given.folder) for result in results(name, s, length)]
            cells.append(f"{np.mean(kept):.2f} of {len(kept)}")
        print(f"{name:26}" + "".join(f"{cell:<16}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
