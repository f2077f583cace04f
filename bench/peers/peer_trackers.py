"""Trackers that users would install, behind one call: `update(boxes, scores) -> [(id, box)]`, boxes x1 y1 x2 y2, all at their defaults.

Motion alone: there are no pictures, so camera-motion compensation and re-identification are off wherever they are on by default.
"""

from collections.abc import Callable

import numpy as np

MEMORY_SECONDS = 10

Update = Callable[[np.ndarray, np.ndarray], list[tuple[int, np.ndarray]]]


def over_supervision(tracker, method: str) -> Update:
    import supervision as sv

    def update(boxes: np.ndarray, scores: np.ndarray):
        found = sv.Detections(xyxy=boxes, confidence=scores, class_id=np.zeros(len(boxes), int))
        tracked = getattr(tracker, method)(found)
        ids = tracked.tracker_id if tracked.tracker_id is not None else []
        return [(int(i), box) for i, box in zip(ids, tracked.xyxy) if i >= 0]

    return update


def supervision_byte(size, fps) -> Update:
    import supervision as sv

    return over_supervision(sv.ByteTrack(), "update_with_detections")


def roboflow(name: str, **options) -> Callable[..., Update]:
    def create(size, fps) -> Update:
        import trackers

        return over_supervision(getattr(trackers, name)(**options), "update")

    return create


def remembering(name: str, **options) -> Callable[..., Update]:
    """With a memory as long as ours, not one of 30 pictures."""

    def create(size, fps) -> Update:
        return roboflow(name, lost_track_buffer=round(MEMORY_SECONDS * fps), **options)(size, fps)

    return create


def norfair(size, fps) -> Update:
    from norfair import Detection, Tracker

    # The two have no default; these are the values of Norfair's own demo for boxes.
    tracker = Tracker(distance_function="iou", distance_threshold=0.7)

    def update(boxes: np.ndarray, scores: np.ndarray):
        found = [Detection(points=b.reshape(2, 2), scores=np.array([s, s])) for b, s in zip(boxes, scores)]
        return [(int(o.id), o.estimate.reshape(4)) for o in tracker.update(detections=found)]

    return update


def boxmot(name: str, **options) -> Callable[..., Update]:
    def create(size, fps) -> Update:
        import boxmot as library

        tracker = getattr(library, name)(**options)
        return over_boxmot(tracker, size)

    return create


def boxmot_configured(name: str, **options) -> Callable[..., Update]:
    """With the library's own configuration file, where it differs from its classes' defaults."""

    def create(size, fps) -> Update:
        from boxmot.trackers.factory import create_tracker
        from boxmot.trackers.specs import TrackerSpec

        return over_boxmot(create_tracker(TrackerSpec(name=name, options=tuple(sorted(options.items())))), size)

    return create


def over_boxmot(tracker, size) -> Update:
    blank = np.zeros((size[1], size[0], 3), np.uint8)

    def update(boxes: np.ndarray, scores: np.ndarray):
        rows = np.column_stack([boxes, scores, np.zeros(len(boxes))]) if len(boxes) else np.empty((0, 6))
        return [(int(row[4]), row[:4]) for row in tracker.update(rows, blank)]

    return update


PEERS: dict[str, Callable[..., Update]] = {
    "supervision ByteTrack": supervision_byte,
    "trackers SORT": roboflow("SORTTracker"),
    "trackers ByteTrack": roboflow("ByteTrackTracker"),
    "trackers OC-SORT": roboflow("OCSORTTracker"),
    "trackers BoT-SORT": roboflow("BoTSORTTracker", enable_cmc=False),
    "trackers C-BIoU": roboflow("CBIoUTracker"),
    "norfair (iou)": norfair,
    "boxmot ByteTrack": boxmot("ByteTrack"),
    "boxmot ByteTrack, config": boxmot_configured("bytetrack"),
    "boxmot OC-SORT": boxmot("OcSort"),
    "boxmot OC-SORT, config": boxmot_configured("ocsort"),
    "boxmot BoT-SORT": boxmot("BotSort", use_embeddings=False, use_cmc=False),
    "boxmot BoT-SORT, config": boxmot_configured("botsort", use_embeddings=False, use_cmc=False),
    "boxmot BoostTrack": boxmot("BoostTrack", use_embeddings=False, use_cmc=False),
    "boxmot BoostTrack, config": boxmot_configured("boosttrack", use_embeddings=False, use_cmc=False),
    "boxmot SFSORT": boxmot("SFSORT"),
}

# Not at their defaults: for videos where objects are hidden for longer than these remember.
REMEMBERING: dict[str, Callable[..., Update]] = {
    "trackers SORT, 10 s": remembering("SORTTracker"),
    "trackers ByteTrack, 10 s": remembering("ByteTrackTracker"),
    "trackers OC-SORT, 10 s": remembering("OCSORTTracker"),
    "trackers BoT-SORT, 10 s": remembering("BoTSORTTracker", enable_cmc=False),
    "trackers C-BIoU, 10 s": remembering("CBIoUTracker"),
}
