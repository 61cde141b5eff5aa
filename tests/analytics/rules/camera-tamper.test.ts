import type { LocalTime } from '../../../analytics/rules/arming.js'
import type { CameraTamperRule } from '../../../analytics/rules/rule.js'
import { makeWatch } from '../../../analytics/watch.js'
import { wordReason } from '../../../server/domain/reason.js'
import { PLAIN } from '../../support/plain-rule.js'
import { checkFault, type FaultCase } from './claim-table.js'
import { found, paintStreet, type Street, type Thing } from './painted.js'

const rule: CameraTamperRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'camera_tamper', holdMsMin: 15_000 }
/** Its view is known after a minute; what happens begins here. */
const FROM = 80
const everything = (bright: number, from = FROM, to = Infinity): Thing => ({ x: 0, y: 0, w: 320, h: 180, bright, from, to })
/** A lorry's side: most of the picture, with a stripe. */
const lorry = (from: number, to: number): Thing[] => [{ x: 20, y: 10, w: 290, h: 160, bright: 210, from, to }, { x: 20, y: 90, w: 290, h: 16, bright: 60, from, to }]
const traffic = Array.from({ length: 12 }, (_, i): Thing => ({ x: (i * 53) % 280, y: 90 + ((i * 31) % 60), w: 40, h: 26, bright: 40 + ((i * 67) % 180), from: i * 10, to: i * 10 + 14 }))

interface Shown extends Street {
  readonly seconds?: number
  readonly fps?: number
  readonly seen?: readonly Thing[]
  readonly clock?: (second: number) => LocalTime
  readonly hours?: CameraTamperRule['hours']
  /** In these seconds the camera is said to have been turned. */
  readonly turned?: readonly number[]
}

function say({ seconds = 120, fps = 1, seen = [], clock = () => ({ weekday: 3, minuteOfDay: 720 }), hours = [], turned = [], ...street }: Shown): string[] {
  const watch = makeWatch([{ ...rule, hours }], { localTime: (atMs) => clock(atMs / 1000) })
  const said: string[] = []
  for (let i = 0; i <= seconds * fps; i += 1) {
    const atMs = Math.round((i * 1000) / fps)
    if (turned.includes(atMs / 1000)) watch.turn()
    const frame = paintStreet(atMs, { ...street, things: [...(street.things ?? []), ...seen] })
    const detections = seen.filter(({ from = 0, to = Infinity }) => atMs >= from * 1000 && atMs < to * 1000).map((thing) => found(thing, 'truck'))
    for (const { phase, reason } of watch.see(frame, detections).observations) if (phase !== 'holds' && reason.code === 'camera_tamper') said.push(`${phase} ${reason.how}`)
  }
  return said
}

test.each<[sentence: string, shown: Shown, said: string[]]>([
  ['a bag over the lens is claimed once', { things: [everything(20)] }, ['began covered']],
  ['white paint too', { things: [everything(230)] }, ['began covered']],
  ['at 3 frames a second', { things: [everything(20)], fps: 3 }, ['began covered']],
  ['it ends when the lens is free', { things: [everything(20, FROM, 105)] }, ['began covered', 'ended covered']],
  ['a hand for a moment is none', { things: [everything(20, FROM, 90)] }, []],
  ['a lens that is put out of focus is claimed', { smear: (s) => (s < FROM ? 0 : 5) }, ['began defocused']],
  ['a drop that softens the picture a little is none', { smear: (s) => (s < FROM ? 0 : 1) }, []],
  ['a camera that is turned is claimed', { shift: (s) => (s < FROM ? 0 : 41) }, ['began turned']],
  ['one that is turned by command shows another view, and nothing is claimed', { shift: (s) => (s < FROM ? 0 : 41), turned: [FROM + 4] }, []],
  ['nor when it is turned back', { shift: (s) => (s < FROM || s > 105 ? 0 : 41), turned: [FROM + 4, 109], seconds: 160 }, []],
  ['covered at its new view, a minute after it came there, it is claimed', { shift: (s) => (s < FROM ? 0 : 41), turned: [FROM + 4], things: [everything(20, 160)], seconds: 180 }, ['began covered']],
  ['a claim of the view before ends with the turn', { things: [everything(20, FROM, 105)], shift: (s) => (s < 105 ? 0 : 41), turned: [105], seconds: 160 }, ['began covered', 'ended covered']],
  ['turned and turned back it ends', { shift: (s) => (s < FROM || s > 105 ? 0 : 41) }, ['began turned', 'ended turned']],
  ['turned and then covered is one act', { shift: (s) => (s < FROM ? 0 : 41), things: [everything(20, 100)] }, ['began turned']],
  ['one that shakes in the wind by a hair is none', { shift: (s) => (s % 2 < 1 ? 0 : 1) }, []],
  ['nothing happens and nothing is said', {}, []],
  ['noise at night is none', { light: () => 0.35, noise: 6 }, []],
  ['the evening is none', { light: (s) => Math.max(0.25, 1 - s / 130) }, []],
  ['a lamp that is switched on is none', { light: () => 0.4, pool: { x: 160, y: 60, radius: 120, more: 120, from: FROM } }, []],
  ['all lamps at once neither', { light: (s) => (s < FROM ? 0.4 : 1) }, []],
  ['traffic that is not found is none', { things: traffic }, []],
  ['a lorry that stops before the lens for a moment is none', { things: lorry(FROM, 92) }, []],
  ['a lorry that the detector finds is none, however long it stops', { seen: lorry(FROM, 200).slice(0, 1) }, []],
  ['a camera that was covered from the beginning has no usual view, and nothing is said', { things: [everything(20, 0)] }, []],
  ['outside the hours nothing is said, and the claim ends with them', { things: [everything(20)], hours: [{ days: [3], from: '12:00', to: '12:10' }], clock: (s) => ({ weekday: 3, minuteOfDay: s < 110 ? 720 : 730 }) }, ['began covered', 'ended covered']],
  // Of a picture as dark as a covered lens nobody can tell which it is; street lamps go out at dawn, not at night.
  ['known wrong: all lamps out at night, so that nothing is seen at all, is claimed', { light: (s) => (s < FROM ? 0.4 : 0.01) }, ['began covered']],
  // What is not found by the detector and fills the picture for longer than holdMsMin covers the camera indeed.
  ['known wrong: a lorry that is not found and stays longer than that is claimed', { things: lorry(FROM, 200) }, ['began turned']],
])('camera tamper: %s', (_, shown, said) => expect(say(shown)).toEqual(said))

test('the reason says how, and what share of the usual outlines is left', () => {
  expect(wordReason({ code: 'camera_tamper', how: 'covered', share: 0.04, heldMs: 15_000 })).toEqual({ vi: 'Ống kính bị che 15 giây, đường nét chỉ còn 4% so với thường ngày', en: 'The lens was covered for 15 s, 4% of the usual outlines left' })
})

test.each<FaultCase>([
  ['an hour', { ...rule, holdMsMin: 3_600_000 }, 'holdMsMin', /25 minutes/],
  ['a zone, which it has none of', { ...rule, zone: [] }, 'zone', /no such field/],
])('%s is refused by its field', checkFault)
