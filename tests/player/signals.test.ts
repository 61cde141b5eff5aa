import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HeldView, SuspensionView } from '../../server/contract/signals.js'
import { SettleForm, SignalForm, SUSPENSION_MINUTES_MAX, SuspensionForm } from '../../server/contract/signals.js'
import type { LampFault } from '../../server/domain/seen.js'
import type { Key } from '../../player/keys/key-law.js'
import { differs, exampleCall, onlyApproach, readStale, standingOf } from '../../player/signals/controller.js'
import { factRows } from '../../player/signals/held-facts.js'
import { lampOf } from '../../player/signals/lamp-source.js'
import { playable } from '../../player/signals/recorded-span.js'
import { settleEach } from '../../player/signals/settle-each.js'
import { bySoonestEnd, freshDraft, leftOf, MINUTES_MAX, readMinutes, readSuspension, type SuspensionDraft } from '../../player/signals/suspension.js'
import { became, begin, inTurn, isReady, matchesHeld, nextAfter, NOTHING_ASKED, typeKey, usualReasons, WHYS, type Asking } from '../../player/signals/tray.js'
import { stepThrough } from '../../player/signals/step-through.js'
import { vi } from '../../player/words/vi.js'

const NOW = 1_000_000
const held = (incidentId: string, part: Partial<HeldView> = {}): HeldView => ({ incidentId, cameraId: 'c', cameraName: 'Ngã tư Hùng Vương', ruleId: 'r', kind: 'red_light', title: { vi: 'Vượt đèn đỏ', en: 'Red light' }, reason: { vi: 'xe máy', en: 'rider' }, sinceMs: 1, openedAtMs: 2, witnesses: [], why: 'lamp_fault', said: { vi: 'Đèn lỗi', en: 'Lamp fault' }, facts: {}, suspendedBy: null, heldAtMs: NOW, evidence: [], plate: null, alertId: null, outcome: null, ...part })
const outcome = (atMs: number): HeldView['outcome'] => ({ is: 'dismissed', by: { id: 'b', displayName: 'Trần Quốc Bảo' }, atMs, reason: 'đèn kẹt' })
const ids = (list: readonly HeldView[]): readonly string[] => list.map(({ incidentId }) => incidentId)

describe('the tray', () => {
  test('what waits longest stands first; of what was settled the latest', () => {
    expect(ids(inTurn([held('new', { heldAtMs: 9 }), held('old', { heldAtMs: 3 }), held('mid', { heldAtMs: 5 })]))).toEqual(['old', 'mid', 'new'])
    expect(ids(inTurn([held('early', { outcome: outcome(3) }), held('late', { outcome: outcome(8) })]))).toEqual(['late', 'early'])
  })
  test.each([['hung vuong', true], ['den do', true], ['quoc bao', true], ['cau', false]])('%s is found without marks: %p', (asked, expected) => expect(matchesHeld(held('a', { outcome: outcome(1) }), asked)).toBe(expected))
  test.each<[sentence: string, id: string, settled: readonly HeldView[] | undefined, is: string]>([
    ['it waits', 'a', undefined, 'held'],
    ['it is not among them, and what was decided is not known yet', 'b', undefined, 'reading'],
    ['somebody decided it', 'b', [held('b', { outcome: outcome(1) })], 'settled'],
    ['it is nowhere', 'x', [], 'unknown'],
  ])('%s', (_sentence, id, settled, is) => expect(became(id, [held('a')], settled).is).toBe(is))
  test.each<[current: string | null, decided: readonly string[], next: string | null]>([
    ['b', ['b'], 'c'],
    ['d', ['d'], 'c'],
    ['b', ['b', 'c', 'd'], 'a'],
    ['a', ['a', 'b', 'c', 'd'], null],
    [null, ['a'], 'b'],
    ['gone', ['a'], 'b'],
  ])('after %s, with %p decided, %s is looked at', (current, decided, next) => expect(nextAfter(['a', 'b', 'c', 'd'], current, decided)).toBe(next))
})

describe('a decision by keys', () => {
  const letter = (one: 'B' | 'C' | 'N' | 'P'): Key => ({ is: 'letter', letter: one })
  const digit = (n: number): Key => ({ is: 'digit', digit: n })
  const usual = usualReasons('dismiss', 'lamp_fault')
  const type = (...keys: readonly Key[]): { readonly asking: Asking; readonly did: readonly string[] } =>
    keys.reduce<{ readonly asking: Asking; readonly did: readonly string[] }>((now, key) => {
      const typed = typeKey(now.asking, key, usual)
      return { asking: typed?.asking ?? now.asking, did: [...now.did, typed?.do ?? 'not ours'] }
    }, { asking: NOTHING_ASKED, did: [] })

  test.each<[sentence: string, keys: readonly Key[], did: readonly string[], asking: Asking]>([
    ['what, why, Enter', [letter('B'), digit(1), { is: 'enter' }], ['nothing', 'nothing', 'send'], { is: 'dismiss', reason: 'lamp_wrong', words: '' }],
    ['Enter without a reason sends nothing', [letter('C'), { is: 'enter' }], ['nothing', 'nothing'], { is: 'release', reason: null, words: '' }],
    ['a number that is none changes nothing', [letter('B'), digit(9)], ['nothing', 'nothing'], { is: 'dismiss', reason: null, words: '' }],
    ['N goes to one’s own words', [letter('B'), digit(1), letter('N')], ['nothing', 'nothing', 'write'], { is: 'dismiss', reason: null, words: '' }],
    ['the other one is begun anew', [letter('B'), digit(1), letter('C')], ['nothing', 'nothing', 'nothing'], begin('release')],
    ['Esc gives it up', [letter('B'), { is: 'escape' }], ['nothing', 'nothing'], NOTHING_ASKED],
    ['nothing begun, digits, Esc and Enter are others’', [digit(1), { is: 'escape' }, { is: 'enter' }], ['not ours', 'not ours', 'not ours'], NOTHING_ASKED],
    ['other letters stay the picture’s', [letter('B'), letter('P')], ['nothing', 'not ours'], begin('dismiss')],
  ])('%s', (_sentence, keys, did, asking) => expect(type(...keys)).toEqual({ asking, did }))
  test('one’s own words must be words', () => expect(['', '  ', 'rõ'].map((words) => isReady({ is: 'release', reason: null, words }))).toEqual([false, false, true]))
  test.each(WHYS.flatMap((why) => (['release', 'dismiss'] as const).map((what) => [what, why] as const)))('usual reasons to %s what is held for %s: all differ, each has a digit, and the server takes them', (what, why) => {
    const said = usualReasons(what, why).map((reason) => vi[`held.say.${reason}`])
    expect([new Set(said).size, said.length > 0 && said.length < 10, said.every((reason) => SettleForm.safeParse({ reason }).success)]).toEqual([said.length, true, true])
  })
})

describe('several are settled one after the other', () => {
  const late = new Error('late')
  const lost = new Error('offline')
  const answers = (faults: Readonly<Record<string, Error>>, asked: string[] = []) => ({
    isLate: (fault: unknown) => fault === late,
    async send(id: string) {
      asked.push(id)
      if (faults[id]) throw faults[id]
    },
  })
  test('who was first does not stop the rest', async () => expect(await settleEach(['a', 'b', 'c', 'd'], answers({ b: late, d: late }))).toEqual({ done: ['a', 'c'], late: ['b', 'd'], fault: null }))
  test('what concerns them all does: the rest is not sent', async () => {
    const asked: string[] = []
    expect([await settleEach(['a', 'b', 'c'], answers({ b: lost }, asked)), asked]).toEqual([{ done: ['a'], late: [], fault: lost }, ['a', 'b']])
  })
})

describe('the numbers of a fault', () => {
  const t = (key: string, facts?: Readonly<Record<string, string | number>>): string => (facts ? `${key} ${Object.values(facts).join()}` : key)
  const words = { t, language: 'vi' } as const
  const faults: readonly LampFault[] = [
    { code: 'stuck', sinceMs: 1, colour: 'red', lastedMs: 245_000, limitMs: 180_000 },
    { code: 'dark', sinceMs: 1, lastedMs: 61_000, limitMs: 60_000 },
    { code: 'two_colours', sinceMs: 1, lastedMs: 3_000 },
    { code: 'too_fast', sinceMs: 1, phases: 9, spanMs: 10_000 },
    { code: 'flow', sinceMs: 1, violators: 6, passed: 8, waited: 0.5 },
    { code: 'feed_differs', sinceMs: 1, lastedMs: 9_000, seen: 'green', told: 'red' },
  ]
  test.each(faults.map((fault) => [fault.code, fault] as const))('every one of %s is told', (_code, fault) => expect(factRows({ ...fault }, NOW, words).length).toBe(Object.keys(fault).length - 1))
  test('with their units, in one order', () => expect(factRows({ told: 'red', lastedMs: 9_000, seen: 'green' }, NOW, words)).toEqual([{ name: 'fact.seen', value: 'lamp.green' }, { name: 'fact.told', value: 'lamp.red' }, { name: 'fact.lastedMs', value: 'fact.seconds 9' }]))
  test('what has no words is left out, a colour that is unknown is said to be', () => expect(factRows({ suspensionId: 's', by: 'b', colour: 'blue', limitMs: null }, NOW, words)).toEqual([{ name: 'fact.colour', value: 'lamp.unknown' }]))
  test.each<[sentence: string, lamp: unknown, expected: object]>([
    ['seen', { box: { x1: 0.1, y1: 0.2, x2: 0.3, y2: 0.4 }, order: 'vertical' }, { box: { x1: 0.1, y1: 0.2, x2: 0.3, y2: 0.4 }, feed: null }],
    ['told', { signal: 's', approach: 'bac' }, { box: null, feed: { signal: 's', approach: 'bac' } }],
    ['of a shape we do not know', { box: { x1: 'a' } }, { box: null, feed: null }],
    ['none', null, { box: null, feed: null }],
  ])('a lamp that is %s', (_sentence, lamp, expected) => expect(lampOf(lamp)).toEqual(expected))
})

describe('what there is of a moment', () => {
  const moment = { sinceMs: 100_000, openedAtMs: 101_000 }
  test.each<[sentence: string, recorded: readonly (readonly [number, number])[], expected: readonly [number, number] | null]>([
    ['all of it', [[0, 500_000]], [94_000, 107_000]],
    ['the beginning was not recorded', [[99_000, 500_000]], [99_000, 107_000]],
    ['the recording goes on just now', [[0, 104_000]], [94_000, 103_250]],
    ['two pieces: the longer', [[0, 97_000], [98_000, 500_000]], [98_000, 107_000]],
    ['nothing of it', [[0, 50_000], [200_000, 300_000]], null],
    ['too little to see anything', [[0, 95_000]], null],
    ['nothing at all', [], null],
  ])('%s', (_sentence, recorded, expected) => expect(playable(recorded.map(([fromMs, toMs]) => ({ fromMs, toMs })), moment)).toEqual(expected && { fromMs: expected[0], toMs: expected[1] }))
})

describe('a suspension', () => {
  const draft: SuspensionDraft = { ...freshDraft('c'), why: 'roadworks', reason: ' sửa cống ', minutes: '45' }
  test('the bound is the server’s', () => expect(MINUTES_MAX).toBe(SUSPENSION_MINUTES_MAX))
  test.each([['1', 1], ['1440', 1440], [' 30 ', 30], ['0', null], ['1441', null], ['', null], ['1.5', null], ['x', null]])('%p minutes', (typed, expected) => expect(readMinutes(typed)).toBe(expected))
  test('what is sent is what the server takes', () => {
    const ready = readSuspension(draft)
    expect([ready, SuspensionForm.safeParse(ready?.form).success]).toEqual([{ cameraId: 'c', form: { ruleId: null, why: 'roadworks', reason: 'sửa cống', minutes: 45 } }, true])
  })
  test.each<[missing: string, part: Partial<SuspensionDraft>]>([['a camera', { cameraId: null }], ['why', { why: null }], ['a reason', { reason: ' ' }], ['a time', { minutes: '' }]])('nothing is sent without %s', (_missing, part) => expect(readSuspension({ ...draft, ...part })).toBeNull())
  test.each<[nowMs: number, expected: object | null]>([[0, { leftMs: 100, share: 1 }], [75, { leftMs: 25, share: 0.25 }], [100, null], [101, null]])('at %p', (nowMs, expected) => expect(leftOf({ fromMs: 0, untilMs: 100 }, nowMs)).toEqual(expected))
  test('what ends first stands first', () => expect(bySoonestEnd([{ id: 'b', untilMs: 9 }, { id: 'a', untilMs: 9 }, { id: 'c', untilMs: 3 }] as unknown as SuspensionView[]).map(({ id }) => id)).toEqual(['c', 'a', 'b']))
})

describe('a controller', () => {
  const heard = { atMs: NOW, sequence: 1, offsetMs: 0, stale: false, approaches: {} }
  test.each<[sentence: string, heard: Parameters<typeof standingOf>[0]['heard'], nowMs: number, expected: string]>([
    ['has told nothing since the start', null, NOW, 'silent'],
    ['tells', heard, NOW + 9_000, 'telling'],
    ['is silent for too long by the server’s word', { ...heard, stale: true }, NOW, 'lost'],
    ['is silent for too long since we asked', heard, NOW + 10_001, 'lost'],
  ])('%s', (_sentence, one, nowMs, expected) => expect(standingOf({ heard: one, staleMs: 10_000 }, nowMs)).toBe(expected))
  test.each([['10', 10_000], ['0,5', null], ['1', 1_000], ['1,5', 1_500], ['600', 600_000], ['601', null], ['', null], ['x', null]])('%p seconds', (typed, expected) => {
    expect(readStale(typed)).toBe(expected)
    if (expected !== null) expect(SignalForm.safeParse({ name: 'x', areaId: 'a', staleMs: expected }).success).toBe(true)
  })
})

test.each<[current: string | null, to: 'up' | 'down', expected: string | null]>([[null, 'down', 'a'], ['a', 'down', 'b'], ['c', 'down', 'c'], ['a', 'up', 'a'], ['gone', 'up', 'a']])('from %s %s comes %s', (current, to, expected) => expect(stepThrough(['a', 'b', 'c'], current, to)).toBe(expected))

;(existsSync('/usr/bin/curl') ? test : test.skip)('the call to try a controller with sends the pasted key, which stands in no argument of any process', async () => {
  const heard: { readonly authorization: string | undefined; readonly body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += String(part))).on('end', () => {
      heard.push({ authorization: request.headers.authorization, body })
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const call = exampleCall(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/signals/1`, 5)
  const shell = spawn('sh', ['-c', call], { stdio: ['pipe', 'ignore', 'ignore'] })
  shell.stdin.end('k-31a5\n')
  await once(shell, 'exit')
  await new Promise((resolve) => server.close(resolve))
  expect(heard).toEqual([{ authorization: 'Bearer k-31a5', body: '{"sequence":1,"atMs":5,"approaches":{"bac":"red","nam":"green"}}' }])
})

test.each([['red', 'green', true], ['red', 'red', false], ['unknown', 'green', false], ['red', 'dark', false], ['yellow', 'flashing_yellow', false]])('a lamp seen %s and told %s: they differ: %s', (seen, told, expected) => expect(differs(seen, told)).toBe(expected))
test.each<[string, Parameters<typeof onlyApproach>[0], string | null]>([
  ['nobody', undefined, null],
  ['one that told nothing yet', { heard: null }, null],
  ['one approach', { heard: { atMs: 1, sequence: 1, offsetMs: 0, stale: false, approaches: { bac: 'red' } } }, 'bac'],
  ['two', { heard: { atMs: 1, sequence: 1, offsetMs: 0, stale: false, approaches: { bac: 'red', nam: 'red' } } }, null],
])('of a controller the only approach is chosen by itself: %s', (_name, controller, expected) => expect(onlyApproach(controller)).toBe(expected))
