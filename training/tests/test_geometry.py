import numpy as np
import pytest

from siamese.augment import Augment, Jitter, degrade, jittered_map, mapped_box, occlude
from siamese.geometry import SEARCH_PX, TEMPLATE_PX, Box, context_side, crop, iou


def test_the_context_of_a_square_is_twice_its_side() -> None:
    assert context_side(10, 10) == pytest.approx(20)


def test_a_crop_keeps_the_centre_where_it_is() -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    image[38:42, 58:62] = 255
    out = crop(image, 60, 40, 32, TEMPLATE_PX)
    ys, xs = np.nonzero(out[:, :, 0] > 127)
    assert (xs.min() + xs.max() + 1) / 2 == pytest.approx(TEMPLATE_PX / 2, abs=0.6)
    assert (ys.min() + ys.max() + 1) / 2 == pytest.approx(TEMPLATE_PX / 2, abs=0.6)


def test_outside_the_picture_stands_its_mean_colour() -> None:
    image = np.full((50, 50, 3), (10, 100, 200), np.uint8)
    assert crop(image, 0, 0, 80, TEMPLATE_PX)[0, 0] == pytest.approx([10, 100, 200], abs=1)


def test_a_large_square_is_averaged_and_not_sampled() -> None:
    image = np.zeros((512, 512, 3), np.uint8)
    image[::2] = 255
    assert crop(image, 256, 256, 512, TEMPLATE_PX).std() < 20


def test_the_box_follows_the_jitter() -> None:
    box = Box(100, 50, 20, 40)
    jitter = Jitter(dx=5, dy=-3, zoom=1.2)
    side = context_side(box.w, box.h) * 2
    found = mapped_box(box, jittered_map(box, side, SEARCH_PX, jitter))
    k = SEARCH_PX / side * 1.2
    assert (found.cx, found.cy) == pytest.approx((SEARCH_PX / 2 + 5, SEARCH_PX / 2 - 3))
    assert (found.w, found.h) == pytest.approx((20 * k, 40 * k))


def test_a_flipped_object_keeps_its_box() -> None:
    box = Box(10, 10, 30, 20)
    plain, flipped = (mapped_box(box, jittered_map(box, 80, SEARCH_PX, Jitter(flip=f))) for f in (False, True))
    assert iou(plain, flipped) == pytest.approx(1)


def test_without_its_switches_degrade_changes_nothing() -> None:
    image = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    off = Augment().without(["brightness", "contrast", "colour", "gamma", "blur", "compression"])
    assert (degrade(image, np.random.default_rng(1), off) == image).all()


def test_an_occluder_says_how_much_it_covers() -> None:
    rng = np.random.default_rng(3)
    blank, other = np.zeros((128, 128, 3), np.uint8), np.full((128, 128, 3), 255, np.uint8)
    box = Box(40, 30, 40, 60)
    for _ in range(20):
        out, covered = occlude(blank, box, other, rng)
        seen = (out[30:90, 40:80, 0] > 0).mean()
        assert covered == pytest.approx(seen, abs=0.05)
