"""Checkpoint -> ONNX with pixel preparation and decoding inside, then a check of the written graph.
  /usr/bin/python3 export.py CHECKPOINT.pt ../eyes.onnx [SMALL.pt]
Input  `frames` uint8 [N,H,W,3], RGB, H and W multiples of 32 (N, H, W free).
Output `boxes` float32 [N,A,4] x1,y1,x2,y2 in input pixels; `scores` float32 [N,A,5] objectness x class, 0..1.
A = H*W/64 + H*W/256 + H*W/1024. The caller keeps scores above its threshold and runs non-maximum suppression."""
import hashlib, sys, warnings
import onnx, torch, torch.nn as nn
from network import CLASSES, Net, decode

warnings.filterwarnings('ignore')


class Eyes(nn.Module):
    def __init__(s, net):
        super().__init__()
        s.net = net
        net.stem[0].weight.data /= 255  # pixels stay 0..255 in the graph

    def forward(s, frames):
        box, obj, cls, _ = decode(s.net(frames.permute(0, 3, 1, 2).float()))
        return box, obj.sigmoid()[..., None] * cls.sigmoid()


def load(path):
    net = Net()
    net.load_state_dict({k: v.float() if v.dtype == torch.half else v for k, v in torch.load(path, map_location='cpu')['ema'].items()})
    return Eyes(net).eval()


def export(src, dst):
    m = load(src)
    axes = dict(frames={0: 'n', 1: 'h', 2: 'w'}, boxes={0: 'n', 1: 'a'}, scores={0: 'n', 1: 'a'})
    torch.onnx.export(m, torch.zeros(2, 256, 416, 3, dtype=torch.uint8), dst, opset_version=13, input_names=['frames'],
                      output_names=['boxes', 'scores'], dynamic_axes=axes)
    g = onnx.load(dst)
    onnx.checker.check_model(g)
    for k, v in dict(classes=','.join(CLASSES), input='uint8 NHWC RGB, H and W multiples of 32',
                     licence='Apache-2.0; training pictures CC BY 4.0, credits in models/README.md').items():
        g.metadata_props.add(key=k, value=v)
    onnx.save(g, dst)
    b = open(dst, 'rb').read()
    print(f"for models/catalogue.ts: sha256: '{hashlib.sha256(b).hexdigest()}', bytes: {len(b)},")


def keep_half(src, dst):
    """The averaged weights in half precision, half the size: enough to go on training from."""
    s = torch.load(src, map_location='cpu')
    torch.save(dict(ema={k: v.half() if v.dtype == torch.float else v for k, v in s['ema'].items()}, classes=s['classes'], step=s['step']), dst)


if __name__ == '__main__':
    export(*sys.argv[1:3])
    if len(sys.argv) > 3:
        keep_half(sys.argv[1], sys.argv[3])
