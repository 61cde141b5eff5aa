#!/bin/bash
# From nothing but street pictures to models/plate-finder.onnx and models/plate-reader.onnx, everything in its order. Stop it at any time and give
# the command again: each trainer goes on where it was, and what is finished is not done again.
#   STREET=… BUILD=… models/training/make_plates.sh        (plates/README.md says what they are)
set -eu
: "${STREET:?the street set}" "${BUILD:?a folder for drawings and checkpoints}"
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
python=${PYTHON:-/usr/bin/python3}
mkdir -p "$BUILD"
# Memory that is given back at every step is asked for again at the next: a quarter of the time that this took is saved.
export OMP_WAIT_POLICY=passive MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=17179869184

# Drawings that were stopped half-way are drawn anew: a folder has its name only when it is whole.
draw() {
  [ -d "$BUILD/$1" ] && return
  rm -rf "$BUILD/$1.part"
  (cd "$project" && node --import tsx "server/sandbox/scenes/$2" "$BUILD/$1.part" "${@:3}")
  mv "$BUILD/$1.part" "$BUILD/$1"
}
draw pens plate-samples.ts 1200 5
draw streets plate-streets.ts 360 21

# One core each, beside each other.
"$python" -W ignore "$here/plates/train_reader.py" --pens "$BUILD/pens" --threads 1 --out "$BUILD/reader.pt" & reader=$!
trap 'kill $reader 2>/dev/null || true' EXIT
"$python" -W ignore "$here/plates/train_finder.py" --street "$STREET" --rendered "$BUILD/streets" --pens "$BUILD/pens" --threads 1 --out "$BUILD/finder.pt"
wait $reader
trap - EXIT
"$python" -W ignore "$here/plates/export.py" "$BUILD/finder.pt" "$BUILD/reader.pt" "$here/../plate-finder.onnx" "$here/../plate-reader.onnx"
