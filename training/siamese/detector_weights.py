"""Brings the default detector's first blocks into our backbone, from the ONNX file that Sightline makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import nn

from .geometry import Image
from .network import ConvNorm, Inverted, fold_norms

Floats = NDArray[np.float32]

# Which of the detector's convolutions (in the graph's order) become which of ours, per block: expand, depth, project.
# Those left out are side branches, squeeze-and-excitation, and residual blocks that the time budget does not hold.
STEM = 0
BLOCKS: list[tuple[int | None, int, int]] = [
    (None, 1, 2),
    (3, 4, 5),
    (6, 7, 8),
    (9, 13, 16),
    (17, 18, 21),
    (30, 31, 32),
    (33, 34, 35),
]


@dataclass(frozen=True)
class Layer:
    weight: Floats
    mean: Floats
    deviation: Floats
    """Of the convolution's output in the detector, per channel, over the given crops."""


def read_layers(file: Path, crops: list[Image]) -> list[Layer]:
    """The detector's convolutions as far as we use them. Excitation gates become their means over the crops, folded into the
    weights behind them."""
    model = onnx.load(str(file))
    weights = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    producer = {o: n for n in model.graph.node for o in n.output}
    convolutions = [n for n in model.graph.node if n.op_type == "Conv"][: BLOCKS[-1][2] + 1]
    gates = {n.input[0]: producer[n.input[0]].input[0] for n in convolutions if is_gated(n, producer)}
    wanted = [n.output[0] for n in convolutions] + list(gates.values())
    del model.graph.output[:]
    model.graph.output.extend(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in wanted)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    total: dict[str, list[Floats]] = {name: [] for name in wanted}
    squares: dict[str, list[Floats]] = {name: [] for name in wanted}
    for crop in crops:
        x = np.ascontiguousarray(crop.transpose(2, 0, 1)[None], dtype=np.float32)
        for name, y in zip(wanted, session.run(None, {"image": x}), strict=True):
            total[name].append(y.mean((0, 2, 3)))
            squares[name].append((y * y).mean((0, 2, 3)))
    layers = []
    for node in convolutions:
        name = node.output[0]
        weight = weights[node.input[1]].astype(np.float32)
        gate = gates.get(node.input[0])
        if gate is not None:
            weight = weight * np.mean(total[gate], 0)[None, :, None, None]
        mean = np.mean(total[name], 0)
        layers.append(Layer(weight, mean, np.sqrt(np.maximum(np.mean(squares[name], 0) - mean**2, 1e-8))))
    return layers


def is_gated(node: onnx.NodeProto, producer: dict[str, onnx.NodeProto]) -> bool:
    before = producer.get(node.input[0])
    return before is not None and before.op_type == "Mul" and producer[before.input[0]].op_type == "HardSigmoid"


def set_layer(ours: ConvNorm, layer: Layer) -> None:
    conv, norm = ours[0], ours[1]
    assert isinstance(conv, torch.nn.Conv2d) and isinstance(norm, torch.nn.BatchNorm2d)
    weight = torch.from_numpy(layer.weight)
    if weight.shape[-1] == 3 and conv.kernel_size == (5, 5):
        spread = torch.zeros(*weight.shape[:2], 5, 5)
        spread[:, :, ::2, ::2] = weight
        weight = spread
    if conv.weight.shape != weight.shape:
        raise ValueError(f"the detector's layer is {layer.weight.shape}, ours {tuple(conv.weight.shape)}: is this the default detector?")
    conv.weight.data.copy_(weight)
    norm.weight.data.copy_(torch.from_numpy(layer.deviation))
    norm.bias.data.copy_(torch.from_numpy(layer.mean))


def import_detector(network: nn.Module, stem: ConvNorm, blocks: Iterable[nn.Module], file: Path, crops: list[Image]) -> None:
    """Sets the weights of a network's stem and first blocks. Each layer then has the detector's mean and deviation on these crops
    (of one size), although ReLU stands where the detector has hard-swish and its batch norms were folded."""
    layers = read_layers(file, crops)
    set_layer(stem, layers[STEM])
    for block, (expand, depth, project) in zip(blocks, BLOCKS, strict=True):
        assert isinstance(block, Inverted)
        if expand is not None:
            assert isinstance(block.expand, ConvNorm)
            set_layer(block.expand, layers[expand])
        set_layer(block.depth, layers[depth])
        set_layer(block.project, layers[project])
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
    for n in norms:
        n.reset_running_stats()
        n.momentum = None
    network.train()
    with torch.no_grad():
        for i in range(0, len(crops), 64):
            network(torch.from_numpy(np.stack(crops[i : i + 64]).transpose(0, 3, 1, 2).astype(np.float32)))
    fold_norms(network)
