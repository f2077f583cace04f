"""One step of training: the network with its losses, as one module so that DistributedDataParallel wraps all of it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .losses import corners_of, giou, quality_focal, regions, supervised_contrastive
from .network import CHANNELS, Follower
from .nanotrack import TEACHER_CHANNELS


@dataclass(frozen=True)
class Weights:
    score: float = 1.0
    box: float = 2.0
    identity: float = 0.3
    hint: float = 1.0
    taught_score: float = 0.25
    taught_box: float = 0.5


class Lesson(nn.Module):
    def __init__(self, follower: Follower, weights: Weights, taught: bool):
        super().__init__()
        self.follower = follower
        self.weights = weights
        # Hints (FitNets, Romero et al. 2015): the student's features, linearly mapped, should be the teacher's.
        self.adapter = nn.Conv2d(CHANNELS, TEACHER_CHANNELS, 1) if taught else None
        self.teacher_mean: Tensor
        self.teacher_scale: Tensor
        self.register_buffer("teacher_mean", torch.zeros(1, TEACHER_CHANNELS, 1, 1))
        self.register_buffer("teacher_scale", torch.ones(1, TEACHER_CHANNELS, 1, 1))

    def forward(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        n = len(batch["box"])
        both = picture(torch.cat([batch["template"], batch["again"]]))
        kernels, embeddings = self.follower.template(both)
        kernel = kernels[:n]
        features = self.follower.backbone(picture(batch["search"]))
        logits, ltrb = self.follower.head(kernel, features)
        logits = logits[:, 0]
        corners = corners_of(ltrb).permute(0, 2, 3, 1)
        inner, outer = regions(batch["box"])
        truth = batch["box"][:, None, None, :].expand_as(corners)
        iou, g = giou(corners, truth)
        positives = inner.sum().clamp(min=1)
        quality = iou.detach().clamp(0, 1) * inner
        w = self.weights
        losses = {
            "score": w.score * quality_focal(logits, quality, (~outer).float()),
            "box": w.box * ((1 - g) * inner).sum() / positives,
            "identity": w.identity * supervised_contrastive(embeddings[:n], embeddings[n:], batch["identity"]),
        }
        with torch.no_grad():
            losses["iou"] = (iou * inner).sum() / positives
        if self.adapter is not None:
            losses |= self.taught(batch, kernel, features, logits, corners, inner, truth)
        return losses

    def taught(
        self, batch: dict[str, Tensor], kernel: Tensor, features: Tensor, logits: Tensor, corners: Tensor, inner: Tensor, truth: Tensor
    ) -> dict[str, Tensor]:
        """Distillation (Hinton et al. 2015): soft scores, the teacher's box, and hints. Score and box only where the teacher is right."""
        assert self.adapter is not None
        w, ok = self.weights, batch["teachable"]
        hint = torch.zeros((), device=kernel.device)
        for ours, theirs in ((kernel, batch["teacher_kernel"]), (features, batch["teacher_features"])):
            wanted = (theirs.float() - self.teacher_mean) / self.teacher_scale
            each = F.smooth_l1_loss(self.adapter(ours), wanted, reduction="none").mean((1, 2, 3))
            hint = hint + (each * ok).mean() / 2
        box = batch["teacher_box"]
        agreed, _ = giou(box[:, :4], batch["box"])
        seen = batch["box"][:, 2] > 0
        right = ok * torch.where(seen, (agreed > 0.5).float(), (box[:, 4] < 0.3).float())
        soft = batch["teacher_score"].float()
        score = (F.binary_cross_entropy_with_logits(logits, soft, reduction="none") - entropy(soft)).sum((1, 2)) / 4
        _, g = giou(corners, box[:, None, None, :4].expand_as(corners))
        chosen = inner * right[:, None, None] * seen[:, None, None]
        return {
            "hint": w.hint * hint,
            "taught_score": w.taught_score * (score * right).mean(),
            "taught_box": w.taught_box * ((1 - g) * chosen).sum() / chosen.sum().clamp(min=1),
        }


def picture(crops: Tensor) -> Tensor:
    # Channels last: twice as fast on a CPU.
    return crops.float().contiguous(memory_format=torch.channels_last)


def entropy(p: Tensor) -> Tensor:
    q = p.clamp(1e-4, 1 - 1e-4)
    return -(q * q.log() + (1 - q) * (1 - q).log())
