"""Writes template.onnx and search.onnx and checks them against PyTorch: `python -m siamese.export --help`."""

from __future__ import annotations

import argparse
import copy
import json
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from .geometry import CONTEXT, GRID, KERNEL, SEARCH_PX, STRIDE, TEMPLATE_PX
from .nanotrack import session
from .network import CHANNELS, Follower
from .quantise import Rounded
from .weights import load_follower

OPSET = 17
METADATA = {
    "sightline.follower": "1",
    "template_px": str(TEMPLATE_PX),
    "search_px": str(SEARCH_PX),
    "stride": str(STRIDE),
    "grid": str(GRID),
    "context": str(CONTEXT),
}


class Template(nn.Module):
    def __init__(self, follower: Follower):
        super().__init__()
        self.follower = follower

    def forward(self, crop: Tensor) -> tuple[Tensor, Tensor]:
        return self.follower.template(crop)


class Search(nn.Module):
    def __init__(self, follower: Follower):
        super().__init__()
        self.follower = follower

    def forward(self, crop: Tensor, kernel: Tensor) -> tuple[Tensor, Tensor]:
        logits, ltrb = self.follower.search(crop, kernel)
        return logits.sigmoid(), ltrb


def write(module: nn.Module, inputs: tuple[Tensor, ...], names: tuple[list[str], list[str]], file: Path, facts: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        raw = Path(scratch) / "raw.onnx"
        axes = {name: {0: "n"} for name in [*names[0], *names[1]]}
        torch.onnx.export(
            module, inputs, str(raw), input_names=names[0], output_names=names[1], dynamic_axes=axes, opset_version=OPSET, dynamo=False
        )
        model = onnx.load(str(raw))
    onnx.helper.set_model_props(model, METADATA | facts)
    onnx.checker.check_model(model, full_check=True)
    file.write_bytes(model.SerializeToString())


def export(follower: Follower, folder: Path, facts: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    follower = copy.deepcopy(follower).eval()
    crop_t, crop_s = torch.rand(2, 3, TEMPLATE_PX, TEMPLATE_PX) * 255, torch.rand(2, 3, SEARCH_PX, SEARCH_PX) * 255
    kernel = torch.rand(2, CHANNELS, KERNEL, KERNEL)
    write(Template(follower), (crop_t,), (["crop"], ["kernel", "embedding"]), folder / "template.onnx", facts)
    write(Search(follower), (crop_s, kernel), (["crop", "kernel"], ["score", "ltrb"]), folder / "search.onnx", facts)


def parity(follower: Follower, folder: Path, templates: np.ndarray, searches: np.ndarray) -> dict[str, float]:
    """Largest difference of each output between PyTorch and onnxruntime."""
    t = torch.from_numpy(templates.transpose(0, 3, 1, 2).astype(np.float32))
    s = torch.from_numpy(searches.transpose(0, 3, 1, 2).astype(np.float32))
    with torch.inference_mode():
        kernel, embedding = follower.template(t)
        logits, ltrb = follower.search(s, kernel)
    k, e = session(folder / "template.onnx").run(["kernel", "embedding"], {"crop": t.numpy()})
    sc, lt = session(folder / "search.onnx").run(["score", "ltrb"], {"crop": s.numpy(), "kernel": k})
    pairs = {"kernel": (kernel, k), "embedding": (embedding, e), "score": (logits.sigmoid(), sc), "ltrb": (ltrb, lt)}
    return {name: float(np.abs(a.numpy() - b).max()) for name, (a, b) in pairs.items()}


def milliseconds(folder: Path, batch: int = 8, rounds: int = 50) -> dict[str, float]:
    """Least time per crop, one thread."""
    found = {}
    for name, px in (("template", TEMPLATE_PX), ("search", SEARCH_PX)):
        run = session(folder / f"{name}.onnx")
        inputs = {"crop": np.random.default_rng(0).uniform(0, 255, (batch, 3, px, px)).astype(np.float32)}
        if name == "search":
            inputs["kernel"] = np.random.default_rng(1).normal(size=(batch, CHANNELS, KERNEL, KERNEL)).astype(np.float32)
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            run.run(None, inputs)
            times.append(time.perf_counter() - start)
        found[name] = round(min(times) / batch * 1000, 3)
    return found


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--checkpoint", type=Path, required=True)
    p.add_argument("--pairs", type=Path, required=True, help="pool whose crops the parity check uses")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--note", default="", help="kept in the metadata as `training`")
    a = p.parse_args()
    torch.set_num_threads(1)
    follower = load_follower(a.checkpoint)
    export(follower, a.out, {"training": a.note} if a.note else {})
    crops = [np.load(a.pairs / f"{name}.npy", mmap_mode="r")[:64] for name in ("template", "search")]
    differences = parity(follower, a.out, *crops)
    print(json.dumps({"parity": differences, "ms": milliseconds(a.out)}))
    if any(isinstance(m, Rounded) for m in follower.modules()):
        # Where a value falls between two steps, the two round differently.
        return
    if differences["kernel"] > 1e-2 or differences["score"] > 1e-3 or differences["ltrb"] > 0.05 or differences["embedding"] > 1e-3:
        raise SystemExit("export: onnxruntime and PyTorch differ by more than rounding")


if __name__ == "__main__":
    main()
