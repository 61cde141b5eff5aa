"""Trains the plate finder: drawn plates pasted into street pictures, and rendered streets whose plates are known.
README.md beside this file has the one command; stop it and give it again: it goes on."""
import argparse, glob, math, os, random, sys
import cv2, numpy as np, torch, torch.nn.functional as F
import degrade
from networks import Finder, WINDOW
from plate_pictures import Press, pen_plates, worn
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import pictures
from course import Course, begin, has_bfloat16, log

cv2.setNumThreads(1)
CELLS = WINDOW // 4
r = random.random


def street_scenes(folder, every=1):
    """-> (BGR picture, vehicles [n,5]: class and corners in pixels) of the street set."""
    out = []
    for f in sorted(glob.glob(f'{folder}/*.jpg'))[::every]:
        im = cv2.imread(f)
        h, w = im.shape[:2]
        rows = [pictures.corners(q, pictures.STREET) for q in pictures.read_rows(f[:-4] + '.txt') if int(q[0]) in pictures.STREET]
        out.append((im, np.array([[c, x1 * w, y1 * h, x2 * w, y2 * h] for c, x1, y1, x2, y2 in rows], np.float32).reshape(-1, 5)))
    return out


def rendered_scenes(folder):
    """-> (BGR picture, plates [n,4,2] corners in pixels, those too small to tell [m,4,2]) of server/sandbox/scenes/plate-streets.ts."""
    out = []
    for f in sorted(glob.glob(f'{folder}/*.jpg')):
        rows = [q.split() for q in open(f[:-4] + '.txt')]
        quads = np.array([[float(v) for v in q[1:9]] for q in rows], np.float32).reshape(-1, 4, 2)
        out.append((cv2.imread(f), quads, [q[0] for q in rows]))
    return out


def no_plate(w, h):
    """What is easily taken for a plate: signs with words, stickers, grilles, lamps."""
    im = np.empty((h, w, 3), np.uint8)
    im[:] = [random.randint(0, 255) for _ in range(3)]
    ink = [random.randint(0, 255) for _ in range(3)]
    roll = r()
    if roll < .35:
        word = ''.join(random.choice('abcdeghiklmnopqrstuvxy ABCDGHKLMNT') for _ in range(random.randint(3, 9)))
        cv2.putText(im, word, (2, int(h * .75)), random.choice([0, 1, 2, 3, 4, 5]), h / 34, ink, max(1, h // 14), cv2.LINE_AA)
    elif roll < .6:
        step = random.randint(2, 6)
        for k in range(0, max(w, h), 2 * step):
            cv2.line(im, (k, 0) if roll < .5 else (0, k), (k, h) if roll < .5 else (w, k), ink, step)
    elif roll < .8:
        cv2.ellipse(im, (w // 2, h // 2), (max(1, w // 3), max(1, h // 3)), 0, 0, 360, ink, -1, cv2.LINE_AA)
    return im


def paste(view, im, q):
    """A picture onto the window at the corners q, its edge soft."""
    h, w = im.shape[:2]
    H = cv2.getPerspectiveTransform(np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32) - .5, q.astype(np.float32))
    n = view.shape[0]
    a = cv2.warpPerspective(np.full((h, w), 255, np.uint8), H, (n, n), flags=cv2.INTER_LINEAR)
    a = (cv2.GaussianBlur(a, (0, 0), .6).astype(np.float32) / 255)[..., None]
    p = cv2.warpPerspective(im, H, (n, n), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return (view * (1 - a) + p * a).astype(np.uint8)


def on_street(scenes, pool):
    """One window of a street picture, plates pasted -> view RGB, corners [n,4,2] in window pixels, two-rows [n], faint boxes."""
    im, vehicles = random.choice(scenes)
    ih, iw = im.shape[:2]
    own = None
    if len(vehicles) and r() < .8:
        c, x1, y1, x2, y2 = own = random.choice(vehicles)
        side = max(x2 - x1, y2 - y1, 20) * random.uniform(.9, 1.6)
        cx, cy = (x1 + x2) / 2 + random.gauss(0, .08) * side, (y1 + y2) / 2 + random.gauss(0, .08) * side
    else:
        side = random.uniform(60, 280)
        cx, cy = random.uniform(0, iw), random.uniform(0, ih)
    k = WINDOW / side
    A = np.array([[k, 0, WINDOW / 2 - cx * k], [0, k, WINDOW / 2 - cy * k]], np.float32)
    if r() < .5:
        A[0] = [-A[0, 0], 0, WINDOW - A[0, 2]]
    view = cv2.warpAffine(im, A, (WINDOW, WINDOW), flags=cv2.INTER_AREA if k < 1 else cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    faint = []
    for v in vehicles:  # real plates nobody labelled are somewhere in the lower part of real vehicles
        p = np.array([[v[1], v[2] + (v[4] - v[2]) * .35], [v[3], v[4]]]) @ A[:, :2].T + A[:, 2]
        faint.append([p[:, 0].min(), p[:, 1].min(), p[:, 0].max(), p[:, 1].max()])
    for _ in range(random.randint(0, 3)):
        w, h = random.randint(10, 60), random.randint(6, 36)
        q = degrade.slanted(w, h, .1, 14) + [random.uniform(0, WINDOW), random.uniform(0, WINDOW)]
        view = paste(view, no_plate(w, h), q)
    quads, two = [], []
    for _ in range(random.choices([0, 1, 2, 3], [15, 55, 20, 10])[0]):
        plate, rows, kind, _ = random.choice(pool)
        w = math.exp(random.uniform(math.log(9), math.log(75)))
        h = w * plate.shape[0] / plate.shape[1]
        if own is not None and not quads and r() < .75:
            b = np.array([[own[1], own[2]], [own[3], own[4]]]) @ A[:, :2].T + A[:, 2]
            at = [random.uniform(*sorted(b[:, 0])), b[0, 1] + (b[1, 1] - b[0, 1]) * random.uniform(.4, .95)]
            w = min(w, max(9, abs(b[1, 0] - b[0, 0]) * random.uniform(.25, .75)))
            h = w * plate.shape[0] / plate.shape[1]
        else:
            at = [random.uniform(0, WINDOW), random.uniform(0, WINDOW)]
        q = degrade.slanted(w, h, .08, 14) + np.array(at)
        if any(np.abs(q.mean(0) - o.mean(0)).max() < (w + np.ptp(o[:, 0])) * .55 for o in quads):
            continue
        small = cv2.resize(worn(plate), (max(6, round(w)), max(4, round(h))), interpolation=cv2.INTER_AREA)
        if r() < .45:  # a holder, a bumper, a mudguard behind it
            g = (q - q.mean(0)) * random.uniform(1.08, 1.5) + q.mean(0)
            view = paste(view, np.full((8, 16, 3), random.randint(0, 90), np.uint8), g)
        view = paste(view, small, q)
        quads.append(q)
        two.append(len(rows) == 2)
    return view, quads, two, faint


def on_rendered(scenes):
    im, all_quads, names = random.choice(scenes)
    ih, iw = im.shape[:2]
    if len(all_quads) and r() < .85:
        c = random.choice(all_quads)
        side = max(24, np.ptp(c[:, 0])) / random.uniform(.08, .45)
        cx, cy = c.mean(0) + np.random.uniform(-.3, .3, 2) * side
    else:
        side, cx, cy = random.uniform(80, 400), random.uniform(0, iw), random.uniform(0, ih)
    k = WINDOW / side
    A = np.array([[k, 0, WINDOW / 2 - cx * k], [0, k, WINDOW / 2 - cy * k]], np.float32)
    view = cv2.warpAffine(cv2.GaussianBlur(im, (0, 0), .45 / k) if k < .7 else im, A, (WINDOW, WINDOW), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    quads, two, faint = [], [], []
    for q, name in zip(all_quads, names):
        p = q @ A[:, :2].T + A[:, 2]
        if (p.max(0) < 0).any() or (p.min(0) > WINDOW).any():
            continue
        if name.startswith('-') or np.ptp(p[:, 0]) < 8:
            faint.append([*p.min(0), *p.max(0)])
        else:
            quads.append(p)
            two.append('_' in name)
    return view, quads, two, faint


def sample(scenes, pool, rendered, share):
    view, quads, two, faint = on_rendered(rendered) if rendered and r() < share else on_street(scenes, pool)
    view = degrade.coded(degrade.light(degrade.blur(view, 1.6)))
    return view[:, :, ::-1], quads, two, faint


def target(quads, two, faint):
    """-> heat [C,C], weight [C,C], corners [C,C,8], two [C,C], inside [C,C] (cells that answer for a plate)."""
    heat, weight = np.zeros((CELLS, CELLS), np.float32), np.ones((CELLS, CELLS), np.float32)
    corners, rows, inside = np.zeros((CELLS, CELLS, 8), np.float32), np.zeros((CELLS, CELLS), np.float32), np.zeros((CELLS, CELLS), bool)
    y, x = (np.mgrid[:CELLS, :CELLS] + .5) * 4
    for f in faint:
        weight[(x > f[0]) & (x < f[2]) & (y > f[1]) & (y < f[3])] = .12
    for q, t in zip(quads, two):
        c = q.mean(0)
        if (c < 2).any() or (c > WINDOW - 2).any():
            b = np.concatenate([q.min(0), q.max(0)])
            weight[(x > b[0]) & (x < b[2]) & (y > b[1]) & (y < b[3])] = 0
            continue
        sx, sy = max(2.2, np.ptp(q[:, 0]) / 6), max(2.2, np.ptp(q[:, 1]) / 6)
        g = np.exp(-(((x - c[0]) / sx) ** 2 + ((y - c[1]) / sy) ** 2) / 2)
        near = g > .6
        near[min(CELLS - 1, int(c[1] // 4)), min(CELLS - 1, int(c[0] // 4))] = True
        g[near] = 1
        new = g > heat
        heat[new] = g[new]
        weight[g > .05] = 1
        corners[near] = ((q[None] - np.stack([x[near], y[near]], 1)[:, None]) / (WINDOW / 8)).reshape(-1, 8)
        rows[near], inside = t, inside | near
    return heat, weight, corners, rows, inside


def loss_of(y, heat, weight, corners, rows, inside):
    y = y.float()
    p = y[:, 0].sigmoid().clamp(1e-5, 1 - 1e-5)
    pos = (heat >= 1).float()
    focal = -(pos * (1 - p) ** 2 * p.log() + (1 - pos) * (1 - heat) ** 4 * weight * p ** 2 * (1 - p).log()).sum()
    n = inside.sum().clamp(1)
    got = y[:, 1:9].permute(0, 2, 3, 1)[inside]
    size = (corners[inside].view(-1, 4, 2).amax(1) - corners[inside].view(-1, 4, 2).amin(1)).amax(1, keepdim=True).clamp(.3)
    corner = (F.smooth_l1_loss(got, corners[inside], reduction='none', beta=.05) / size).sum() / 8
    two = F.binary_cross_entropy_with_logits(y[:, 9][inside], rows[inside], reduction='sum')
    return (focal + 6 * corner + .3 * two) / n


def answers(y, low=.3):
    """-> per window: (score, corners [4,2] in window pixels, two rows), best first, none twice."""
    out = []
    y = y.float()
    p = y[:, 0].sigmoid()
    peak = p == F.max_pool2d(p[:, None], 3, 1, 1)[:, 0]
    for k in range(len(y)):
        js, is_ = ((p[k] > low) & peak[k]).nonzero().t()
        found = []
        for j, i in sorted(zip(js.tolist(), is_.tolist()), key=lambda c: -float(p[k, c[0], c[1]])):
            q = y[k, 1:9, j, i].view(4, 2).numpy() * (WINDOW / 8) + [(i + .5) * 4, (j + .5) * 4]
            if all(np.abs(q.mean(0) - o[1].mean(0)).max() > np.ptp(o[1][:, 0]) * .5 for o in found):
                found.append((float(p[k, j, i]), q, float(y[k, 9, j, i]) > 0))
        out.append(found)
    return out


def quad_iou(a, b):
    i, _ = cv2.intersectConvexConvex(a.astype(np.float32), b.astype(np.float32))
    return i / max(1e-6, cv2.contourArea(a.astype(np.float32)) + cv2.contourArea(b.astype(np.float32)) - i)


def judge(net, windows, cut=.4):
    """-> recall and precision at `cut`, mean overlap of the corners, rows told right."""
    net.eval()
    hit = seen = want = right = 0
    overlap = []
    with torch.no_grad():
        for view, quads, two, faint in windows:
            found = [f for f in answers(net(torch.from_numpy(np.ascontiguousarray(view)).permute(2, 0, 1)[None].float() / 255), cut)[0]]
            want += len(quads)
            for _, q, t in found:
                best = max(range(len(quads)), key=lambda m: quad_iou(q, quads[m]), default=None)
                if best is not None and (o := quad_iou(q, quads[best])) > .5:
                    hit, seen = hit + 1, seen + 1
                    overlap.append(o)
                    right += two[best] == t
                elif not any(f[0] < q.mean(0)[0] < f[2] and f[1] < q.mean(0)[1] < f[3] for f in faint):
                    seen += 1
    net.train()
    return dict(recall=round(hit / max(want, 1), 3), precision=round(hit / max(seen, 1), 3), overlap=round(float(np.mean(overlap)), 3) if overlap else 0, rows=round(right / max(hit, 1), 3))


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--street', required=True)
    a.add_argument('--rendered', default='', help='frames with known plates (server/sandbox/scenes/plate-streets.ts)')
    a.add_argument('--share', type=float, default=.25)
    a.add_argument('--pens', default='')
    a.add_argument('--out', required=True)
    a.add_argument('--plates', type=int, default=4000)
    a.add_argument('--steps', type=int, default=6000)
    a.add_argument('--batch', type=int, default=24)
    a.add_argument('--lr', type=float, default=2e-3)
    a.add_argument('--threads', type=int, default=2)
    a.add_argument('--bf16', type=int, default=int(has_bfloat16()), help='0: reckon in float. As the processor is better at, unless said')
    a.add_argument('--seed', type=int, default=1)
    a = a.parse_args()
    begin(a.seed, a.threads)
    press = Press()
    pool = [press.plate(200) for _ in range(a.plates)] + (pen_plates(a.pens)[:a.plates // 6] if a.pens else [])
    scenes, valid = street_scenes(f'{a.street}/train'), street_scenes(f'{a.street}/valid', 3)
    rendered = rendered_scenes(a.rendered) if a.rendered else []
    held, rendered = rendered[::8], [s for k, s in enumerate(rendered) if k % 8]
    state = random.getstate(), np.random.get_state()
    windows = [sample(valid, pool, [], 0) for _ in range(400)]
    drawn = [sample(valid, pool, held, 1) for _ in range(200)] if held else []
    random.setstate(state[0]), np.random.set_state(state[1])
    log('street', len(scenes), 'rendered', len(rendered), 'plates', len(pool))
    net = Finder().to(memory_format=torch.channels_last)
    course = Course(net, torch.optim.AdamW(net.parameters(), a.lr, weight_decay=.02), a.out, a.steps, a.lr, a.seed, clip=10.)
    while course.goes_on():
        S = [sample(scenes, pool, rendered, a.share) for _ in range(a.batch)]
        T = [torch.from_numpy(np.stack(t)) for t in zip(*(target(*s[1:]) for s in S))]
        x = torch.from_numpy(np.stack([s[0] for s in S])).permute(0, 3, 1, 2).float().div_(255).contiguous(memory_format=torch.channels_last)
        with torch.autocast('cpu', dtype=torch.bfloat16, enabled=bool(a.bf16)):
            y = net(x)
        step = course.learn(loss_of(y, *T))
        if step % 1000 == 0 or step == a.steps:
            judged = course.mean(Finder())
            log(f'step {step} street', judge(judged, windows), 'rendered', judge(judged, drawn) if drawn else '')
    course.finish()


if __name__ == '__main__':
    main()
