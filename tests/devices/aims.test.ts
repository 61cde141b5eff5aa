import { openAims, type Aims } from '../../server/devices/aims.js'
import type { AimAnswer } from '../../server/domain/aim.js'
import type { Camera } from '../../server/domain/camera.js'
import { asId, type AreaId, type CameraId } from '../../server/domain/ids.js'
import type { BoundPreset, Pose, Rule } from '../../server/domain/seen.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import { silentLog } from '../../server/system/log.js'
import { makeHandClock, passSeconds, type HandClock } from '../support/hand-clock.js'
import { PLAIN } from '../support/plain-rule.js'

const [BRIDGE, MARKET]: readonly Pose[] = [{ pan: 0.4, tilt: 0, zoom: 0 }, { pan: -0.4, tilt: 0, zoom: 0 }]
const bound = (token: string, at: Pose): BoundPreset => ({ token, name: `Góc ${token}`, at })
const rule = (id: string, preset?: BoundPreset): Rule => ({ ...PLAIN, id, name: id, kind: 'intrusion', zone: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }], dwellMsMin: 0, anchor: 'feet', ...(preset ? { preset } : {}) }) as Rule
const camera = (id: string, address = '127.0.0.1:1'): Camera => ({ id: asId<CameraId>(id), name: id, areaId: asId<AreaId>('a'), enabled: true, place: { latitude: 0, longitude: 0, street: '', order: 0, heading: 0, reachM: 1 }, origin: { kind: 'onvif', address }, streams: [], sound: false, masks: [] })
const told = (at: Pose | null, isMoving = false): AimAnswer => ({ kind: 'told', at, isMoving, presets: [], untold: at ? null : 'no position' })
const SILENT: AimAnswer = { kind: 'silent', trouble: { code: 'timed_out', tried: 'ONVIF GetStatus', on: 'x', said: 'no end after 8000 ms' } }
const BOUND = [rule('bridge~1', bound('1', BRIDGE!)), rule('market~1', bound('2', MARKET!)), rule('anywhere~1')]

let clock: HandClock
let aims: Aims
/** What each camera answers from now on; one that has no answer here leaves every question open. */
let answers: Map<string, AimAnswer>
let asked: string[]
let changed: string[]

beforeEach(() => {
  clock = makeHandClock()
  const bus = makeLocalBus(silentLog)
  answers = new Map()
  asked = []
  changed = []
  bus.subscribe('aim.changed', ({ cameraId }) => void changed.push(cameraId))
  aims = openAims({ bus, clock, log: silentLog, askCamera: ({ id }) => {
    asked.push(id)
    const answer = answers.get(id)
    return answer ? Promise.resolve(answer) : new Promise(() => undefined)
  } })
})
afterEach(() => aims.close())

/** Time passes, and whatever was asked is answered. */
const pass = (ms: number): Promise<void> => passSeconds(clock, ms / 1_000)
const watched = (of: Camera, rules: readonly Rule[] = BOUND): readonly string[] => aims.sift(of, rules).rules.map(({ id }) => id)

test('a camera without bound rules is never asked, and its rules watch at once', async () => {
  expect(aims.sift(camera('c'), [rule('anywhere~1')])).toMatchObject({ rules: [{ id: 'anywhere~1' }], view: 0 })
  await pass(60_000)
  expect(asked).toEqual([])
})

test('bound rules wait for the first answer; then those watch whose preset the camera shows', async () => {
  const one = camera('c')
  answers.set('c', told(BRIDGE!))
  expect(watched(one)).toEqual(['anywhere~1'])
  expect(aims.waiting(one.id, bound('1', BRIDGE!))).toMatchObject({ why: 'unasked' })
  await pass(1_000)
  expect([changed, watched(one)]).toEqual([['c'], ['bridge~1', 'anywhere~1']])
  expect([aims.waiting(one.id, bound('1', BRIDGE!)), aims.waiting(one.id, bound('2', MARKET!))]).toMatchObject([null, { why: 'elsewhere', preset: { name: 'Góc 2' } }])
})

test('a camera that goes from preset to preset is another view each time, and so are its rules', async () => {
  const one = camera('c')
  answers.set('c', told(BRIDGE!))
  watched(one)
  await pass(1_000)
  const { view } = aims.sift(one, BOUND)
  answers.set('c', told({ pan: 0, tilt: 0, zoom: 0 }, true))
  await pass(5_000)
  expect(watched(one)).toEqual(['anywhere~1'])
  answers.set('c', told(MARKET!))
  await pass(5_000)
  expect(aims.sift(one, BOUND)).toMatchObject({ rules: [{ id: 'market~1' }, { id: 'anywhere~1' }], view: view + 2 })
  expect(changed).toHaveLength(3)
})

test('another rule is no turn: the view stays, so that the others keep what they remember', async () => {
  const one = camera('c')
  answers.set('c', told(BRIDGE!))
  watched(one)
  await pass(1_000)
  const { view } = aims.sift(one, BOUND)
  expect(aims.sift(one, [...BOUND, rule('more~1', bound('1', BRIDGE!))])).toMatchObject({ view, rules: [{}, {}, { id: 'more~1' }] })
  await pass(10_000)
  expect(aims.sift(one, BOUND).view).toBe(view)
})

describe('what a bound rule saw', () => {
  const one = camera('c')
  const said: string[] = []
  const say = (ruleId: string, what: string, ends = false): void => aims.say(one.id, ruleId, { sinceMs: clock.wallMs(), ends, tell: () => void said.push(what) })
  beforeEach(async () => {
    said.length = 0
    answers.set('c', told(BRIDGE!))
    watched(one)
    await pass(1_000)
  })

  test('is said when the camera was asked once more and stands there still; an unbound rule speaks at once', async () => {
    say('bridge~1', 'seen')
    say('anywhere~1', 'seen anywhere')
    expect(said).toEqual(['seen anywhere'])
    await pass(4_000)
    expect(said).toEqual(['seen anywhere', 'seen'])
  })

  test('is dropped when it was turned in between; what was said before is ended', async () => {
    say('bridge~1', 'began')
    await pass(4_000)
    say('bridge~1', 'seen while it turned')
    answers.set('c', told(MARKET!))
    await pass(4_000)
    say('bridge~1', 'ended', true)
    expect(said).toEqual(['began', 'ended'])
  })

  test('waits while the camera does not answer, and is dropped when it does not for too long', async () => {
    answers.set('c', SILENT)
    say('bridge~1', 'seen')
    await pass(20_000)
    expect([said, watched(one)]).toEqual([[], ['bridge~1', 'anywhere~1']])
    await pass(40_000)
    expect(watched(one)).toEqual(['anywhere~1'])
    expect(aims.waiting(one.id, bound('1', BRIDGE!))).toMatchObject({ why: 'silent', trouble: { code: 'timed_out' } })
    answers.set('c', told(BRIDGE!))
    await pass(61_000)
    expect([said, watched(one)]).toEqual([[], ['bridge~1', 'anywhere~1']])
  })

  test('of a version that is no more watched is nobody’s', async () => {
    say('bridge~1', 'seen')
    aims.sift(one, [rule('bridge~2', bound('1', BRIDGE!))])
    await pass(8_000)
    expect(said).toEqual([])
  })

  test('is bounded: of a crowd of claims the oldest go', async () => {
    for (let at = 0; at < 300; at += 1) say('bridge~1', `${at}`)
    await pass(4_000)
    expect([said.length, said[0], said.at(-1)]).toEqual([256, '44', '299'])
  })
})

describe('what a rule saw of the view itself', () => {
  const one = camera('c')
  const tamper = { ...rule('tamper~1'), kind: 'camera_tamper', holdMsMin: 15_000 } as unknown as Rule
  const said: string[] = []
  const say = (what: string, sinceMs = clock.wallMs(), ends = false): void => aims.say(one.id, tamper.id, { sinceMs, ends, tell: () => void said.push(what) })
  beforeEach(async () => {
    said.length = 0
    answers.set('c', told(BRIDGE!))
    aims.sift(one, [tamper])
    await pass(10_000)
  })

  test('is told when the camera was asked once more and stands where it stood', async () => {
    say('covered')
    expect(said).toEqual([])
    await pass(4_000)
    expect(said).toEqual(['covered'])
  })

  test('is no tampering when it was turned, also to a place that is no preset; what it sees there is another view', async () => {
    const { view } = aims.sift(one, [tamper])
    const sinceMs = clock.wallMs()
    answers.set('c', told({ pan: 0.1, tilt: 0, zoom: 0 }))
    say('turned', sinceMs)
    await pass(12_000)
    // What the lane still held of the view before.
    say('turned, seen again', sinceMs)
    await pass(12_000)
    expect([said, aims.sift(one, [tamper]).view, changed.length > 0]).toEqual([[], view + 1, true])
    say('covered there')
    await pass(4_000)
    expect(said).toEqual(['covered there'])
  })

  test('of a camera that cannot turn it is told at once, and that one is hardly asked', async () => {
    answers.set('c', { kind: 'fixed' })
    await pass(10_000)
    const before = asked.length
    say('covered')
    expect(said).toEqual(['covered'])
    await pass(290_000)
    expect(asked.length - before).toBe(0)
  })

  test('a camera that is known by its stream alone is never asked, and told at once', async () => {
    const plain: Camera = { ...camera('plain'), origin: { kind: 'rtsp' } }
    aims.sift(plain, [tamper])
    await pass(60_000)
    aims.say(plain.id, tamper.id, { sinceMs: 0, ends: false, tell: () => void said.push('covered') })
    expect([said, asked.includes('plain')]).toEqual([['covered'], false])
  })
})

test('of a camera that was silent and stands where it stood the view is the same', async () => {
  const one = camera('c')
  answers.set('c', told(BRIDGE!))
  watched(one)
  await pass(5_000)
  const { view } = aims.sift(one, BOUND)
  answers.set('c', SILENT)
  await pass(120_000)
  answers.set('c', told(BRIDGE!))
  await pass(61_000)
  expect(aims.sift(one, BOUND)).toMatchObject({ view, rules: [{ id: 'bridge~1' }, { id: 'anywhere~1' }] })
})

test('a camera that never answers keeps no other waiting', async () => {
  const [dead, well] = [camera('dead'), camera('well')]
  answers.set('well', told(BRIDGE!))
  watched(dead)
  watched(well)
  await pass(9_000)
  expect([watched(dead), watched(well)]).toEqual([['anywhere~1'], ['bridge~1', 'anywhere~1']])
  expect([asked.filter((id) => id === 'dead').length, asked.filter((id) => id === 'well').length > 1]).toEqual([1, true])
})

test('one that cannot turn is told as that, and nobody is alerted by its bound rules', async () => {
  const one = camera('c')
  answers.set('c', { kind: 'fixed' })
  watched(one)
  await pass(1_000)
  expect([watched(one), aims.waiting(one.id, bound('1', BRIDGE!))?.why]).toEqual([['anywhere~1'], 'fixed'])
})

test('a wrong password is tried hardly at all, and at once when the camera was changed', async () => {
  const one = camera('c')
  answers.set('c', { kind: 'silent', trouble: { code: 'auth', tried: 'ONVIF GetDeviceInformation', on: 'x', said: 'x' } })
  watched(one)
  await pass(120_000)
  expect(asked).toHaveLength(1)
  answers.set('c', told(BRIDGE!))
  watched(one)
  await pass(1_000)
  expect(watched(one)).toEqual(['bridge~1', 'anywhere~1'])
})

test('at another address it is another camera: nothing of the old answer counts', async () => {
  answers.set('c', told(BRIDGE!))
  watched(camera('c'))
  await pass(1_000)
  answers.set('c', SILENT)
  expect(watched(camera('c', '127.0.0.1:2'))).toEqual(['anywhere~1'])
})

test('two people at the editor are one question, and what it says is heard by the rules', async () => {
  const one = camera('c')
  answers.set('c', told(MARKET!))
  watched(one)
  await pass(1_000)
  answers.set('c', told(BRIDGE!))
  const before = asked.length
  const [a, b] = await Promise.all([aims.ask(one), aims.ask(one)])
  expect([asked.length - before, a === b, watched(one)]).toEqual([1, true, ['bridge~1', 'anywhere~1']])
})

test('a camera that is not watched any more is not asked any more', async () => {
  const one = camera('c')
  answers.set('c', told(BRIDGE!))
  watched(one)
  await pass(1_000)
  aims.forget(one.id)
  const before = asked.length
  await pass(30_000)
  expect([asked.length - before, aims.waiting(one.id, bound('2', MARKET!))]).toEqual([0, null])
})
