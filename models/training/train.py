"""Trains eyes on street pictures and rendered frames. The one command stands in README.md beside this file.
Stop it at any time and give the same command again: OUT.last.pt holds weights, averaged weights, optimiser and the step
reached, and training goes on from there."""
import argparse, random
import numpy as np, torch, torch.nn.functional as F
import pictures
from course import Course, begin, has_bfloat16, log
from export import export
from measure import evaluate, short
from network import CLASSES, Net, decode

NC = len(CLASSES)


def pair_iou(a, b):
    i = (torch.min(a[:, None, 2:], b[None, :, 2:]) - torch.max(a[:, None, :2], b[None, :, :2])).clamp(0).prod(-1)
    return i / ((a[:, 2:] - a[:, :2]).prod(-1)[:, None] + (b[:, 2:] - b[:, :2]).prod(-1)[None] - i + 1e-6)


def giou(a, b):
    i = (torch.min(a[:, 2:], b[:, 2:]) - torch.max(a[:, :2], b[:, :2])).clamp(0).prod(-1)
    u = (a[:, 2:] - a[:, :2]).prod(-1) + (b[:, 2:] - b[:, :2]).prod(-1) - i + 1e-6
    c = (torch.max(a[:, 2:], b[:, 2:]) - torch.min(a[:, :2], b[:, :2])).prod(-1) + 1e-6
    return i / u - (c - u) / c


@torch.no_grad()
def assign(g, gc, box, obj, cls, cells):
    """SimOTA: which cells answer for which of the boxes g. -> cell indices, box indices, IoU."""
    x, y, st = cells.t()
    inb = (x > g[:, :1]) & (x < g[:, 2:3]) & (y > g[:, 1:2]) & (y < g[:, 3:])
    c, r = (g[:, :2] + g[:, 2:]) / 2, 1.5 * st
    inc = ((x - c[:, :1]).abs() < r) & ((y - c[:, 1:]).abs() < r)
    cand = (inb | inc).any(0).nonzero()[:, 0]
    if not len(cand):
        return cand, cand, cand.float()
    iou = pair_iou(g, box[cand])
    p = (obj[cand].sigmoid()[:, None] * cls[cand].sigmoid()).sqrt().clamp(1e-4, 1 - 1e-4)
    neg = -torch.log1p(-p)
    cc = neg.sum(1)[None] - neg[:, gc].t() - p[:, gc].log().t()  # cross entropy of each cell against each box's class
    cost = cc - 3 * torch.log(iou + 1e-6) + 1e5 * (~(inb & inc)[:, cand])
    k = iou.topk(min(10, len(cand)), 1)[0].sum(1).int().clamp(1)
    order = cost.topk(min(int(k.max()), len(cand)), 1, largest=False)[1]
    M = torch.zeros_like(cost).scatter_(1, order, (torch.arange(order.shape[1])[None] < k[:, None]).float())
    twice = M.sum(0) > 1
    if twice.any():
        j = cost[:, twice].argmin(0)
        M[:, twice] = 0
        M[j, twice.nonzero()[:, 0]] = 1
    pos = (M.sum(0) > 0).nonzero()[:, 0]
    gi = M[:, pos].argmax(0)
    return cand[pos], gi, iou[gi, pos]


def loss_of(outs, labels, faint):
    box, obj, cls, cells = decode(outs)
    want, care, lb, lc, n = torch.zeros_like(obj), torch.ones_like(obj), 0., 0., 0
    for k, (t, ig) in enumerate(zip(labels, faint)):
        if len(ig):
            x, y = cells[:, 0], cells[:, 1]
            covers = (x > ig[:, :1]) & (x < ig[:, 2:3]) & (y > ig[:, 1:2]) & (y < ig[:, 3:4])
            care[k] = torch.where(covers, ig[:, 4:].clamp(0), 1.).amin(0)
            rider = covers[ig[:, 4] < 0].any(0)  # whatever the answer there is, it is no person
            lc = lc + .5 * F.softplus(cls[k, rider, 0]).sum()
        if not len(t):
            continue
        gc = t[:, 0].long()
        pi, gi, iou = assign(t[:, 1:], gc, box[k].detach(), obj[k].detach(), cls[k].detach(), cells)
        if not len(pi):
            continue
        want[k, pi], care[k, pi], n = 1, 1, n + len(pi)
        lb = lb + (1 - giou(box[k, pi], t[gi, 1:])).sum()
        lc = lc + F.binary_cross_entropy_with_logits(cls[k, pi], F.one_hot(gc[gi], NC).float() * iou[:, None], reduction='sum')
    lo = F.binary_cross_entropy_with_logits(obj, want, weight=care, reduction='sum')
    return (lo + 5 * lb + lc) / max(n, 1)


def arguments():
    a = argparse.ArgumentParser()
    a.add_argument('--street', required=True, help='folder holding train/ and valid/')
    a.add_argument('--pre', default='', help='what a teacher saw in these pictures: folder holding train/ and valid/; without it only human labels count')
    a.add_argument('--people', default='', help='folder of people labelled by eye; the cameras kept for judging are left out')
    a.add_argument('--things', type=int, default=1, help='0: riders are background, and neither cyclists nor what an eye has called nobody are set down: more people are found, and more that are none')
    a.add_argument('--left-out', type=float, default=.3, help='where only the teacher saw a vehicle, an empty answer counts this much as background')
    a.add_argument('--every', type=int, default=1, help='learn from every n-th street picture')
    a.add_argument('--near', default='', help='folder of the frames that people/near.txt has labels for')
    a.add_argument('--rendered', default='', help='folder of rendered frames, or several with commas between, labelled in our own classes')
    a.add_argument('--truck', type=float, default=1, help='how much more often a street picture with trucks is taken')
    a.add_argument('--share', type=float, default=.35, help='share of the samples that comes from rendered frames')
    a.add_argument('--warm', default='', help='checkpoint to begin from')
    a.add_argument('--out', required=True, help='checkpoint to write; OUT.last.pt beside it is where a stopped run goes on')
    a.add_argument('--onnx', default='', help='model file to write at the end')
    a.add_argument('--steps', type=int, default=3000)
    a.add_argument('--judge-every', type=int, default=0, help='measure the averaged weights on street/valid and the people by eye every so many steps, at the first size')
    a.add_argument('--batch', type=int, default=16)
    a.add_argument('--zoom', type=float, default=.1, help='share of close-ups of pedestrians')
    a.add_argument('--size', default='416x256', help='one or several, e.g. 416x256,640x384: each step takes one; --batch is for the first')
    a.add_argument('--lr', type=float, default=7e-4)
    a.add_argument('--keep-early', type=int, default=0, help='1: the first layers, which see edges and colours, stay as they are: half the time, and less is forgotten')
    a.add_argument('--threads', type=int, default=2)
    a.add_argument('--bf16', type=int, default=int(has_bfloat16()), help='0: reckon in float. As the processor is better at, unless said')
    a.add_argument('--seed', type=int, default=1)
    return a.parse_args()


def gather(a):
    """-> pictures, cumulative sampling weights, what is rare: people, cyclists and things that look like people."""
    people = pictures.read_people(f'{a.people}/train.txt') if a.people else None
    if people and not a.things:
        people = {name: [('no' if kind == 'rider' else kind, box) for kind, box in seen] for name, seen in people.items()}
    kept = set(open(f'{a.people}/judge-cameras.txt').read().split()) if a.people else ()
    T = pictures.load(f'{a.street}/train', pictures.STREET, a.pre and f'{a.pre}/train', a.every, people=people, but=kept, left_out=a.left_out)
    files = pictures.files_of(f'{a.street}/train', a.every, but=kept)
    cyclists, things = (pictures.cyclists(files), pictures.things(files, T, people or {})) if a.things else ([], [])
    w, street = np.array(pictures.weights(T, a.truck)), len(T)
    w /= w.sum()
    for share, more in ((a.share, [i for folder in filter(None, a.rendered.split(',')) for i in pictures.load(folder, pictures.OURS)]),
                        (.04, a.near and pictures.load(a.near, pictures.OURS, people=pictures.read_people(f'{a.people}/near.txt')))):
        if more:
            v = np.array(pictures.weights(more))
            T, w = T + more, np.concatenate([w * (1 - share), v / v.sum() * share])
    log('pictures', len(T), 'labels', np.bincount(np.concatenate([t[1][:, 0] for t in T]).astype(int), minlength=NC).tolist(),
        'faint', sum(len(t[2]) for t in T), 'cyclists', len(cyclists), 'nobody', len(things))
    return T, np.cumsum(w).tolist(), dict(people=pictures.pedestrians(T[:street]) * 3 + pictures.pedestrians(T), cyclists=cyclists, things=things)


def judges(a):
    """-> (name, pictures) to measure on: the street set's own valid/, and the two cameras whose people were labelled by eye."""
    sets = [('valid', pictures.load(f'{a.street}/valid', pictures.STREET))]
    return sets + [('people by eye', pictures.judged_by_eye(a.street, a.people))] if a.people else sets


def optimiser(net, lr):
    groups = [dict(params=[p for p in net.parameters() if p.ndim > 1], weight_decay=.02), dict(params=[p for p in net.parameters() if p.ndim < 2], weight_decay=0)]
    return torch.optim.AdamW(groups, lr)


def train(a):
    """-> the network with averaged weights."""
    sizes = [tuple(map(int, s.split('x'))) for s in a.size.split(',')]
    T, w, rare = gather(a)
    judged = judges(a) if a.judge_every else []
    net = Net()
    if a.warm:
        net.load_state_dict({k: v.float() if v.dtype == torch.half else v for k, v in torch.load(a.warm, map_location='cpu')['ema'].items()})
    course = Course(net, optimiser(net, a.lr), a.out, a.steps, a.lr, a.seed, rise=50, more=dict(classes=CLASSES))
    net = net.to(memory_format=torch.channels_last)
    if a.keep_early:
        for early in (net.stem, net.s1, net.s2):
            early.eval().requires_grad_(False)
    while course.goes_on():
        W, H = random.choice(sizes)
        n = max(2, a.batch * sizes[0][0] * sizes[0][1] // (W * H))
        S = [pictures.sample(T, w, W, H, .5 if course.done < .8 else 0, **rare, zoom=a.zoom) for _ in range(n)]
        x = torch.from_numpy(np.stack([s[0] for s in S])).permute(0, 3, 1, 2).float().div_(255)
        with torch.autocast('cpu', dtype=torch.bfloat16, enabled=bool(a.bf16)):
            o = net(x.contiguous(memory_format=torch.channels_last))
        step = course.learn(loss_of(o, [torch.from_numpy(s[1]).float() for s in S], [torch.from_numpy(s[2]).float() for s in S]))
        if a.judge_every and step % a.judge_every == 0:
            for name, items in judged:
                log(f'step {step} {name} {short(evaluate(course.mean(Net()), items, *sizes[0]))}')
    course.finish()
    return course.mean(Net())


def main():
    a = arguments()
    begin(a.seed, a.threads)
    averaged = train(a)
    if a.onnx:
        export(a.out, a.onnx)
    for name, items in judges(a):
        log(name, short(evaluate(averaged, items, *map(int, a.size.split(',')[0].split('x')))))


if __name__ == '__main__':
    main()
