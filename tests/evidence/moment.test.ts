import { cutClip, cutStill, unite } from '../../server/evidence/moment.js'
import type { InitSegment, Packet } from '../../server/media/packet.js'

const INIT: InitSegment = { bytes: new Uint8Array(), codec: 'avc1.64001f', width: 640, height: 360, timescale: 1000 }
const NEXT: InitSegment = { ...INIT }

/** `K` a key packet, `d` a delta, `N` and `n` the same of the next session, `.` nothing; 100 ms each, from time 0. */
function film(drawing: string): Packet[] {
  return drawing.split('').flatMap((mark, i) => (mark === '.' ? [] : [{ key: mark === 'K' || mark === 'N', atMs: i * 100, decodeTime: i * 100, durationTicks: 100, bytes: new Uint8Array([i]), init: mark.toLowerCase() === 'n' ? NEXT : INIT }]))
}

const shown = (packets: readonly Packet[] | undefined): string => (packets ?? []).map((packet) => packet.bytes[0]).join(' ')

test.each([
  ['the picture nearest to the moment, decoded from its own key packet', 'KdddKddd', 620, '4 5 6', 600],
  ['a moment before the first picture takes the first', '..Kddd', 0, '2', 200],
  ['a moment after the last picture takes the last', 'KdddKd', 5_000, '4 5', 500],
  ['deltas that came before any key packet cannot be decoded and are left out', 'ddKdd', 50, '2', 200],
  ['a gap at the moment takes the nearer side', 'Kdd....Kd', 600, '7', 700],
])('still: %s', (_name, drawing, atMs, packets, pictureMs) => {
  const cut = cutStill(film(drawing), atMs)
  expect({ packets: shown(cut?.packets), atMs: cut?.atMs }).toEqual({ packets, atMs: pictureMs })
})

test('still: no key packet, no still', () => {
  expect(cutStill(film('dddd'), 100)).toBeNull()
  expect(cutStill([], 100)).toBeNull()
})

const SPAN = { fromMs: 500, atMs: 1_000, toMs: 1_500 }

test.each([
  ['a whole span is whole', 'KddddKddddKdddd', '0 1 2 3 4 5 6 7 8 9 10 11 12 13 14', { fromMs: 0, toMs: 1_500, missingBeforeMs: 0, missingAfterMs: 0, interrupted: false }],
  ['a camera that died tells what is missing after', 'KddddKdd', '0 1 2 3 4 5 6 7', { fromMs: 0, toMs: 800, missingBeforeMs: 0, missingAfterMs: 700, interrupted: false }],
  ['a camera that came late tells what is missing before', '............Kddd', '12 13 14 15', { fromMs: 1_200, toMs: 1_600, missingBeforeMs: 700, missingAfterMs: 0, interrupted: false }],
  ['of two sessions the one that saw the moment is kept', 'KddddNnnnnnnnnn', '5 6 7 8 9 10 11 12 13 14', { fromMs: 500, toMs: 1_500, missingBeforeMs: 0, missingAfterMs: 0, interrupted: true }],
  ['a moment between two sessions takes the nearer', 'Kddddddd....Nnnn', '12 13 14 15', { fromMs: 1_200, toMs: 1_600, missingBeforeMs: 700, missingAfterMs: 0, interrupted: true }],
  ['the rest of a session without its key packet is no session', 'ddddKdddddddddd', '4 5 6 7 8 9 10 11 12 13 14', { fromMs: 400, toMs: 1_500, missingBeforeMs: 0, missingAfterMs: 0, interrupted: false }],
])('clip: %s', (_name, drawing, packets, rest) => {
  const cut = cutClip(film(drawing), SPAN)
  expect({ ...cut, packets: shown(cut?.packets) }).toEqual({ ...rest, packets })
})

test('clip: nothing decodable, no clip', () => {
  expect(cutClip(film('ddd'), SPAN)).toBeNull()
  expect(cutClip([], SPAN)).toBeNull()
})

test.each([
  ['the memory let go of the oldest meanwhile', 'KddKdd', [0, 5], [3, 6], '0 1 2 3 4 5'],
  ['the memory forgot all that was taken', 'KddKdd', [0, 3], [3, 6], '0 1 2 3 4 5'],
  ['the memory still holds all', 'KddKdd', [0, 4], [0, 6], '0 1 2 3 4 5'],
  ['the camera went dark', 'KddKdd', [0, 4], [0, 0], '0 1 2 3'],
  ['nothing was taken early', 'KddKdd', [0, 0], [0, 6], '0 1 2 3 4 5'],
])('what was taken early and what is remembered are one film: %s', (_why, drawing, early, now, want) => {
  const packets = film(drawing)
  expect(shown(unite(packets.slice(early[0], early[1]), packets.slice(now[0], now[1])))).toBe(want)
})
