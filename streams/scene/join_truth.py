"""Joins header.json and the per-frame records of a render into one JSON-lines file.

    python3 join_truth.py RENDER_DIR TRUTH.jsonl
"""

import glob
import json
import os
import sys


def main(folder, target):
    with open(os.path.join(folder, "header.json"), encoding="utf-8") as file:
        header = json.load(file)
    names = sorted(glob.glob(os.path.join(folder, "truth", "0*.json")))
    records = []
    for name in names:
        with open(name, encoding="utf-8") as file:
            records.append(json.load(file))
    used = {o["track"] for record in records for o in record["objects"]}
    header["tracks"] = [t for t in header["tracks"] if t["id"] in used]
    if len(records) != header["frames"]:
        print(f"note: {len(records)} of {header['frames']} frames are rendered", file=sys.stderr)
    with open(target, "w", encoding="utf-8") as file:
        for line in (header, *records):
            file.write(json.dumps(line, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: join_truth.py RENDER_DIR TRUTH.jsonl")
    main(*sys.argv[1:])
