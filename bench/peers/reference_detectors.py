"""Straight reference implementations of detectors, to hold Sightline's figures against.

Each model is run with onnxruntime as its makers' own code runs it (preprocessing, decoding and suppression written out plainly), over a
folder of images with YOLO labels, and scored with pycocotools.

    pip install -r bench/peers/requirements.txt
    python3 bench/peers/reference_detectors.py MODEL.onnx IMAGES LABELS [--family yolox|nanodet|yolov8] [--iou 0.6]

Prints AP, AP50 and milliseconds of the model alone per image (one thread).
"""

import argparse
import contextlib
import io
import re
import time
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

SCORE_MIN = 0.01
DETECTIONS_MAX = 100


def letterbox(image, size, anchor, border):
    """Bilinear, aspect kept; returns float32 [h, w, 3] RGB, scale and left top padding."""
    width, height = size
    scale = min(width / image.width, height / image.height)
    shown = image.resize((round(image.width * scale), round(image.height * scale)), Image.BILINEAR)
    left, top = 0, 0
    if anchor == "centre":
        left, top = (width - shown.width) // 2, (height - shown.height) // 2
    canvas = np.full((height, width, 3), border, np.float32)
    canvas[top : top + shown.height, left : left + shown.width] = np.asarray(shown, np.float32)
    return canvas, scale, np.array([left, top, left, top], np.float32)


def grid(size, strides, point):
    """Points of all cells in pixels, and the stride of each: [n, 2], [n]."""
    points, steps = [], []
    for stride in strides:
        columns, rows = -(-size[0] // stride), -(-size[1] // stride)
        y, x = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
        points.append((np.stack([x, y], -1).reshape(-1, 2) + point) * stride)
        steps.append(np.full(rows * columns, stride))
    return np.concatenate(points).astype(np.float32), np.concatenate(steps).astype(np.float32)


def corners(centred):
    half = centred[:, 2:] / 2
    return np.concatenate([centred[:, :2] - half, centred[:, :2] + half], 1)


class Yolox:
    anchor, border = "top-left", 114

    @staticmethod
    def prepare(rgb):
        return rgb[:, :, ::-1]

    @staticmethod
    def decode(outputs, size):
        rows = outputs[0][0]
        points, steps = grid(size, [8, 16, 32], 0)
        centres = rows[:, :2] * steps[:, None] + points
        sides = np.exp(rows[:, 2:4]) * steps[:, None]
        return corners(np.concatenate([centres, sides], 1)), rows[:, 4:5] * rows[:, 5:]


class Nanodet:
    anchor, border = "centre", 0
    mean = np.array([103.53, 116.28, 123.675], np.float32)
    std = np.array([57.375, 57.12, 58.395], np.float32)

    @classmethod
    def prepare(cls, rgb):
        return (rgb[:, :, ::-1] - cls.mean) / cls.std

    @staticmethod
    def decode(outputs, size):
        scores = np.concatenate([o[0] for o in outputs[:3]])
        logits = np.concatenate([o[0] for o in outputs[3:]]).reshape(len(scores), 4, -1)
        weights = np.exp(logits - logits.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        points, steps = grid(size, [8, 16, 32], 0.5)
        distances = (weights @ np.arange(weights.shape[-1])) * steps[:, None]
        return np.concatenate([points - distances[:, :2], points + distances[:, 2:]], 1), scores


class Yolov8:
    anchor, border = "centre", 114

    @staticmethod
    def prepare(rgb):
        return rgb / 255

    @staticmethod
    def decode(outputs, size):
        rows = outputs[0][0].T
        return corners(rows[:, :4]), rows[:, 4:]


FAMILIES = {"yolox": Yolox, "nanodet": Nanodet, "yolov8": Yolov8}


def family_of(path):
    for name in FAMILIES:
        if name in Path(path).name:
            return name
    raise SystemExit("name the family with --family")


def suppress(boxes, scores, iou_max):
    """Greedy suppression within one class; indices of those that stay, best first."""
    order = np.argsort(-scores, kind="stable")
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    while len(order):
        best, rest = order[0], order[1:]
        kept.append(best)
        low = np.maximum(boxes[best, :2], boxes[rest, :2])
        high = np.minimum(boxes[best, 2:], boxes[rest, 2:])
        shared = np.prod(np.clip(high - low, 0, None), 1)
        order = rest[shared <= iou_max * (areas[best] + areas[rest] - shared)]
    return kept


def detect(session, family, image, iou_max):
    """(class index, score, box in image pixels) of one image, best first, and the model's seconds."""
    given = session.get_inputs()[0]
    size = (given.shape[3], given.shape[2])
    canvas, scale, padding = letterbox(image, size, family.anchor, family.border)
    tensor = np.ascontiguousarray(family.prepare(canvas).transpose(2, 0, 1)[None], np.float32)
    started = time.perf_counter()
    outputs = session.run(None, {given.name: tensor})
    seconds = time.perf_counter() - started
    boxes, scores = family.decode(outputs, size)
    boxes = (boxes - padding) / scale
    boxes = np.clip(boxes, 0, [image.width, image.height] * 2)
    found = []
    for label in range(scores.shape[1]):
        chosen = np.flatnonzero(scores[:, label] >= SCORE_MIN)
        for index in suppress(boxes[chosen], scores[chosen, label], iou_max):
            found.append((label, float(scores[chosen[index], label]), boxes[chosen[index]]))
    found.sort(key=lambda one: -one[1])
    return found[:DETECTIONS_MAX], seconds


def truth_of(images, labels):
    """YOLO labels as a COCO data set whose category ids are the class indices."""
    pictures, annotations = [], []
    for image_id, path in enumerate(images):
        with Image.open(path) as image:
            width, height = image.size
        pictures.append({"id": image_id, "width": width, "height": height})
        file = labels / f"{path.stem}.txt"
        for line in file.read_text().splitlines() if file.exists() else []:
            label, cx, cy, w, h = (float(word) for word in line.split()[:5])
            box = [(cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height]
            annotations.append(
                {"id": len(annotations) + 1, "image_id": image_id, "category_id": int(label), "bbox": box,
                 "area": box[2] * box[3], "iscrowd": 0}
            )
    coco = COCO()
    categories = [{"id": label, "name": str(label)} for label in range(80)]
    coco.dataset = {"images": pictures, "annotations": annotations, "categories": categories}
    coco.createIndex()
    return coco


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("images", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--family", choices=FAMILIES)
    parser.add_argument("--iou", type=float, default=0.6)
    arguments = parser.parse_args()
    family = FAMILIES[arguments.family or family_of(arguments.model)]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(arguments.model, options, providers=["CPUExecutionProvider"])
    images = sorted(p for p in arguments.images.iterdir() if re.search(r"\.(jpe?g|png|bmp|webp)$", p.name, re.I))
    results, times = [], []
    for image_id, path in enumerate(images):
        found, seconds = detect(session, family, Image.open(path).convert("RGB"), arguments.iou)
        times.append(seconds)
        for label, score, (x1, y1, x2, y2) in found:
            box = [float(x1), float(y1), float(x2 - x1), float(y2 - y1)]
            results.append({"image_id": image_id, "category_id": label, "bbox": box, "score": score})
    with contextlib.redirect_stdout(io.StringIO()):
        truth = truth_of(images, arguments.labels)
        evaluation = COCOeval(truth, truth.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    ap, ap50 = evaluation.stats[:2]
    print(f"AP {ap:.3f}  AP50 {ap50:.3f}  {1000 * float(np.median(times)):.1f} ms per image ({len(images)} images)")


if __name__ == "__main__":
    main()
