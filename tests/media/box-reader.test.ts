import fc from 'fast-check'
import { childBoxes, openBoxReader, type Box } from '../../server/media/box-reader.js'
import { MediaFault } from '../../server/media/fault.js'

const box = (type: string, body: Uint8Array | readonly number[] = []): Buffer => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, Buffer.from(body as Uint8Array)])
}

const cut = (bytes: Buffer, at: readonly number[]): readonly Buffer[] => {
  const edges = [0, ...at.map((one) => one % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}

const readThrough = (chunks: readonly Buffer[]): readonly Box[] => {
  const reader = openBoxReader()
  return chunks.flatMap((chunk) => [...reader.push(chunk)])
}

test('boxes come out whole and in order, whatever the cut', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(bodies, fc.array(fc.nat(), { maxLength: 20 }), (contents, cuts) => {
      const whole = contents.map((content) => box('mdat', content))
      const found = readThrough(cut(Buffer.concat(whole), cuts))
      expect(found.map(({ bytes }) => Buffer.from(bytes))).toEqual(whole)
    }),
  )
})

test('a 64-bit size is read', () => {
  const long = Buffer.alloc(20)
  long.writeUInt32BE(1)
  long.write('mdat', 4, 'latin1')
  long.writeBigUInt64BE(20n, 8)
  expect(readThrough([long])).toMatchObject([{ type: 'mdat', body: 16 }])
})

test('any bytes at all end in boxes, in waiting, or in a MediaFault', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (chunks) => {
      const reader = openBoxReader({ boxBytesMax: 1_000 })
      try {
        for (const chunk of chunks) for (const found of reader.push(chunk)) childBoxes(found)
      } catch (fault) {
        expect(fault).toBeInstanceOf(MediaFault)
      }
      expect(reader.heldBytes).toBeLessThanOrEqual(1_200)
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['a box larger than the bound', Buffer.from([0x7f, 0, 0, 0, 0x6d, 0x64, 0x61, 0x74]), /claims 2130706432 bytes/],
  ['a box smaller than its header', Buffer.from([0, 0, 0, 4, 0x6d, 0x64, 0x61, 0x74]), /claims 4 bytes/],
  ['a box that lasts to the end of a file that has none', Buffer.from([0, 0, 0, 0, 0x6d, 0x64, 0x61, 0x74]), /claims 0 bytes/],
  ['HTML instead of video', Buffer.from('\x00\x00\x00\x10\x01\x02<html>'), /not printable/],
  ['a child that ends outside of its parent', box('moof', box('traf', new Uint8Array(20)).subarray(0, 12)), /ends outside/],
])('%s is refused', (_, bytes, reason) => {
  expect(() => readThrough([bytes]).forEach((found) => childBoxes(found))).toThrow(reason)
})
