"""Writes mask.onnx and checks it against PyTorch: `python -m masks.export --help`."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import Tensor, nn

from .geometry import SHAPES, Shape, cut, shape_of
from .labels import Labelled, load_outlines
from .network import MaskHead
from .weights import load_head

OPSET = 17
PARITY_MAX = 1e-3
ROUNDS = 60


class Exported(nn.Module):
    """As the runtime sees it: RGB 0..255 in, 0..1 out."""

    def __init__(self, head: MaskHead):
        super().__init__()
        self.head = head

    def forward(self, crop: Tensor) -> Tensor:
        return self.head(crop).sigmoid()


def export(head: MaskHead, out: Path, metadata: dict[str, str]) -> None:
    example = torch.zeros(2, 3, SHAPES[0].height, SHAPES[0].width)
    torch.onnx.export(
        Exported(head), (example,), str(out), input_names=["crop"], output_names=["mask"], opset_version=OPSET, dynamo=False,
        dynamic_axes={"crop": {0: "n", 2: "h", 3: "w"}, "mask": {0: "n", 2: "h/2", 3: "w/2"}},
    )
    model = onnx.load(str(out))
    for key, value in {"sightline.name": "sightline-mask", **metadata}.items():
        model.metadata_props.add(key=key, value=value)
    onnx.checker.check_model(model)
    onnx.save(model, str(out))


def open_session(file: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def parity(head: MaskHead, file: Path, items: list[Labelled]) -> float:
    """The largest difference between the two, over crops of all shapes."""
    session = open_session(file)
    worst = 0.0
    for shape in SHAPES:
        crops = [cut(i.image, i.box) for i in items if shape_of(i.box) == shape][:16]
        if not crops:
            continue
        x = np.stack(crops).transpose(0, 3, 1, 2).astype(np.float32)
        with torch.no_grad():
            ours = Exported(head)(torch.from_numpy(x)).numpy()
        worst = max(worst, float(np.abs(session.run(None, {"crop": x})[0] - ours).max()))
    return worst


def milliseconds(file: Path, shape: Shape, batch: int) -> float:
    """Per crop on one thread, least of several rounds: other programs only ever make it slower."""
    session = open_session(file)
    x = np.zeros((batch, 3, shape.height, shape.width), np.float32)
    session.run(None, {"crop": x})
    least = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        session.run(None, {"crop": x})
        least = min(least, time.perf_counter() - began)
    return least / batch * 1000


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--checkpoint", type=Path, required=True)
    p.add_argument("--images", type=Path, required=True, help="photographs whose held-out crops the parity check uses")
    p.add_argument("--segments", type=Path, required=True)
    p.add_argument("--note", default="", help="kept in the metadata as `training`")
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    torch.set_num_threads(1)
    head = load_head(a.checkpoint)
    a.out.parent.mkdir(parents=True, exist_ok=True)
    export(head, a.out, {"training": a.note} if a.note else {})
    difference = parity(head, a.out, load_outlines(a.images, a.segments, held_out=True))
    ms = {f"{s.width}x{s.height}, {n} at once": round(milliseconds(a.out, s, n), 2) for s in SHAPES for n in (1, 4)}
    print(json.dumps({"parity": difference, "bytes": a.out.stat().st_size, "ms": ms}))
    if difference > PARITY_MAX:
        raise SystemExit("export: onnxruntime and PyTorch differ by more than rounding")


if __name__ == "__main__":
    main()
