"""Measures how many of the clip's people and vehicles a detector finds.

    python3 check_recall.py --clip demo.mp4 --truth demo.truth.jsonl --model FILE.onnx \
        [--kind centernet|yolox] [--goal 0.85] [--tracks]

Needs numpy, onnxruntime and ffmpeg. Counted are people and vehicles (car, bus,
truck) whose visible box is taller than 40 px in the clip and whose visibility
is at least 0.5; one is found when a detection of its group scores at least 0.4
and overlaps its visible box with IoU >= 0.5, each detection counting once.

`centernet`: input [1,H,W,3] RGB (float 0-255 or uint8), outputs a heat map
[1,H/4,W/4,80] after its sigmoid and sizes [1,H/4,W/4,4] (left, top, right,
bottom in input pixels), run at 512x288.
`yolox`: YOLOX's raw outputs, letterboxed to 416x416 in BGR.
"""

import argparse
import json
import os
import subprocess
import sys

import numpy as np
import onnxruntime

PERSON, VEHICLES = {0}, {2, 5, 7}
VEHICLE_LABELS = {"car", "bus", "truck"}
MIN_SCORE, MIN_IOU, MIN_HEIGHT_PX, MIN_VISIBILITY = 0.4, 0.5, 40, 0.5


def frames(clip, width, height):
    """The clip's frames at that size, RGB; a folder of PNGs works as well."""
    source = ["-pattern_type", "glob", "-i", os.path.join(clip, "0*.png")] if os.path.isdir(clip) else ["-i", clip]
    process = subprocess.Popen(
        ["ffmpeg", "-v", "error", *source, "-vf", f"scale={width}:{height}", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        stdout=subprocess.PIPE)
    size = width * height * 3
    while len(data := process.stdout.read(size)) == size:
        yield np.frombuffer(data, np.uint8).reshape(height, width, 3)


class CenterNet:
    size = (512, 288)

    def __init__(self, session):
        self.session, self.input = session, session.get_inputs()[0]
        outputs = {output.shape[-1]: output.name for output in session.get_outputs()}
        if 80 not in outputs or 4 not in outputs:
            raise SystemExit(f"the model's outputs are {outputs}, not 80 classes and 4 sizes")
        self.outputs = [outputs[80], outputs[4]]

    def __call__(self, image):
        kind = np.uint8 if "uint8" in self.input.type else np.float32
        heat, wh = self.session.run(self.outputs, {self.input.name: image[None].astype(kind)})
        heat, wh = heat[0], wh[0]
        padded = np.pad(heat, ((1, 1), (1, 1), (0, 0)))
        rows, columns, _ = heat.shape
        around = np.max([padded[dy:dy + rows, dx:dx + columns] for dy in range(3) for dx in range(3)], 0)
        y, x, kind = np.nonzero((heat == around) & (heat >= MIN_SCORE))
        left, top, right, bottom = wh[y, x].T
        boxes = np.stack([x * 4 - left, y * 4 - top, x * 4 + right, y * 4 + bottom], 1)
        return boxes, heat[y, x, kind], kind


class YoloX:
    size = (416, 234)

    def __init__(self, session):
        self.session, self.input = session, session.get_inputs()[0].name

    def __call__(self, image):
        canvas = np.full((416, 416, 3), 114, np.float32)
        canvas[:image.shape[0], :image.shape[1]] = image[:, :, ::-1]
        out = self.session.run(None, {self.input: canvas.transpose(2, 0, 1)[None]})[0][0]
        grids = [(s, *np.meshgrid(np.arange(416 // s), np.arange(416 // s))) for s in (8, 16, 32)]
        x = np.concatenate([gx.ravel() for _, gx, _ in grids])
        y = np.concatenate([gy.ravel() for _, _, gy in grids])
        stride = np.concatenate([np.full(gx.size, s) for s, gx, _ in grids])
        centre = (out[:, :2] + np.stack([x, y], 1)) * stride[:, None]
        size = np.exp(out[:, 2:4]) * stride[:, None]
        scores = out[:, 5:] * out[:, 4:5]
        kind, score = scores.argmax(1), scores.max(1)
        keep = score >= MIN_SCORE
        boxes = np.concatenate([centre - size / 2, centre + size / 2], 1)[keep]
        kind, score = kind[keep], score[keep]
        chosen = []
        for i in np.argsort(-score):
            if all(kind[i] != kind[j] or iou(boxes[i], boxes[j]) < 0.45 for j in chosen):
                chosen.append(i)
        return boxes[chosen], score[chosen], kind[chosen]


def iou(a, b):
    overlap = max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - overlap
    return overlap / union if union > 0 else 0.0


def found(wanted, boxes):
    """Which wanted boxes have a detection of their own: best overlaps first."""
    pairs = sorted(((iou(w, b), i, j) for i, w in enumerate(wanted) for j, b in enumerate(boxes)), reverse=True)
    hit, used = set(), set()
    for overlap, i, j in pairs:
        if overlap >= MIN_IOU and i not in hit and j not in used:
            hit.add(i)
            used.add(j)
    return hit


def main():
    parser = argparse.ArgumentParser(description="Recall of a detector on the clip.")
    parser.add_argument("--clip", required=True)
    parser.add_argument("--truth", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--kind", choices=("centernet", "yolox"), default="centernet")
    parser.add_argument("--goal", type=float, default=0.0)
    parser.add_argument("--tracks", action="store_true", help="also list each track")
    options = parser.parse_args()
    setup = onnxruntime.SessionOptions()
    setup.log_severity_level = 3
    session = onnxruntime.InferenceSession(options.model, setup, providers=["CPUExecutionProvider"])
    detector = {"centernet": CenterNet, "yolox": YoloX}[options.kind](session)
    with open(options.truth, encoding="utf-8") as lines:
        header, *records = [json.loads(line) for line in lines]
    scale = np.array([detector.size[0] / header["widthPx"], detector.size[1] / header["heightPx"]] * 2)

    tally, tracks, spare, count = {}, {}, 0, 0
    for record, image in zip(records, frames(options.clip, *detector.size)):
        count += 1
        boxes, _, kinds = detector(image)
        for name, group in (("person", PERSON), ("vehicle", VEHICLES)):
            mine = [b for b, k in zip(boxes, kinds) if k in group]
            wanted = [o for o in record["objects"] if o["box"]
                      and (o["label"] == "person" if name == "person" else o["label"] in VEHICLE_LABELS)]
            hits = found([np.array(o["box"]) * scale for o in wanted], mine)
            spare += len(mine) - len(hits)
            for i, thing in enumerate(wanted):
                if thing["box"][3] - thing["box"][1] <= MIN_HEIGHT_PX or thing["visibility"] < MIN_VISIBILITY:
                    continue
                light = "day" if record["light"] >= 0.6 else "dusk"
                for key in {name, thing["label"], "all", f"all, {light}", f"{name}, {light}"}:
                    hit, of = tally.get(key, (0, 0))
                    tally[key] = (hit + (i in hits), of + 1)
                hit, of = tracks.get(thing["track"], (0, 0))
                tracks[thing["track"]] = (hit + (i in hits), of + 1)
    if not count:
        raise SystemExit("the clip and the truth have no frame in common")
    for key in sorted(tally):
        hit, of = tally[key]
        print(f"{key:16s} {hit:5d} of {of:5d}  {hit / of:.3f}")
    print(f"{count} frames; {spare / count:.2f} detections a frame match nothing")
    if options.tracks:
        names = {t["id"]: f"{t['label']} {t['model']}" for t in header["tracks"]}
        for track, (hit, of) in sorted(tracks.items()):
            print(f"  track {track:2d} {names[track]:26s} {hit:4d} of {of:4d}  {hit / of:.2f}")
    hit, of = tally["all"]
    if hit / of < options.goal:
        sys.exit(f"recall {hit / of:.3f} is below the goal of {options.goal}")


if __name__ == "__main__":
    main()
