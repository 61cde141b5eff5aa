"""Trains the plate reader on drawn plates alone. README.md beside this file has the one command; stop it and give it again: it goes on."""
import argparse, math, os, random, sys
import cv2, numpy as np, torch, torch.nn.functional as F
import degrade
from networks import Reader, strip_grid
from plate_pictures import ALPHABET, COLOURS, Press, pen_plates, plain, worn
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from course import Course, begin, has_bfloat16, log

cv2.setNumThreads(1)
GRIDS = [strip_grid(False).numpy(), strip_grid(True).numpy()]


def crop(plate, wpx, harm=1., loose=.065):
    """A plate (picture as new, two rows?) as a camera shows it `wpx` pixels wide -> the strip the reader gets, RGB uint8."""
    im, two = plate
    im = worn(im, harm)
    h, w = im.shape[:2]
    q = degrade.slanted(wpx, wpx * h / w, .08 * harm, 4 + 12 * harm)
    side = int(np.abs(q).max() * 2 * 1.25) + 6
    q += side / 2 + random.uniform(-.5, .5)
    small = cv2.resize(im, (max(8, round(wpx)), max(4, round(wpx * h / w))), interpolation=cv2.INTER_AREA)
    sh, sw = small.shape[:2]
    H = cv2.getPerspectiveTransform(np.array([[0, 0], [sw, 0], [sw, sh], [0, sh]], np.float32) - .5, q)
    back = np.empty((side, side, 3), np.uint8)
    back[:] = [random.randint(0, 220) for _ in range(3)] if random.random() < .5 else [random.randint(5, 60)] * 3
    view = cv2.warpPerspective(small, H, (side, side), back, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
    view = degrade.coded(degrade.light(degrade.blur(view, max(.6, wpx * .018 * harm)), harm), harm)
    q = q + np.random.normal(0, loose * (.3 + .7 * random.random()), (4, 2)).astype(np.float32) * [wpx, wpx * h / w]
    U = cv2.getPerspectiveTransform(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32), q.astype(np.float32))
    g = cv2.perspectiveTransform(GRIDS[two].reshape(-1, 1, 2), U).reshape(*GRIDS[two].shape)
    return cv2.remap(view, g[..., 0], g[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[:, :, ::-1]


def batch(pool, n, wide, harm=1.):
    items = random.choices(pool, k=n)
    x = np.stack([crop((im, len(rows) == 2), math.exp(random.uniform(*map(math.log, wide))), harm * random.random() ** .5) for im, rows, *_ in items])
    return x, [plain(rows) for _, rows, *_ in items], [COLOURS.index(c) for *_, c in items]


def read(net, x):
    """-> texts, the least sure letter's share of each."""
    with torch.no_grad():
        p = net(torch.from_numpy(x).permute(0, 3, 1, 2).float() / 255)[0].softmax(2)
    out = []
    for q in p:
        s, k = q.max(1)
        text, least, last = '', 1., 0
        for a, b in zip(k.tolist(), s.tolist()):
            if a and a != last:
                text += ALPHABET[a - 1]
            if a:
                least = min(least, b)
            last = a
        out.append((text, least))
    return out


def judge(net, pool, n=400):
    """Share of plates read whole, by width in pixels."""
    net.eval()
    state = random.getstate(), np.random.get_state()
    random.seed(99), np.random.seed(99)
    rep = {}
    for w in (25, 35, 45, 60, 80, 110, 150):
        x, texts, _ = batch(pool, n, (w * .97, w * 1.03))
        rep[w] = round(sum(t == g for t, (g, _) in zip(texts, read(net, x))) / n, 3)
    random.setstate(state[0]), np.random.set_state(state[1])
    net.train()
    return rep


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--out', required=True)
    a.add_argument('--pens', default='', help='folder of plates as the sandbox paints them (server/sandbox/scenes/plate-samples.ts)')
    a.add_argument('--plates', type=int, default=8000, help='how many plates to draw')
    a.add_argument('--steps', type=int, default=11000)
    a.add_argument('--batch', type=int, default=48)
    a.add_argument('--lr', type=float, default=2e-3)
    a.add_argument('--threads', type=int, default=2)
    a.add_argument('--bf16', type=int, default=int(has_bfloat16()), help='0: reckon in float. As the processor is better at, unless said')
    a.add_argument('--seed', type=int, default=1)
    a = a.parse_args()
    begin(a.seed, a.threads)
    press = Press()
    held = [press.plate() for _ in range(600)]
    pool = [press.plate() for _ in range(a.plates)]
    pens = pen_plates(a.pens) if a.pens else []
    held_pens, pens = pens[::8], [p for k, p in enumerate(pens) if k % 8]
    if pens:
        pool += pens * max(1, round(a.plates * .15 / len(pens)))
    log('plates', len(pool))
    net = Reader(len(ALPHABET)).to(memory_format=torch.channels_last)
    course = Course(net, torch.optim.AdamW(net.parameters(), a.lr, weight_decay=.02), a.out, a.steps, a.lr, a.seed, clip=5.)
    while course.goes_on():
        hard = min(1., course.done / .35)  # near and clean plates first
        for _ in range(8):  # every plate is met some dozen times
            pool[random.randrange(a.plates)] = press.plate()
        x, texts, colours = batch(pool, a.batch, (110 - 86 * hard, 190), hard)
        x = torch.from_numpy(x).permute(0, 3, 1, 2).float().div_(255).contiguous(memory_format=torch.channels_last)
        with torch.autocast('cpu', dtype=torch.bfloat16, enabled=bool(a.bf16)):
            y, c = net(x)
        flat = torch.tensor([ALPHABET.index(ch) + 1 for t in texts for ch in t])
        ctc = F.ctc_loss(y.float().log_softmax(2).transpose(0, 1), flat, torch.full((len(texts),), y.shape[1]), torch.tensor([len(t) for t in texts]), zero_infinity=True)
        step = course.learn(ctc + .1 * F.cross_entropy(c.float(), torch.tensor(colours)))
        if step % 1000 == 0 or step == a.steps:
            judged = course.mean(Reader(len(ALPHABET)))
            log(f'step {step} read whole, by width', judge(judged, held), 'pens', judge(judged, held_pens, 200) if held_pens else '')
    course.finish()


if __name__ == '__main__':
    main()
