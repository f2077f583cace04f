"""TrackEval's figures of MOTChallenge text files, by its own metric classes.

    pip install -r bench/peers/requirements-trackers.txt
    python3 bench/peers/score_tracks.py GT.txt TRACKS.txt

Label lines whose seventh column is 0 do not count. Prints JSON.
"""

import argparse
import contextlib
import io
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import trackeval

Boxes = dict[int, list[tuple[int, np.ndarray]]]


def read(path: Path, is_truth: bool) -> Boxes:
    """Boxes `x, y, width, height` by frame, with their ids."""
    frames: Boxes = defaultdict(list)
    for line in path.read_text().splitlines():
        cells = [float(cell) for cell in line.split(",")]
        if not (is_truth and cells[6] == 0):
            frames[int(cells[0])].append((int(cells[1]), np.array(cells[2:6])))
    return frames


def overlaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum((a[:, :2] + a[:, 2:])[:, None], (b[:, :2] + b[:, 2:])[None])
    shared = np.prod(np.clip(high - low, 0, None), -1)
    area = np.prod(a[:, 2:], 1)[:, None] + np.prod(b[:, 2:], 1)[None]
    return shared / np.maximum(area - shared, 1e-9)


def prepare(truth: Boxes, tracks: Boxes) -> dict:
    """A sequence as TrackEval's metrics want it: ids from 0, and similarities by frame."""
    frames = range(1, max([*truth, *tracks]) + 1)
    sides = []
    for boxes in (truth, tracks):
        index = {one: at for at, one in enumerate(sorted({i for rows in boxes.values() for i, _ in rows}))}
        ids = [np.array([index[i] for i, _ in boxes.get(f, [])], int) for f in frames]
        sides.append((index, ids, [np.array([b for _, b in boxes.get(f, [])]).reshape(-1, 4) for f in frames]))
    (gt_index, gt_ids, gt_boxes), (track_index, track_ids, track_boxes) = sides
    return {
        "num_timesteps": len(frames),
        "num_gt_ids": len(gt_index),
        "num_tracker_ids": len(track_index),
        "num_gt_dets": sum(map(len, gt_ids)),
        "num_tracker_dets": sum(map(len, track_ids)),
        "gt_ids": gt_ids,
        "tracker_ids": track_ids,
        "similarity_scores": [overlaps(a, b) for a, b in zip(gt_boxes, track_boxes)],
    }


def score(truth: Path, tracks: Path) -> dict[str, float]:
    data = prepare(read(truth, True), read(tracks, False))
    with contextlib.redirect_stdout(io.StringIO()):
        hota = trackeval.metrics.HOTA().eval_sequence(data)
        clear = trackeval.metrics.CLEAR().eval_sequence(data)
        identity = trackeval.metrics.Identity().eval_sequence(data)
    return {
        **{name: float(np.mean(hota[name])) for name in ("HOTA", "DetA", "AssA", "LocA")},
        **{name: float(identity[name]) for name in ("IDF1", "IDP", "IDR")},
        **{name: float(clear[name]) for name in ("MOTA", "MOTP", "IDSW", "Frag", "MT", "ML", "CLR_FN", "CLR_FP")},
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("truth", type=Path)
    parser.add_argument("tracks", type=Path)
    given = parser.parse_args()
    print(json.dumps({name: round(value, 6) for name, value in score(given.truth, given.tracks).items()}))
