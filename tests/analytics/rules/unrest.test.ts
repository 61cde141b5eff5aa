import type { Step, Track } from '../../../analytics/track/track.js'
import { unrest } from '../../../analytics/rules/unrest.js'

const ASPECT = 16 / 9
const FRAME_MS = 200

/** Who sways and widens by turns for 20 s, seen five times a second but for some frames of every ten. */
function swaying(hidden: readonly number[]): readonly Step[] {
  return Array.from({ length: 100 }, (_, i): Step => {
    const second = (i * FRAME_MS) / 1000
    const x = 0.5 + 0.016 * Math.sin(2 * Math.PI * 1.3 * second)
    const half = 0.022 * (1.4 + 0.5 * Math.sin(2 * Math.PI * 1.7 * second))
    return { atMs: i * FRAME_MS, at: { x, y: 0.6 }, box: { x1: x - half, y1: 0.44, x2: x + half, y2: 0.6 } }
  }).filter((_, i) => !hidden.includes(i % 10))
}

/** The mean of what is told of him whenever something is told. */
function meanUnrest(steps: readonly Step[]): number {
  const levels = steps.flatMap((last, i) => {
    const track: Track = { id: 1, class: 'person', score: 0.8, state: 'confirmed', box: last.box, at: last.at, firstAtMs: 0, lastSeenAtMs: last.atMs, path: steps.slice(0, i + 1) }
    return unrest(track, ASPECT) ?? []
  })
  return levels.reduce((a, b) => a + b, 0) / levels.length
}

test.each<[sentence: string, hidden: readonly number[]]>([
  ['for one frame of ten', [8]],
  ['for three quarters of a second', [3, 4, 5]],
  ['for a second', [6, 7, 8, 9]],
])('who is hidden %s is told to be as restless as he was when seen', (_, hidden) => {
  expect(meanUnrest(swaying(hidden)) / meanUnrest(swaying([]))).toBeGreaterThan(0.93)
})
