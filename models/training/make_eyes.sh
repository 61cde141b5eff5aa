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

"$python" -W ignore "$here/train.py" --street "$STREET" --pre "$PRE" --people "$here/people" --near "$NEAR" --rendered "$RENDERED" \
  --warm "$here/eyes-1.pt" --steps 6500 --size 416x256,416x256,640x384 --batch 16 --lr 1.2e-3 --zoom .15 --share .2 \
  --left-out .3 --keep-early 1 --threads "${THREADS:-2}" --judge-every 1250 --out "$BUILD/eyes.pt" --onnx "$BUILD/detector.onnx"
"$python" -W ignore "$here/check.py" --street "$STREET" --people "$here/people" --near "$NEAR" --rendered "$RENDERED" --out "$BUILD/check.pt"
"$python" -W ignore "$here/quantize.py" "$BUILD/detector.onnx" "$BUILD/detector-8.onnx" --pictures "$STREET/train" --pictures "$RENDERED"
echo 'eyes.onnx:'
"$python" -W ignore "$here/add_check.py" "$BUILD/detector.onnx" "$BUILD/check.pt" "$here/../eyes.onnx"
echo 'eyes-8.onnx:'
"$python" -W ignore "$here/add_check.py" "$BUILD/detector-8.onnx" "$BUILD/check.pt" "$here/../eyes-8.onnx"
