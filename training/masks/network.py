"""The mask head's network: a U-Net (Ronneberger et al. 2015) whose encoder is the first blocks of the default detector."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from siamese.network import ConvNorm, Inverted

PLACES = 4
DEEP, MIDDLE, NEAR, EDGE = 64, 48, 32, 16
"""Channels of the decoder at strides 16, 8, 4 and 2."""


class Encoder(nn.Module):
    """The detector's MobileNetV3 up to stride 16, without squeeze-and-excitation, one of two later residual blocks left out."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = ConvNorm(3, 16, 3, 2)
        self.blocks = nn.ModuleList(
            [
                Inverted(16, 16, 16, 3),
                Inverted(16, 64, 24, 3, stride=2),
                Inverted(24, 72, 24, 3),
                Inverted(24, 72, 32, 5, stride=2),
                Inverted(32, 96, 32, 5),
                Inverted(32, 192, 64, 3, stride=2),
                Inverted(64, 160, 64, 3),
            ]
        )

    @property
    def early(self) -> list[nn.Module]:
        """To stride 2: edges, which need no learning anew, and cost most of a backward pass."""
        return [self.stem, self.blocks[0]]

    def forward(self, x: Tensor) -> list[Tensor]:
        """Features at strides 2, 4, 8 and 16."""
        x = self.blocks[0](self.stem(x))
        found = [x]
        for first, last in ((1, 2), (3, 4), (5, 6)):
            for i in range(first, last + 1):
                x = self.blocks[i](x)
            found.append(x)
        return found


def places(x: Tensor) -> Tensor:
    """Where each cell is, [N,4,H,W]: from -1 to 1 across and down, and their squares. Crops are aligned with boxes, so that a
    place says how likely it is the object's."""
    one = torch.ones_like(x[:, :1])
    across, down = one.cumsum(3), one.cumsum(2)
    u = (2 * across - 1) / across[:, :, :, -1:] - 1
    v = (2 * down - 1) / down[:, :, -1:, :] - 1
    return torch.cat([u, v, u * u, v * v], 1)


class Up(nn.Module):
    """Twice the size, the encoder's features of that size beside it, and what follows from both."""

    def __init__(self, cin: int, skip: int, cout: int, k: int = 5):
        super().__init__()
        self.join = ConvNorm(cin + skip, cout)
        self.mix = Inverted(cout, 2 * cout, cout, k)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
        y: Tensor = self.mix(self.join(torch.cat([x, skip], 1)))
        return y


class MaskHead(nn.Module):
    """Logits [N,1,H/2,W/2] of crops [N,3,H,W], RGB 0..255, H and W multiples of 16."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.bottom = nn.Sequential(ConvNorm(64 + PLACES, DEEP), Inverted(DEEP, 2 * DEEP, DEEP, 5), Inverted(DEEP, 2 * DEEP, DEEP, 5))
        self.up8 = Up(DEEP, 32, MIDDLE)
        self.up4 = Up(MIDDLE, 24, NEAR)
        self.up2 = Up(NEAR, 16, EDGE, 3)
        self.last = nn.Conv2d(EDGE, 1, 1)

    def forward(self, crop: Tensor) -> Tensor:
        s2, s4, s8, s16 = self.encoder(crop)
        x = self.bottom(torch.cat([s16, places(s16)], 1))
        found: Tensor = self.last(self.up2(self.up4(self.up8(x, s8), s4), s2))
        return found
