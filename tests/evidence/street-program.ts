import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SCENES } from '../../server/sandbox/scenes/catalogue.js'
import { startEncoder } from '../../server/sandbox/scenes/encode.js'
import { makeStudio } from '../../server/sandbox/scenes/studio.js'

/**
 * A drawn street whose truth is known, for tests that must know where each head is:
 *   node --import tsx tests/evidence/street-program.ts FOLDER SCENE FROM FRAMES
 * writes main.h264 (1280x720, 12.5 a second) and truth.json, a list of who is seen in each frame. A program of its own:
 * drawing inside jest's sandbox takes ten times as long.
 */
const FRAME_MS = 80
const [folder, name, from, count] = process.argv.slice(2) as [string, string, string, string]
const studio = makeStudio(SCENES.find(({ id }) => id === name)!, { seed: 4711, loopMs: 120_000, frameMs: FRAME_MS, width: 1280, height: 720, caption: false })
const encoder = startEncoder({ ffmpeg: 'ffmpeg', runId: 'test', width: 1280, height: 720, frameMs: FRAME_MS, gopFrames: 25, mainFile: join(folder, 'main.h264'), sub: null })
const truth: unknown[] = []
for (let frame = 0; frame < Number(count); frame += 1) {
  const { rgb, seen } = studio.draw(Number(from) + frame)
  truth.push(seen.map(({ id, class: kind, box: [x1, y1, x2, y2], visible }) => ({ id, kind, box: { x1, y1, x2, y2 }, visible })))
  await encoder.write(rgb)
}
await encoder.end()
writeFileSync(join(folder, 'truth.json'), JSON.stringify(truth))
