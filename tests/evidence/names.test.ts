import fc from 'fast-check'
import { asId, type AlertId } from '../../server/domain/ids.js'
import { folderOf, isOriginal, readName, writeName, type KeptName } from '../../server/evidence/kept-names.js'
import sharp from 'sharp'
import { drawStill, overlaySvg } from '../../server/evidence/still.js'

test('a name tells back exactly what it was made of', () => {
  const span = fc.tuple(fc.nat(2 ** 45), fc.nat(100_000)).map(([fromMs, ms]) => ({ fromMs, toMs: fromMs + ms }))
  const name: fc.Arbitrary<KeptName> = fc.oneof(
    span.map((one): KeptName => ({ kept: 'clip', ...one })),
    fc.tuple(fc.constantFrom('still' as const, 'original' as const, 'plate' as const, 'plate_enhanced' as const), fc.nat(2 ** 45)).map(([kept, atMs]): KeptName => ({ kept, fromMs: atMs, toMs: atMs })),
  )
  fc.assert(fc.property(name, (one) => expect(readName(writeName(one))).toEqual(one)))
  for (const strange of ['clip.mp4', 'clip-1-2.mp4.exe', '../clip-1-2.mp4', 'still-1.png', 'still-1-enhanced.jpg', 'plate-1-original.jpg', 'plate-59G163188.jpg', '']) expect(readName(strange)).toBeNull()
})

test('a folder is a day in UTC and the alert; what is no id names none', () => {
  expect(folderOf({ id: asId<AlertId>('abc-1'), atMs: Date.UTC(2026, 10, 22, 23, 59) })).toBe('2026-11-22/abc-1')
  expect(() => folderOf({ id: asId<AlertId>('../../etc'), atMs: 0 })).toThrow('no')
  expect(isOriginal({ file: '2026-11-22/abc/still-5-original.jpg' })).toBe(true)
  expect(isOriginal({ file: '2026-11-22/abc/still-5.jpg' })).toBe(false)
})

test('words in a picture cannot become drawing, boxes stay inside it, and without a font there are no words', () => {
  const witness = { box: { x1: -0.2, y1: 0.9, x2: 0.3, y2: 1.4 }, score: 0.83 }
  const svg = overlaySvg({ width: 640, height: 360 }, [witness], 'Ngã tư </text><script>"&')
  expect(svg).not.toContain('<script>')
  expect(svg).toContain('83 %')
  const numbers = [...svg.matchAll(/<rect x="(-?\d+)" y="(-?\d+)" width="(-?\d+)" height="(-?\d+)" fill="none"/g)].map((match) => match.slice(1).map(Number))
  expect(numbers).toEqual([[0, 322, 194, 38]])
  expect(overlaySvg({ width: 640, height: 360 }, [witness], null)).not.toContain('<text')
})

test('a long line is set smaller, so that it ends inside the picture', async () => {
  const caption = 'Nghi vấn vượt đèn đỏ · Xe hai bánh qua vạch dừng khi đèn đã đỏ 1,8 giây · Ngã tư Trần Hưng Đạo và Nguyễn Huệ · 19:00:07 22/11/2026'
  const picture = { width: 640, height: 360, rgb: Buffer.alloc(640 * 360 * 3, 255) }
  const drawn = await sharp(await drawStill(picture, [], caption)).raw().toBuffer()
  if (drawn[(355 * 640 + 1) * 3]! > 140) return console.warn('SKIPPED: this machine has no font, so a still carries no words')
  // The bar is dark and the letters white: the last 4 columns of the bar hold no letter.
  for (let y = 345; y < 360; y += 1) for (let x = 636; x < 640; x += 1) expect(drawn[(y * 640 + x) * 3]).toBeLessThan(140)
})
