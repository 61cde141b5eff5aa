import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { writeCloseSamples, writeSamples } from '../../../server/sandbox/scenes/samples.js'
import { partIn, writeTileSamples } from '../../../server/sandbox/scenes/tile-samples.js'

// Two streets are painted.
import.meta.jest.setTimeout(60_000)

test('samples from afar and through a long lens lie beside each other, of one size, each with its boxes in 0..1', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'samples-'))
  try {
    await writeSamples(folder, 1, 5)
    await writeCloseSamples(folder, 1, 5)
    const names = readdirSync(folder).filter((name) => name.endsWith('.jpg')).toSorted()
    expect(names.map((name) => name.startsWith('close-'))).toEqual(expect.arrayContaining([true, false]))
    for (const name of names) {
      const { width, height } = await sharp(join(folder, name)).metadata()
      expect([width, height]).toEqual([640, 360])
      const boxes = readFileSync(join(folder, name.replace(/jpg$/, 'txt')), 'utf8').trim().split('\n').map((line) => line.split(' ').map(Number))
      expect(boxes.length).toBeGreaterThan(0)
      for (const [label, ...sides] of boxes) expect([label! >= -1 && label! <= 4, sides.length, sides.every((side) => side >= 0 && side <= 1)]).toEqual([true, 4, true])
    }
    // What the long lens is for: a vehicle that fills more of the picture than any seen from afar.
    const tallest = (close: boolean): number => Math.max(...names.filter((name) => name.startsWith('close-') === close).flatMap((name) => readFileSync(join(folder, name.replace(/jpg$/, 'txt')), 'utf8').trim().split('\n').filter((line) => !line.startsWith('-1')).map((line) => Number(line.split(' ')[4]))))
    expect(tallest(true)).toBeGreaterThan(tallest(false))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('pieces of a frame twice as wide are of the usual size, and what a piece’s edge cuts is told as far as it lies in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'samples-'))
  try {
    await writeTileSamples(folder, 1, 5)
    const names = readdirSync(folder).filter((name) => name.endsWith('.jpg')).toSorted()
    expect(names.map((name) => name.split('-').slice(-2).join('-'))).toEqual(['0-360.jpg', '320-360.jpg', '640-360.jpg'])
    for (const name of names) {
      const { width, height } = await sharp(join(folder, name)).metadata()
      expect([width, height]).toEqual([640, 360])
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.each([
  ['in it', [0.25, 0.6, 0.5, 0.7], 0, 360, [0.5, 0.2, 1, 0.4], 1],
  ['cut by its upper edge', [0.25, 0.4, 0.5, 0.6], 0, 360, [0.5, 0, 1, 0.2], 0.5],
  ['cut by its left edge', [0.25, 0.5, 0.75, 1], 640, 360, [0, 0, 0.5, 1], 0.5],
  ['beside it', [0.6, 0.5, 0.75, 1], 0, 360, [1, 0, 1, 1], 0],
] as const)('a box %s', (_, box, left, top, part, share) => {
  const found = partIn([...box], left, top)
  expect([...found.box, found.share]).toEqual([...part, share].map((side) => expect.closeTo(side)))
})
