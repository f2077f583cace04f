"""Quantisation-aware fine-tuning (Jacob et al. 2018): convolutions compute with inputs rounded to 8 bits and weights to 7."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .network import fold_norms


class Rounded(nn.Module):
    """A convolution with rounded weights, a scale per output channel, and rounded inputs, whose range is observed while it trains."""

    def __init__(self, conv: nn.Conv2d):
        super().__init__()
        self.conv = conv
        self.low: Tensor
        self.high: Tensor
        self.register_buffer("low", torch.zeros(()))
        self.register_buffer("high", torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            with torch.no_grad():
                low, high = x.amin().clamp(max=0), x.amax().clamp(min=0)
                fresh = bool(self.high == self.low)
                self.low.copy_(low if fresh else self.low.lerp(low, 0.02))
                self.high.copy_(high if fresh else self.high.lerp(high, 0.02))
        scale = ((self.high - self.low) / 255).clamp(min=1e-8)
        zero = (-self.low / scale).round().clamp(0, 255).to(torch.int32)
        if self.training:
            x = torch.fake_quantize_per_tensor_affine(x, scale, zero, 0, 255)
        else:
            # Numbers and not tensors: ONNX wants constants.
            x = torch.fake_quantize_per_tensor_affine(x, float(scale), int(zero), 0, 255)
        w = self.conv.weight
        # Seven bits: on CPUs without VNNI, onnxruntime adds products of unsigned and signed bytes in 16 bits, which would overflow.
        w_scale = (w.detach().abs().amax((1, 2, 3)) / 63).clamp(min=1e-8)
        w = torch.fake_quantize_per_channel_affine(w, w_scale, torch.zeros_like(w_scale, dtype=torch.int32), 0, -128, 127)
        c = self.conv
        return F.conv2d(x, w, c.bias, c.stride, c.padding, c.dilation, c.groups)


def quantise(module: nn.Module) -> None:
    """Folds batch norms and wraps every convolution, in place. The ranges are those of the crops that it then trains on."""
    fold_norms(module)
    for parent in list(module.modules()):
        if isinstance(parent, Rounded):
            continue
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Conv2d):
                setattr(parent, name, Rounded(child))
