"""What a street camera does to a picture: movement, focus, light, night, noise, compression. `harm` (0..1) says how much of it:
a reader that begins with ruined plates learns nothing for a long time."""
import math, random
import cv2, numpy as np
r = random.random


def blur(im, most):
    """Out of focus, or moved while the shutter was open; `most` in pixels."""
    if r() < .35:
        n = max(1, round(random.uniform(0, most)))
        k = np.zeros((2 * n + 1, 2 * n + 1), np.float32)
        a = random.uniform(0, math.pi)
        cv2.line(k, (round(n - n * math.cos(a)), round(n - n * math.sin(a))), (round(n + n * math.cos(a)), round(n + n * math.sin(a))), 1., 1)
        return cv2.filter2D(im, -1, k / k.sum())
    s = random.uniform(0, most * .6)
    return im if s < .25 else cv2.GaussianBlur(im, (0, 0), s)


def light(im, harm=1.):
    night = r() < .22 * harm
    x = np.arange(256, dtype=np.float32) / 255
    gamma, gain = (random.uniform(1., 2.2), random.uniform(.35, 1.1)) if night else (math.exp(random.uniform(-.45, .45)), random.uniform(.55, 1.35))
    cast = [.7, .92, 1.15] if night and r() < .6 else [random.uniform(.85, 1.15) for _ in range(3)]
    lift = random.uniform(-.08, .2) * harm
    lut = np.stack([np.clip(x ** gamma * gain * k + lift, 0, 1) * 255 for k in cast], 1).astype(np.uint8)
    im = cv2.LUT(im, lut[None])
    if r() < (.3 if night else .06):  # infra-red
        im = cv2.cvtColor(cv2.cvtColor(im, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    if night or r() < .3 * harm:
        n = np.empty(im.shape, np.int16)
        cv2.randn(n, 0, random.uniform(2, 14 if night else 8))
        im = np.clip(im + n, 0, 255).astype(np.uint8)
    return im


def coded(im, harm=1.):
    if r() < .25:  # sharpened by the camera
        im = cv2.addWeighted(im, 1 + (k := random.uniform(.2, 1.2)), cv2.GaussianBlur(im, (0, 0), 1.2), -k, 0)
    return cv2.imdecode(cv2.imencode('.jpg', im, [cv2.IMWRITE_JPEG_QUALITY, random.randint(round(92 - 67 * harm), 95)])[1], 1) if r() < .75 else im


def slanted(w, h, most=.06, turn=10):
    """Corners (from top left, clockwise) of a w x h plate seen aslant, around 0,0."""
    a, yaw = math.radians(random.gauss(0, turn / 2)), random.uniform(.62, 1.05)
    shear = math.tan(math.radians(random.gauss(0, turn / 2)))
    p = np.array([[-w / 2, -h / 2], [w / 2, -h / 2], [w / 2, h / 2], [-w / 2, h / 2]], np.float32) * [yaw, 1]
    p = p @ np.array([[1, shear * random.choice([0, 1])], [0, 1]], np.float32)
    p = p @ np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]], np.float32)
    return (p + np.random.uniform(-most, most, (4, 2)) * [w, h] * .5).astype(np.float32)
