import sharp from 'sharp'
import type { Mask } from '../../server/domain/privacy-mask.js'
import { coverPixels, coverSvg } from '../../server/media/cover.js'

const spot = (x: number, y: number) => ({ x, y })
const SIZE = { width: 8, height: 6 }

/** What is covered of a white picture, row by row: `#` is covered. */
function covered(masks: readonly Mask[], part?: Parameters<typeof coverPixels>[2]): readonly string[] {
  const rgb = new Uint8Array(SIZE.width * SIZE.height * 3).fill(255)
  coverPixels({ rgb, ...SIZE }, masks, part)
  return Array.from({ length: SIZE.height }, (_, y) => Array.from({ length: SIZE.width }, (_each, x) => (rgb[(y * SIZE.width + x) * 3] === 255 ? '.' : '#')).join(''))
}

const LEFT: Mask = [spot(0, 0), spot(0.25, 0), spot(0.25, 1), spot(0, 1)]
/** Half a pixel more on each side. */
const MIDDLE: Mask = [spot(0.3125, 0.25), spot(0.6875, 0.25), spot(0.6875, 0.75), spot(0.3125, 0.75)]
const CROSSED: Mask = [spot(0, 0), spot(1, 1), spot(1, 0), spot(0, 1)]

test.each<[string, readonly Mask[], readonly string[]]>([
  ['nothing without masks', [], ['........', '........', '........', '........', '........', '........']],
  ['a part at the edge', [LEFT], ['##......', '##......', '##......', '##......', '##......', '##......']],
  ['every pixel that a mask touches', [MIDDLE], ['........', '..####..', '..####..', '..####..', '..####..', '........']],
  ['both of two', [LEFT, MIDDLE], ['##......', '######..', '######..', '######..', '######..', '##......']],
  ['both halves of one that crosses itself', [CROSSED], ['##....##', '###..###', '########', '########', '###..###', '##....##']],
])('covered is %s', (_name, masks, expected) => expect(covered(masks)).toEqual(expected))

test('of a part of the picture, what of the mask lies in it', () => expect(covered([MIDDLE], { x1: 0.5, y1: 0.5, x2: 1, y2: 1 })).toEqual(['###.....', '###.....', '###.....', '........', '........', '........']))

test('what winds round itself more than once is covered within, too', () => {
  const star: Mask = Array.from({ length: 5 }, (_, at) => spot(0.5 + 0.5 * Math.sin((at * 4 * Math.PI) / 5), 0.5 - 0.5 * Math.cos((at * 4 * Math.PI) / 5)))
  expect(covered([star])[3]![4]).toBe('#')
})

test('what is laid over a film covers at least as much, and shines through nowhere', async () => {
  const size = { width: 64, height: 48 }
  for (const mask of [LEFT, MIDDLE, CROSSED]) {
    const rgb = new Uint8Array(size.width * size.height * 3).fill(255)
    coverPixels({ rgb, ...size }, [mask])
    const { data } = await sharp(Buffer.from(coverSvg(size, [mask]))).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    for (let at = 0; at < size.width * size.height; at += 1) {
      const alpha = data[at * 4 + 3]!
      expect([0, 255]).toContain(alpha)
      if (rgb[at * 3] !== 255) expect(alpha).toBe(255)
    }
  }
})
