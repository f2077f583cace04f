import torch

from siamese.network import Follower
from siamese.quantise import quantise


def test_rounding_to_8_bits_changes_little_and_lets_gradients_through() -> None:
    torch.manual_seed(0)
    follower = Follower()
    crops = torch.rand(8, 3, 64, 64) * 255
    follower.template(crops)
    follower.eval()
    before = follower.template(crops)[0].detach()
    quantise(follower)
    follower.train()
    follower.template(crops)
    after = follower.template(crops)[0]
    assert (after - before).pow(2).mean() < 0.05 * before.pow(2).mean()
    after.sum().backward()
    first = next(follower.backbone.stem.parameters())
    assert first.grad is not None and first.grad.abs().sum() > 0
