"""Vietnamese plates as pictures: what stands on them, in many typefaces, new and worn.

Shapes, rows and letters follow Circular 79/2024 and QCVN 08:2024/BCA: car long 4.727 (one row), car short 2.000 and motorbike
1.357 (two rows). Plates have a typeface of their own that is not free; readers learn from some twenty free ones with even
strokes, stretched and thickened at random, and from our own pen strokes (PENS, pictures of the sandbox's plates)."""
import glob, os, random
import cv2, numpy as np
from PIL import Image, ImageDraw, ImageFont

ALPHABET = '0123456789ABCDĐEFGHKLMNPQRSTUVXYZ'  # never I, J, O, W
FIRST, SECOND = 'ABCDEFGHKLMNPSTUVXYZ', 'ABCDEFHKLMNPRSTUVXYZ'
ASPECT = {'long': 4.727, 'short': 2.0, 'motorbike': 1.357}
COLOURS = ('white', 'yellow', 'blue', 'red')
PAINT = {'white': ((240, 242, 242), (24, 22, 21)), 'yellow': ((5, 183, 242), (24, 22, 21)), 'blue': ((156, 79, 29), (240, 244, 244)), 'red': ((37, 32, 179), (240, 244, 244))}  # BGR
FACES = ['opentype/b612/B612Mono-Bold.otf', 'opentype/b612/B612-Bold.otf', 'opentype/bebas-neue/BebasNeue-Regular.otf', 'opentype/bebas-neue/BebasNeue-Bold.otf',
         'opentype/bebas-neue/BebasNeue-Book.otf', 'opentype/cabin/Cabin-Bold.otf', 'opentype/dosis/Dosis-Bold.otf', 'opentype/dosis/Dosis-ExtraBold.otf', 'opentype/dosis/Dosis-SemiBold.otf',
         'opentype/play/Play-Bold.otf', 'truetype/hack/Hack-Bold.ttf', 'truetype/liberation/LiberationSans-Bold.ttf', 'truetype/liberation/LiberationSansNarrow-Bold.ttf',
         'truetype/open-sans/OpenSans-CondBold.ttf', 'truetype/opendin/OSP-DIN.ttf', 'truetype/play/Play-Bold.ttf', 'truetype/roadgeek/RG2014B.ttf', 'truetype/roadgeek/RG2014C.ttf',
         'truetype/roadgeek/RG2014D.ttf', 'truetype/roadgeek/RG2014E.ttf', 'truetype/roboto/unhinted/RobotoCondensed-Bold.ttf', 'truetype/roboto/unhinted/RobotoCondensed-Medium.ttf',
         'truetype/roboto/unhinted/RobotoTTF/Roboto-Bold.ttf', 'truetype/dejavu/DejaVuSansCondensed-Bold.ttf', 'truetype/dejavu/DejaVuSansMono-Bold.ttf']
r = random.random


def digits(n): return ''.join(random.choice('0123456789') for _ in range(n))


def words():
    """-> kind, colour, rows as painted."""
    province, five = f'{random.choice([11, 12, *range(14, 42), 43, 47, 48, 49, *range(50, 87), 88, 89, 90, 92, 93, 94, 95, 97, 98, 99]):02}', r() < .85
    number = digits(5) if five else digits(4)
    if five:
        number = f'{number[:3]}.{number[3:]}' if r() < .85 else number
    roll = r()
    if roll < .5:
        kind, colour = 'motorbike', 'white' if r() < .93 else 'blue' if r() < .6 else 'yellow'
        series = random.choice(FIRST) + (random.choice(SECOND) if r() < .45 else random.choice('123456789'))
        if r() < .04:
            series = random.choice(['MĐ', 'TĐ', 'LD', 'NN', 'NG', 'QT'])
        return kind, colour, [f'{province}-{series}' if r() < .85 else province + series, number]
    kind, colour = ('long' if roll < .76 else 'short'), random.choices(COLOURS, [62, 28, 8, 2])[0]
    if colour == 'red':
        return kind, colour, rows_of(kind, ''.join(random.choice(FIRST) for _ in '12'), f'{digits(2)}-{digits(2)}')
    series = random.choice('ABCDEFGHKLM' if colour == 'blue' else FIRST)
    if r() < .06:
        series = random.choice(['LD', 'NG', 'QT', 'NN', 'CV', 'HC', 'KT', 'MK', 'CD', 'TĐ', 'MĐ', 'DA', 'RM'])
    elif r() < .04:  # not of the law: every letter must be known everywhere
        series = random.choice(ALPHABET[10:])
    return kind, colour, rows_of(kind, province + series, number)


def rows_of(kind, first, number):
    return [f'{first}-{number}' if r() < .8 else f'{first} {number}'] if kind == 'long' else [first, number]


def plain(rows): return ''.join(c for c in ''.join(rows) if c in ALPHABET)


class Press:
    """Draws plates; holds the typefaces."""

    def __init__(s, folder='/usr/share/fonts', high=96):
        s.faces = [ImageFont.truetype(f, high) for f in (os.path.join(folder, f) for f in FACES) if os.path.exists(f)]
        if len(s.faces) < 8:
            raise SystemExit(f'only {len(s.faces)} of {len(FACES)} typefaces are here: apt-get install fonts-opendin fonts-roadgeek fonts-bebas-neue fonts-roboto-unhinted fonts-b612 fonts-dosis fonts-liberation fonts-open-sans fonts-hack fonts-cabin fonts-play')
        s.stamps = {}

    def ink(s, face, c):
        im = Image.new('L', (200, 200))
        ImageDraw.Draw(im).text((50, 20), c, 255, font=s.faces[face])
        return np.array(im)

    def stamp(s, face, c):
        """The letter's ink, cut to its own box, 96 high; a dash or a point keeps its place in the row."""
        key = (face, c)
        if key not in s.stamps:
            a = s.ink(face, c)
            if c == 'Đ' and (not a.any() or np.array_equal(a, s.ink(face, '\ufffe'))):  # not in this typeface
                a = s.ink(face, 'D')
                xs, ys = np.where(a.any(0))[0], np.where(a.any(1))[0]
                mid, bar = (ys[0] + ys[-1]) // 2, max(2, (ys[-1] - ys[0]) // 18)
                a[mid - bar:mid + bar + 1, max(0, xs[0] - 8):(xs[0] + xs[-1]) // 2] = 255
            ys = np.where(s.ink(face, '0H').any(1))[0]
            xs = np.where(a.any(0))[0]
            a = a[ys[0]:ys[-1] + 1, xs[0]:xs[-1] + 1]
            s.stamps[key] = cv2.resize(a, (max(6, round(a.shape[1] * 96 / a.shape[0])), 96), interpolation=cv2.INTER_AREA)
        return s.stamps[key]

    def row(s, text, face, wide, high, squeeze, pen, gap):
        """One row of ink, wide x high."""
        cells = [s.stamp(face, c) if c != ' ' else np.zeros((96, 40), np.uint8) for c in text]
        if pen:
            k = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * abs(pen) + 1,) * 2)
            cells = [(cv2.dilate if pen > 0 else cv2.erode)(np.pad(c, ((0, 0), (pen, pen)) if pen > 0 else 0), k) for c in cells]
        parts = []
        for c in cells:
            parts += [cv2.resize(c, (max(4, round(c.shape[1] * squeeze)), 96), interpolation=cv2.INTER_AREA), np.zeros((96, gap), np.uint8)]
        line = np.concatenate(parts[:-1], 1)
        w = min(wide, round(line.shape[1] * high / 96))
        out, x = np.zeros((high, wide), np.uint8), (wide - w) // 2
        out[:, x:x + w] = cv2.resize(line, (w, high), interpolation=cv2.INTER_AREA)
        return out

    def plate(s, wide=320):
        """-> BGR picture as new, rows, kind, colour."""
        kind, colour, rows = words()
        high = round(wide / (ASPECT[kind] * random.uniform(.9, 1.1)))
        ground, ink = (np.array(c, np.float32) * random.uniform(.85, 1.05) for c in PAINT[colour])
        im = np.empty((high, wide, 3), np.float32)
        im[:] = ground
        cover = np.zeros((high, wide), np.uint8)
        face, squeeze, pen, gap = random.randrange(len(s.faces)), random.uniform(.75, 1.25), random.choice([-3, -1, 0, 0, 2, 4, 6]), random.randint(8, 34)
        edge = round(wide * random.uniform(.012, .04))
        if len(rows) == 1:
            h = round(high * random.uniform(.5, .72))
            bands = [(round((high - h) * random.uniform(.4, .6)), h, 1.)]
        else:
            h1, h2 = high * random.uniform(.32, .4), high * random.uniform(.34, .44)
            free = high - h1 - h2
            top = free * random.uniform(.24, .42)
            bands = [(round(top), round(h1), random.uniform(.55, 1.) if kind == 'motorbike' else random.uniform(.5, .8)), (round(top + h1 + free * random.uniform(.14, .3)), round(h2), 1.)]
        for text, (y, h, part) in zip(rows, bands):
            w = round((wide - 2 * edge) * min(part, 1) * random.uniform(.9, .99))
            h = min(h, high - y - 1)
            x = (wide - w) // 2 + (random.randint(-4, 4) if len(rows) == 2 else 0)
            x = max(0, min(x, wide - w))
            cover[y:y + h, x:x + w] = np.maximum(cover[y:y + h, x:x + w], s.row(text, face, w, h, squeeze, pen, gap))
        if r() < .75:
            inset = round(edge * random.uniform(.2, .8))
            cv2.rectangle(cover, (inset, inset), (wide - 1 - inset, high - 1 - inset), 255, max(1, round(wide * random.uniform(.006, .014))))
        a = (cover.astype(np.float32) / 255)[..., None]
        im = im * (1 - a) + ink * a
        for _ in range(random.randint(0, 3)):  # screws, a stamp
            cv2.circle(im, (random.choice([random.randint(0, wide), wide // 2, wide // 4, 3 * wide // 4]), random.randint(0, high)), random.randint(2, 7), [random.uniform(40, 200)] * 3, -1)
        return np.clip(im, 0, 255).astype(np.uint8), rows, kind, colour


def pen_plates(folder):
    """Plates as the sandbox paints them: ROW_ROW__kind_colour__N.png -> the same tuples as Press.plate gives."""
    out = []
    for f in sorted(glob.glob(os.path.join(folder, '*.png'))):
        text, look, _ = os.path.basename(f).split('__')
        kind, colour = look.split('_')
        out.append((cv2.imread(f), text.split('_'), {'car-long': 'long', 'car-short': 'short'}.get(kind, kind), colour))
    return out


def worn(im, harm=1.):
    """Dirt, shade, glare and scratches on a plate as new; the less `harm` (0..1), the fewer of them."""
    h, w = im.shape[:2]
    out = im.astype(np.float32)
    if r() < .5 * harm:  # dirt in blotches, more below
        noise = cv2.resize(np.random.rand(random.randint(3, 9), random.randint(3, 14)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
        noise = np.clip((noise - random.uniform(.45, .8)) * 2.5 + np.linspace(-.2, random.uniform(-.1, .4), h, dtype=np.float32)[:, None], 0, random.uniform(.2, .8))[..., None]
        out = out * (1 - noise) + np.array([random.uniform(50, 110), random.uniform(60, 120), random.uniform(70, 140)], np.float32) * noise
    if r() < .4 * harm:  # a shadow's edge
        x = np.arange(w, dtype=np.float32)[None] * random.uniform(-1, 1) + np.arange(h, dtype=np.float32)[:, None] * random.uniform(-1, 1)
        shade = 1 - random.uniform(.2, .65) / (1 + np.exp(-np.clip((x - random.uniform(x.min(), x.max())) / random.uniform(1, 25), -50, 50)))
        out *= shade[..., None]
    if r() < .2 * harm:  # glare
        y, x = np.mgrid[:h, :w].astype(np.float32)
        g = np.exp(-(((x - random.uniform(0, w)) / (w * random.uniform(.08, .4))) ** 2 + ((y - random.uniform(0, h)) / (h * random.uniform(.1, .6))) ** 2))
        out += (g * random.uniform(60, 230))[..., None]
    for _ in range(random.randint(0, 2) if r() < .3 * harm else 0):
        cv2.line(out, (random.randint(0, w), random.randint(0, h)), (random.randint(0, w), random.randint(0, h)), [random.uniform(20, 220)] * 3, random.randint(1, 4))
    return np.clip(out, 0, 255).astype(np.uint8)
