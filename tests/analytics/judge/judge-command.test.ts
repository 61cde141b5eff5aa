import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { judge } from '../../../server/commands/judge-command.js'
import { openClip } from '../../../server/commands/judge-frames.js'
import { runToEnd } from '../../../server/system/child.js'
import { systemClock } from '../../../server/system/clock.js'

const folder = mkdtempSync(join(tmpdir(), 'judge-'))
const clip = join(folder, 'clip.mkv')
const truth = join(folder, 'truth.json')
const empty = { geometry: {}, events: [] }

beforeAll(async () => {
  // 3 s at 20 a second whose brightness tells the frame's number, then every third frame dropped: a variable rate.
  const made = await runToEnd('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', "color=black:s=160x120:r=20:d=3,geq=lum='16+N*3':cb=128:cr=128,select='mod(n+1,3)'", '-fps_mode', 'passthrough', '-c:v', 'ffv1', clip], { timeoutMs: 30_000 })
  expect(made).toMatchObject({ code: 0, stderr: '' })
  writeFileSync(truth, JSON.stringify(empty))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...argv: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = []
  const err: string[] = []
  const code = await judge(argv, { clock: systemClock, say: (line) => out.push(line), complain: (line) => err.push(line) })
  return { code, out, err }
}

test('each frame of a variable-rate clip comes with its own presentation time', async () => {
  const opened = await openClip({ file: clip, fpsMax: 60, width: 160, height: 120 })
  const seen: [number, number][] = []
  for await (const frame of opened.frames()) seen.push([frame.atMs, frame.rgb[0] ?? 0])
  expect(seen.map(([atMs]) => atMs)).toEqual(Array.from({ length: 60 }, (_, n) => n).filter((n) => n % 3 !== 2).map((n) => n * 50))
  for (const [atMs, brightness] of seen) expect(Math.abs(brightness - ((atMs / 50) * 3 * 255) / 219)).toBeLessThanOrEqual(3)
})

test('a rate above the wished one is thinned out, times and pictures alike', async () => {
  const opened = await openClip({ file: clip, fpsMax: 5, width: 80, height: 80 })
  expect([opened.width, opened.height]).toEqual([80, 60])
  const seen: [number, number][] = []
  for await (const frame of opened.frames()) seen.push([frame.atMs, frame.rgb[0] ?? 0])
  expect(seen.map(([atMs]) => atMs)).toEqual([0, 200, 450, 650, 900, 1100, 1350, 1550, 1800, 2000, 2250, 2450, 2700, 2900])
  for (const [atMs, brightness] of seen) expect(Math.abs(brightness - ((atMs / 50) * 3 * 255) / 219)).toBeLessThanOrEqual(3)
})

test('with --json each line is one figure with all its fields, and nothing else is printed', async () => {
  writeFileSync(join(folder, 'zone.json'), JSON.stringify({ geometry: { carriageway: { polygon: [[0, 0], [1, 0], [1, 1]], allowed_direction: [0, -1] } }, events: [] }))
  const { code, out, err } = await run('--clip', clip, '--truth', join(folder, 'zone.json'), '--json', '--size', '160x128')
  expect({ code, err }).toEqual({ code: 0, err: [] })
  const figures = out.map((line) => JSON.parse(line) as Record<string, unknown>)
  for (const figure of figures) expect(Object.keys(figure)).toEqual(['figure', 'value', 'unit', 'against', 'ratio', 'bar', 'held'])
  expect(figures.map((f) => f['figure'])).toEqual(['wrong_way precision', 'wrong_way recall', 'wrong_way claims per event', 'tracks', 'detector per frame', 'tracker and rules per frame'])
})

const put = (name: string, content: string | object): string => {
  const file = join(folder, name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

test.each<[string, () => string[], RegExp]>([
  ['no clip', () => ['--truth', truth], /^--clip: is missing/],
  ['no truth', () => ['--clip', clip], /^--truth: is missing/],
  ['an option that does not exist', () => ['--clip', clip, '--truth', truth, '--fast'], /^--fast: is no option/],
  ['an option without its value', () => ['--clip', '--truth', truth], /^--clip: needs a value/],
  ['a rate of nothing', () => ['--clip', clip, '--truth', truth, '--fps', '0'], /^--fps: “0”/],
  ['a size that no model takes', () => ['--clip', clip, '--truth', truth, '--size', '100x100'], /^--size: “100x100”/],
  ['a second look where nothing small moves', () => ['--clip', clip, '--truth', truth, '--looks', 'far'], /^--looks: far found no part of the clip in which small things move/],
  ['a way of looking that there is not', () => ['--clip', clip, '--truth', truth, '--looks', 'seldom'], /^--looks: “seldom” is none of every, new, crops, far/],
  ['the same, for all trials', () => ['--all', '--looks', 'seldom'], /^--looks: “seldom” is none of every, new, crops, far/],
  ['a clip that is not there', () => ['--clip', join(folder, 'none.mp4'), '--truth', truth], /^--clip: ffmpeg cannot read it: .*No such file/],
  ['a clip that is no video', () => ['--clip', put('text.mp4', 'hello'), '--truth', truth], /^--clip: ffmpeg cannot read it/],
  ['a truth that is not there', () => ['--clip', clip, '--truth', join(folder, 'none.json')], /^--truth: cannot be read/],
  ['a truth that is no JSON', () => ['--clip', clip, '--truth', put('broken.json', '{')], /^--truth: is no JSON/],
  ['a truth without events', () => ['--clip', clip, '--truth', put('no-events.json', { geometry: {} })], /^--truth events: /],
  ['an event without a time', () => ['--clip', clip, '--truth', put('no-time.json', { ...empty, events: [{ kind: 'red_light', t_end: 3, certainty: 'sure' }] })], /^--truth events\[0\]\.t_start: /],
  ['an event that ends before it starts', () => ['--clip', clip, '--truth', put('backwards.json', { ...empty, events: [{ kind: 'red_light', t_start: 4, t_end: 3, certainty: 'sure' }] })], /^--truth events\[0\]\.t_end: lies before/],
  ['a zone in pixels', () => ['--clip', clip, '--truth', put('pixels.json', { ...empty, geometry: { road: { polygon: [[0, 0], [640, 0], [640, 480]] } } })], /^--truth geometry\.road/],
  ['a zone that crosses itself', () => ['--clip', clip, '--truth', put('bow-tie.json', { ...empty, geometry: { road: { polygon: [[0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9]], allowed_direction: [0, 1] } } })], /^--truth road\.zone: the outline crosses itself/],
  ['a rule with a fault', () => ['--clip', clip, '--truth', put('rule.json', { ...empty, rules: [{ kind: 'crowd', id: 'c', name: 'c', zone: [], countMin: 3, holdMsMin: 0 }] })], /^--truth rules\[0\]\.zone: /],
  ['a model that is not there', () => ['--clip', clip, '--truth', truth, '--model', join(folder, 'none.onnx')], /^--model: cannot be read/],
  ['a model that is none', () => ['--clip', clip, '--truth', truth, '--model', put('text.onnx', 'hello')], /^model[a-z.]*: /],
])('%s is told by its field, with a next step, and exit code 2', async (_, argv, expected) => {
  const { code, out, err } = await run(...argv())
  expect({ code, out }).toEqual({ code: 2, out: [] })
  expect(err[0]).toMatch(expected)
  expect(err.slice(1).join('\n')).not.toBe('')
})

test('a clip whose end is missing is refused rather than judged with wrong times', async () => {
  const whole = join(folder, 'whole.mp4')
  await runToEnd('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=10:d=4', '-c:v', 'libx264', '-movflags', '+faststart', '-g', '10', whole], { timeoutMs: 30_000 })
  const bytes = (await import('node:fs')).readFileSync(whole)
  const cut = join(folder, 'cut.mp4')
  writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length * 0.6)))
  const { code, err } = await run('--clip', cut, '--truth', truth)
  expect(code).toBe(2)
  expect(err[0]).toMatch(/^--clip: /)
})
