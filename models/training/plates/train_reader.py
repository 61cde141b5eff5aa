"""Trains the plate reader on drawn plates alone. README.md beside this file has the one command; stop it and give it again: it goes on."""
import argparse, math, os, random, time
import cv2, numpy as np, torch, torch.nn.functional as F
import degrade
from networks import Reader, strip_grid
from plate_pictures import ALPHABET, COLOURS, Press, pen_plates, plain, worn

cv2.setNumThreads(1)
GRIDS = [strip_grid(False).numpy(), strip_grid(True).numpy()]


def crop(plate, wpx, harm=1., loose=.035):
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
    q = q + np.random.normal(0, loose * (.4 + .6 * harm), (4, 2)).astype(np.float32) * [wpx, wpx * h / w]
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
    a.add_argument('--steps', type=int, default=20000)
    a.add_argument('--batch', type=int, default=48)
    a.add_argument('--lr', type=float, default=2e-3)
    a.add_argument('--threads', type=int, default=2)
    a.add_argument('--bf16', type=int, default=1)
    a.add_argument('--seed', type=int, default=1)
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    random.seed(a.seed), np.random.seed(a.seed), torch.manual_seed(a.seed)
    os.makedirs(os.path.dirname(os.path.abspath(a.out)), exist_ok=True)
    log = lambda *m: print(time.strftime('%H:%M:%S', time.gmtime()), *m, flush=True)
    press = Press()
    held = [press.plate() for _ in range(600)]
    pool = [press.plate() for _ in range(a.plates)]
    if a.pens:
        pens = pen_plates(a.pens)
        pool += pens * max(1, round(a.plates * .15 / len(pens)))
    log('plates', len(pool))
    net, step = Reader(len(ALPHABET)).to(memory_format=torch.channels_last), 0
    opt = torch.optim.AdamW(net.parameters(), a.lr, weight_decay=.02)
    ema, last = None, a.out + '.last.pt'
    if os.path.exists(last):
        s = torch.load(last, map_location='cpu')
        net.load_state_dict(s['net']), opt.load_state_dict(s['opt'])
        step, ema = s['step'], s['ema']
        random.seed(a.seed + step), np.random.seed(a.seed + step)
        log('goes on at step', step)
    ema = ema or {k: v.clone() for k, v in net.state_dict().items()}
    run, t0, first = None, time.time(), step
    while step < a.steps:
        lr = a.lr * min(1, (step + 1) / 100) * (.5 + .5 * math.cos(math.pi * step / a.steps)) + 1e-5
        for g in opt.param_groups:
            g['lr'] = lr
        hard = min(1., step / (.35 * a.steps))  # near and clean plates first
        for _ in range(8):  # every plate is met some dozen times
            pool[random.randrange(a.plates)] = press.plate()
        x, texts, colours = batch(pool, a.batch, (110 - 86 * hard, 190), hard)
        x = torch.from_numpy(x).permute(0, 3, 1, 2).float().div_(255).contiguous(memory_format=torch.channels_last)
        with torch.autocast('cpu', dtype=torch.bfloat16, enabled=bool(a.bf16)):
            y, c = net(x)
        flat = torch.tensor([ALPHABET.index(ch) + 1 for t in texts for ch in t])
        ctc = F.ctc_loss(y.float().log_softmax(2).transpose(0, 1), flat, torch.full((len(texts),), y.shape[1]), torch.tensor([len(t) for t in texts]), zero_infinity=True)
        loss = ctc + .1 * F.cross_entropy(c.float(), torch.tensor(colours))
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.)
        opt.step()
        step += 1
        d = min(.998, step / (step + 100))
        for k, v in net.state_dict().items():
            ema[k].mul_(d).add_(v, alpha=1 - d) if v.dtype.is_floating_point else ema[k].copy_(v)
        run = float(loss) if run is None else .98 * run + .02 * float(loss)
        if step % 100 == 0:
            log(f'step {step} loss {run:.4f} {(time.time() - t0) / (step - first):.3f} s/step')
        if step % 1000 == 0 or step == a.steps:
            judged = Reader(len(ALPHABET))
            judged.load_state_dict(ema)
            log(f'step {step} read whole, by width', judge(judged, held), 'pens', judge(judged, pool[-600:], 200) if a.pens else '')
            torch.save(dict(net=net.state_dict(), ema=ema, opt=opt.state_dict(), step=step), last)
    torch.save(dict(ema=ema, step=step), a.out)


if __name__ == '__main__':
    main()
