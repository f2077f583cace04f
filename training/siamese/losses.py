"""Losses. Each is named and sourced; all return means that do not depend on the batch's size."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from .geometry import GRID, SEARCH_PX, STRIDE


def cell_centres(device: torch.device) -> tuple[Tensor, Tensor]:
    """x and y of each cell's centre in search-crop pixels, [G,G]."""
    at = (torch.arange(GRID, device=device, dtype=torch.float32) - (GRID - 1) / 2) * STRIDE + SEARCH_PX / 2
    return at[None, :].expand(GRID, GRID), at[:, None].expand(GRID, GRID)


def corners_of(ltrb: Tensor) -> Tensor:
    """Boxes [N,4,G,G] as corners x1 y1 x2 y2."""
    px, py = cell_centres(ltrb.device)
    return torch.stack([px - ltrb[:, 0], py - ltrb[:, 1], px + ltrb[:, 2], py + ltrb[:, 3]], 1)


def regions(box: Tensor) -> tuple[Tensor, Tensor]:
    """Cells that are the object's, and those that may be: inner and outer ellipse of SiamBAN (Chen et al. 2020). The cell
    nearest to the centre is always the object's."""
    px, py = cell_centres(box.device)
    cx, cy = (box[:, 0] + box[:, 2])[:, None, None] / 2, (box[:, 1] + box[:, 3])[:, None, None] / 2
    w, h = (box[:, 2] - box[:, 0])[:, None, None].clamp(min=1e-3), (box[:, 3] - box[:, 1])[:, None, None].clamp(min=1e-3)
    there = ((box[:, 2] - box[:, 0]) > 0)[:, None, None]
    d = ((px - cx) / w) ** 2 + ((py - cy) / h) ** 2
    away = (px - cx).abs().clamp(min=0) + (py - cy).abs()
    nearest = away == away.flatten(1).amin(1)[:, None, None]
    inner = ((d < 0.25**2) | nearest) & there
    outer = ((d < 0.5**2) & there) & ~inner
    return inner, outer


def giou(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """IoU and generalised IoU (Rezatofighi et al. 2019) of corners along the last dimension."""
    iw = (torch.minimum(a[..., 2], b[..., 2]) - torch.maximum(a[..., 0], b[..., 0])).clamp(min=0)
    ih = (torch.minimum(a[..., 3], b[..., 3]) - torch.maximum(a[..., 1], b[..., 1])).clamp(min=0)
    inter = iw * ih
    area = (a[..., 2] - a[..., 0]) * (a[..., 3] - a[..., 1]) + (b[..., 2] - b[..., 0]) * (b[..., 3] - b[..., 1])
    union = (area - inter).clamp(min=1e-6)
    hull_w = torch.maximum(a[..., 2], b[..., 2]) - torch.minimum(a[..., 0], b[..., 0])
    hull_h = torch.maximum(a[..., 3], b[..., 3]) - torch.minimum(a[..., 1], b[..., 1])
    hull = (hull_w * hull_h).clamp(min=1e-6)
    iou = inter / union
    return iou, iou - (hull - union) / hull


def quality_focal(logits: Tensor, quality: Tensor, counted: Tensor) -> Tensor:
    """Quality focal loss (Li et al. 2020, Generalized Focal Loss): logistic loss towards the box's IoU, easy cells count less."""
    p = logits.sigmoid()
    each = F.binary_cross_entropy_with_logits(logits, quality, reduction="none") * (quality - p).abs().pow(2)
    positives = (quality > 0).sum().clamp(min=1)
    return (each * counted).sum() / positives


def supervised_contrastive(a: Tensor, b: Tensor, identity: Tensor, temperature: float = 0.1) -> Tensor:
    """SupCon (Khosla et al. 2020) over two views of each object; negative identities are objects of their own."""
    n = len(identity)
    own = torch.where(identity < 0, -1 - torch.arange(n, device=identity.device), identity)
    ids = torch.cat([own, own])
    e = torch.cat([a, b])
    similarity = e @ e.t() / temperature
    self_mask = torch.eye(2 * n, dtype=torch.bool, device=e.device)
    similarity = similarity.masked_fill(self_mask, -1e9)
    same = (ids[:, None] == ids[None, :]) & ~self_mask
    log_p = similarity - similarity.logsumexp(1, keepdim=True)
    return -(log_p * same).sum(1).div(same.sum(1).clamp(min=1)).mean()
