import { openFrameCutter } from '../../server/watching/frame-cutter.js'
import { openMediaClock } from '../../server/watching/media-clock.js'
import { planPicture } from '../../server/watching/picture-plan.js'
import { chooseSharpness, FIRST_SHARPNESS } from '../../server/watching/sharpness.js'
import { unpad } from '../../server/watching/unpad.js'

test.each([
  { camera: 'a sub stream', width: 640, height: 360, plan: '640x360 in 384' },
  { camera: 'a main stream', width: 1920, height: 1080, plan: '640x360 in 384' },
  { camera: 'an old 4:3 camera', width: 640, height: 480, plan: '544x408 in 416' },
  { camera: 'D1', width: 704, height: 576, plan: '544x446 in 448' },
  { camera: 'CIF, never enlarged', width: 352, height: 288, plan: '352x288 in 288' },
  { camera: 'a corridor camera, upright', width: 1080, height: 1920, plan: '352x626 in 640' },
  { camera: 'a panorama', width: 3840, height: 1080, plan: '896x252 in 256' },
  { camera: 'a stream that does not tell its size', width: 0, height: 0, plan: '64x64 in 64' },
])('$camera, $width x $height, is looked at as $plan', ({ width, height, plan }) => {
  const planned = planPicture({ width, height })
  expect(`${planned.width}x${planned.height} in ${planned.paddedHeight}`).toBe(plan)
  expect([planned.width % 32, planned.paddedHeight % 32, planned.height % 2]).toEqual([0, 0, 0])
})

test('a full machine looks at a smaller picture of the same shape', () => {
  const small = { small: true, far: null }
  expect(planPicture({ width: 640, height: 360 }, small)).toEqual({ width: 416, height: 234, paddedHeight: 256, far: null })
  expect(planPicture({ width: 352, height: 288 }, small)).toEqual({ width: 352, height: 288, paddedHeight: 288, far: null })
})

test.each([
  { camera: 'HD', width: 1280, height: 720, far: { x: 0.5, y: 0.5 }, plan: '640x192 of 0.25 0.3667 0.75 0.6333' },
  { camera: 'full HD, at an edge', width: 1920, height: 1080, far: { x: 0.1, y: 0.05 }, plan: '640x192 of 0 0 0.5 0.2667' },
  { camera: 'a large 4:3 one', width: 1600, height: 1200, far: { x: 0.9, y: 0.5 }, plan: '544x160 of 0.5 0.402 1 0.598' },
  { camera: 'a sub stream, which has no more to show', width: 640, height: 360, far: { x: 0.5, y: 0.5 }, plan: null },
  { camera: 'one that would have to be enlarged', width: 1024, height: 576, far: { x: 0.5, y: 0.5 }, plan: null },
  { camera: 'one whose far part is not known yet', width: 1920, height: 1080, far: null, plan: null },
])('the far part of $camera', ({ width, height, far, plan }) => {
  const planned = planPicture({ width, height }, { small: false, far })
  const told = planned.far && `${planned.width}x${planned.far.height} of ${[planned.far.part.x1, planned.far.part.y1, planned.far.part.x2, planned.far.part.y2].map((share) => Number(share.toFixed(4))).join(' ')}`
  expect(told).toBe(plan)
  // The same scale across and down: nothing looks squeezed to the network.
  if (planned.far) expect(((planned.far.part.x2 - planned.far.part.x1) * width) / planned.width / (((planned.far.part.y2 - planned.far.part.y1) * height) / planned.far.height)).toBeCloseTo(1, 3)
})

type Ticks = readonly (readonly [seconds: number, busyShare: number, droppedShare?: number, looksFar?: boolean])[]

/** Weighed every two seconds; each entry holds until its second. What was said, and when. */
function weigh(ticks: Ticks): string[] {
  let state = FIRST_SHARPNESS
  const said: string[] = []
  for (let atS = 0; atS <= ticks.at(-1)![0]; atS += 2) {
    const [, busyShare, droppedShare = 0, looksFar = false] = ticks.find(([until]) => atS <= until)!
    const [next, verdict] = chooseSharpness(state, { atMs: atS * 1000, busyShare, droppedShare, looksFar })
    state = next
    if (verdict.do === 'change') said.push(`${verdict.to} at ${atS}`)
  }
  return said
}

test.each<[string, Ticks, string[]]>([
  ['a machine with room keeps full pictures', [[300, 0.7]], []],
  ['a burst of two seconds is none of its business', [[10, 0.5], [12, 1], [30, 0.5]], []],
  ['one that is full looks at smaller ones', [[60, 0.95]], ['small at 4']],
  ['one that drops frames, too, however idle its threads seem', [[60, 0.5, 0.2]], ['small at 4']],
  ['when there is room for long, they grow again', [[10, 0.95], [60, 0.2]], ['small at 4', 'full at 42']],
  ['where far parts are looked at, they are given up first', [[60, 0.95, 0, true]], ['full at 4', 'small at 10']],
  ['and that may be enough', [[4, 0.95, 0, true], [60, 0.7]], ['full at 4']],
  ['they come back last', [[4, 0.95, 0, true], [10, 0.95], [200, 0.2]], ['full at 4', 'small at 10', 'full at 42', 'far at 74']],
  ['half busy is no room: full ones would fill it', [[10, 0.95], [600, 0.4]], ['small at 4']],
  ['a night that seemed quiet twice is waited for twice as long', [[10, 0.95], [44, 0.2], [60, 0.95], [200, 0.2]], ['small at 4', 'full at 42', 'small at 50', 'full at 122', 'far at 184']],
])('%s', (_, ticks, expected) => {
  expect(weigh(ticks)).toEqual(expected)
})

test('a box in the padded frame is placed in the picture; one in the grey is no box', () => {
  const found = (y1: number, y2: number): { class: string; score: number; box: { x1: number; y1: number; x2: number; y2: number } } => ({ class: 'car', score: 1, box: { x1: 0, y1, x2: 1, y2 } })
  const share = 360 / 384
  expect(unpad([found(0.46875, 0.9375)], share)[0]!.box).toEqual({ x1: 0, y1: 0.5, x2: 1, y2: 1 })
  expect(unpad([found(0.5, 1)], share)[0]!.box.y2).toBe(1)
  expect(unpad([found(0.95, 1)], share)).toEqual([])
})

test('bytes in any cut become the same frames', () => {
  const bytes = Uint8Array.from({ length: 60 }, (_, at) => at)
  for (const cut of [1, 7, 12, 13, 60]) {
    const frames: number[][] = []
    const cutter = openFrameCutter(12, (rgb) => frames.push([...rgb]))
    for (let at = 0; at < 60; at += cut) cutter.push(bytes.subarray(at, at + cut))
    expect(frames).toEqual([0, 12, 24, 36, 48].map((from) => [...bytes.subarray(from, from + 12)]))
  }
})

test('bytes written where there is room become frames, too, and the room never reaches into the next one', () => {
  const frames: number[][] = []
  const cutter = openFrameCutter(12, (rgb) => frames.push([...rgb]))
  let next = 0
  for (const came of [5, 7, 1, 11, 12]) {
    const room = cutter.room()
    expect(room.length).toBeGreaterThanOrEqual(came)
    for (let at = 0; at < came; at += 1) room[at] = next++
    cutter.took(came)
  }
  expect(frames.flat()).toEqual(Array.from({ length: 36 }, (_, at) => at))
})

test('memory given back holds the next frame but one; what is not of this size is not taken', () => {
  const frames: Uint8Array<ArrayBuffer>[] = []
  const cutter = openFrameCutter(4, (rgb) => frames.push(rgb))
  cutter.push(Uint8Array.of(1, 1, 1, 1))
  cutter.giveBack(new Uint8Array(3))
  cutter.giveBack(frames[0]!)
  cutter.push(Uint8Array.of(2, 2, 2, 2, 3, 3, 3, 3))
  expect(frames.map((rgb) => [...rgb])).toEqual([[3, 3, 3, 3], [2, 2, 2, 2], [3, 3, 3, 3]])
  expect(frames[2]!.buffer).toBe(frames[0]!.buffer)
})

test.each([
  { sentence: 'even arrivals: the arrival itself', arrivals: [0, 100, 200, 300], at: 3, wall: 300 },
  { sentence: 'one late packet of many: hardly later than its place', arrivals: [0, 100, 200, 390], at: 3, wall: 301.8 },
  { sentence: 'an early packet proves that less delay is possible', arrivals: [50, 150, 250, 300], at: 3, wall: 300 },
  { sentence: 'a pause of five seconds is a jump, at once', arrivals: [0, 100, 5200, 5300], at: 3, wall: 5300 },
  { sentence: 'a wall clock set back never makes time run back', arrivals: [10_000, 10_100, 200, 300], at: 3, wall: 10_102 },
])('media clock, $sentence', ({ arrivals, at, wall }) => {
  const clock = openMediaClock(1000)
  const walls = arrivals.map((atMs, packet) => {
    clock.note({ decodeTime: packet * 100, atMs })
    return clock.wallOf(packet * 100)
  })
  expect(walls[at]).toBeCloseTo(wall, 5)
})

test('a picture between two packets (B-frames) has a time between theirs; without packets there is no time', () => {
  const clock = openMediaClock(1000)
  expect(clock.wallOf(0)).toBeNull()
  for (const decodeTime of [0, 100, 200]) clock.note({ decodeTime, atMs: 5000 + decodeTime })
  expect(clock.wallOf(140)).toBe(5140)
})
