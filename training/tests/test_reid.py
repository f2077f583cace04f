import numpy as np

from siamese.geometry import Box
from siamese.reid import Sighting, rank_1


def test_only_sightings_far_in_time_are_a_gallery() -> None:
    box = Box(0, 0, 10, 20)
    found = [Sighting(f, i, box) for f, i in ((1, 1), (2, 1), (1, 2), (100, 1), (100, 2))]
    e = np.array([[1, 0], [0.6, 0.8], [0, 1], [1, 0], [0, 1]], np.float32)
    # The sighting of frame 2 looks like the other person; the rest finds its own.
    assert rank_1(found, e, 30) == (0.8, 5)
