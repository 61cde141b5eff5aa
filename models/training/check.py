"""A second look at whoever is called a person: a small network that sees one claim at a time, cut out of the picture.

The detector finds most people and calls posts, bollards and riders people as well: in one pass, at every size, they are too much
alike. Here all come at one size, 32 x 48, with a little of their surroundings, and one question is asked.
  /usr/bin/python3 check.py --street STREET --people people --near NEAR --rendered RENDERED --out BUILD/check.pt
Stop it at any time and give the command again: it goes on where it was. add_check.py puts it into eyes.onnx."""
import argparse, math, os, random
import cv2, numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from torchvision.ops import roi_align
import pictures
from course import Course, begin, log
from network import cbr

WIDE, HIGH = 32, 48  # of a cut-out, in its own pixels
AROUND = 1.35        # it is so many times as high as the claim (or, where that is more, as the claim is wide), and two thirds as wide as high
KINDS = dict(person=.31, drawn_person=.18, near=.03, nobody=.16, rider=.11, two_wheeler=.11, drawn_two_wheeler=.06, street=.04)  # shares of what is learnt from
PEOPLE = ('person', 'drawn_person', 'near')
SURE = .02  # a label is wrong now and then: nobody is asked to be surer than this


class Check(nn.Module):
    """RGB 0..1 [N,3,48,32] -> logit [N]: is it a person?"""

    def __init__(s, c=(12, 24, 32, 48)):
        super().__init__()
        s.layers = nn.Sequential(cbr(3, c[0], 3, 2), cbr(c[0], c[1], 3, 2), cbr(c[1], c[1]), cbr(c[1], c[2], 3, 2), cbr(c[2], c[2]), cbr(c[2], c[3]), cbr(c[3], c[3]))
        s.last = nn.Linear(c[3], 1)

    def forward(s, x):
        return s.last(s.layers(x).mean((2, 3)))[:, 0]


def shown(im, width):
    """The picture at this width as a camera shows it to the detector: the whole of it, grey below down to the grid (measure.view)."""
    h = round(width * pictures.SH / pictures.SW)
    if width != pictures.SW:
        im = cv2.resize(im, (width, h), interpolation=random.choice((cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC)))
    return cv2.copyMakeBorder(im, 0, -h % 32, 0, 0, cv2.BORDER_CONSTANT, value=(114, 114, 114))


def cut_out(im, box):
    """The claim `box` (pixels of the picture) as the check sees it: by the same operator as in the graph of add_check.py, edges and all."""
    high = max(box[2] - box[0], box[3] - box[1]) * AROUND
    x, y, w = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, high * WIDE / HIGH
    roi = np.array([x - w / 2, y - high / 2, x + w / 2, y + high / 2])
    # Only what is sampled need become numbers; where the window ends, the picture does, or nothing is read.
    x0, y0 = max(0, min(im.shape[1] - 2, int(roi[0]) - 3)), max(0, min(im.shape[0] - 2, int(roi[1]) - 3))
    window = im[y0:max(y0 + 2, int(roi[3]) + 4), x0:max(x0 + 2, int(roi[2]) + 4)]
    part = torch.from_numpy(np.ascontiguousarray(window)).permute(2, 0, 1)[None].float()
    at = torch.tensor([[0, roi[0] - x0, roi[1] - y0, roi[2] - x0, roi[3] - y0]], dtype=torch.float32)
    return roi_align(part, at, (HIGH, WIDE), 1., 0)[0].permute(1, 2, 0).numpy().astype(np.uint8)


def gather(a):
    """-> kind: [(picture, box)]. Street pictures of the two judging cameras are left out."""
    kept, eye = set(open(f'{a.people}/judge-cameras.txt').read().split()), pictures.read_people(f'{a.people}/train.txt')
    pools = {k: [] for k in KINDS}
    for f in pictures.files_of(f'{a.street}/train', but=kept):
        im = cv2.resize(cv2.imread(f), (pictures.SW, pictures.SH), interpolation=cv2.INTER_AREA)
        vehicles = [pictures.corners(r, pictures.STREET) for r in pictures.read_rows(os.path.splitext(f)[0] + '.txt') if int(r[0]) in pictures.STREET]
        seen = eye.get(os.path.basename(f), ())
        for kind, box in seen:
            if kind in ('person', 'rider', 'no'):
                pools[dict(no='nobody').get(kind, kind)].append((im, box))
        pools['two_wheeler'] += [(im, r[1:]) for r in vehicles if r[0] == pictures.BIKE]
        if seen and not any(kind == 'unsure' for kind, _ in seen):
            pools['street'].append((im, None))
    for folder, who, what in ((a.near, 'near', pictures.read_people(f'{a.people}/near.txt') if a.near else None), (a.rendered, None, None)):
        for im, lab, _ in pictures.load(folder, pictures.OURS, people=what) if folder else ():
            for row in lab:
                kind = who or dict(enumerate(('drawn_person', 'drawn_two_wheeler'))).get(int(row[0]))
                if kind and (kind != 'near' or row[0] == pictures.PERSON):
                    pools[kind].append((im, row[1:]))
    log(*(f'{k} {len(v)}' for k, v in pools.items()))
    return pools


def anywhere():
    """A piece of street of a person's shape. A person may stand there unlabelled, but hardly ever does."""
    h = random.uniform(.05, .3)
    w = h * random.uniform(.3, .7) * pictures.SH / pictures.SW
    x, y = random.uniform(0, 1 - w), random.uniform(.25, 1 - h)
    return x, y, x + w, y + h


def beyond_edges(box):
    """Labels end where the picture does; the detector guesses how far who is cut by its edge goes on, and claims that."""
    w, h = box[2] - box[0], box[3] - box[1]
    low, high = [random.choice((0, random.uniform(0, .5))) * (box[k] < .004) for k in (0, 1)], [random.choice((0, random.uniform(0, .5))) * (box[k] > .996) for k in (2, 3)]
    return box[0] - low[0] * w, box[1] - low[1] * h, box[2] + high[0] * w, box[3] + high[1] * h


def sample(pools, kinds, shares):
    """-> cut-out RGB, whether it is a person."""
    kind = random.choices(kinds, shares)[0]
    im, box = random.choice(pools[kind])
    box = box if box is not None else anywhere()
    if kind.endswith('two_wheeler'):  # what a detector calls a person is its rider: the upper part, or all of it
        box = (*box[:3], box[1] + (box[3] - box[1]) * random.uniform(.6, 1))
    box = beyond_edges(box)
    width = random.choice((640, 640, 544, 480, 416, 416, 320))
    w, h = width * (box[2] - box[0]), width * (box[3] - box[1]) * pictures.SH / pictures.SW
    x = width * (box[0] + box[2]) / 2 + random.uniform(-.12, .12) * w
    y = width * (box[1] + box[3]) / 2 * pictures.SH / pictures.SW + random.uniform(-.1, .1) * h
    w, h = w * math.exp(random.uniform(-.2, .2)) / 2, h * math.exp(random.uniform(-.15, .15)) / 2
    v = cut_out(shown(im, width), (x - w, y - h, x + w, y + h))
    if random.random() < .5:
        v = v[:, ::-1]
    return pictures.light(np.ascontiguousarray(v))[:, :, ::-1], kind in PEOPLE


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--street', required=True, help='folder holding train/')
    a.add_argument('--people', required=True, help='folder of people labelled by eye')
    a.add_argument('--near', default='', help='folder of the frames that people/near.txt has labels for')
    a.add_argument('--rendered', default='', help='folder of rendered frames')
    a.add_argument('--out', required=True, help='checkpoint to write; OUT.last.pt beside it is where a stopped run goes on')
    a.add_argument('--steps', type=int, default=4000)
    a.add_argument('--batch', type=int, default=64)
    a.add_argument('--lr', type=float, default=2e-3)
    a.add_argument('--threads', type=int, default=1)
    a.add_argument('--seed', type=int, default=1)
    a = a.parse_args()
    begin(a.seed, a.threads)
    pools, net = gather(a), Check()
    kinds = [k for k in KINDS if pools[k]]
    course = Course(net, torch.optim.AdamW(net.parameters(), a.lr, weight_decay=.02), a.out, a.steps, a.lr, a.seed)
    while course.goes_on():
        part = [sample(pools, kinds, [KINDS[k] for k in kinds]) for _ in range(a.batch)]
        x = torch.from_numpy(np.stack([v for v, _ in part])).permute(0, 3, 1, 2).float().div_(255)
        y = torch.tensor([float(p) for _, p in part]) * (1 - 2 * SURE) + SURE
        course.learn(F.binary_cross_entropy_with_logits(net(x), y))
    course.finish()


if __name__ == '__main__':
    main()
