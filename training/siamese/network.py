"""The follower's network: two branches that share their weights, a correlation, and heads for score, box and identity."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .geometry import GRID, KERNEL, STRIDE

CHANNELS = 64
EARLY = 24
COLOURS = 12
VIEWS = 4
EMBEDDING = 64
HEAD = 64


class ConvNorm(nn.Sequential):
    """Convolution, batch norm and, where asked for, an activation."""

    def __init__(self, cin: int, cout: int, k: int = 1, stride: int = 1, groups: int = 1, act: bool = True):
        layers: list[nn.Module] = [
            nn.Conv2d(cin, cout, k, stride, (k - 1) // 2, groups=groups, bias=False),
            nn.BatchNorm2d(cout),
        ]
        if act:
            layers.append(nn.ReLU(inplace=True))
        super().__init__(*layers)


class Inverted(nn.Module):
    """An inverted residual (MobileNetV2, Sandler et al. 2018) without squeeze-and-excitation: its pooling over the whole
    crop would make a branch depend on how much surroundings it sees."""

    def __init__(self, cin: int, hidden: int, cout: int, k: int, stride: int = 1):
        super().__init__()
        self.expand = ConvNorm(cin, hidden) if hidden != cin else nn.Identity()
        self.depth = ConvNorm(hidden, hidden, k, stride, groups=hidden)
        self.project = ConvNorm(hidden, cout, act=False)
        self.residual = cin == cout and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.project(self.depth(self.expand(x)))
        return x + y if self.residual else y


class Backbone(nn.Module):
    """The first blocks of the default detector's MobileNetV3 (one residual block of three at 32 channels), kept at stride 8: where
    the detector goes on to stride 16 the stride is 1, and the next convolution is 5x5 and starts as the detector's 3x3 with gaps, so
    that it sees what it saw."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = ConvNorm(3, 16, 3, 2)
        self.blocks = nn.Sequential(
            Inverted(16, 16, 16, 3),
            Inverted(16, 64, 24, 3, stride=2),
            Inverted(24, 72, 24, 3),
            Inverted(24, 72, 32, 5, stride=2),
            Inverted(32, 96, 32, 5),
            Inverted(32, 192, 64, 3),
            Inverted(64, 160, 64, 5),
        )
        # No batch norm here: templates and searches would each be normalised by their own statistics.
        self.neck = nn.Conv2d(64, CHANNELS, 1)

    @property
    def early(self) -> list[nn.Module]:
        """To stride 4: edges and textures, which need no learning anew. Most of the time of a backward pass would go here."""
        return [self.stem, *self.blocks[:3]]

    @property
    def late(self) -> list[nn.Module]:
        return list(self.blocks[3:])

    def both(self, crop: Tensor) -> tuple[Tensor, Tensor]:
        """Features at stride 4 and, after the neck, at stride 8."""
        x = crop
        for part in self.early:
            x = part(x)
        y = x
        for part in self.late:
            y = part(y)
        return x, self.neck(y)

    def forward(self, crop: Tensor) -> Tensor:
        return self.both(crop)[1]


def fold_norms(module: nn.Module) -> None:
    """Batch norms of `ConvNorm` become part of their convolutions. Trained on, these keep the statistics that they had, and cost
    a third less."""
    for part in module.modules():
        if not isinstance(part, ConvNorm) or isinstance(part[1], nn.Identity):
            continue
        conv, norm = part[0], part[1]
        assert isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
        assert norm.running_mean is not None and norm.running_var is not None
        k = norm.weight.data / (norm.running_var + norm.eps).sqrt()
        conv.weight.data.mul_(k[:, None, None, None])
        conv.bias = nn.Parameter(norm.bias.data - norm.running_mean * k)
        part[1] = nn.Identity()


class Separable(nn.Sequential):
    def __init__(self, channels: int, k: int = 5) -> None:
        super().__init__(ConvNorm(channels, channels, k, groups=channels, act=False), ConvNorm(channels, channels))


class Recogniser(nn.Module):
    """Embedding of the template crop: what an object looks like, whatever its surroundings. It sees the kernel, the features at
    stride 4 and the plain colours: clothes tell people apart on one camera, and what a detector learns forgets their colours."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(ConvNorm(CHANNELS + EARLY + COLOURS, 128), Inverted(128, 256, 128, 3))
        # Where each view looks: crops are aligned, so that a place in them is a part of the object.
        self.attend = nn.Conv2d(128, VIEWS, 1)
        self.place = nn.Parameter(torch.zeros(1, VIEWS, KERNEL, KERNEL))
        self.project = nn.Linear(VIEWS * 128, EMBEDDING)
        nn.init.normal_(self.place, std=0.5)

    @staticmethod
    def evidence(crop: Tensor, early: Tensor, kernel: Tensor) -> Tensor:
        """What it judges by, [N,100,8,8]: the kernel, features at stride 4, and the colours of each cell's quarters."""
        colours = F.pixel_unshuffle(F.avg_pool2d(crop, STRIDE // 2) / 64 - 2, 2)
        return torch.cat([kernel, F.avg_pool2d(early, 2), colours], 1)

    def forward(self, evidence: Tensor) -> Tensor:
        x = self.body(evidence)
        weight = (self.attend(x) + self.place).flatten(2).softmax(2)
        e: Tensor = self.project(torch.matmul(weight, x.flatten(2).transpose(1, 2)).flatten(1))
        return e / e.pow(2).sum(1, keepdim=True).add(1e-8).sqrt()


class Head(nn.Module):
    """Pixel-wise correlation (Alpha-Refine, Yan et al. 2021) beside a depth-wise one with the object's mean feature, then a
    tower each for score and box."""

    def __init__(self) -> None:
        super().__init__()
        self.pixel = nn.BatchNorm2d(KERNEL * KERNEL)
        self.mean = nn.BatchNorm2d(CHANNELS)
        self.fuse = ConvNorm(KERNEL * KERNEL + CHANNELS, HEAD)
        self.score_tower = nn.Sequential(Separable(HEAD), Separable(HEAD))
        self.box_tower = nn.Sequential(Separable(HEAD), Separable(HEAD))
        self.score = nn.Conv2d(HEAD, 1, 1)
        self.box = nn.Conv2d(HEAD, 4, 1)
        for last, start in ((self.score, -3.0), (self.box, 0.5)):
            assert last.bias is not None
            nn.init.constant_(last.bias, start)

    def forward(self, kernel: Tensor, search: Tensor) -> tuple[Tensor, Tensor]:
        pixel = torch.matmul(kernel.flatten(2).transpose(1, 2), search.flatten(2)) / CHANNELS**0.5
        pixel = pixel.unflatten(2, (GRID, GRID))
        middle = KERNEL // 4
        mean = kernel[:, :, middle : KERNEL - middle, middle : KERNEL - middle].mean((2, 3), keepdim=True)
        x = self.fuse(torch.cat([self.pixel(pixel), self.mean(search * mean)], 1))
        score = self.score(self.score_tower(x))
        ltrb = self.box(self.box_tower(x)).clamp(-4.0, 3.0).exp() * STRIDE
        return score, ltrb


class Follower(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.head = Head()
        self.recogniser = Recogniser()

    def template(self, crop: Tensor) -> tuple[Tensor, Tensor]:
        """Kernel [N,C,8,8] and embedding [N,64] of crops [N,3,64,64], RGB 0..255."""
        early, kernel = self.backbone.both(crop)
        return kernel, self.recogniser(self.recogniser.evidence(crop, early, kernel))

    def search(self, crop: Tensor, kernel: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [N,1,16,16] and distances to the box's sides [N,4,16,16] in crop pixels."""
        found: tuple[Tensor, Tensor] = self.head(kernel, self.backbone(crop))
        return found


def count(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())

