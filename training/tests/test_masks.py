import numpy as np
import pytest
import torch

from masks.augment import NAMES, Switches, lesson
from masks.data import Draw, batches
from masks.geometry import BROAD, SHAPES, SQUARE, TALL, cut, paste, region_of, shape_of, to_crop, warp
from masks.labels import Labelled, compact, decode_counts
from masks.losses import dice, mask_loss
from masks.network import MaskHead, places
from siamese.geometry import Box


def disc(width: int = 200, height: int = 160) -> Labelled:
    """A red ellipse on green, 60 x 100 px large."""
    y, x = np.mgrid[:height, :width] + 0.5
    inside = ((x - 100) / 30) ** 2 + ((y - 80) / 50) ** 2 < 1
    image = np.where(inside[:, :, None], (200, 40, 40), (60, 120, 60)).astype(np.uint8)
    return Labelled(image, Box(70, 30, 60, 100), inside.astype(np.uint8) * 255, "person", "person", "1")


@pytest.mark.parametrize(("box", "shape"), [(Box(0, 0, 40, 100), TALL), (Box(0, 0, 40, 50), SQUARE), (Box(0, 0, 100, 40), BROAD)])
def test_a_crop_has_the_shape_of_its_box(box: Box, shape: object) -> None:
    assert shape_of(box) == shape


def test_what_is_cut_and_laid_back_is_where_it_was() -> None:
    item = disc()
    shape = shape_of(item.box)
    mask = warp(item.mask, to_crop(region_of(item.box), shape), shape).astype(np.float32) / 255
    grid = mask.reshape(shape.height // 2, 2, shape.width // 2, 2).mean((1, 3))
    pasted = paste(grid, item.box, 200, 160)
    truth = item.mask > 127
    assert (pasted & truth).sum() / (pasted | truth).sum() > 0.97


def test_nothing_is_laid_outside_of_the_picture() -> None:
    assert not paste(np.ones((8, 8), np.float32), Box(300, 10, 50, 50), 200, 160).any()
    assert paste(np.ones((8, 8), np.float32), Box(-20, -20, 60, 60), 200, 160).sum() == 40 * 40


def test_run_lengths_are_read_as_pycocotools_writes_them() -> None:
    counts = "[61o0:I4L4M2N2N2O0O2O0O2O0000000O20N100000001N101N101N2N2N3L4L7FXc0"
    y, x = np.mgrid[:37, :53]
    assert ((decode_counts(counts, 37, 53) > 0) == ((x - 20) ** 2 + (y - 18) ** 2 <= 15**2)).all()


def test_an_object_stays_where_it_is_when_its_picture_is_cut_down() -> None:
    item = disc()
    small = compact(item)
    assert np.abs(cut(small.image, small.box).astype(int) - cut(item.image, item.box)).mean() < 6


@pytest.mark.parametrize("off", [[], ["flips"], NAMES])
def test_a_lesson_shows_the_object_that_its_mask_tells(off: list[str]) -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        shape, crop, mask = lesson(disc(), disc(), Switches().without(off), rng)
        assert crop.shape == (shape.height, shape.width, 3)
        assert mask.shape == (shape.height, shape.width)
        assert (mask > 127).mean() > 0.1
    if off == NAMES:
        assert (crop[mask > 250][:, 0] > crop[mask > 250][:, 1]).mean() > 0.95


def test_batches_are_of_one_shape_and_of_whole_cells() -> None:
    source = batches(Draw({"photographs": [disc()]}, {"photographs": 1.0}), Switches(), 4, seed=1)
    batch = next(source)
    n, _, h, w = batch.crops.shape
    assert n == 4
    assert batch.masks.shape == (4, 1, h // 2, w // 2)
    assert batch.masks.min() >= 0
    assert batch.masks.max() <= 1


def test_the_head_answers_at_half_the_size_of_every_shape() -> None:
    head = MaskHead().eval()
    with torch.no_grad():
        for shape in SHAPES:
            assert head(torch.zeros(1, 3, shape.height, shape.width)).shape == (1, 1, shape.height // 2, shape.width // 2)


def test_places_go_from_edge_to_edge() -> None:
    p = places(torch.zeros(1, 5, 4, 8))
    assert p[0, 0, 0, [0, -1]].tolist() == pytest.approx([-7 / 8, 7 / 8])
    assert p[0, 1, [0, -1], 0].tolist() == pytest.approx([-3 / 4, 3 / 4])


def test_the_loss_of_the_right_mask_is_small_and_of_the_wrong_one_large() -> None:
    target = torch.zeros(2, 1, 8, 8)
    target[:, :, 2:6, 2:6] = 1
    right = (target * 2 - 1) * 12
    assert dice(right, target) < 0.01
    assert mask_loss(right, target) < 0.02
    assert mask_loss(-right, target) > 5
