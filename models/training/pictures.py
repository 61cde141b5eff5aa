"""Pictures, labels, what a teacher saw beyond them, and augmentation for train.py.

A set is a folder of pictures with YOLO text beside them (`class x y w h`, 0..1 of the picture)."""
import cv2, glob, math, os, random, numpy as np
cv2.setNumThreads(1)

SW, SH = 640, 360  # stored size: the pictures are 16:9
STREET = {0: 1, 5: 1, 2: 2, 7: 2, 1: 3, 3: 4, 4: 4, 6: 4}  # bicycle bus car container fire_engine motorcycle truck van -> ours
OURS = {k: k for k in range(5)}                            # rendered frames are labelled in our own classes
PERSON, BIKE, CAR, BUS, TRUCK = range(5)
NOBODY = -1
RIDER = -1.  # weight of a faint region that holds something, but no person: a rider whose machine nobody labelled
COCO = {0: PERSON, 1: BIKE, 2: CAR, 3: BIKE, 5: BUS, 7: TRUCK}
SURE_PERSON, SEEN_VEHICLE, MAX_FAINT = .48, .3, .03  # teacher scores; largest faint region (share of the picture)


def area(b): return (b[..., 2] - b[..., 0]).clip(0) * (b[..., 3] - b[..., 1]).clip(0)


def inter(a, b):
    return area(np.concatenate([np.maximum(a[:, None, :2], b[None, :, :2]), np.minimum(a[:, None, 2:], b[None, :, 2:])], 2))


def inside(a, b):  # share of each a that lies in the b that covers it most
    return np.zeros(len(a)) if not len(a) or not len(b) else (inter(a, b) / np.maximum(area(a), 1e-9)[:, None]).max(1)


def boxes_of(rows): return np.array(rows, np.float32).reshape(-1, 4)


def regions_of(rows): return np.array(rows, np.float32).reshape(-1, 5)


def merge(gt, teacher, people=(), left_out=0.):
    """Human boxes + people labelled by eye + teacher detections -> labels [n,5] class+box, faint regions [m,5] box+weight; in 0..1.

    Labels are what people drew: vehicles from the set, people from `people` (kind and box, see read_people). What only the
    teacher saw is no label but a faint region, where an empty answer is punished by its weight alone: vehicles that people
    left out (far, parked) by `left_out` (0: not at all, 1: as any background), people nobody looked at by 0. A teacher's
    person that an eye has called none is background, unless a two-wheeler may be at its legs."""
    lab = [list(r) for r in gt] + [[PERSON, *b] for kind, b in people if kind == 'person']
    faint = [[*b, 0.] for kind, b in people if kind == 'unsure'] + [[b[0], b[1], b[2], b[3] + .4 * (b[3] - b[1]), RIDER] for kind, b in people if kind == 'rider']
    human, byeye, none = boxes_of([r[1:] for r in gt]), boxes_of([b for k, b in people if k == 'person']), boxes_of([b for k, b in people if k == 'no'])
    bikes, maybe = boxes_of([r[1:] for r in gt if r[0] == BIKE]), boxes_of([b for q, _, b in teacher if COCO[q] == BIKE])
    for q, s, b in teacher:
        B = boxes_of([b])
        if area(B)[0] >= MAX_FAINT:
            continue
        if COCO[q] != PERSON:  # what is mostly in, or mostly over, a human box is already labelled
            if s > SEEN_VEHICLE and inside(B, human)[0] <= .4 and not (len(human) and (inter(B, human) / area(human)).max() > .6):
                faint.append([*b, left_out])
        elif inside(B, bikes)[0] <= .5 and inside(B, byeye)[0] <= .5:
            legs = B * 1
            legs[:, 1] = (b[1] + b[3]) / 2
            if inside(B, none)[0] < .7 or inside(legs, maybe)[0] > .25:
                faint.append([*b, 0.])
    return np.array(lab, np.float32).reshape(-1, 5), regions_of(faint)


def static_people(raw):
    """The teacher calls posts, signs and hydrants people. A real pedestrian is not in the same place with the same looks
    in several pictures of one fixed camera: such detections are no longer sure, or nothing at all when very frequent."""
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


def files_of(folder, every=1, only='', among=None, but=()):
    found = sorted(g for k in ('jpg', 'png') for g in glob.glob(os.path.join(folder, f'*{only}*.{k}')))[::every]
    return [f for f in found if os.path.basename(f) not in but and (among is None or os.path.basename(f) in among)]


def load(folder, names, teacher_folder=None, every=1, only='', people=None, among=None, but=(), left_out=0.):
    """-> list of (picture BGR SHxSW, labels [n,5], faint regions [m,5]), see merge. Without a teacher, labels are complete.
    Rows of class -1 are faint regions of weight 0: hidden, far, parked. `people`: what read_people gave; `among`, `but`:
    names of pictures to take, to leave out."""
    raw = []
    for f in files_of(folder, every, only, among, but):
        name, stem = os.path.basename(f), os.path.splitext(f)[0]
        own = read_rows(stem + '.txt')
        gt = [corners(r, names) for r in own if int(r[0]) in names]
        unsure = [[*corners(r, {-1: 0})[1:], 0.] for r in own if r[0] == '-1']
        rows = read_rows(os.path.join(teacher_folder, os.path.basename(stem) + '.txt')) if teacher_folder else []
        seen = [(int(r[0]), float(r[1]), [float(q) for q in r[2:]]) for r in rows]
        raw.append((cv2.resize(cv2.imread(f), (SW, SH), interpolation=cv2.INTER_AREA), gt, seen, unsure, (people or {}).get(name, ())))
    if teacher_folder:
        static_people(raw)
    items = []
    for im, gt, seen, unsure, own in raw:
        lab, faint = merge(gt, seen, own, left_out)
        items.append((im, lab, np.concatenate([faint, regions_of(unsure)])))
    return items


def judged_by_eye(street, people):
    """The pictures of the two cameras kept for judging people, with their people and, as labels, the set's vehicles."""
    eye = read_people(f'{people}/judge.txt')
    return [i for split in ('train', 'valid') for i in load(f'{street}/{split}', STREET, people=eye, among=eye)]


def place(item, w, h, s, at=None):
    """One picture scaled (s = 1 covers the w x h view), shifted (at: this box in view), perhaps mirrored -> view, labels, faint regions."""
    im, lab, faint = item
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
    g, gs = move(faint[:, :4])
    cut, far = ~ok & (seen > .05), gs > .05
    return (view, np.concatenate([lab[ok, :1], b[ok]], 1),
            np.concatenate([np.pad(b[cut], ((0, 0), (0, 1))), np.concatenate([g[far], faint[far, 4:]], 1)]))


def shift(rows, n, x, y):
    rows[:, n:n + 4] += np.array([x, y] * 2, np.float32)
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


def paste(im, patch, x, y, alpha):
    """The patch over the picture with its top left at x, y, as far as alpha says; what leaves the picture is cut."""
    h, w = patch.shape[:2]
    x0, y0, x1, y1 = max(0, x), max(0, y), min(im.shape[1], x + w), min(im.shape[0], y + h)
    if x1 > x0 and y1 > y0:
        a = alpha[y0 - y:y1 - y, x0 - x:x1 - x, None]
        im[y0:y1, x0:x1] = (im[y0:y1, x0:x1] * (1 - a) + patch[y0 - y:y1 - y, x0 - x:x1 - x] * a).astype(np.uint8)


def hue(im):
    """Other clothes, other paint: what somebody or something wears tells nothing about what it is."""
    hsv = cv2.cvtColor(im, cv2.COLOR_BGR2HSV).astype(np.int16)
    hsv[..., 0] = (hsv[..., 0] + random.randint(0, 179)) % 180
    hsv[..., 1] = (hsv[..., 1] * random.uniform(.5, 1.5)).clip(0, 255)
    return cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR)


def set_down(im, lab, items, whom, kind):
    """Something cut out softly and set down elsewhere in another street, because few cameras show it: `whom` are (picture,
    box) of people labelled by eye (class PERSON), of cyclists with their machine (class BIKE), or of what an eye has called
    nobody (NOBODY: no label), cut and set down in the same way, so that the seam tells nothing either."""
    k, b = random.choice(whom)
    src = items[k][0]
    x0, y0, x1, y1 = np.array([b[0] * SW, b[1] * SH, b[2] * SW, b[3] * SH]).round().astype(int)
    m = max(1, round((x1 - x0) * .12))
    cut = src[max(0, y0 - m):y1 + m, max(0, x0 - m):x1 + m]
    high = math.exp(random.uniform(math.log(20), math.log(90)))
    s = high / max(1, y1 - y0)
    if s > 2.2 or min(cut.shape[:2]) < 6:
        return im, lab
    cut = cv2.resize(cut, None, fx=s, fy=s, interpolation=cv2.INTER_AREA if s < 1 else cv2.INTER_LINEAR)
    if random.random() < .5:
        cut = cut[:, ::-1]
    if random.random() < .4:
        cut = hue(cut)
    h, w = cut.shape[:2]
    v, u = np.mgrid[-1:1:h * 1j, -1:1:w * 1j]
    alpha = np.clip((1 - np.abs(u) ** 2.6 - np.abs(v) ** 5) * random.uniform(3, 7), 0, 1).astype(np.float32)
    x, y = random.randint(-w // 8, im.shape[1] - 7 * w // 8), random.randint(0, max(1, im.shape[0] - 2 * h // 3))
    q = round(m * s)
    box = np.array([[x + q, y + q, x + w - q, y + h - q]], np.float32).clip(0, [im.shape[1], im.shape[0]] * 2)
    if len(lab) and (inter(box, lab[:, 1:]) / np.maximum(np.minimum(area(box)[:, None], area(lab[:, 1:])[None]), 1)).max() > .15:
        return im, lab
    im = im.copy()
    paste(im, cut, x, y, alpha)
    return im, lab if kind == NOBODY else np.concatenate([lab, np.concatenate([[[kind]], box], 1).astype(np.float32)])


PAINT = [(20, 80, 220), (30, 110, 240), (20, 60, 190), (25, 25, 25), (235, 235, 235), (30, 200, 235), (40, 40, 190), (120, 120, 120), (60, 120, 60), (150, 60, 30)]


def drawn_piece(h):
    """A thing that stands upright in a street and is nobody, `h` pixels high -> BGR picture, how much of it covers (0..1)."""
    r, k = random.random, 3
    w = max(5, round(h * random.uniform(.14, .6)))
    H, W = h * k, w * k
    colour = lambda: np.array(random.choice(PAINT), np.float32) * random.uniform(.55, 1.1)
    bands, a, b = random.randint(0, 4), colour(), colour()
    share = random.uniform(.1, .5) / max(bands, 1)
    y = np.arange(H) / H
    banded = np.zeros(H, bool)
    for c in np.random.uniform(.08, .92, bands):
        banded |= np.abs(y - c) < share / 2
    piece = np.where(banded[:, None, None], b, a) * np.ones((1, W, 1), np.float32)
    u = np.linspace(-1, 1, W)
    piece *= ((1 - random.uniform(.1, .6) * np.abs(u - random.uniform(-.5, .5)) ** 2) * (1 - random.uniform(0, .3) * (y[:, None] > .85)))[..., None]
    alpha, kind = np.zeros((H, W), np.float32), r()
    if kind < .45:  # a bollard, a flexible post, a drum
        cv2.rectangle(alpha, (W // 8, W // 8 if r() < .5 else 0), (W - 1 - W // 8, H - W // 10), 1, -1)
        cv2.ellipse(alpha, (W // 2, W // 8), (3 * W // 8, W // 8), 0, 0, 360, 1, -1)
        if r() < .4:
            cv2.ellipse(alpha, (W // 2, H - W // 8), (W // 2, W // 8), 0, 0, 360, 1, -1)
            piece[H - W // 4:] *= .35
    elif kind < .6:  # a cone
        cv2.fillConvexPoly(alpha, np.array([[W * .42, 0], [W * .58, 0], [W * .88, H * .93], [W * .12, H * .93]], np.int32), 1)
        cv2.rectangle(alpha, (0, int(H * .93)), (W, H), 1, -1)
    elif kind < .75:  # the foot of a tree, often limed
        piece[:] = np.array([60, 75, 90], np.float32) * random.uniform(.5, 1.2) * (1 + .25 * np.random.randn(H // k + 1, 1, 1).repeat(k, 0)[:H])
        if r() < .6:
            piece[int(H * random.uniform(.3, .7)):] = np.array([215, 220, 220], np.float32) * random.uniform(.7, 1.05)
        cv2.rectangle(alpha, (W // 4, 0), (W - 1 - W // 4, H), 1, -1)
    else:  # a sign, a lantern or a hydrant's head on something thinner
        head = random.uniform(.2, .55)
        cv2.rectangle(alpha, (W // 2 - max(2, W // 8), 0), (W // 2 + max(2, W // 8), H), 1, -1)
        (cv2.circle(alpha, (W // 2, int(H * head / 2)), max(1, min(W // 2, int(H * head / 2))), 1, -1) if r() < .5 else cv2.rectangle(alpha, (0, 0), (W, int(H * head)), 1, -1))
    side = W + H // 3
    turn = cv2.getRotationMatrix2D((W / 2, H / 2), random.gauss(0, 6), 1)
    turn[0, 2] += (side - W) / 2
    out = (-(-side // k), h)
    small = lambda m: cv2.resize(cv2.warpAffine(m, turn, (side, H), borderMode=cv2.BORDER_REPLICATE if m.ndim == 3 else cv2.BORDER_CONSTANT), out, interpolation=cv2.INTER_AREA)
    return np.clip(small(piece.astype(np.float32)), 0, 255), small(alpha)


def furniture(im, lab):
    """Posts, bollards, cones, hydrants, signs on a pole, feet of trees: set down where they cover no label."""
    h = round(math.exp(random.uniform(math.log(16), math.log(90))))
    piece, alpha = drawn_piece(h)
    w = piece.shape[1]
    soft = random.uniform(.3, 1.)
    piece, alpha = cv2.GaussianBlur(piece, (0, 0), soft), cv2.GaussianBlur(alpha, (0, 0), soft)
    x, y = random.randint(-w // 3, im.shape[1] - w // 2), random.randint(0, max(1, im.shape[0] - h // 2))
    box = np.array([[x, y, x + w, y + h]], np.float32)
    if len(lab) and (inter(box, lab[:, 1:]) / np.maximum(area(lab[:, 1:])[None], 1)).max() > .1:
        return im
    around = im[y:y + h, max(0, x):x + w].mean()  # as light as the place where it stands
    im = im.copy()
    paste(im, np.clip(piece * min(1.2, max(.35, (around / 110) ** .6)), 0, 255), x, y, alpha)
    return im


def sample(items, weights, W, H, mosaic, people=(), cyclists=(), things=(), zoom=0.):
    """One augmented training picture: RGB HxWx3 uint8, labels [n,5] and faint regions [m,5] in pixels."""
    if people and random.random() < zoom:  # close-ups of the rare pedestrians and cyclists
        r = random.random()
        k, b = random.choice(cyclists if cyclists and r < .2 else things if things and r < .4 else people)
        s = math.exp(random.uniform(math.log(30), math.log(140))) / ((b[3] - b[1]) * SH) / max(W / SW, H / SH)
        im, lab, faint = place(items[k], W, H, min(max(s, .8), 5.), b)
    elif random.random() < mosaic:
        im = np.full((H, W, 3), 114, np.uint8)
        cx, cy = int(W * random.uniform(.3, .7)), int(H * random.uniform(.3, .7))
        lab, faint = [], []
        for it, (x0, y0, x1, y1) in zip(random.choices(items, cum_weights=weights, k=4), ((0, 0, cx, cy), (cx, 0, W, cy), (0, cy, cx, H), (cx, cy, W, H))):
            v, l, g = place(it, x1 - x0, y1 - y0, math.exp(random.uniform(math.log(.8), math.log(2.6))))
            im[y0:y1, x0:x1] = v
            lab.append(shift(l, 1, x0, y0))
            faint.append(shift(g, 0, x0, y0))
        lab, faint = np.concatenate(lab), np.concatenate(faint)
    else:
        im, lab, faint = place(random.choices(items, cum_weights=weights, k=1)[0], W, H, math.exp(random.uniform(math.log(.65), math.log(1.7))))
    for chance, most, whom, kind in ((.3, 2, people, PERSON), (.2, 2, cyclists, BIKE), (.3, 3, things, NOBODY)):
        for _ in range(random.randint(1, most) if whom and random.random() < chance else 0):
            im, lab = set_down(im, lab, items, whom, kind)
    for _ in range(random.randint(1, 3) if random.random() < .3 else 0):
        im = furniture(im, lab)
    return light(im)[:, :, ::-1], lab, faint


def weights(items, truck=1.):
    """Sampling weights: rare classes more often, pictures with trucks by as much as is wanted."""
    return [1 + 2 * (i[1][:, 0] == BUS).any() + truck * (i[1][:, 0] == TRUCK).any() + 1.5 * (i[1][:, 0] == PERSON).any() for i in items]


def pedestrians(items, tall=18):
    return [(k, r[1:]) for k, i in enumerate(items) for r in i[1] if r[0] == PERSON and (r[4] - r[2]) * SH > tall]


def cyclists(files, tall=20):
    """-> (picture, box) of the set's bicycles with whoever rides them; `files` in the order of the pictures."""
    boxes = [(k, corners(r, {0: 0})[1:]) for k, f in enumerate(files) for r in read_rows(os.path.splitext(f)[0] + '.txt') if r[0] == '0']
    return [(k, b) for k, b in boxes if (b[3] - b[1]) * SH > tall]


def things(files, items, people, low=14, same=4):
    """-> (picture, box) of what an eye has called nobody and that is no rider: posts, signs, hydrants, at most `same` of one
    place in the picture; `files` and `items` in one order."""
    out, places = [], {}
    for k, (f, (_, lab, faint)) in enumerate(zip(files, items)):
        none = boxes_of([b for kind, b in people.get(os.path.basename(f), ()) if kind == 'no'])
        if len(none):
            free = np.maximum(inside(none, lab[lab[:, 0] == BIKE, 1:]), inside(none, faint[:, :4])) < .1
            for b in none[free & ((none[:, 3] - none[:, 1]) * SH > low)]:
                spot = tuple((b * 40).round().astype(int))
                places[spot] = places.get(spot, 0) + 1
                if places[spot] <= same:
                    out.append((k, b))
    return out
