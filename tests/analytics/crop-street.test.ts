import { existsSync, readFileSync } from 'node:fs'
import type { Detection } from '../../analytics/detection.js'
import { makeOnnxDetector, type OnnxDetector } from '../../analytics/detect/onnx-detector.js'
import type { Frame } from '../../analytics/frame.js'
import { overlap } from '../../analytics/geometry/box.js'
import type { Observation } from '../../analytics/rules/observation.js'
import type { Rule } from '../../analytics/rules/rule.js'
import type { Track } from '../../analytics/track/track.js'
import { makeWatch } from '../../analytics/watch.js'
import { loadModel } from '../../models/catalogue.js'
import { openClip } from '../../server/commands/judge-frames.js'
import { lookAsLane, type Look } from '../../server/commands/judge-look.js'
import { rulesFromTruth } from '../../server/commands/judge-rules.js'
import { DETECT_THRESHOLDS } from '../../server/commands/judge-run.js'
import { parseTruth } from '../../server/commands/judge-truth.js'
import { SCENES } from '../../server/sandbox/scenes/catalogue.js'
import { makeStudio } from '../../server/sandbox/scenes/studio.js'
import { PLAIN } from '../support/plain-rule.js'

// Drawing a street and looking at it with the real network takes seconds on a busy machine.
import.meta.jest.setTimeout(120_000)

const NOON = { localTime: () => ({ weekday: 3, minuteOfDay: 720 }) }
const FRAME_MS = 200
/** A line across the middle of the picture: whoever drives up or down passes it. */
const line: Rule = { id: 'line', name: 'a line', kind: 'line_crossing', ...PLAIN, line: [{ x: 0, y: 0.5 }, { x: 1, y: 0.5 }], direction: 'both' }

interface Seen {
  readonly told: readonly string[]
  readonly tracks: readonly (readonly Track[])[]
  /** Of the pixels of the frames looked at, the share that was. */
  readonly share: number
}

async function watchAll(frames: AsyncIterable<Frame> | Iterable<Frame>, look: Look, rules: readonly Rule[]): Promise<Seen> {
  const watch = makeWatch(rules, NOON)
  const said: Observation[] = []
  const tracks: (readonly Track[])[] = []
  const shares: number[] = []
  for await (const frame of frames) {
    const { found, share } = await look(frame, watch)
    if (found !== 'unchanged') shares.push(share)
    const sight = watch.see(frame, found)
    said.push(...sight.observations)
    tracks.push(sight.tracks.filter(({ state }) => state === 'confirmed'))
  }
  return { told: said.filter(({ phase }) => phase !== 'holds').map((o) => `${o.ruleId} ${o.phase} ${(o.sinceMs / 1000).toFixed(1)}`), tracks, share: shares.reduce((sum, one) => sum + one, 0) / shares.length }
}

/** Of the objects followed in each frame, the share that both follow in the same place. */
function likeness(a: Seen, b: Seen): number {
  const both = a.tracks.flatMap((tracks, frame) => tracks.filter((one) => b.tracks[frame]!.some((other) => overlap(one.box, other.box) >= 0.5))).length
  return (2 * both) / (a.tracks.flat().length + b.tracks.flat().length)
}

/** 12 seconds of a drawn street, and where everybody is who is seen of at least a third. */
function draw(id: string): { readonly frames: readonly Frame[]; readonly truth: ReadonlyMap<number, readonly Detection[]> } {
  const size = { width: 640, height: 360 }
  const studio = makeStudio(SCENES.find((scene) => scene.id === id)!, { seed: 5, loopMs: 120_000, frameMs: FRAME_MS, ...size })
  const truth = new Map<number, readonly Detection[]>()
  const frames = Array.from({ length: 60 }, (_, at): Frame => {
    const { rgb, seen } = studio.draw(at)
    truth.set(at * FRAME_MS, seen.filter(({ visible }) => visible > 0.3).map(({ class: name, box: [x1, y1, x2, y2] }) => ({ class: name, score: 0.9, box: { x1, y1, x2, y2 } })))
    return { atMs: at * FRAME_MS, ...size, rgb: signTiles(Uint8Array.from(rgb), size.width) }
  })
  return { frames, truth }
}

const GRID = 32

/** The first pixel of each tile of the grid tells which tile it is, the same in every frame: so a crop tells where it was cut out. */
function signTiles(rgb: Uint8Array, width: number): Uint8Array {
  for (let y = 0; y * width * 3 < rgb.length; y += GRID) {
    for (let x = 0; x < width; x += GRID) rgb.set([x / GRID, 0, y / GRID], (y * width + x) * 3)
  }
  return rgb
}

/** Never misses anybody, and is sure of every scrap that the edge of a crop leaves of somebody. */
function allKnowing(truth: ReadonlyMap<number, readonly Detection[]>, picture: { readonly width: number; readonly height: number }): OnnxDetector {
  return {
    name: 'all-knowing', format: 'eyes', classes: [], input: { width: 640, height: 384 }, freePixelsMax: 640 * 384, runsOn: 'cpu',
    close: () => Promise.resolve(),
    detect: (shown) => Promise.resolve(shown.map((frame) => {
      const all = truth.get(frame.atMs) ?? []
      // Boxes in 0..1 of what is shown, cut at its edges.
      const across = (x: number): number => Math.min(1, Math.max(0, (x * picture.width - frame.rgb[0]! * GRID) / frame.width))
      const down = (y: number): number => Math.min(1, Math.max(0, (y * picture.height - frame.rgb[2]! * GRID) / frame.height))
      return all.flatMap((one) => {
        const box = { x1: across(one.box.x1), y1: down(one.box.y1), x2: across(one.box.x2), y2: down(one.box.y2) }
        return box.x1 < box.x2 && box.y1 < box.y2 ? [{ ...one, box }] : []
      })
    })),
  }
}

test.each(['quang-truong', 'ben-kho', 'mot-chieu'])('%s, drawn, seen by eyes that miss nothing: crops show what whole looks show', async (id) => {
  const { frames, truth } = draw(id)
  const detector = allKnowing(truth, frames[0]!)
  const whole = await watchAll(frames, lookAsLane(detector, 'new'), [line])
  const crops = await watchAll(frames, lookAsLane(detector, 'crops'), [line])
  expect(whole.tracks.flat().length).toBeGreaterThan(50)
  expect(crops.told).toEqual(whole.told)
  expect(likeness(whole, crops)).toBeGreaterThanOrEqual(0.99)
  expect([whole.share, crops.share < 1]).toEqual([1, true])
})

const { card, bytes } = await loadModel('eyes')
const openEyes = (width: number, height: number): Promise<OnnxDetector> => makeOnnxDetector({ model: bytes, name: card.id, format: card.format, inputWidth: width, inputHeight: height, thresholds: DETECT_THRESHOLDS })

test('a drawn square, seen by our detector: the same tracks and claims with crops, and a quarter of the pixels less', async () => {
  const { frames } = draw('quang-truong')
  const detector = await openEyes(640, 384)
  const whole = await watchAll(frames, lookAsLane(detector, 'new'), [line])
  const crops = await watchAll(frames, lookAsLane(detector, 'crops'), [line])
  await detector.close()
  expect(crops.told).toEqual(whole.told)
  expect(likeness(whole, crops)).toBeGreaterThanOrEqual(0.99)
  expect(crops.share).toBeLessThan(0.75)
})

const SHARED = new URL('../../../shared/data/', import.meta.url).pathname
const withMaterial = existsSync(SHARED) ? test.each : test.skip.each

withMaterial(['boris_traffic', 'car-detection'])('%s: what is claimed with whole looks is claimed with crops, to half a second', async (name) => {
  const truth = parseTruth(readFileSync(`${SHARED}labels/events/${name}.json`, 'utf8'))
  const rules = rulesFromTruth(truth).map(({ rule }) => rule)
  const clip = await openClip({ file: `${SHARED}videos/${name}.mp4`, fpsMax: 5, width: 640, height: 384 })
  const detector = await openEyes(640, 384)
  const whole = await watchAll(clip.frames(), lookAsLane(detector, 'new'), rules)
  const crops = await watchAll(clip.frames(), lookAsLane(detector, 'crops'), rules)
  await detector.close()
  const seconds = (seen: Seen): number[] => seen.told.map((words) => Number(words.split(' ').at(-1)))
  const words = (seen: Seen): string[] => seen.told.map((one) => one.split(' ').slice(0, 2).join(' '))
  expect(words(crops)).toEqual(words(whole))
  expect(Math.max(...seconds(whole).map((at, k) => Math.abs(at - seconds(crops)[k]!)))).toBeLessThanOrEqual(0.5)
  expect(likeness(whole, crops)).toBeGreaterThanOrEqual(0.99)
})
