import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Observation } from '../../analytics/rules/observation.js'
import { EYES, modelFile } from '../../models/catalogue.js'
import type { RecordedPiece } from '../../server/domain/recording.js'
import type { ReplayAnswer, ReplayTask } from '../../server/domain/replay.js'
import { laneRule } from '../../server/domain/rule-key.js'
import type { Packet } from '../../server/media/packet.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { openClaims } from '../../server/watching/replay-claims.js'
import { makeReplay, type ReplayOptions } from '../../server/watching/replay.js'
import { childrenOfRun } from '../faults/processes.js'
import { drawStreet, passageAt, recordPieces, STREET_S } from '../support/drawn-street.js'
import { makeHandClock } from '../support/hand-clock.js'
import { greySteps } from '../support/packets.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { until } from '../support/until.js'

// Drawing a street takes half a minute, and a process that gives way to everybody minutes on a full machine.
import.meta.jest.setTimeout(400_000)

const FROM = Date.UTC(2026, 10, 20, 9, 0, 0)
const TO = FROM + STREET_S * 1000
const folder = mkdtempSync(join(tmpdir(), 'vonglau-replay-'))
let street: readonly Packet[] = []
let pieces: readonly RecordedPiece[] = []
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const model: ReplayTask['model'] = { name: EYES.id, file: modelFile(EYES), sha256: EYES.sha256, format: 'eyes', input: EYES.input }
/** What is live looks at the middle of the street, the draft a little lower. */
const rules = [laneRule(passageAt(0.55), { version: 2, mode: 'live' }), laneRule(passageAt(0.5), { version: 1, mode: 'live' })]
const replay = (part: Partial<ReplayTask> = {}, options: Partial<ReplayOptions> = {}): Promise<ReplayAnswer> =>
  makeReplay({ ffmpeg: 'ffmpeg', runId: `test:${newId()}`, clock: systemClock, timeZone: 'Asia/Ho_Chi_Minh', ...options })({ pieces, span: { fromMs: FROM, toMs: TO }, rules, model, masks: [], stands: [], signal: new AbortController().signal, onProgress: () => undefined, ...part })
const seen = (answer: ReplayAnswer): Extract<ReplayAnswer, { is: 'seen' }> => {
  if (answer.is !== 'seen') throw new Error(answer.is === 'failed' ? answer.fault.said : answer.is)
  return answer
}

;(hasFfmpeg() ? describe : describe.skip)('a recorded hour, looked at once more', () => {
  beforeAll(async () => {
    street = await drawStreet(folder)
    pieces = await recordPieces(folder, street, { fromMs: FROM })
  })

  test('the same clip, the same model and the same rules make the same list, to the byte, of both versions', async () => {
    const told: number[] = []
    const first = seen(await replay({ onProgress: (part) => told.push(part) }))
    const second = seen(await replay())
    expect(JSON.stringify(first.claims)).toBe(JSON.stringify(second.claims))
    expect([first.counts, first.frames, first.damaged]).toEqual([second.counts, second.frames, []])
    expect(new Set(first.claims.map(({ version }) => version))).toEqual(new Set([1, 2]))
    expect(first.claims.every(({ beganMs, sinceMs, untilMs }) => beganMs >= FROM && sinceMs <= beganMs && untilMs >= beganMs && untilMs < TO)).toBe(true)
    // Five pictures a second, as a lane sees them.
    expect([first.frames >= STREET_S * 5 - 2, first.frames <= STREET_S * 5 + 2]).toEqual([true, true])
    expect([first.coreMs > 0, told.at(-1)! > 0.9, told.toSorted((a, b) => a - b)]).toEqual([true, true, told])
  })

  test('a version that is drawn on one view claims nothing of the time in which the camera showed another; one that is bound to nothing does', async () => {
    const [live, draft] = rules
    const [home, aside] = [{ pan: 0, tilt: 0, zoom: 0 }, { pan: 0.5, tilt: 0, zoom: 0 }]
    const middleMs = FROM + (STREET_S * 1000) / 2
    const stands = [{ fromMs: FROM - 9_000, toMs: middleMs - 1_000, at: aside, preset: null }, { fromMs: middleMs, toMs: TO + 9_000, at: home, preset: null }]
    const { claims } = seen(await replay({ rules: [{ ...live!, preset: { token: '1', name: 'Home', at: home } }, draft!], stands }))
    const before = (version: number): number => claims.filter((claim) => claim.version === version && claim.beganMs < middleMs).length
    expect([before(2), before(1) > 0]).toEqual([0, true])
  })

  test('what comes before the span is looked at and not claimed', async () => {
    const all = seen(await replay()).claims
    const middleMs = FROM + 6_000
    const late = seen(await replay({ span: { fromMs: middleMs, toMs: TO } })).claims
    expect(late).toEqual(all.filter(({ beganMs }) => beganMs >= middleMs))
    expect(late.length).toBeLessThan(all.length)
  })

  test('a piece that was changed on the disk is told and left out; the pictures after it are looked at', async () => {
    const victim = pieces[2]!
    const bytes = await readFile(victim.path)
    await writeFile(victim.path, Buffer.from(bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))))
    const answer = seen(await replay())
    await writeFile(victim.path, bytes)
    expect(answer.damaged).toEqual([{ fromMs: victim.fromMs, toMs: victim.toMs }])
    expect([answer.frames >= (STREET_S - 2) * 5 - 2, answer.frames <= (STREET_S - 2) * 5 + 3]).toEqual([true, true])
  })

  test('over a gap and a change of size it goes on, each picture with its own time', async () => {
    const { packets } = await greySteps({ width: 320, height: 180, count: 40, gop: 10, fps: 10 })
    const later = await recordPieces(folder, packets, { fromMs: TO + 30_000, name: 'later' })
    const answer = seen(await replay({ pieces: [...pieces, ...later], span: { fromMs: FROM, toMs: TO + 40_000 } }))
    expect(answer.frames).toBeGreaterThanOrEqual(STREET_S * 5 + 4 * 5 - 3)
  })

  test.each<[sentence: string, part: Partial<ReplayTask>, said: RegExp]>([
    ['that is gone', { model: { ...model, file: join(folder, 'none.onnx') } }, /model\.file: .*none\.onnx/],
    ['whose bytes are others', { model: { ...model, sha256: 'a'.repeat(64) } }, /model\.sha256/],
  ])('a model %s is refused with its reason, and not tried again', async (_sentence, part, said) => {
    expect(await replay(part)).toEqual({ is: 'failed', fault: { code: 'model_gone', said: expect.stringMatching(said) }, again: false })
  })

  test('pictures that no decoder understands fail with its last words', async () => {
    const [first, ...rest] = pieces
    const broken = { ...first!, run: { ...first!.run, init: new Uint8Array(first!.run.init.length).fill(7) } }
    expect(await replay({ pieces: [broken, ...rest.map((piece) => ({ ...piece, run: broken.run }))] })).toEqual({ is: 'failed', fault: { code: 'undecodable', said: expect.stringMatching(/^ffmpeg ended with/) }, again: true })
  })

  test('who is killed half-way says so and may be tried again; then it sees the same', async () => {
    const entry = new URL('./bad-replays/dies-once', import.meta.url)
    const runId = join(folder, `mark-${newId()}`)
    expect(await replay({}, { entry, runId })).toEqual({ is: 'failed', fault: { code: 'died', said: 'the process that looks was ended by SIGKILL' }, again: true })
    expect(seen(await replay({}, { entry, runId })).frames).toBeGreaterThan(0)
  })

  test('cancelled, it is gone at once', async () => {
    const endedBy = new AbortController()
    const runId = `test:${newId()}`
    const answer = replay({ signal: endedBy.signal, onProgress: () => endedBy.abort() }, { runId })
    expect(await answer).toEqual({ is: 'cancelled' })
    await until('it is gone', () => childrenOfRun(runId).length === 0)
  })

  test('who is not heard of for five minutes is ended', async () => {
    const clock = makeHandClock(FROM)
    const answer = replay({ onProgress: () => clock.move(300_000) }, { entry: new URL('./bad-replays/hangs', import.meta.url), clock })
    expect(await answer).toEqual({ is: 'failed', fault: { code: 'silent', said: 'nothing was heard of it for 300 s' }, again: true })
  })
})

const said = (part: Partial<Observation>): Observation => ({ ruleId: 'line~2', kind: 'illegal_stop', episode: 'e', phase: 'began', atMs: 1_000.4, sinceMs: 900.2, witnesses: [{ trackId: 1, class: 'car', score: 0.9, box: { x1: 0.12345, y1: 0.2, x2: 0.3, y2: 0.4 }, atMs: 950.6 }], reason: { code: 'illegal_stop', class: 'car', dwellMs: 1 }, ...part })
const fold = (words: readonly Observation[]) => {
  const claims = openClaims({ fromMs: 500, toMs: 60_000 })
  claims.take(words)
  return claims.end()
}

test.each<[sentence: string, words: readonly Observation[], claims: readonly object[]]>([
  ['an episode is one claim, from its first word to its last', [said({}), said({ phase: 'holds', atMs: 2_000 }), said({ phase: 'ended', atMs: 3_000 })], [{ version: 2, sinceMs: 900, beganMs: 1_000, untilMs: 3_000, cut: false, class: 'car', boxes: [{ atMs: 951, track: 1, box: { x1: 0.123, y1: 0.2, x2: 0.3, y2: 0.4 } }] }]],
  ['what began before the span is not claimed, however long it holds', [said({ atMs: 400 }), said({ phase: 'holds', atMs: 2_000 })], []],
  ['what the eyes doubt as they claim is none: live it would call nobody', [said({ doubt: { why: 'priority_vehicle', class: 'ambulance', atMs: 900 } }), said({ phase: 'holds', atMs: 2_000 })], []],
  ['what still holds at the end is cut', [said({ atMs: 59_000 }), said({ phase: 'holds', atMs: 59_900 })], [{ cut: true, untilMs: 59_900 }]],
  ['what ended at the end is not', [said({ atMs: 59_000 }), said({ phase: 'ended', atMs: 59_900 })], [{ cut: false }]],
  ['they come in order of time, whoever was heard first', [said({ episode: 'b', sinceMs: 990 }), said({ episode: 'a', sinceMs: 800 })], [{ sinceMs: 800 }, { sinceMs: 990 }]],
])('%s', (_sentence, words, claims) => expect(fold(words).claims).toEqual(claims.map((claim) => expect.objectContaining(claim))))

test('a draft that claims without end is counted to the last, and kept to a bound', () => {
  const { claims, counts } = fold(Array.from({ length: 900 }, (_, at) => said({ episode: `e${at}`, atMs: 1_000 + at })))
  expect([claims.length, counts]).toEqual([500, { 2: 900 }])
})
