import { SCENES } from '../../../server/sandbox/scenes/catalogue.js'
import type { EventKind, Scene } from '../../../server/sandbox/scenes/scene.js'
import { makeStudio, type Seen } from '../../../server/sandbox/scenes/studio.js'
import { beyond, clipToPicture, crossingFrame, feetOf, isInside, makeTruth, peopleIn, sightsOf, type TruthLine, type TruthZone, type Watched } from '../../../server/sandbox/scenes/truth.js'
import { walkMs } from '../../../server/sandbox/scenes/walks.js'

const LOOP_MS = 120_000
/** A quarter of the clips' rate: the same story at a quarter of the work. */
const FRAME_MS = 320
/** Small, for painting a street takes its time; the signal head is still five pixels wide. */
const [WIDTH, HEIGHT] = [240, 136]

const watches = new Map<string, Watched>()

function watch(scene: Scene, seed: number): Watched {
  const known = watches.get(`${scene.id} ${seed}`)
  if (known) return known
  const watched = watchAnew(scene, seed)
  watches.set(`${scene.id} ${seed}`, watched)
  return watched
}

function watchAnew(scene: Scene, seed: number): Watched {
  const studio = makeStudio(scene, { seed, loopMs: LOOP_MS, frameMs: FRAME_MS, width: 160, height: 90, boxesOnly: true })
  const frames: (readonly Seen[])[] = []
  for (let frame = 0; frame < studio.frameCount; frame += 1) frames.push(studio.draw(frame).seen)
  return { scene, lens: studio.lens, show: studio.show, frames, width: 160, height: 90, clip: 'main.h264' }
}

const scene = (id: string): Scene => SCENES.find((one) => one.id === id)!

const EXPECTED: readonly { readonly id: string; readonly seed: number; readonly kinds: readonly EventKind[] }[] = [
  { id: 'nga-tu', seed: 2026, kinds: ['red_light', 'red_light'] },
  { id: 'nga-tu', seed: 5, kinds: ['red_light', 'red_light'] },
  { id: 'mot-chieu', seed: 2026, kinds: ['wrong_way'] },
  { id: 'cam-dung', seed: 2026, kinds: ['illegal_stop'] },
  { id: 'quang-truong', seed: 2026, kinds: ['crowd'] },
  { id: 'ben-kho', seed: 2026, kinds: ['intrusion'] },
  { id: 'cau', seed: 2026, kinds: [] },
]

describe.each(EXPECTED)('$id with seed $seed', ({ id, seed, kinds }) => {
  const watched = watch(scene(id), seed)
  const truth = makeTruth(watched)

  test('every act of the script is an event of the truth, inside the clip', () => {
    expect(truth.events.map((event) => event.kind)).toEqual(kinds)
    for (const event of truth.events) {
      expect(event.t_start).toBeGreaterThan(1)
      expect(event.t_end).toBeLessThan(LOOP_MS / 1000 - 1)
      expect(event.boxes.length).toBeGreaterThan(2)
    }
  })

  test('boxes and geometry lie in the picture, and the seam hides nobody', () => {
    const wrong = watched.frames.flat().filter((one) => one.box.some((v) => v < 0 || v > 1) || one.box[0] >= one.box[2] || one.box[1] >= one.box[3] || one.visible <= 0 || one.visible > 1)
    expect(wrong).toEqual([])
    for (const [name, part] of Object.entries(truth.geometry)) {
      const points = 'polygon' in part ? part.polygon : 'pts' in part ? part.pts : []
      expect({ name, ok: points.every(([x, y]) => x >= 0 && x <= 1 && y >= 0 && y <= 1) }).toEqual({ name, ok: true })
    }
    const [first, last] = [watched.show.actorsAt(0), watched.show.actorsAt(watched.show.frameCount - 1)]
    for (const actor of first) {
      const before = last.find((one) => one.id === actor.id)
      if (before) expect(Math.hypot(before.placing.x - actor.placing.x, before.placing.z - actor.placing.z)).toBeLessThan(4)
    }
    for (const walk of watched.show.script.walks) expect(walkMs(walk)).toBeLessThan(LOOP_MS)
  })

  test('nobody else does what the scene forbids', () => {
    for (const finding of forbidden(watched)) expect(truth.events.map((event) => event.object)).toContain(finding)
  })
})

/** An independent look at the boxes: who breaks the rule of the scene? */
function forbidden(watched: Watched): readonly number[] {
  const truth = makeTruth(watched)
  const vehicles = watched.show.script.rides.map((ride) => ride.id)
  const line = truth.geometry['stop_line'] as TruthLine | undefined
  if (line) {
    return vehicles.filter((id) => {
      if (watched.show.script.rides.find((ride) => ride.id === id)?.path !== 'own') return false
      const frame = crossingFrame(line, sightsOf(watched.frames, id))
      return frame !== null && watched.show.signalAt(Math.floor(frame)) === 'red'
    })
  }
  if (watched.scene.id === 'cam-dung') {
    const zone = truth.geometry['no_stopping'] as TruthZone
    return vehicles.filter((id) => longestRestMs(watched, zone, id) > 10_000)
  }
  if (watched.scene.id === 'ben-kho') {
    const zone = truth.geometry['closed_yard'] as TruthZone
    return watched.show.script.walks.map((walk) => walk.id).filter((id) => sightsOf(watched.frames, id).some((sight) => isInside(zone.polygon, feetOf(sight.seen.box))))
  }
  const lanes = Object.entries(truth.geometry).flatMap(([, part]) => ('polygon' in part && part.allowed_direction ? [part] : []))
  return vehicles.filter((id) => lanes.some((lane) => goesAgainst(watched, lane, id)))
}

/** Neighbouring sights only: an object that passes the seam is seen at both ends of the clip. */
function stepsOf(watched: Watched, zone: TruthZone, id: number): readonly (readonly [dx: number, dy: number])[] {
  const inside = sightsOf(watched.frames, id).filter((sight) => sight.seen.visible > 0.3 && isInside(zone.polygon, feetOf(sight.seen.box)))
  return inside.flatMap((sight, i) => {
    const before = inside[i - 1]
    if (!before || sight.frame !== before.frame + 1) return []
    const [a, b] = [feetOf(before.seen.box), feetOf(sight.seen.box)]
    return [[b[0] - a[0], b[1] - a[1]] as const]
  })
}

function longestRestMs(watched: Watched, zone: TruthZone, id: number): number {
  return stepsOf(watched, zone, id).filter(([dx, dy]) => Math.hypot(dx, dy) < 0.004).length * FRAME_MS
}

function goesAgainst(watched: Watched, lane: TruthZone, id: number): boolean {
  const allowed = lane.allowed_direction ?? [0, 0]
  return stepsOf(watched, lane, id).reduce((sum, [dx, dy]) => sum + dx * allowed[0] + dy * allowed[1], 0) < -0.02
}

describe('the red light of the junction', () => {
  const watched = watch(scene('nga-tu'), 2026)
  const truth = makeTruth(watched)
  const line = truth.geometry['stop_line'] as TruthLine

  test('a motorbike and a car cross while the light has been red for over a second', () => {
    expect(truth.events.map((event) => event.class).toSorted()).toEqual(['car', 'two_wheeler'])
    for (const event of truth.events) {
      const phase = truth.signal.find(([from, to]) => event.t_box_bottom_over_line! >= from && event.t_box_bottom_over_line! < to)!
      expect(phase[2]).toBe('red')
      expect(event.t_box_bottom_over_line! - phase[0]).toBeGreaterThan(1)
      const [before, after] = [event.boxes[0]!, event.boxes.at(-1)!]
      expect(beyond(line, feetOf(before.box))).toBeLessThan(0)
      expect(beyond(line, feetOf(after.box))).toBeGreaterThan(0)
      expect(event.plate).toMatch(/^[0-9]{2}[A-Z]/)
    }
  })

  test('others cross on green or leave on yellow, none within half a second of red', () => {
    const runners = truth.events.map((event) => event.object)
    let legal = 0
    for (const ride of watched.show.script.rides.filter((one) => one.path === 'own' && !runners.includes(one.id))) {
      const frame = crossingFrame(line, sightsOf(watched.frames, ride.id))
      if (frame === null) continue
      legal += 1
      expect(['green', 'yellow']).toContain(watched.show.signalAt(Math.floor(frame)))
      expect(watched.show.signalAt(Math.ceil(frame) + Math.ceil(500 / FRAME_MS))).not.toBe('red')
    }
    expect(legal).toBeGreaterThan(15)
  })

  test('the lamp region holds the lit lamp and no other bright colour', () => {
    const studio = makeStudio(scene('nga-tu'), { seed: 2026, loopMs: LOOP_MS, frameMs: FRAME_MS, width: WIDTH, height: HEIGHT, caption: false })
    const [lamp] = truth.geometry['lamp_region'] as readonly { readonly box: readonly [number, number, number, number] }[]
    for (const [atMs, colour] of [[9600, 'green'], [26_560, 'yellow'], [44_800, 'red']] as const) {
      const { rgb } = studio.draw(atMs / FRAME_MS)
      const [x1, y1, x2, y2] = lamp!.box
      let [red, green] = [0, 0]
      for (let y = Math.floor(y1 * HEIGHT); y < y2 * HEIGHT; y += 1) {
        for (let x = Math.floor(x1 * WIDTH); x < x2 * WIDTH; x += 1) {
          const i = (y * WIDTH + x) * 3
          if (Math.max(rgb[i]!, rgb[i + 1]!) < 120) continue
          red += rgb[i]!
          green += rgb[i + 1]!
        }
      }
      expect({ colour, ratio: red > 1.8 * green ? 'red' : green > 1.4 * red ? 'green' : red + green > 0 ? 'yellow' : 'dark' }).toEqual({ colour, ratio: colour })
    }
  })
})

test('the square is calm outside the crowd', () => {
  const watched = watch(scene('quang-truong'), 2026)
  const [event] = makeTruth(watched).events
  expect(event!.people!).toBeGreaterThanOrEqual(12)
  expect(event!.t_end - event!.t_start).toBeGreaterThanOrEqual(20)
  const before = peopleIn(watched, 'square', Math.round((event!.t_start - 15) * (1000 / FRAME_MS))).length
  expect(before).toBeLessThan(6)
})

test('a polygon that leaves the picture is cut at its edge', () => {
  expect(clipToPicture([[0.5, 0.5], [1.5, 0.5], [1.5, 0.9], [0.5, 0.9]])).toEqual([[0.5, 0.5], [1, 0.5], [1, 0.9], [0.5, 0.9]])
})
