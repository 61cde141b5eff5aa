"""Checkpoint -> ONNX with pixel preparation and decoding inside, then a check of the written graph.
  /usr/bin/python3 export.py eyes.pt ../eyes.onnx
Input  `frames` uint8 [N,H,W,3], RGB, H and W multiples of 32 (N, H, W free).
Output `boxes` float32 [N,A,4] x1,y1,x2,y2 in input pixels; `scores` float32 [N,A,5] objectness x class, 0..1.
A = H*W/64 + H*W/256 + H*W/1024. The caller keeps scores above its threshold and runs non-maximum suppression."""
import sys, warnings
import numpy as np, onnx, torch, torch.nn as nn
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
    net.load_state_dict(torch.load(path, map_location='cpu')['ema'])
    return Eyes(net).eval()


if __name__ == '__main__':
    src, dst = sys.argv[1:3]
    m = load(src)
    axes = dict(frames={0: 'n', 1: 'h', 2: 'w'}, boxes={0: 'n', 1: 'a'}, scores={0: 'n', 1: 'a'})
    torch.onnx.export(m, torch.zeros(2, 256, 416, 3, dtype=torch.uint8), dst, opset_version=13, input_names=['frames'],
                      output_names=['boxes', 'scores'], dynamic_axes=axes)
    g = onnx.load(dst)
    onnx.checker.check_model(g)
    for k, v in dict(classes=','.join(CLASSES), input='uint8 NHWC RGB, H and W multiples of 32',
                     licence='see models/README.md; training pictures CC BY 4.0 (attribution there)').items():
        g.metadata_props.add(key=k, value=v)
    onnx.save(g, dst)
    print('nodes', len(g.graph.node), sorted({n.op_type for n in g.graph.node}))
    if len(sys.argv) > 3:  # a folder for a reference input and output, compared by check.mjs
        x = torch.from_numpy(np.random.RandomState(0).randint(0, 256, (2, 384, 640, 3), np.uint8))
        with torch.no_grad():
            b, s = m(x)
        for name, t in (('frames.u8', x), ('boxes.f32', b), ('scores.f32', s)):
            t.contiguous().numpy().tofile(f'{sys.argv[3]}/{name}')
