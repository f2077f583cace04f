from siamese.geometry import Box
from siamese.sequences import rate


def test_perfect_boxes_score_one_but_for_the_last_threshold() -> None:
    truth = [Box(0, 0, 10, 10)] * 4
    scores = rate(list(truth), list(truth))
    assert scores.precision == 1 and scores.auc == 20 / 21


def test_frames_without_truth_do_not_count() -> None:
    box = Box(0, 0, 10, 10)
    assert rate([box, Box(500, 500, 1, 1)], [box, None]).precision == 1
