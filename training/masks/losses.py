"""What the network is trained towards."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F


def dice(logits: Tensor, target: Tensor) -> Tensor:
    """1 - the soft Dice coefficient of each mask (Milletari et al. 2016, V-Net), on average."""
    p = logits.sigmoid()
    both = (p * target).sum((1, 2, 3))
    return (1 - (2 * both + 1) / ((p * p).sum((1, 2, 3)) + (target * target).sum((1, 2, 3)) + 1)).mean()


def mask_loss(logits: Tensor, target: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, target) + dice(logits, target)
