"""Two small networks for plates.

Finder: square windows of a frame -> where plates are, as four corners. Reader: a plate's four corners -> its letters.
Both take the frame's own bytes and cut what they look at inside the graph (grid sampling), so that the caller moves no pixel."""
import torch, torch.nn as nn, torch.nn.functional as F

WINDOW = 160            # a window is looked at as 160 x 160, sampled at twice that and averaged against aliasing
STRIP = (32, 192)       # a plate is read as one row, 32 high; of two rows the upper one comes first, 96 wide each
ROWS = ((0., .53), (.45, 1.))  # what of a two-row plate belongs to which row, some of it to both


def cbr(i, o, k=3, s=1, g=1):
    k = (k, k) if isinstance(k, int) else k
    return nn.Sequential(nn.Conv2d(i, o, k, s, (k[0] // 2, k[1] // 2), groups=g, bias=False), nn.BatchNorm2d(o), nn.ReLU(True))


class Block(nn.Module):
    def __init__(s, c, k=3):
        super().__init__()
        s.m = nn.Sequential(cbr(c, c, k), cbr(c, c, k))

    def forward(s, x): return x + s.m(x)


class Finder(nn.Module):
    """RGB 0..1 [N,3,H,W] -> [N, 10, H/4, W/4]: plate logit, corners from the cell's middle in windows/8 (8), two-rows logit."""

    def __init__(s, c=(16, 24, 40, 64)):
        super().__init__()
        s.a = nn.Sequential(cbr(3, c[0], 3, 2), cbr(c[0], c[1], 3, 2), Block(c[1]))
        s.b = nn.Sequential(cbr(c[1], c[2], 3, 2), Block(c[2]))
        s.c = nn.Sequential(cbr(c[2], c[3], 3, 2), Block(c[3]), Block(c[3]))
        s.cb, s.ba = cbr(c[3], c[2], 1), cbr(c[2], c[1], 1)
        s.fb, s.fa = cbr(c[2], c[2]), cbr(c[1], c[1])
        s.head = nn.Sequential(cbr(c[1], 48), cbr(48, 48, 5, 1, 48), cbr(48, 48, 1), nn.Conv2d(48, 10, 1))
        nn.init.normal_(s.head[-1].weight, std=.01)
        nn.init.zeros_(s.head[-1].bias)
        s.head[-1].bias.data[0] = -4.6

    def forward(s, x):
        a = s.a(x)
        b = s.b(a)
        c = s.c(b)
        b = s.fb(b + F.interpolate(s.cb(c), scale_factor=2., mode='nearest'))
        return s.head(s.fa(a + F.interpolate(s.ba(b), scale_factor=2., mode='nearest')))


class Reader(nn.Module):
    """RGB 0..1 [N,3,32,192] -> letter logits [N,48,1+letters] (0 is "none", CTC), colour logits [N,4]."""

    def __init__(s, letters, c=(24, 48, 80, 112)):
        super().__init__()
        s.a = nn.Sequential(cbr(3, c[0], 3, 2), Block(c[0]))               # 16 x 96
        s.b = nn.Sequential(cbr(c[0], c[1], 3, 2), Block(c[1]))            # 8 x 48
        s.c = nn.Sequential(cbr(c[1], c[2], 3, (2, 1)), Block(c[2]))       # 4 x 48
        s.d = nn.Sequential(cbr(c[2], c[3], 3, (2, 1)), Block(c[3]))       # 2 x 48
        s.flat = nn.Sequential(nn.Conv2d(c[3], 128, (2, 1), bias=False), nn.BatchNorm2d(128), nn.ReLU(True))
        s.t = nn.Sequential(Block(128, (1, 5)), nn.Dropout2d(.1), nn.Conv2d(128, 1 + letters, 1))
        s.colour = nn.Linear(c[1], 4)

    def forward(s, x):
        b = s.b(s.a((x - .5) * 4))
        return s.t(s.flat(s.d(s.c(b))))[:, :, 0].transpose(1, 2), s.colour(b.mean((2, 3)))


def strip_grid(two):
    """Where of the unit plate each pixel of the strip lies: [32,192,2] (u right, v down, 0..1)."""
    h, w = STRIP
    y, x = (torch.arange(h) + .5) / h, (torch.arange(w) + .5) / w
    if not two:
        return torch.stack([x[None].expand(h, w), y[:, None].expand(h, w)], 2)
    right = (x >= .5).float()
    lo = ROWS[0][0] * (1 - right) + ROWS[1][0] * right
    hi = ROWS[0][1] * (1 - right) + ROWS[1][1] * right
    return torch.stack([(x * 2 - right)[None].expand(h, w), lo[None] + y[:, None] * (hi - lo)[None]], 2)
