import torch

from siamese.losses import corners_of, giou, quality_focal, regions, supervised_contrastive


def test_the_corners_of_equal_distances_lie_around_the_cell() -> None:
    corners = corners_of(torch.full((1, 4, 16, 16), 8.0))
    assert corners[0, :, 0, 0].tolist() == [-4.0, -4.0, 12.0, 12.0]
    assert corners[0, :, 15, 15].tolist() == [116.0, 116.0, 132.0, 132.0]


def test_even_the_smallest_object_has_a_cell() -> None:
    inner, outer = regions(torch.tensor([[62.0, 62.0, 66.0, 66.0]]))
    assert inner.sum() >= 1 and not (inner & outer).any()


def test_an_object_that_is_not_there_has_none() -> None:
    inner, outer = regions(torch.zeros(1, 4))
    assert not inner.any() and not outer.any()


def test_giou_is_one_for_equal_boxes_and_negative_for_far_ones() -> None:
    a = torch.tensor([0.0, 0.0, 10.0, 10.0])
    assert torch.isclose(giou(a, a)[1], torch.tensor(1.0))
    assert giou(a, a + 50)[1] < 0 and giou(a, a + 50)[0] == 0


def test_quality_focal_is_least_where_the_score_is_the_overlap() -> None:
    quality, counted = torch.full((1, 2, 2), 0.7), torch.ones(1, 2, 2)
    right = quality_focal(torch.logit(quality), quality, counted)
    assert right < quality_focal(torch.logit(quality) + 1, quality, counted)
    assert right < quality_focal(torch.logit(quality) - 1, quality, counted)


def test_objects_of_one_identity_attract() -> None:
    e = torch.nn.functional.normalize(torch.randn(4, 8, generator=torch.Generator().manual_seed(0)), dim=1)
    ids = torch.tensor([3, 5, -1, -1])
    assert supervised_contrastive(e, e, ids) < supervised_contrastive(e, e.flip(0), ids)
