#!/bin/bash
# From the pictures to models/eyes.onnx and models/eyes-8.onnx, everything in its order. Stop it at any time and give the command
# again: each trainer goes on where it was, and what is finished is not done again.
#   STREET=… PRE=… NEAR=… RENDERED=… BUILD=… models/training/make_eyes.sh        (README.md beside this file says what they are)
set -eu
: "${STREET:?the street set}" "${PRE:?what the teacher saw in it}" "${NEAR:?frames of the near clip}" "${RENDERED:?rendered frames}" "${BUILD:?a folder for checkpoints}"
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-/usr/bin/python3}
mkdir -p "$BUILD"
# Worth a third of the time: otherwise memory is given back at every step, and threads wait for each other by spinning.
export OMP_WAIT_POLICY=passive MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456

# One course: course NAME WARM.pt STEPS RATE and whatever differs.
course() {
  "$python" -W ignore "$here/train.py" --street "$STREET" --pre "$PRE" --people "$here/people" --near "$NEAR" --rendered "$RENDERED" \
    --size 416x256,416x256,640x384 --batch 16 --zoom .15 --left-out .3 --threads "${THREADS:-2}" --judge-every 1000 \
    --out "$BUILD/$1.pt" --warm "$2" --steps "$3" --lr "$4" "${@:5}"
}
mean() { "$python" -W ignore "$here/average.py" "$@"; }

# Two courses that differ in what is taught of people, their mean with where they began; a third from there, and its mean with that.
course careful "$here/eyes-3.pt" 4000 8e-4 --share .3
course daring "$here/eyes-3.pt" 4000 8e-4 --share .2 --things 0
mean "$BUILD/middle.pt" "$here/eyes-3.pt" "$BUILD/careful.pt" "$BUILD/daring.pt"
course last "$BUILD/middle.pt" 2000 5e-4 --share .25 --things 0 --keep-early 1
mean "$BUILD/eyes.pt" "$BUILD/middle.pt" "$BUILD/last.pt"
"$python" -W ignore "$here/export.py" "$BUILD/eyes.pt" "$BUILD/detector.onnx"
"$python" -W ignore "$here/check.py" --street "$STREET" --people "$here/people" --near "$NEAR" --rendered "$RENDERED" --steps 6000 --out "$BUILD/check.pt"
"$python" -W ignore "$here/quantize.py" "$BUILD/detector.onnx" "$BUILD/detector-8.onnx" --pictures "$STREET/train" --pictures "$RENDERED"
echo 'eyes.onnx:'
"$python" -W ignore "$here/add_check.py" "$BUILD/detector.onnx" "$BUILD/check.pt" "$here/../eyes.onnx"
echo 'eyes-8.onnx:'
"$python" -W ignore "$here/add_check.py" "$BUILD/detector-8.onnx" "$BUILD/check.pt" "$here/../eyes-8.onnx"
