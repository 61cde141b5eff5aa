import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { writeCloseSamples, writeSamples } from '../../../server/sandbox/scenes/samples.js'

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
