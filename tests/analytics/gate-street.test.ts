import { existsSync, readFileSync } from 'node:fs'
import { makeOnnxDetector } from '../../analytics/detect/onnx-detector.js'
import type { Observation } from '../../analytics/rules/observation.js'
import { makeWatch } from '../../analytics/watch.js'
import { loadModel } from '../../models/catalogue.js'
import { openClip } from '../../server/commands/judge-frames.js'
import { rulesFromTruth } from '../../server/commands/judge-rules.js'
import { DETECT_THRESHOLDS } from '../../server/commands/judge-run.js'
import { parseTruth } from '../../server/commands/judge-truth.js'

const SHARED = new URL('../../../shared/data/', import.meta.url).pathname
const check = existsSync(SHARED) ? test.each : test.skip.each
const NOON = { localTime: () => ({ weekday: 3, minuteOfDay: 720 }) }

/** What began and ended, and when; numbers of tracks are of no interest. */
const told = (observations: readonly Observation[]): string[] => observations.filter((o) => o.phase !== 'holds').map((o) => `${o.ruleId} ${o.phase} since ${o.sinceMs}`)

// Real streets, the real detector, size and five frames a second as in service: a clip with pauses, one where somebody stands at a
// kerb for its whole length, and one in which it never stops moving.
check([
  ['car-detection', 10],
  ['boris_traffic', 0],
  ['nguoc_chieu', 0],
] as const)('%s: what a watch claims that looks at every frame, one behind the gate claims too', async (name, skippedMin) => {
  const truth = parseTruth(readFileSync(`${SHARED}labels/events/${name}.json`, 'utf8'))
  const rules = rulesFromTruth(truth).map(({ rule }) => rule)
  const clip = await openClip({ file: `${SHARED}videos/${name}.mp4`, fpsMax: 5, width: 640, height: 384 })
  const { card, bytes } = await loadModel('eyes')
  const detector = await makeOnnxDetector({ model: bytes, name: card.id, format: card.format, inputWidth: 640, inputHeight: 384, thresholds: DETECT_THRESHOLDS })
  const open = makeWatch(rules, NOON)
  const gated = makeWatch(rules, NOON)
  const claims: Observation[][] = [[], []]
  let skipped = 0
  for await (const frame of clip.frames()) {
    const [detections = []] = await detector.detect([frame])
    const skip = gated.glance(frame).do === 'skip'
    if (skip) skipped += 1
    claims[0]!.push(...open.see(frame, detections).observations)
    claims[1]!.push(...gated.see(frame, skip ? 'unchanged' : detections).observations)
  }
  await detector.close()
  expect(claims[0]!.length).toBeGreaterThan(0)
  expect(told(claims[1]!)).toEqual(told(claims[0]!))
  expect(skipped).toBeGreaterThanOrEqual(skippedMin)
})
