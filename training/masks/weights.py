"""Reading checkpoints."""

from __future__ import annotations

from pathlib import Path

import torch

from siamese.network import fold_norms

from .network import MaskHead


def load_head(file: Path) -> MaskHead:
    """The averaged weights of a checkpoint of `masks.train`, ready to be asked; all norms are folded."""
    state = torch.load(file, map_location="cpu", weights_only=True)
    head = MaskHead()
    fold_norms(head.encoder)
    head.load_state_dict(state["average"])
    head.eval()
    fold_norms(head)
    return head
