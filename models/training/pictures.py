"""Pictures, labels, pseudo-labels and augmentation for train.py.

A set is a folder of pictures with YOLO text beside them (`class x y w h`, 0..1 of the picture)."""
import cv2, glob, math, os, random, numpy as np
cv2.setNumThreads(1)

SW, SH = 640, 360  # stored size: the pictures are 16:9
STREET = {0: 1, 5: 1, 2: 2, 7: 2, 1: 3, 3: 4, 4: 4, 6: 4}  # bicycle bus car container fire_engine motorcycle truck van -> ours
OURS = {k: k for k in range(5)}                            # rendered frames are labelled in our own classes
PERSON, BIKE, CAR, BUS, TRUCK = range(5)
COCO = {0: PERSON, 1: BIKE, 2: CAR, 3: BIKE, 5: BUS, 7: TRUCK}
SURE_PERSON, SURE_VEHICLE, MAX_IGNORE = .48, .48, .03  # teacher scores; largest ignore region (share of the picture)


def area(b): return (b[..., 2] - b[..., 0]).clip(0) * (b[..., 3] - b[..., 1]).clip(0)


def inter(a, b):
    return area(np.concatenate([np.maximum(a[:, None, :2], b[None, :, :2]), np.minimum(a[:, None, 2:], b[None, :, 2:])], 2))


def inside(a, b):  # share of each a that lies in the b that covers it most
    return np.zeros(len(a)) if not len(a) or not len(b) else (inter(a, b) / np.maximum(area(a), 1e-9)[:, None]).max(1)


def boxes_of(rows): return np.array(rows, np.float32).reshape(-1, 4)


def merge(gt, teacher, people=None, far='label'):
    """Human boxes + teacher detections -> (labels [n,5] class+box, ignore regions [m,4]); all in 0..1.

    Human boxes win. Unlabelled far or parked vehicles that the teacher is sure of become labels, or with far='ignore'
    regions without objectness loss, as the unsure ones do. People: those labelled by eye (`people`: kind and box, see
    read_people), and what else the teacher calls a person is such a region; without labels by eye a teacher's person
    becomes a label when it is sure and is not a rider."""
    lab, ign = [list(r) for r in gt], []
    human = boxes_of([r[1:] for r in gt])
    P = [(s, b) for q, s, b in teacher if q == 0]
    for q, s, b in teacher:
        c, B = COCO[q], boxes_of([b])
        if c == PERSON or inside(B, human)[0] > .4 or (len(human) and (inter(B, human) / area(human)).max() > .6):
            continue  # people come below; anything mostly in (or mostly over) a human box is already labelled
        if s < SURE_VEHICLE or c in (BUS, TRUCK) or far == 'ignore':
            if s > .3 and area(B)[0] < MAX_IGNORE:
                ign.append(b)
        elif c == BIKE:  # our two-wheeler box holds the rider too
            for _, p in P:
                cx = (p[0] + p[2]) / 2
                if b[0] < cx < b[2] and b[1] < p[3] <= b[3] + .5 * (b[3] - b[1]) and p[3] - p[1] < 2.5 * (b[3] - b[1]):
                    b = [min(b[0], p[0]), min(b[1], p[1]), max(b[2], p[2]), max(b[3], p[3])]
            lab.append([BIKE, *b])
        else:
            lab.append([CAR, *b])
    if people is not None:
        lab += [[PERSON, *b] for kind, b in people if kind == 'person']
        ign += [b for kind, b in people if kind != 'person']
    byeye = boxes_of([r[1:] for r in lab if r[0] == PERSON])
    bikes, cars = boxes_of([r[1:] for r in lab if r[0] == BIKE]), boxes_of([r[1:] for r in lab if r[0] >= CAR])
    maybe = boxes_of([b for q, s, b in teacher if COCO[q] == BIKE])
    for s, b in P:
        B = boxes_of([b])
        rider = inside(B, bikes)[0]
        if rider > .5 or inside(B, byeye)[0] > .5:
            continue
        legs, tall = B * 1, (b[3] - b[1]) * SH / max((b[2] - b[0]) * SW, 1e-6)
        legs[:, 1] = (b[1] + b[3]) / 2  # a bike at the legs, or a squat box: perhaps a rider nobody labelled
        if people is None and s > SURE_PERSON and tall > 1.9 and rider < .2 and inside(B, cars)[0] < .8 and inside(legs, maybe)[0] < .25:
            lab.append([PERSON, *b])
        elif area(B)[0] < MAX_IGNORE:
            ign.append(b)
    return np.array(lab, np.float32).reshape(-1, 5), boxes_of(ign)


def static_people(raw):
    """The teacher calls posts, signs and hydrants people. A real pedestrian is not in the same place with the same looks
    in several pictures of one fixed camera: such detections become ignore regions, or nothing when very frequent."""
    thumbs = np.stack([cv2.cvtColor(cv2.resize(r[0], (SW // 2, SH // 2), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY) for r in raw])
    for k, (_, _, teacher, *_) in enumerate(raw):
        for t in [t for t in teacher if t[0] == 0 and t[1] > SURE_PERSON and (t[2][3] - t[2][1]) * SH > 1.9 * (t[2][2] - t[2][0]) * SW]:
            x0, y0, x1, y1 = (np.array(t[2]) * ([SW / 2, SH / 2] * 2)).astype(int)
            p = thumbs[:, y0:y1 + 1, x0:x1 + 1].reshape(len(raw), -1).astype(np.float32)
            p -= p.mean(1, keepdims=True)
            same = int((p @ p[k] / (np.linalg.norm(p, axis=1) * np.linalg.norm(p[k]) + 1e-6) > .8).sum()) - 1
            if same >= 3:
                teacher.remove(t)
                if same < 8:
                    teacher.append((0, .3, t[2]))


def read_rows(path):
    return [l.split() for l in open(path) if l.strip()] if os.path.exists(path) else []


def corners(row, names):
    x, y, w, h = map(float, row[1:5])
    return [names[int(row[0])], x - w / 2, y - h / 2, x + w / 2, y + h / 2]


def read_people(path):
    """Lines `picture kind x1 y1 x2 y2 | kind …` -> {picture: [(kind, box)]}; people/README.md says what the kinds mean."""
    seen = {}
    for line in open(path):
        name, _, rest = line.strip().partition(' ')
        seen[name] = [(w[0], [float(v) for v in w[1:]]) for w in (part.split() for part in rest.split('|')) if w]
    return seen


def load(folder, names, teacher_folder=None, every=1, only='', people=None, among=None, but=(), far='label'):
    """-> list of (picture BGR SHxSW, labels, ignore regions, human labels only). Without a teacher, labels are complete.
    Rows of class -1 are regions to ignore: hidden, far, parked. `people`: what read_people gave, for all of these pictures;
    `among`, `but`: names of pictures to take, to leave out."""
    raw = []
    for f in sorted(g for k in ('jpg', 'png') for g in glob.glob(os.path.join(folder, f'*{only}*.{k}')))[::every]:
        if os.path.basename(f) in but or among is not None and os.path.basename(f) not in among:
            continue
        stem = os.path.splitext(f)[0]
        own = read_rows(stem + '.txt')
        gt = [corners(r, names) for r in own if int(r[0]) in names]
        unsure = [corners(r, {-1: 0})[1:] for r in own if r[0] == '-1']
        rows = read_rows(os.path.join(teacher_folder, os.path.basename(stem) + '.txt')) if teacher_folder else []
        seen = [(int(r[0]), float(r[1]), [float(q) for q in r[2:]]) for r in rows]
        raw.append((cv2.resize(cv2.imread(f), (SW, SH), interpolation=cv2.INTER_AREA), gt, seen, unsure, None if people is None else people.get(os.path.basename(f), [])))
    if teacher_folder:
        static_people(raw)
    items = []
    for im, gt, seen, unsure, own in raw:
        lab, ign = merge(gt, seen, own, far)
        items.append((im, lab, np.concatenate([ign, boxes_of(unsure)]), np.array(gt, np.float32).reshape(-1, 5)))
    return items


def place(item, w, h, s, at=None):
    """One picture scaled (s = 1 covers the w x h view), shifted (at: this box in view), perhaps mirrored -> view, labels, ignores."""
    im, lab, ign = item[:3]
    s *= max(w / SW, h / SH)
    if s < .55:
        im = cv2.resize(im, (SW // 2, SH // 2), interpolation=cv2.INTER_AREA)
    j = math.exp(random.uniform(-.12, .12))
    kx, ky = s * j, s / j
    tx, ty = [random.uniform(min(0, d), max(0, d)) for d in (w - SW * kx, h - SH * ky)]
    if at is not None:
        at = (at[0] + at[2]) / 2 * SW * kx, (at[1] + at[3]) / 2 * SH * ky
        tx, ty = [min(max(random.uniform(.15, .85) * v - c, min(0, v - z)), max(0, v - z))
                  for v, c, z in ((w, at[0], SW * kx), (h, at[1], SH * ky))]
    flip = random.random() < .5
    A = np.array([[kx * SW / im.shape[1], 0, tx], [0, ky * SH / im.shape[0], ty]], np.float32)
    if flip:
        A[0] = [-A[0, 0], 0, w - tx]
    view = cv2.warpAffine(im, A, (w, h), flags=cv2.INTER_LINEAR, borderValue=(114, 114, 114))

    def move(b):
        b = b * np.array([SW * kx, SH * ky] * 2, np.float32) + np.array([tx, ty] * 2, np.float32)
        if flip:
            b[:, [0, 2]] = w - b[:, [2, 0]]
        c = b.clip(0, np.array([w, h] * 2, np.float32))
        return c, area(c) / np.maximum(area(b), 1e-6)

    b, seen = move(lab[:, 1:])
    side = np.minimum(b[:, 2] - b[:, 0], b[:, 3] - b[:, 1])
    ok = (seen > .35) & (side >= 3.5)
    g, gs = move(ign)
    return view, np.concatenate([lab[ok, :1], b[ok]], 1), np.concatenate([b[~ok & (seen > .05)], g[gs > .05]])


def shift(rows, n, x, y):
    rows[:, n:] += np.array([x, y] * 2, np.float32)
    return rows


def light(im):
    """Camera and weather: gain, colour cast, gamma, night, blur, sensor noise, JPEG, infra-red grey."""
    r = random.random
    x = np.arange(256, dtype=np.float32) / 255
    night = r() < .15
    gamma = random.uniform(1.3, 2.4) if night else math.exp(random.uniform(-.4, .4))
    gain = random.uniform(.4, .9) if night else random.uniform(.7, 1.35)
    cast = [random.uniform(.85, 1.15) for _ in range(3)]
    if night and r() < .6:
        cast = [.75, .95, 1.15]  # sodium lamps (BGR)
    lut = np.stack([np.clip(x ** gamma * gain * k + random.uniform(-.06, .08), 0, 1) * 255 for k in cast], 1).astype(np.uint8)
    im = cv2.LUT(im, lut[None])
    if r() < .06:
        im = cv2.cvtColor(cv2.cvtColor(im, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    if r() < .15:
        k = random.choice([3, 3, 5])
        im = cv2.blur(im, (k, 1)) if r() < .4 else cv2.GaussianBlur(im, (k, k), 0)
    if night or r() < .08:
        n = np.empty(im.shape, np.int8)
        cv2.randn(n, 0, random.uniform(3, 10))
        im = cv2.add(im, n, dtype=cv2.CV_8U)
    if r() < .25:
        im = cv2.imdecode(cv2.imencode('.jpg', im, [cv2.IMWRITE_JPEG_QUALITY, random.randint(22, 75)])[1], 1)
    return im


def sample(items, weights, W, H, mosaic, people=(), zoom=0.):
    """One augmented training picture: RGB HxWx3 uint8, labels [n,5] and ignore regions [m,4] in pixels."""
    if people and random.random() < zoom:  # close-ups of the rare pedestrians
        k, b = random.choice(people)
        s = math.exp(random.uniform(math.log(30), math.log(140))) / ((b[3] - b[1]) * SH) / max(W / SW, H / SH)
        im, lab, ign = place(items[k], W, H, min(max(s, .8), 5.), b)
    elif random.random() < mosaic:
        im = np.full((H, W, 3), 114, np.uint8)
        cx, cy = int(W * random.uniform(.3, .7)), int(H * random.uniform(.3, .7))
        lab, ign = [], []
        for it, (x0, y0, x1, y1) in zip(random.choices(items, cum_weights=weights, k=4), ((0, 0, cx, cy), (cx, 0, W, cy), (0, cy, cx, H), (cx, cy, W, H))):
            v, l, g = place(it, x1 - x0, y1 - y0, math.exp(random.uniform(math.log(.8), math.log(2.6))))
            im[y0:y1, x0:x1] = v
            lab.append(shift(l, 1, x0, y0))
            ign.append(shift(g, 0, x0, y0))
        lab, ign = np.concatenate(lab), np.concatenate(ign)
    else:
        im, lab, ign = place(random.choices(items, cum_weights=weights, k=1)[0], W, H, math.exp(random.uniform(math.log(.65), math.log(1.7))))
    return light(im)[:, :, ::-1], lab, ign


def weights(items, scale=1.):
    """Sampling weights: rare classes more often."""
    return [scale * (1 + 2 * (i[1][:, 0] == BUS).any() + 1 * (i[1][:, 0] == TRUCK).any() + 1.5 * (i[1][:, 0] == PERSON).any()) for i in items]


def pedestrians(items, tall=18):
    return [(k, r[1:]) for k, i in enumerate(items) for r in i[1] if r[0] == PERSON and (r[4] - r[2]) * SH > tall]
