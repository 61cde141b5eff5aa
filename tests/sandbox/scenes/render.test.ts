import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SCENES } from '../../../server/sandbox/scenes/catalogue.js'
import { prepareScenes, type PrepareOptions } from '../../../server/sandbox/scenes/render.js'
import { makeStudio } from '../../../server/sandbox/scenes/studio.js'
import { runToEnd } from '../../../server/system/child.js'
import { systemClock } from '../../../server/system/clock.js'

const folder = mkdtempSync(join(tmpdir(), 'scenes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const bridge = SCENES.filter((scene) => scene.id === 'cau')
const options: PrepareOptions = {
  folder, ffmpeg: 'ffmpeg', runId: 'test:scenes', scenes: bridge, seed: 3, loopMs: 4000, faultMs: 2000, clock: systemClock, threads: 1,
  size: { width: 320, height: 180, subWidth: 160, subHeight: 90 },
}

interface Picture {
  readonly pict_type: string
  readonly key_frame: number
  readonly width: number
}

async function picturesOf(file: string): Promise<readonly Picture[]> {
  const found = await runToEnd('ffprobe', ['-v', 'error', '-show_frames', '-show_entries', 'frame=pict_type,key_frame,width', '-of', 'json', file], { timeoutMs: 30_000, maxBytes: 64 << 20 })
  expect(found.stderr).toBe('')
  return (JSON.parse(found.stdout) as { frames: Picture[] }).frames
}

test('a clip decodes: right count, a key frame every two seconds, no B-frames; then it is kept', async () => {
  const told: number[] = []
  const [rendered] = await prepareScenes({ ...options, onProgress: (_, fraction) => told.push(fraction) })
  expect(rendered?.fps).toBe(12.5)
  for (const [stream, width] of [[rendered!.main, 320], [rendered!.sub, 160]] as const) {
    const pictures = await picturesOf(stream.file)
    expect(pictures).toHaveLength(50)
    expect(pictures.flatMap((one, i) => (one.key_frame ? [i] : []))).toEqual([0, 25])
    expect(pictures.some((one) => one.pict_type === 'B')).toBe(false)
    expect(pictures[0]!.width).toBe(width)
  }
  for (const variant of Object.values(rendered!.variants)) expect(await picturesOf(variant.sub.file)).toHaveLength(25)
  expect(readFileSync(rendered!.objectsFile, 'utf8').trim().split('\n')).toHaveLength(50)
  expect(JSON.parse(readFileSync(rendered!.truthFile, 'utf8'))).toMatchObject({ frames: 50, fps: 12.5, events: [] })
  expect(told.at(-1)).toBe(1)
  expect(told).toEqual(told.toSorted((a, b) => a - b))

  const bytes = readFileSync(rendered!.main.file)
  // Annex B with an access unit delimiter first, then the headers, then a picture that stands alone.
  expect([...bytes.subarray(0, 5)]).toEqual([0, 0, 0, 1, 9])
  expect(unitTypes(bytes).filter((type) => type === 7)).toHaveLength(2)
  expect(unitTypes(bytes).filter((type) => type === 9)).toHaveLength(50)

  const drawnAt = statSync(rendered!.main.file).mtimeMs
  await prepareScenes(options)
  expect(statSync(rendered!.main.file).mtimeMs).toBe(drawnAt)
  expect(existsSync(join(folder, '.cau.unfinished'))).toBe(false)
}, 120_000)

function unitTypes(bytes: Buffer): number[] {
  const types: number[] = []
  for (let i = 0; i + 3 < bytes.length; i += 1) if (bytes[i] === 0 && bytes[i + 1] === 0 && bytes[i + 2] === 1) types.push(bytes[i + 3]! & 31)
  return types
}

test('an ffmpeg that is not there is named in the error', async () => {
  await expect(prepareScenes({ ...options, folder: join(folder, 'none'), ffmpeg: join(folder, 'no-ffmpeg') })).rejects.toThrow(/cau could not be drawn: .*no-ffmpeg/)
}, 60_000)

test.each([[3000], [0], [-2000]])('a loop of %i ms is refused with the reason', async (loopMs) => {
  await expect(prepareScenes({ ...options, loopMs })).rejects.toThrow(/loopMs .* whole number of 2000 ms/)
})

test('one seed draws the same picture twice, another seed other traffic', () => {
  const draw = (seed: number) => {
    const studio = makeStudio(SCENES[1]!, { seed, loopMs: 120_000, frameMs: 80, width: 160, height: 90 })
    const frame = studio.draw(400)
    return { rgb: Buffer.from(frame.rgb).toString('base64'), seen: frame.seen }
  }
  const [a, b, c] = [draw(1), draw(1), draw(2)]
  expect(b.rgb).toBe(a.rgb)
  expect(b.seen).toEqual(a.seen)
  expect(c.seen).not.toEqual(a.seen)
})
