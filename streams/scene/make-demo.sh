#!/usr/bin/env bash
# Renders streams/demo.mp4 and streams/demo.truth.jsonl. Installs nothing; run it
# again after an interruption and it goes on where it stopped.
#
#   make-demo.sh [SEED [LIGHT]]        default: 7 day-dusk
#
# Needs: blender 3.4, sweethome3d-furniture, ffmpeg, python3-numpy (Debian 12), and
# Open Image Denoise 2 (the PyPI package pyoidn holds it), found through
#   OIDN=/path/of/libOpenImageDenoise.so.2 or a folder above it.
# Optional: MODEL=FILE.onnx measures the default detector's recall at the end (needs
#   Python's onnxruntime; PYTHON=… picks the interpreter, default python3).
# Others: WORK (scratch folder, about 300 MB), OUT (default: this folder's parent),
#   JOBS (Blender processes, default 2), WIDTH, HEIGHT, FPS, SECONDS_LONG, SAMPLES, CRF.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
seed=${1:-7}
light=${2:-day-dusk}
out=${OUT:-$(dirname "$here")}
width=${WIDTH:-640} height=${HEIGHT:-360} fps=${FPS:-15} seconds=${SECONDS_LONG:-32}
samples=${SAMPLES:-5} jobs=${JOBS:-2} python=${PYTHON:-python3}
work=${WORK:-${TMPDIR:-/tmp}/sightline-demo}/$seed-$light-${width}x$height-$fps-$seconds-$samples

say() { echo "make-demo: $*" >&2; }
fail() { say "$*"; exit 1; }

for tool in blender ffmpeg "$python"; do
  command -v "$tool" >/dev/null || fail "$tool is missing (Debian: apt-get install blender ffmpeg python3)"
done
[ -e /usr/share/sweethome3d/furniture/Scopia.sh3f ] || fail "the models are missing (Debian: apt-get install sweethome3d-furniture)"
/usr/bin/python3 -c 'import numpy' 2>/dev/null || fail "Blender's Python has no numpy (Debian: apt-get install python3-numpy)"
[ -n "${OIDN:-}" ] || fail "OIDN is not set: where is libOpenImageDenoise.so.2? (pip install --target DIR --no-deps pyoidn; OIDN=DIR)"

mkdir -p "$work"
# Debian's python3 first: the denoiser's helper needs the numpy that is there.
render() {
  PATH=/usr/bin:$PATH blender -b -noaudio --python-exit-code 1 -P "$here/render.py" -- --seed "$seed" --light "$light" \
    --out "$work" --assets "$work/assets" --oidn "$OIDN" --width "$width" --height "$height" \
    --fps "$fps" --seconds "$seconds" --samples "$samples" --frames "$1" \
    >"$work/render-${1/:/-}.log" 2> >(tee -a "$work/render-${1/:/-}.log" | grep --line-buffered '^frame' >&2)
}

say "unpacking the models and building the scene (seed $seed, $light)"
render 0:0 || fail "the scene cannot be built; see $work/render-0-0.log"
frames=$("$python" -c 'import json,sys; print(json.load(open(sys.argv[1]))["frames"])' "$work/header.json")

say "rendering $frames frames with $jobs processes; frames that are there are kept"
pids=()
for ((job = 0; job < jobs; job++)); do
  render "$((frames * job / jobs)):$((frames * (job + 1) / jobs))" &
  pids+=($!)
done
for pid in "${pids[@]}"; do
  wait "$pid" || fail "a renderer failed; see $work/render-*.log, then run this again"
done

say "joining the truth"
"$python" "$here/join_truth.py" "$work" "$out/demo.truth.jsonl"

say "encoding"
# No B-frames and a key frame a second: simple decoders keep up, and a seek is short.
ffmpeg -v error -y -framerate "$fps" -i "$work/frames/%05d.png" -an \
  -vf scale=out_color_matrix=bt709:out_range=tv -colorspace bt709 -color_primaries bt709 -color_trc bt709 \
  -c:v libx264 -preset slow -crf "${CRF:-20}" -bf 0 -g "${fps%.*}" -keyint_min "${fps%.*}" -sc_threshold 0 \
  -pix_fmt yuv420p -movflags +faststart "$out/demo.mp4"

bytes=$(stat -c %s "$out/demo.mp4")
[ "$bytes" -lt 8000000 ] || fail "demo.mp4 has $bytes bytes, more than 8 MB: raise CRF"
say "demo.mp4 $bytes bytes, demo.truth.jsonl $(stat -c %s "$out/demo.truth.jsonl") bytes"

if [ -n "${MODEL:-}" ]; then
  say "measuring the detector's recall"
  "$python" "$here/check_recall.py" --clip "$out/demo.mp4" --truth "$out/demo.truth.jsonl" --model "$MODEL" --goal 0.85
fi
