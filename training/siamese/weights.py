"""Reads the network back from a checkpoint."""

from __future__ import annotations

from pathlib import Path

import torch

from .network import Follower, fold_norms
from .quantise import quantise


def load_follower(checkpoint: Path, fresh_recogniser: bool = False) -> Follower:
    """The averaged weights of a checkpoint, as they were trained: with batch norms in the backbone or without, or
    rounded to 8 bits."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)["average"]
    if fresh_recogniser:
        state = {k: v for k, v in state.items() if not k.startswith("recogniser.")}
    follower = Follower()
    if "backbone.stem.0.conv.weight" in state:
        quantise(follower)
    elif "backbone.stem.1.weight" not in state:
        fold_norms(follower.backbone)
    follower.load_state_dict(state, strict=not fresh_recogniser)
    return follower.eval()
