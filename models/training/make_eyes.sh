#!/bin/bash
# From the pictures to models/eyes.onnx and models/eyes-8.onnx, everything in its order. Stop it at any time and give the command
# again: each trainer goes on where it was, and what is finished is not done again.
#   STREET=… PRE=… NEAR=… RENDERED=… TILED=… BUILD=… models/training/make_eyes.sh        (README.md beside this file says what they are)
set -eu
: "${STREET:?the street set}" "${PRE:?what the teacher saw in it}" "${NEAR:?frames of the near clip}" "${RENDERED:?rendered frames}" "${TILED:?pieces of larger rendered frames}" "${BUILD:?a folder for checkpoints}"
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

# Two courses that differ in what is taught of people, and their mean with where they began. Three from there: one that keeps what drawn streets
# taught, and two almost on real streets alone, those with lorries oftenest. The mean of what they know: better on both than any of them.
course careful "$here/eyes-3.pt" 4000 8e-4 --share .3
course daring "$here/eyes-3.pt" 4000 8e-4 --share .2 --things 0
mean "$BUILD/middle.pt" "$here/eyes-3.pt" "$BUILD/careful.pt" "$BUILD/daring.pt"
course drawn "$BUILD/middle.pt" 2000 5e-4 --share .25 --things 0 --keep-early 1
course lorries "$BUILD/middle.pt" 2500 6e-4 --share .08 --things 0 --zoom .05 --truck 4 --seed 3
course both "$BUILD/middle.pt" 2500 6e-4 --share .2 --things 0 --zoom .05 --truck 4 --seed 3
mean "$BUILD/far.pt" "$BUILD/lorries.pt" "$BUILD/lorries.pt" "$BUILD/both.pt" "$BUILD/drawn.pt" "$BUILD/drawn.pt"
# That mean takes side windows and wheels of near cars for people. Two more courses are shown such cars, a third of their pictures drawn.
near() { course "$1" "$BUILD/far.pt" 2000 4e-4 --rendered "$RENDERED,$TILED" --things 0 --zoom .05 --truck 3 "${@:2}"; }
near near-a --share .3 --seed 8
near near-b --share .35 --seed 9
f="$BUILD/far.pt" a="$BUILD/near-a.pt" b="$BUILD/near-b.pt"
mean "$BUILD/eyes.pt" "$f" "$f" "$a" "$a" "$a" "$b" "$b" "$b"
"$python" -W ignore "$here/export.py" "$BUILD/eyes.pt" "$BUILD/detector.onnx"
"$python" -W ignore "$here/check.py" --street "$STREET" --people "$here/people" --near "$NEAR" --rendered "$RENDERED" --steps 6000 --out "$BUILD/check.pt"
"$python" -W ignore "$here/quantize.py" "$BUILD/detector.onnx" "$BUILD/detector-8.onnx" --pictures "$STREET/train" --pictures "$RENDERED"
echo 'eyes.onnx:'
"$python" -W ignore "$here/add_check.py" "$BUILD/detector.onnx" "$BUILD/check.pt" "$here/../eyes.onnx"
echo 'eyes-8.onnx:'
"$python" -W ignore "$here/add_check.py" "$BUILD/detector-8.onnx" "$BUILD/check.pt" "$here/../eyes-8.onnx"
