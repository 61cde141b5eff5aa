"""Checkpoints -> ONNX (opset 16) with cutting, preparation and decoding inside.
  /usr/bin/python3 export.py FINDER.pt READER.pt ../../plate-finder.onnx ../../plate-reader.onnx

plate-finder  frame uint8 [1,H,W,3] RGB · windows float32 [V,3]: middle x, y and side of squares, in pixels of the frame
              -> scores [V,8] 0..1 · corners [V,8,4,2] in pixels of the frame, from top left, clockwise · two [V,8]: share of "two rows"
plate-reader  frame uint8 [1,H,W,3] RGB · corners float32 [P,4,2] · two float32 [P]: 1 for a plate of two rows
              -> letters [P,48,32] shares (0 is "no letter", then ALPHABET) · colour [P,4]: white, yellow, blue, red"""
import hashlib, sys, warnings
import onnx, torch, torch.nn as nn, torch.nn.functional as F
from networks import Finder, Reader, STRIP, WINDOW, strip_grid
from plate_pictures import ALPHABET, COLOURS

warnings.filterwarnings('ignore')
KEPT = 8


def cut(frame, places):
    """frame uint8 [1,H,W,3]; places [M,h,w,2] in pixels -> [M,3,h,w] 0..1. One sampling of one picture, whatever M is."""
    x = frame.permute(0, 3, 1, 2).float() / 255
    size = torch.stack([torch.ones_like(x[0, 0, 0]).sum(), torch.ones_like(x[0, 0, :, 0]).sum()])
    h, w = places.shape[1], places.shape[2]
    grid = (places.reshape(1, -1, w, 2) * 2) / size - 1  # align_corners=False: pixel p's middle is p + .5
    return F.grid_sample(x, grid, mode='bilinear', padding_mode='border', align_corners=False).reshape(3, -1, h, w).transpose(0, 1)


class FinderGraph(nn.Module):
    def __init__(s, net):
        super().__init__()
        s.net = net
        n = 2 * WINDOW
        t = (torch.arange(n) + .5) / n - .5
        s.register_buffer('unit', torch.stack([t[None].expand(n, n), t[:, None].expand(n, n)], 2))
        c = WINDOW // 4
        k = (torch.arange(c) + .5) * 4
        s.register_buffer('cells', torch.stack([k[None].expand(c, c), k[:, None].expand(c, c)], 2).reshape(-1, 2))

    def forward(s, frame, windows):
        mid, side = windows[:, :2], windows[:, 2:]
        fine = cut(frame, mid[:, None, None] + s.unit[None] * side[:, None, None])
        y = s.net(F.avg_pool2d(fine, 2))
        p = y[:, :1].sigmoid()
        p = (p * (p == F.max_pool2d(p, 3, 1, 1))).flatten(1)
        score, at = p.topk(KEPT, 1)
        y = y.flatten(2).transpose(1, 2)  # [V, cells, 10]
        y = torch.gather(y, 1, at[:, :, None].expand(-1, -1, 10))
        cell = s.cells[at]
        q = y[:, :, 1:9].reshape(-1, KEPT, 4, 2) * (WINDOW / 8) + cell[:, :, None]
        q = (q / WINDOW - .5) * side[:, None, None] + mid[:, None, None]
        return score, q, y[:, :, 9].sigmoid()


class ReaderGraph(nn.Module):
    def __init__(s, net):
        super().__init__()
        s.net = net
        s.register_buffer('one', strip_grid(False))
        s.register_buffer('two', strip_grid(True))

    def forward(s, frame, corners, two):
        # The unit square onto four corners (Heckbert 1989): a, b, c; d, e, f; g, h.
        p0, p1, p2, p3 = corners[:, 0], corners[:, 1], corners[:, 2], corners[:, 3]
        d1, d2, e = p1 - p2, p3 - p2, p0 - p1 + p2 - p3
        det = d1[:, 0] * d2[:, 1] - d2[:, 0] * d1[:, 1]
        det = torch.where(det.abs() < 1e-6, torch.full_like(det, 1e-6), det)
        g = (e[:, 0] * d2[:, 1] - d2[:, 0] * e[:, 1]) / det
        h = (d1[:, 0] * e[:, 1] - e[:, 0] * d1[:, 1]) / det
        u = torch.where(two[:, None, None, None] > .5, s.two[None], s.one[None])
        u, v = u[..., :1], u[..., 1:]
        wide = lambda t: t[:, None, None]
        a, b = p1 - p0 + g[:, None] * p1, p3 - p0 + h[:, None] * p3
        over = wide(g[:, None]) * u + wide(h[:, None]) * v + 1
        letters, colour = s.net(cut(frame, (wide(a) * u + wide(b) * v + wide(p0)) / over))
        return letters.softmax(2), colour.softmax(1)


def weights(net, path):
    net.load_state_dict({k: v.float() if v.dtype == torch.half else v for k, v in torch.load(path, map_location='cpu')['ema'].items()})
    return net.eval()


def write(graph, inputs, dst, names, outs, axes, notes):
    torch.onnx.export(graph.eval(), inputs, dst, opset_version=16, input_names=names, output_names=outs, dynamic_axes=axes)
    g = onnx.load(dst)
    onnx.checker.check_model(g)
    for k, v in notes.items():
        g.metadata_props.add(key=k, value=v)
    onnx.save(g, dst)
    b = open(dst, 'rb').read()
    print(f"for models/catalogue.ts: {dst} sha256: '{hashlib.sha256(b).hexdigest()}', bytes: {len(b)},")


def main():
    finder, reader, to_finder, to_reader = sys.argv[1:5]
    frame = torch.randint(0, 255, (1, 300, 400, 3), dtype=torch.uint8)
    licence = 'Apache-2.0; street pictures behind drawn plates CC BY 4.0, credits in models/README.md'
    write(FinderGraph(weights(Finder(), finder)), (frame, torch.tensor([[200., 150, 100], [100, 100, 180]])), to_finder, ['frame', 'windows'], ['scores', 'corners', 'two'],
          dict(frame={1: 'h', 2: 'w'}, windows={0: 'v'}, scores={0: 'v'}, corners={0: 'v'}, two={0: 'v'}), dict(family='plate-finder', licence=licence))
    quad = torch.tensor([[100., 100], [180, 104], [178, 150], [99, 146]])
    write(ReaderGraph(weights(Reader(len(ALPHABET)), reader)), (frame, torch.stack([quad, quad + 20]), torch.tensor([1., 0])), to_reader, ['frame', 'corners', 'two'], ['letters', 'colour'],
          dict(frame={1: 'h', 2: 'w'}, corners={0: 'p'}, two={0: 'p'}, letters={0: 'p'}, colour={0: 'p'}), dict(family='plate-reader', alphabet=ALPHABET, colours=','.join(COLOURS), licence=licence))


if __name__ == '__main__':
    main()
