"""Weights back out of a shipped file: the finder of eyes.onnx as a checkpoint that train.py takes as --warm, and measure.py measures.
  /usr/bin/python3 from_onnx.py ../eyes.onnx CHECKPOINT.pt --pictures STREET/train
An exported file has its normalisations folded into the convolutions. They are unfolded again with the means and variances of these pictures:
the network answers as before, and learns on as if it had never been folded."""
import argparse, glob, os, random
import cv2, numpy as np, onnx, torch, torch.nn as nn
from onnx import numpy_helper
from network import CLASSES, Net

PICTURES, AT_ONCE, W, H = 300, 20, 416, 256


def convolutions(path):
    """-> [(weights, biases)] in the order in which the graph runs them; the second look's come last."""
    graph = onnx.load(path).graph
    known = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    known.update({n.output[0]: numpy_helper.to_array(n.attribute[0].t) for n in graph.node if n.op_type == 'Constant'})
    return [[torch.tensor(known[name]).float() for name in n.input[1:3]] for n in graph.node if n.op_type == 'Conv' and n.input[1] in known]


def parts(net):
    """-> [(convolution, its normalisation or None)] in the order in which the network runs them."""
    of, order = dict(net.named_modules()), []
    hooks = [m.register_forward_hook(lambda m, i, o, name=name: order.append(name)) for name, m in of.items() if isinstance(m, nn.Conv2d)]
    net(torch.zeros(1, 3, 64, 64))
    for h in hooks:
        h.remove()
    return [(of[name], None if of[name].bias is not None else of[name[:-1] + '1']) for name in order]


def unfold(net, folded):
    for (conv, norm), (w, b) in zip(parts(net), folded):
        assert conv.weight.shape == w.shape, f'this file is of another network: {tuple(w.shape)} where {tuple(conv.weight.shape)} was to be'
        conv.weight.data = w * 255 if conv is net.stem[0] else w
        if norm is None:
            conv.bias.data = b
        else:
            norm.weight.data, norm.bias.data = torch.ones_like(b), b
            norm.running_mean.zero_(), norm.running_var.fill_(1 - norm.eps)


def give_statistics(net, batches):
    """Every normalisation gets the mean and variance of what it sees, and a scale and shift that leave its answer as it was."""
    sums = {}

    def note(norm, i, _):
        x, s = i[0].double(), sums.setdefault(norm, [0, 0, 0])
        s[0], s[1], s[2] = s[0] + x.sum((0, 2, 3)), s[1] + (x ** 2).sum((0, 2, 3)), s[2] + x.numel() / x.shape[1]

    hooks = [m.register_forward_hook(note) for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    for x in batches:
        net(x)
    for h in hooks:
        h.remove()
    for norm, (total, squares, n) in sums.items():
        mean = total / n
        norm.running_mean.copy_(mean), norm.running_var.copy_((squares / n - mean ** 2).clamp(1e-9))
        norm.weight.data, norm.bias.data = (norm.running_var + norm.eps).sqrt(), norm.bias.data + norm.running_mean


def look(file):
    im = cv2.resize(cv2.imread(file), (W, W * 9 // 16), interpolation=cv2.INTER_AREA)
    whole = np.full((H, W, 3), 114, np.uint8)
    top = (H - im.shape[0]) // 2
    whole[top:top + im.shape[0]] = im
    return torch.from_numpy(whole[:, :, ::-1].copy()).permute(2, 0, 1).float() / 255


def main():
    p = argparse.ArgumentParser()
    p.add_argument('file'), p.add_argument('out'), p.add_argument('--pictures', required=True)
    a = p.parse_args()
    files = sorted(glob.glob(os.path.join(a.pictures, '*.jpg')))
    files = random.Random(1).sample(files, min(PICTURES, len(files)))
    net = Net().eval()
    with torch.no_grad():
        unfold(net, convolutions(a.file))
        first = torch.stack([look(f) for f in files[:8]])
        before = [o.clone() for o in net(first)]
        give_statistics(net, (torch.stack([look(f) for f in files[k:k + AT_ONCE]]) for k in range(0, len(files), AT_ONCE)))
        print('largest change of an answer', max(float((x - y).abs().max()) for x, y in zip(before, net(first))))
    torch.save(dict(ema=net.state_dict(), classes=CLASSES, step=0), a.out)


if __name__ == '__main__':
    main()
