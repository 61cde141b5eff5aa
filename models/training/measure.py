"""Average precision and recall of one or several checkpoints, by one script, so that old and new can be compared:
  /usr/bin/python3 measure.py OLD.pt NEW.pt --street STREET --people people --rendered HELD_OUT"""
import argparse, os
import cv2, numpy as np, torch
from torchvision.ops import batched_nms
import pictures
from network import CLASSES, Net, decode

NC = len(CLASSES)


@torch.no_grad()
def detect(net, xs, low=.02, nms=.6):
    """uint8 RGB [N,H,W,3] -> per picture (boxes, scores, classes)."""
    box, obj, cls, _ = decode(net(torch.from_numpy(xs).permute(0, 3, 1, 2).float() / 255))
    out = []
    for b, s in zip(box, obj.sigmoid()[..., None] * cls.sigmoid()):
        i, c = (s > low).nonzero().t()
        s = s[i, c]
        keep = batched_nms(b[i], s, c, nms)[:200]
        out.append(without_riders(b[i][keep].numpy(), s[keep].numpy(), c[keep].numpy()))
    return out


def without_riders(b, s, c):
    """As the server does (analytics/detect/join-riders.ts): who lies mostly inside a two-wheeler's box is its rider."""
    p, m = np.where(c == 0)[0], np.where(c == 1)[0]
    if len(p) and len(m):
        rider = (pictures.inter(b[p], b[m]) > .75 * pictures.area(b[p])[:, None]) & (s[m][None] >= s[p][:, None])
        keep = np.setdiff1d(np.arange(len(c)), p[rider.any(1)])
        b, s, c = b[keep], s[keep], c[keep]
    return b, s, c


def view(im, W, H, stretched=False):
    """The picture as the server shows it to the network: whole, not stretched, grey below. Version 1's card measured it `stretched`."""
    h = H if stretched else round(W * pictures.SH / pictures.SW)
    out = np.full((H, W, 3), 114, np.uint8)
    out[:h] = cv2.resize(im, (W, h), interpolation=cv2.INTER_AREA)[:, :, ::-1]
    return out


def evaluate(net, items, W=640, H=384, cut=.4, complete=False, stretched=False):
    """AP50 per class, and precision/recall at score `cut`, against labels made by people. Street vehicles strictly: what the
    set leaves out (far, parked) counts as a false alarm. A person found in a region its judge could not tell counts for
    neither side; `complete` (every object is labelled but for such regions): so does any class."""
    net.eval()
    found, total = [[] for _ in CLASSES], np.zeros(NC, int)
    for k in range(0, len(items), 16):
        part = items[k:k + 16]
        xs = np.stack([view(i[0], W, H, stretched) for i in part])
        for (b, s, c), (_, lab, faint) in zip(detect(net, xs), part):
            b = b / np.array([W, H if stretched else round(W * pictures.SH / pictures.SW)] * 2, np.float32)
            for q in range(NC):
                g = lab[lab[:, 0] == q, 1:]
                d, ds, used = b[c == q], s[c == q], set()
                total[q] += len(g)
                if len(g) and len(d):
                    x = pictures.inter(d, g)
                    iou = x / (pictures.area(d)[:, None] + pictures.area(g)[None] - x)
                skip = pictures.inside(d, faint[:, :4]) > .5 if q == 0 or complete else np.zeros(len(d), bool)
                for j in range(len(d)):
                    hit = 0
                    if len(g):
                        o = np.where([m in used for m in range(len(g))], 0, iou[j])
                        m = int(o.argmax())
                        if o[m] >= .5:
                            used.add(m)
                            hit = 1
                    if hit or not skip[j]:
                        found[q].append((ds[j], hit))
    rep = {}
    for q, name in enumerate(CLASSES):
        r = np.array(sorted(found[q], key=lambda v: -v[0])).reshape(-1, 2)
        tp, nn_ = np.cumsum(r[:, 1]), np.arange(1, len(r) + 1)
        pr = np.maximum.accumulate((tp / nn_)[::-1])[::-1]
        rec = tp / max(total[q], 1)
        at = int((r[:, 0] >= cut).sum())
        rep[name] = dict(ap50=round(float(np.sum(np.diff(np.concatenate([[0], rec])) * pr)), 3), n=int(total[q]),
                         p=round(float(tp[at - 1] / at), 2) if at else 0, r=round(float(rec[at - 1]), 2) if at else 0)
    net.train()
    return rep


def short(rep): return ' '.join(f"{k} {v['ap50']:.3f} (P{v['p']} R{v['r']} n{v['n']})" for k, v in rep.items() if v['n'])


def main():
    a = argparse.ArgumentParser()
    a.add_argument('checkpoints', nargs='+')
    a.add_argument('--street', required=True, help='folder holding train/ and valid/')
    a.add_argument('--people', default='', help='folder of people labelled by eye: measures on the cameras kept for judging')
    a.add_argument('--rendered', default='', help='folder of rendered frames')
    a.add_argument('--every', type=int, default=1, help='measure on every n-th street picture')
    a.add_argument('--only', default='', help='parts of names of rendered frames, each measured apart, e.g. day,night')
    a.add_argument('--sizes', default='640x384')
    a.add_argument('--stretched', action='store_true', help='fill the whole input with the picture, as version 1\'s card did; the server never does')
    a.add_argument('--threads', type=int, default=2)
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    sets = [('valid', pictures.load(f'{a.street}/valid', pictures.STREET, every=a.every), False)]
    if a.people:
        sets.append(('people by eye', pictures.judged_by_eye(a.street, a.people), False))
    for only in a.only.split(',') if a.rendered else ():
        sets.append((f'rendered {only}', pictures.load(a.rendered, pictures.OURS, only=only), True))
    net = Net()
    for path in a.checkpoints:
        net.load_state_dict({k: v.float() if v.dtype == torch.half else v for k, v in torch.load(path, map_location='cpu')['ema'].items()})
        for name, items, complete in sets:
            for size in a.sizes.split(','):
                print(os.path.basename(path), name, len(items), size, short(evaluate(net, items, *map(int, size.split('x')), complete=complete, stretched=a.stretched)), flush=True)


if __name__ == '__main__':
    main()
