import type { BacktestClaim } from '../../server/domain/backtest.js'
import { asId, type ModelId, type RunId, type StreamId } from '../../server/domain/ids.js'
import type { RecordedPiece } from '../../server/domain/recording.js'
import type { ReplayAnswer, ReplayTask } from '../../server/domain/replay.js'
import { openBacktests, type BacktestOptions, type Backtests, type RecordedHour } from '../../server/rules/backtests.js'
import { silentLog } from '../../server/system/log.js'
import { aBacktest } from '../support/a-backtest.js'
import { goLive } from '../support/put-rule.js'
import { JUNCTION, LAN } from '../support/small-city.js'
import { BAO, HOUR_MS, named, openRuleHouse, RED, removeCities, type RuleHouse } from './rule-house.js'

let house: RuleHouse
let nowMs: number
const opened: Backtests[] = []
beforeEach(async () => {
  house = await openRuleHouse()
  nowMs = house.clock.wallMs()
  await house.rules.save(RED, named('Một'), LAN)
  await record()
})
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  await house.close()
})
afterAll(removeCities)

/** Row of a recorded piece, almost three hours ago: its file is never opened here. */
async function record(): Promise<void> {
  const runId = asId<RunId>('run-1')
  const fromMs = nowMs - 3 * HOUR_MS + 1_000
  const run = { id: runId, cameraId: JUNCTION, streamId: asId<StreamId>('junction-main'), ordinal: 1, codec: 'avc1.64001f', width: 640, height: 360, timescale: 90_000, init: new Uint8Array(8), startedAtMs: fromMs, startedMonoMs: 0 }
  const segment = { runId, number: 1, cameraId: JUNCTION, fromMs, toMs: fromMs + 8_000, fromTicks: 0, toTicks: 720_000, bytes: 9, sha256: 'a'.repeat(64), startsWithKey: true, keys: [], motion: [100], storageClass: 'plain' as const, damaged: false }
  await house.store.recordings.commit({ runs: [run], segments: [segment] })
}

const MODEL = { id: asId<ModelId>('eyes'), name: 'eyes', file: '/models/eyes.onnx', sha256: 'b'.repeat(64) }
const PIECE = { path: '/nowhere', fromMs: 0, toMs: 1 } as RecordedPiece
const claim = (sinceMs: number): BacktestClaim => ({ version: 1, sinceMs, beganMs: sinceMs, untilMs: sinceMs, cut: false, class: 'car', boxes: [], reason: { code: 'removed_object', heldMs: 1 } })
const DIED = { code: 'died', said: 'the process that looks was ended by SIGKILL' } as const
const OTHER_BYTES = { code: 'model_gone', said: 'model.sha256: other bytes' } as const
const SEEN = (task: ReplayTask): ReplayAnswer => ({ is: 'seen', claims: [claim(task.span.fromMs)], counts: { 1: 1 }, frames: 5, coreMs: 7, damaged: [] })

interface Stage {
  readonly backtests: Backtests
  /** Which hours were looked at, counted from the first, in order. */
  readonly looked: number[]
  readonly tasks: ReplayTask[]
}
async function stage(part: { readonly replay?: (task: ReplayTask, at: number) => ReplayAnswer | Promise<ReplayAnswer>; readonly hour?: Partial<RecordedHour>; readonly options?: Partial<BacktestOptions> } = {}): Promise<Stage> {
  const looked: number[] = []
  const tasks: ReplayTask[] = []
  const backtests = await openBacktests({
    store: house.store, bus: house.bus, clock: house.clock, log: silentLog,
    source: { hour: async (_camera, span) => ({ recordedMs: span.toMs - span.fromMs, gaps: [], pieces: [PIECE], ...part.hour }) },
    replay: async (task) => {
      const at = Math.round((task.span.fromMs - (nowMs - 3 * HOUR_MS)) / HOUR_MS)
      looked.push(at)
      tasks.push(task)
      return (part.replay ?? SEEN)(task, at)
    },
    models: { watching: async () => MODEL, bySha256: async (sha256) => (sha256 === MODEL.sha256 ? MODEL : null) },
    ...part.options,
  })
  opened.push(backtests)
  return { backtests, looked, tasks }
}
const span = (): { readonly fromMs: number; readonly toMs: number } => ({ fromMs: nowMs - 3 * HOUR_MS, toMs: nowMs })
const begin = async ({ backtests }: Stage, part: object = {}) => {
  const begun = await backtests.begin(RED, { version: 1, ...span(), ...part }, LAN)
  if (begun.is !== 'begun') throw new Error(begun.is)
  return begun.backtest
}
const stateOf = async (id: string): Promise<string | undefined> => (await house.store.backtests.get(asId(id)))?.state
const hoursOf = async (id: string) => (await house.store.backtests.hours(asId(id))).map((hour) => (hour.state === 'done' ? hour.claims.length : hour.fault))

describe('a back-test', () => {
  test('runs hour by hour to its end, beside what is live, and each step is in the camera’s history', async () => {
    await goLive(house.rules, RED, named('Hai'), { proposer: LAN, approver: BAO })
    await house.rules.save(RED, named('Ba'), LAN)
    const it = await stage()
    const one = await begin(it, { version: 3 })
    expect(one).toMatchObject({ version: 3, baseline: 2, state: 'queued', modelSha256: MODEL.sha256, by: LAN })
    await it.backtests.idle()
    expect([it.looked, await stateOf(one.id), await hoursOf(one.id)]).toEqual([[0, 1, 2], 'done', [1, 1, 1]])
    expect(it.tasks[0]!.rules.map(({ id, name }) => `${id} ${name}`)).toEqual(['red-1~3 Ba', 'red-1~2 Hai'])
    expect((await house.log()).slice(-2)).toEqual(['rule_backtest lan', 'rule_backtest_done system'])
    expect((await house.store.changes.of('camera', JUNCTION)).at(-1)?.facts).toEqual({ rule: 'red-1', backtestId: one.id, version: 3, hoursDone: 3, hoursFailed: 0 })
  })

  test('carries the proposal of its version, and of no other', async () => {
    const it = await stage()
    const one = await begin(it)
    await it.backtests.idle()
    await house.rules.save(RED, named('Hai'), LAN)
    const propose = (version: number) => house.rules.act(RED, { do: 'propose', version, on: { backtestId: one.id } }, LAN, 2)
    expect(await propose(2)).toEqual({ ok: false, refusal: { code: 'backtest_of_other', version: 1 } })
    expect(await propose(1)).toMatchObject({ ok: true, standing: { proposal: { version: 1, on: { backtestId: one.id } } } })
  })

  test('an hour whose process dies is tried once more, then told as failed; the others go on', async () => {
    const it = await stage({ replay: (task, at) => (at === 1 ? { is: 'failed', fault: DIED, again: true } : SEEN(task)) })
    const one = await begin(it)
    await it.backtests.idle()
    expect([it.looked, await stateOf(one.id), await hoursOf(one.id)]).toEqual([[0, 1, 1, 2], 'done', [1, DIED, 1]])
  })

  test('one that dies once is seen all the same', async () => {
    let died = false
    const it = await stage({ replay: (task) => ((died = !died) && task.span.toMs === nowMs - 2 * HOUR_MS ? { is: 'failed', fault: DIED, again: true } : SEEN(task)) })
    const one = await begin(it)
    await it.backtests.idle()
    expect(await hoursOf(one.id)).toEqual([1, 1, 1])
  })

  test('a model that is refused half-way is not tried twice, and what was seen before stands', async () => {
    const it = await stage({ replay: (task, at) => (at > 0 ? { is: 'failed', fault: OTHER_BYTES, again: false } : SEEN(task)) })
    const one = await begin(it)
    await it.backtests.idle()
    expect([it.looked, await stateOf(one.id), await hoursOf(one.id)]).toEqual([[0, 1, 2], 'done', [1, OTHER_BYTES, OTHER_BYTES]])
  })

  test('whose model is gone fails as a whole, and carries nothing', async () => {
    const it = await stage({ options: { models: { watching: async () => MODEL, bySha256: async () => null } } })
    const one = await begin(it)
    await it.backtests.idle()
    expect([it.looked, await stateOf(one.id), (await hoursOf(one.id))[0]]).toEqual([[], 'failed', { code: 'model_gone', said: `no file with SHA-256 ${MODEL.sha256} is kept` }])
    expect(await house.rules.act(RED, { do: 'propose', version: 1, on: { backtestId: one.id } }, LAN, 1)).toEqual({ ok: false, refusal: { code: 'backtest_unfinished', state: 'failed' } })
  })

  test('an hour of which nothing was recorded is told and asks no process', async () => {
    const gaps = [{ ...span(), cause: 'camera_lost' as const }]
    const it = await stage({ hour: { recordedMs: 0, gaps, pieces: [] } })
    const one = await begin(it)
    await it.backtests.idle()
    expect([it.looked, await stateOf(one.id), (await house.store.backtests.hours(one.id))[0]]).toEqual([[], 'failed', expect.objectContaining({ state: 'done', recordedMs: 0, gaps, frames: 0 })])
  })

  test('a piece that was found damaged is missing time', async () => {
    const it = await stage({ replay: (task, at) => ({ ...SEEN(task), ...(at === 0 ? { damaged: [{ fromMs: task.span.fromMs - 60_000, toMs: task.span.fromMs + 8_000 }, { fromMs: 0, toMs: 5 }] } : {}) }) as ReplayAnswer })
    const one = await begin(it)
    await it.backtests.idle()
    const { fromMs } = span()
    expect((await house.store.backtests.hours(one.id))[0]).toMatchObject({ recordedMs: HOUR_MS - 8_000, gaps: [{ fromMs, toMs: fromMs + 8_000, cause: 'damaged' }] })
  })

  test('of a version drawn on one view it is told when the camera showed another, and who looks is told where it stood', async () => {
    const home = { pan: 0, tilt: 0, zoom: 0 }
    await house.rules.save(RED, { ...named('Góc'), preset: { token: '1', name: 'Home', at: home } }, LAN)
    const { fromMs, toMs } = span()
    const turned = { fromMs: fromMs + 600_000, toMs: fromMs + 1_320_000, at: { pan: 0.5, tilt: 0, zoom: 0 }, preset: 'Nhánh bên' }
    for (const stand of [{ fromMs: fromMs - 60_000, toMs: fromMs + 595_000, at: home, preset: 'Home' }, turned, { fromMs: fromMs + 1_326_000, toMs, at: home, preset: 'Home' }]) await house.store.stands.keep(JUNCTION, stand)
    const it = await stage()
    const one = await begin(it, { version: 2 })
    await it.backtests.idle()
    const [first, ...rest] = await house.store.backtests.hours(one.id)
    expect([first?.away, ...rest.map(({ away }) => away)]).toEqual([{ 2: [{ fromMs: fromMs + 595_000, toMs: fromMs + 1_326_000 }] }, { 2: [] }, { 2: [] }])
    expect(it.tasks.map(({ stands }) => stands.length)).toEqual([3, 1, 1])
  })

  test('the server’s own fault costs the hour, and says so', async () => {
    let asked = 0
    const it = await stage({ options: { source: { hour: async (_camera, at) => ((asked += 1) === 1 ? Promise.reject(new Error('the disk is away')) : { recordedMs: at.toMs - at.fromMs, gaps: [], pieces: [PIECE] }) } } })
    const one = await begin(it)
    await it.backtests.idle()
    expect(await hoursOf(one.id)).toEqual([{ code: 'internal', said: 'the disk is away' }, 1, 1])
  })
})

describe('interrupted', () => {
  test('by a stop of the server, it goes on with the hour that was not finished', async () => {
    const first = await stage({ replay: (task, at) => (at === 1 ? new Promise((resolve) => task.signal.addEventListener('abort', () => resolve({ is: 'cancelled' }))) : SEEN(task)) })
    const one = await begin(first)
    await reached(first, 2)
    expect(first.backtests.partOf(one.id)).toBe(0)
    first.tasks[1]!.onProgress(0.4)
    expect(first.backtests.partOf(one.id)).toBe(0.4)
    await first.backtests.close()
    expect([await stateOf(one.id), await hoursOf(one.id)]).toEqual(['running', [1]])
    const second = await stage()
    await second.backtests.idle()
    expect([second.looked, await stateOf(one.id), await hoursOf(one.id), second.backtests.partOf(one.id)]).toEqual([[1, 2], 'done', [1, 1, 1], null])
  })

  test('cancelled by a person, it stops at once; what waited behind it begins', async () => {
    const it = await stage({ replay: (task, at) => (at === 1 ? new Promise((resolve) => task.signal.addEventListener('abort', () => resolve({ is: 'cancelled' }))) : SEEN(task)) })
    const one = await begin(it)
    const next = await begin(it, { fromMs: nowMs - 3 * HOUR_MS, toMs: nowMs - 2 * HOUR_MS })
    await reached(it, 2)
    expect([await it.backtests.cancel({ ...RED, ruleId: asId('red-2') }, one.id, BAO), await it.backtests.cancel(RED, one.id, BAO), await it.backtests.cancel(RED, one.id, BAO)]).toEqual([false, true, false])
    await it.backtests.idle()
    expect([await stateOf(one.id), await hoursOf(one.id), await stateOf(next.id)]).toEqual(['cancelled', [1], 'done'])
    expect((await house.log()).filter((line) => line.startsWith('rule_backtest_'))).toEqual(['rule_backtest_cancelled bao', 'rule_backtest_done system'])
  })

  test('its rule is removed: it is cancelled; its camera is removed: it is gone, and nobody stumbles', async () => {
    const it = await stage({ replay: async (task, at) => {
      if (at === 0) await house.rules.remove(RED, LAN)
      return SEEN(task)
    } })
    const one = await begin(it)
    await it.backtests.idle()
    expect([it.looked, await stateOf(one.id)]).toEqual([[0], 'cancelled'])
    await house.rules.save(RED, named('Ba'), LAN)
    const other = await stage({ replay: async (task) => {
      await house.store.cameras.remove(JUNCTION)
      return SEEN(task)
    } })
    const gone = await begin(other, { version: 2 })
    await other.backtests.idle()
    expect([other.looked, await stateOf(gone.id)]).toEqual([[0], undefined])
  })
})

/** Until so many hours were begun. */
async function reached({ looked }: Stage, count: number): Promise<void> {
  while (looked.length < count) await new Promise((resolve) => setImmediate(resolve))
}

describe('not begun', () => {
  test.each<[sentence: string, wish: () => object, is: string]>([
    ['a version that is not there', () => ({ version: 2 }), 'unknown_version'],
    ['a span that ends before it begins', () => ({ toMs: span().fromMs }), 'bad_span'],
    ['a span that reaches into the future', () => ({ toMs: nowMs + 1 }), 'bad_span'],
    ['more than fourteen days', () => ({ fromMs: nowMs - 14 * 24 * HOUR_MS - 1 }), 'bad_span'],
    ['a span without recording', () => ({ fromMs: nowMs - 9 * HOUR_MS, toMs: nowMs - 8 * HOUR_MS }), 'nothing_recorded'],
  ])('%s', async (_sentence, wish, is) => {
    const { backtests } = await stage()
    expect(await backtests.begin(RED, { version: 1, ...span(), ...wish() }, LAN)).toMatchObject({ is })
    expect(await house.store.backtests.of(RED.ruleId)).toEqual([])
  })

  test.each<[sentence: string, options: Partial<BacktestOptions>, is: string]>([
    ['where nothing is recorded', { source: null }, 'nothing_recorded'],
    ['where there is no ffmpeg', { replay: null }, 'no_tools'],
    ['where nothing watches', { models: { watching: async () => null, bySha256: async () => null } }, 'nothing_watches'],
  ])('%s', async (_sentence, options, is) => {
    const { backtests } = await stage({ options })
    expect(await backtests.begin(RED, { version: 1, ...span() }, LAN)).toEqual({ is })
  })

  test('where the lamp is told by its controller alone, which no recording holds; with a region of the picture beside it, it is tried', async () => {
    const { backtests } = await stage()
    const told = { signal: 'tu-dien-1', approach: 'tay' }
    const seen = { box: { x1: 0.8, y1: 0.1, x2: 0.85, y2: 0.25 }, order: 'vertical' }
    for (const lamp of [told, { ...told, ...seen }]) await house.rules.save(RED, { ...named('Nghe tủ'), lamp }, LAN)
    expect(await Promise.all([2, 3].map(async (version) => (await backtests.begin(RED, { version, ...span() }, LAN)).is))).toEqual(['lamp_not_recorded', 'begun'])
  })

  test('of another camera’s rule, and when eight wait already', async () => {
    const { backtests } = await stage()
    expect(await backtests.begin({ ...RED, cameraId: asId('kerb') }, { version: 1, ...span() }, LAN)).toEqual({ is: 'unknown' })
    for (let at = 0; at < 8; at += 1) await house.store.backtests.add(aBacktest(`w-${at}`))
    expect(await backtests.begin(RED, { version: 1, ...span() }, LAN)).toEqual({ is: 'too_many' })
  })
})

test('of more than twenty the oldest goes', async () => {
  for (let at = 0; at < 21; at += 1) await house.store.backtests.add(aBacktest(`old-${at}`, { createdAtMs: nowMs - 100 + at, state: 'done', settledAtMs: nowMs }))
  const it = await stage()
  await begin(it)
  const left = (await house.store.backtests.of(RED.ruleId)).map(({ id }) => id)
  expect([left.length, left.includes(asId('old-1')), left.includes(asId('old-2'))]).toEqual([20, false, true])
})
