import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { makeOnnxDetector } from '../../../analytics/detect/onnx-detector.js'
import { loadModel } from '../../../models/catalogue.js'
import { judge } from '../../../server/commands/judge-command.js'
import { openClip } from '../../../server/commands/judge-frames.js'
import { rulesFromTruth } from '../../../server/commands/judge-rules.js'
import { DETECT_THRESHOLDS, runEyes } from '../../../server/commands/judge-run.js'
import { parseTruth } from '../../../server/commands/judge-truth.js'
import { systemClock } from '../../../server/system/clock.js'

const SHARED = new URL('../../../../shared/data/', import.meta.url).pathname
const there = existsSync(SHARED)
const check = there ? test : test.skip
const video = (name: string): string => `${SHARED}videos/${name}.mp4`
const truthFile = (name: string): string => `${SHARED}labels/events/${name}.json`

interface Line {
  readonly figure: string
  readonly value: number | null
  readonly held: boolean | null
}

async function figures(name: string, ...more: string[]): Promise<Map<string, Line>> {
  const lines: Line[] = []
  const code = await judge(['--clip', video(name), '--truth', truthFile(name), '--json', ...more], { clock: systemClock, say: (line) => lines.push(JSON.parse(line) as Line), complain: (line) => console.error(line) })
  expect(code).toBe(0)
  return new Map(lines.map((line) => [line.figure, line]))
}

check('Hanoi, Lý Thường Kiệt: red-light riders are found and nobody else, at the rate and size of a camera in service', async () => {
  const found = await figures('hanoi_ly_thuong_kiet_16h30', '--fps', '5', '--size', '416x256')
  expect(found.get('red_light precision')?.value).toBeGreaterThanOrEqual(0.8)
  expect(found.get('red_light recall')?.value).toBeGreaterThanOrEqual(0.8)
  expect(found.get('red_light claims per event')?.value).toBeLessThanOrEqual(1.1)
  expect(found.get('wrong_way recall')?.value).toBe(1)
  expect(found.get('lamp read right')?.value).toBeGreaterThanOrEqual(0.99)
})

check('the wrong-way rider on the avenue is found, and he alone', async () => {
  const found = await figures('nguoc_chieu', '--fps', '5')
  expect(found.get('wrong_way precision')?.value).toBe(1)
  expect(found.get('wrong_way recall')?.value).toBe(1)
})

check('on the same avenue a second look where small things move finds half as many again, and claims nothing else', async () => {
  const [whole, far] = [await figures('nguoc_chieu', '--fps', '5'), await figures('nguoc_chieu', '--fps', '5', '--looks', 'far')]
  expect(far.get('tracks')?.value).toBeGreaterThan(1.3 * (whole.get('tracks')?.value ?? Infinity))
  expect(far.get('wrong_way precision')?.value).toBe(1)
  expect(far.get('wrong_way recall')?.value).toBe(1)
})

check('on the motorway nobody drives against, and nine vehicles are counted', async () => {
  const found = await figures('fede_tunnelligure', '--size', '416x256')
  expect(found.get('wrong_way claims per event')?.value).toBeNull()
  expect(found.get('count counting_line_right up 0-15 s')?.value).toBe(6)
  expect(found.get('count counting_line_left towards lower left 0-15 s')?.value).toBe(3)
})

check('same clip, same model, same rules: the same list, byte for byte', async () => {
  const truth = parseTruth(readFileSync(truthFile('nguoc_chieu'), 'utf8'))
  const { card, bytes } = await loadModel('eyes')
  const once = async (): Promise<string> => {
    const detector = await makeOnnxDetector({ model: bytes, name: card.id, format: card.format, inputWidth: 416, inputHeight: 256, thresholds: DETECT_THRESHOLDS })
    const clip = await openClip({ file: video('nguoc_chieu'), fpsMax: 5, width: 416, height: 256 })
    const { observations } = await runEyes(clip, detector, rulesFromTruth(truth), systemClock)
    await detector.close()
    return JSON.stringify(observations)
  }
  const first = await once()
  expect(first).toContain('"kind":"wrong_way"')
  expect(await once()).toBe(first)
})

check('every truth file there makes rules', () => {
  const files = readdirSync(`${SHARED}labels/events`).filter((name) => !name.endsWith('.boxes.json'))
  const kinds = Object.fromEntries(files.map((name) => [name.replace('.json', ''), [...new Set(rulesFromTruth(parseTruth(readFileSync(`${SHARED}labels/events/${name}`, 'utf8'))).map((r) => r.kind))].join(' ')]))
  expect(kinds).toEqual({
    boris_traffic: 'line_crossing dwell',
    'car-detection': 'line_crossing',
    fede_tunnelligure: 'line_crossing wrong_way',
    hanoi_ly_thuong_kiet_16h30: 'red_light wrong_way',
    nguoc_chieu: 'wrong_way',
    'one-by-one-person-detection': 'line_crossing loitering',
    yash_traffic: 'line_crossing wrong_way',
  })
})
