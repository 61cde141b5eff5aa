import { avcCodec, hevcCodec } from '../../server/media/codec-string.js'
import { MediaFault } from '../../server/media/fault.js'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

test.each([
  ['H.264 High 3.1', '01 64 00 1f ff', 'avc1.64001f'],
  ['H.264 Constrained Baseline 3.0', '01 42 c0 1e ff', 'avc1.42c01e'],
  ['H.264 Main 4.0', '01 4d 40 28 ff', 'avc1.4d4028'],
])('%s', (_, avcC, codec) => {
  expect(avcCodec(bytes(avcC))).toBe(codec)
})

test.each([
  ['H.265 Main, main tier, 3.1', '01 01 60000000 900000000000 5d', 'hvc1.1.6.L93.90'],
  ['H.265 Main 10, high tier, 5.1', '01 22 20000000 b00000000000 99', 'hvc1.2.4.H153.b0'],
  ['H.265 without constraints', '01 01 60000000 000000000000 5d', 'hvc1.1.6.L93'],
  ['H.265 in profile space A', '01 41 60000000 900000000000 5d', 'hvc1.A1.6.L93.90'],
])('%s', (_, hvcC, codec) => {
  expect(hevcCodec(bytes(hvcC))).toBe(codec)
})

test('a record that ends too early is a MediaFault', () => {
  expect(() => avcCodec(bytes('01 64'))).toThrow(MediaFault)
  expect(() => hevcCodec(bytes('01 01 60'))).toThrow(MediaFault)
})
