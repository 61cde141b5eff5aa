"""eyes: a small fully convolutional detector (CSP backbone, PAN neck, anchor-free decoupled head)."""
import torch, torch.nn as nn, torch.nn.functional as F

CLASSES = ['person', 'two_wheeler', 'car', 'bus', 'truck']
STRIDES = (8, 16, 32)


class Thin(torch.autograd.Function):
    """A depthwise convolution whose way back is taken in steps that oneDNN is quick at: PyTorch 1.13 takes 28 ms for one of
    64 x 32 x 52 x 16 pictures in bfloat16, this 13, and there are fifteen in the network (one thread, AMD EPYC)."""

    @staticmethod
    def forward(ctx, x, w, stride, pad):
        ctx.save_for_backward(x, w)
        ctx.at = stride, pad
        return F.conv2d(x, w, None, stride, pad, 1, x.shape[1])

    @staticmethod
    def backward(ctx, g):
        (x, w), (stride, pad) = ctx.saved_tensors, ctx.at
        back = lambda which: torch.ops.aten.convolution_backward(g.float(), x.float(), w.float(), None, stride, pad, [1, 1], False, [0, 0], x.shape[1], which)
        gx = F.conv2d(g, w.flip(2, 3), None, 1, pad, 1, x.shape[1]) if stride[0] == 1 else back([True, False, False])[0].to(x.dtype)
        return gx, back([False, True, False])[1].to(w.dtype), None, None


class Depthwise(nn.Conv2d):
    def forward(s, x):
        if not (s.training and torch.is_autocast_cpu_enabled()):
            return super().forward(x)
        return Thin.apply(x.bfloat16(), s.weight.bfloat16(), list(s.stride), list(s.padding))


def cbr(i, o, k=3, s=1, g=1):
    return nn.Sequential((nn.Conv2d if g == 1 else Depthwise)(i, o, k, s, k // 2, groups=g, bias=False), nn.BatchNorm2d(o), nn.ReLU(True))


def dw(i, o, s=1, k=5):  # depthwise + pointwise
    return nn.Sequential(cbr(i, i, k, s, i), cbr(i, o, 1))


class CSP(nn.Module):
    def __init__(s, c, n):
        super().__init__()
        h = c // 2
        s.a, s.b, s.o = cbr(c, h, 1), cbr(c, h, 1), cbr(c, c, 1)
        s.m = nn.ModuleList([nn.Sequential(cbr(h, h, 1), cbr(h, h, 3)) for _ in range(n)])

    def forward(s, x):
        a = s.a(x)
        for m in s.m:
            a = a + m(a)
        return s.o(torch.cat([a, s.b(x)], 1))


class Net(nn.Module):
    """RGB 0..1 -> per stride [N, 5 + classes, h, w]: dx, dy, log w, log h (in strides), objectness, classes (logits)."""

    def __init__(s, c=(16, 32, 64, 96, 160), n=64):
        super().__init__()
        s.stem = cbr(3, c[0], 3, 2)
        s.s1 = nn.Sequential(cbr(c[0], c[1], 3, 2), CSP(c[1], 1))
        s.s2 = nn.Sequential(cbr(c[1], c[2], 3, 2), CSP(c[2], 2))
        s.s3 = nn.Sequential(cbr(c[2], c[3], 3, 2), CSP(c[3], 3))
        s.s4 = nn.Sequential(cbr(c[3], c[4], 3, 2), CSP(c[4], 2), dw(c[4], c[4]))
        s.l = nn.ModuleList([cbr(c[2], n, 1), cbr(c[3], n, 1), cbr(c[4], n, 1)])
        s.t = nn.ModuleList([dw(n, n), dw(n, n)])        # top-down
        s.d = nn.ModuleList([dw(n, n, 2), dw(n, n, 2)])  # bottom-up
        s.q = nn.ModuleList([dw(n, n), dw(n, n)])
        s.hb = nn.ModuleList([nn.Sequential(dw(n, n), dw(n, n)) for _ in STRIDES])  # box + objectness tower
        s.hc = nn.ModuleList([nn.Sequential(dw(n, n), dw(n, n)) for _ in STRIDES])  # class tower
        s.ob = nn.ModuleList([nn.Conv2d(n, 5, 1) for _ in STRIDES])
        s.oc = nn.ModuleList([nn.Conv2d(n, len(CLASSES), 1) for _ in STRIDES])
        for o in [*s.ob, *s.oc]:
            nn.init.normal_(o.weight, std=.01)
            nn.init.zeros_(o.bias)
        for o in s.ob:
            o.bias.data[4] = -4.6
        for o in s.oc:
            o.bias.data[:] = -2

    def forward(s, x):
        a = s.s2(s.s1(s.stem(x)))
        b = s.s3(a)
        c = s.s4(b)
        a, b, c = s.l[0](a), s.l[1](b), s.l[2](c)
        b = s.t[1](b + F.interpolate(c, scale_factor=2., mode='nearest'))
        a = s.t[0](a + F.interpolate(b, scale_factor=2., mode='nearest'))
        b = s.q[0](b + s.d[0](a))
        c = s.q[1](c + s.d[1](b))
        return [torch.cat([s.ob[i](s.hb[i](f)), s.oc[i](s.hc[i](f))], 1) for i, f in enumerate((a, b, c))]


def decode(outs):
    """Head maps -> boxes [N,A,4] in input pixels, objectness logits [N,A], class logits [N,A,C], cells [A,3] (x, y, stride)."""
    boxes, obj, cls, cells = [], [], [], []
    for o, st in zip(outs, STRIDES):
        o = o.float()
        one = torch.ones_like(o[:, :1])
        gx, gy = (one.cumsum(3) - .5) * st, (one.cumsum(2) - .5) * st  # cell centres; cumsum keeps the exported graph size-free
        x, y = o[:, 0:1] * st + gx, o[:, 1:2] * st + gy
        w, h = o[:, 2:3].clamp(-6, 6).exp() * (st / 2), o[:, 3:4].clamp(-6, 6).exp() * (st / 2)
        boxes.append(torch.cat([x - w, y - h, x + w, y + h], 1).flatten(2))
        obj.append(o[:, 4].flatten(1))
        cls.append(o[:, 5:].flatten(2))
        cells.append(torch.cat([gx[0], gy[0], one[0] * st]).flatten(1))
    return torch.cat(boxes, 2).transpose(1, 2), torch.cat(obj, 1), torch.cat(cls, 2).transpose(1, 2), torch.cat(cells, 1).t()

