import fc from 'fast-check'
import { formatRtsp, openRtspCutter, RtspGarbage, statusOf, requestOf, type RtspPiece } from '../../server/ingest/rtsp-message.js'

const ANSWER = Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nv=0\r\n')
const frame = (channel: number, payload: Uint8Array): Buffer => Buffer.concat([Buffer.from([0x24, channel, payload.length >> 8, payload.length & 255]), payload])

/** Media pieces put back together; messages as their start lines. */
const tell = (pieces: readonly RtspPiece[]): { readonly media: Buffer; readonly messages: readonly string[] } => ({
  media: Buffer.concat(pieces.flatMap((piece) => (piece.kind === 'media' ? [piece.bytes] : []))),
  messages: pieces.flatMap((piece) => (piece.kind === 'message' ? [piece.message.startLine] : [])),
})

test('messages and media come apart and stay whole, whatever the cut', () => {
  const piece = fc.oneof(fc.uint8Array({ maxLength: 400 }).map((payload) => frame(0, payload)), fc.constant(ANSWER))
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (sent, cuts) => {
      const bytes = Buffer.concat(sent)
      const edges = [0, ...cuts.map((at) => at % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
      const cutter = openRtspCutter()
      const got = tell(edges.slice(1).flatMap((edge, index) => [...cutter.push(bytes.subarray(edges[index], edge))]))
      expect(got.media).toEqual(Buffer.concat(sent.filter((one) => one !== ANSWER)))
      expect(got.messages).toEqual(sent.filter((one) => one === ANSWER).map(() => 'RTSP/1.0 200 OK'))
    }),
  )
})

test('any bytes at all end in pieces, in waiting, or in RtspGarbage; what is held is bounded', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 30 }), (chunks) => {
      const cutter = openRtspCutter()
      try {
        for (const chunk of chunks) cutter.push(Buffer.from(chunk))
      } catch (fault) {
        expect(fault).toBeInstanceOf(RtspGarbage)
      }
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['a head without an end', Buffer.alloc(40_000, 'a')],
  ['a body of a gigabyte', Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: 1000000000\r\n\r\n')],
  ['a body of minus one', Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n')],
])('%s is garbage', (_, bytes) => {
  expect(() => openRtspCutter().push(bytes)).toThrow(RtspGarbage)
})

test('what was read can be written again', () => {
  const [piece] = openRtspCutter().push(ANSWER)
  expect(piece?.kind === 'message' && formatRtsp(piece.message)).toEqual(ANSWER)
  expect(piece?.kind === 'message' && statusOf(piece.message)).toBe(200)
  expect(requestOf({ startLine: 'DESCRIBE rtsp://h/a RTSP/1.0', headers: [], body: Buffer.alloc(0) })).toEqual({ method: 'DESCRIBE', uri: 'rtsp://h/a' })
})
