import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadModel } from '../../models/catalogue.js'
import type { BacktestResultView, BacktestView, RuleStandingView } from '../../server/contract/rules.js'
import { asId, type CameraId, type PersonId, type RuleId } from '../../server/domain/ids.js'
import { drawStreet, passageAt, STREET_S } from '../support/drawn-street.js'
import { arrivedAt } from '../support/packets.js'
import { goLive } from '../support/put-rule.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { until } from '../support/until.js'
import { openSmallHouse, type SmallHouse } from '../web/small-house.js'

// Drawing a street takes half a minute, and a process that gives way to everybody minutes on a full machine.
import.meta.jest.setTimeout(400_000)

/** From a recorded street to a version that goes live on its back-test, through the whole server with the real model. */
;(hasFfmpeg() ? describe : describe.skip)('a draft is tried on the past before anybody believes it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-past-'))
  const ruleId = asId<RuleId>('vach')
  let house: SmallHouse
  let cameraId: CameraId
  let startMs: number
  let persons: { readonly proposer: PersonId; readonly approver: PersonId }

  beforeAll(async () => {
    const packets = await drawStreet(folder)
    house = await openSmallHouse({ env: process.env, model: await loadModel('eyes') })
    cameraId = await house.addCamera(house.areas.own)
    const { store, hub, recording, rules } = house.app.parts
    const streamId = (await store.cameras.get(cameraId))!.streams[0]!.id
    startMs = Date.now() - (STREET_S + 3) * 1000
    await recording!.setPolicy(cameraId, { mode: 'always', stream: 'main', days: 30, eventDays: 90 })
    for (const [n, packet] of packets.entries()) {
      hub.publish(streamId, arrivedAt(packet, startMs + n * 80))
      // The disk is given its turns: pictures of twelve seconds come in one.
      for (let turn = 0; turn < (n % 25 === 24 ? 30 : 1); turn += 1) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await recording!.setPolicy(cameraId, { mode: 'off', stream: 'main', days: 30, eventDays: 90 })
    await recording!.flush()
    const people = await store.people.list()
    persons = { proposer: people.find(({ role }) => role === 'admin')!.id, approver: people.find(({ role }) => role === 'ioc')!.id }
    await goLive(rules, { cameraId, ruleId }, passageAt(0.5), persons)
    await rules.save({ cameraId, ruleId }, passageAt(0.8), persons.proposer)
  })
  afterAll(async () => {
    await house?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const ask = async <T>(path: string, options: { readonly method?: string; readonly body?: unknown } = {}): Promise<{ readonly status: number; readonly value: T }> => {
    const answered = await house.ask(`/api/cameras/${cameraId}/rules/${ruleId}${path}`, { cookie: house.cookie('admin'), ...options })
    return { status: answered.status, value: (await answered.json()) as T }
  }
  /** A minute before the camera was first recorded, and all that was. */
  const span = (): object => ({ fromMs: startMs - 60_000, toMs: startMs + STREET_S * 1000 })
  const run = async (): Promise<BacktestResultView> => {
    const begun = await ask<BacktestView>('/backtests', { method: 'POST', body: { version: 2, ...span() } })
    expect([begun.status, begun.value]).toMatchObject([201, { version: 2, baseline: 1, modelId: 'eyes', progress: { hours: 1, done: 0 } }])
    const read = async (): Promise<BacktestResultView> => (await ask<BacktestResultView>(`/backtests/${begun.value.id}`)).value
    await until('the back-test has ended', async () => (await read()).settledAtMs !== null, 300_000)
    return read()
  }

  test('run twice it says the same to the byte; then its version is proposed on it and goes live', async () => {
    const [first, second] = [await run(), await run()]
    expect(first).toMatchObject({ state: 'done', progress: { hours: 1, done: 1, failed: 0, part: null }, failedMs: 0, untold: 0, live: { version: 1 } })
    expect([JSON.stringify(first.differences), JSON.stringify(first.tested), JSON.stringify(first.live)]).toEqual([JSON.stringify(second.differences), JSON.stringify(second.tested), JSON.stringify(second.live)])
    expect([first.tested.claims > 0, first.live!.claims > 0, Math.abs(first.watchedMs - STREET_S * 1000) < 1_500, Math.abs(first.missingMs - 60_000) < 1_500]).toEqual([true, true, true, true])
    // Twelve seconds hold some who pass one of the two lines only.
    expect([first.counts.vanished + first.counts.new > 0, first.counts.kept > 0, first.counts.kept + first.counts.new, first.counts.kept + first.counts.vanished]).toEqual([true, true, first.tested.claims, first.live!.claims])
    expect(first.hours[0]!.gaps.every(({ said, toMs }) => said.vi.length > 0 && toMs <= startMs + 1_500)).toBe(true)
    expect(first.cost.coreSecondsAnHour).toBeGreaterThan(0)
    const proposed = await ask<RuleStandingView>('/deeds', { method: 'POST', body: { do: 'propose', revision: 4, version: 2, on: { backtestId: first.id } } })
    expect([proposed.status, proposed.value.proposal?.backtestId]).toEqual([200, first.id])
    expect(await house.app.parts.rules.act({ cameraId, ruleId }, { do: 'approve' }, persons.approver, proposed.value.revision)).toMatchObject({ ok: true, standing: { live: 2 } })
  })

  test.each<[sentence: string, body: () => object, status: number, code: string]>([
    ['a span without recording', () => ({ version: 2, fromMs: startMs - 600_000, toMs: startMs - 300_000 }), 409, 'nothing_recorded'],
    ['a version that was never written', () => ({ version: 7, ...span() }), 400, 'bad_form'],
    ['a span that reaches into the future', () => ({ version: 2, fromMs: startMs, toMs: Date.now() + 3_600_000 }), 400, 'bad_form'],
  ])('%s is refused at once', async (_sentence, body, status, code) => {
    const answered = await ask<{ code: string }>('/backtests', { method: 'POST', body: body() })
    expect([answered.status, answered.value.code]).toEqual([status, code])
  })
})
