import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HoldView, RecordCheckView, RecordingPolicyView, RecordingStateView, RecordReportView, TimelineView } from '../../server/contract/recordings.js'
import { TICKET_HEADER, type TicketView } from '../../server/contract/tickets.js'
import type { CameraId } from '../../server/domain/ids.js'
import { segmentFile } from '../../server/recording/disk-names.js'
import { readFragments, readInitBytes } from '../../server/recording/fragments.js'
import { arrivedAt, greySteps } from '../support/packets.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { until } from '../support/until.js'
import { openSmallHouse, type SmallHouse } from '../web/small-house.js'

const HOUR = 3_600_000
const SECONDS = 40

;(hasFfmpeg() ? describe : describe.skip)('the past over HTTP', () => {
  let house: SmallHouse
  let cameraId: CameraId
  let otherId: CameraId
  let startMs: number
  const json = async <T>(path: string, role: 'police' | 'traffic' | 'ioc' | 'admin' = 'admin', options: { readonly method?: string; readonly body?: unknown } = {}): Promise<{ readonly status: number; readonly value: T }> => {
    const answered = await house.ask(path, { cookie: house.cookie(role), ...options })
    return { status: answered.status, value: (await answered.json()) as T }
  }
  /** As the player does: a ticket to the camera first, then the file with it. */
  const media = async (id: CameraId, file: string, role: 'police' | 'admin' = 'police', range?: string): Promise<Response> => {
    const { value } = await json<TicketView>(`/api/cameras/${id}/ticket`, role, { method: 'POST', body: {} })
    return house.ask(`/playback/${id}/${span()}/${file}`, { cookie: house.cookie(role), headers: { [TICKET_HEADER]: value.ticket, ...(range && { range }) } })
  }
  const span = (): string => `${startMs - 1_000}-${startMs + HOUR}`

  beforeAll(async () => {
    const { packets } = await greySteps({ width: 64, height: 48, count: SECONDS * 5, gop: 5, fps: 5 })
    house = await openSmallHouse()
    cameraId = await house.addCamera(house.areas.own)
    otherId = await house.addCamera(house.areas.own)
    const { store, hub, recording } = house.app.parts
    const stream = (await store.cameras.get(cameraId))!.streams[0]!.id
    startMs = Date.now() - SECONDS * 1000
    // Pictures of the last forty seconds come at once, each with its own time.
    await recording!.setPolicy(cameraId, { mode: 'always', stream: 'main', days: 30, eventDays: 90 })
    for (const [n, packet] of packets.entries()) {
      hub.publish(stream, arrivedAt(packet, startMs + n * 200))
      // The disk is given its turns: pictures of forty seconds come in one.
      for (let turn = 0; turn < (n % 20 === 19 ? 30 : 1); turn += 1) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await recording!.setPolicy(cameraId, { mode: 'off', stream: 'main', days: 30, eventDays: 90 })
    await recording!.flush()
  }, 60_000)
  afterAll(() => house.close())

  test('the timeline tells what is there, what moved, what was marked and what is not there', async () => {
    const alertId = await house.raise(cameraId)
    const { value, status } = await json<TimelineView>(`/api/cameras/${cameraId}/timeline?from=${startMs - HOUR}&to=${startMs + HOUR}`)
    expect(status).toBe(200)
    expect(value.recorded.length).toBe(1)
    expect([Math.abs(value.recorded[0]!.fromMs - startMs) < 300, Math.abs(value.recorded[0]!.toMs - startMs - SECONDS * 1000) < 1_500]).toEqual([true, true])
    expect(value.motion.length).toBe(480)
    expect(value.marks).toMatchObject([{ id: alertId, kind: 'alert', alertId, title: 'Nghi vấn vượt đèn đỏ', priority: 'medium' }])
    expect(value.gaps.every(({ said }) => said.vi.length > 0)).toBe(true)
  })

  test.each<[sentence: string, query: string, field: string]>([
    ['a span that ends before it begins', '?from=10&to=5', 'from'],
    ['more than 31 days', `?from=0&to=${32 * 24 * HOUR}`, 'from'],
    ['a time that is none', '?from=yesterday', 'from'],
  ])('%s is refused by its field', async (_sentence, query, field) => {
    const { status, value } = await json<{ faults: { field: string }[] }>(`/api/cameras/${cameraId}/timeline${query}`)
    expect([status, value.faults[0]?.field]).toEqual([400, field])
  })

  test('a list, its init segment and its segments are served, whole and piece by piece from key picture to key picture', async () => {
    const list = await (await media(cameraId, 'index.m3u8')).text()
    const files = [...new Set([...list.matchAll(/URI="([^"]+)"|^([^#].+)$/gm)].map(([, map, segment]) => map ?? segment ?? ''))]
    expect(files.length).toBeGreaterThan(4)
    for (const file of files) {
      const answered = await media(cameraId, file)
      const bytes = new Uint8Array(await answered.arrayBuffer())
      expect([file, answered.status, String.fromCharCode(...bytes.subarray(4, 8))]).toEqual([file, 200, file.startsWith('init') ? 'ftyp' : 'moof'])
    }
    const [init, first] = files
    const { defaults } = readInitBytes(new Uint8Array(await (await media(cameraId, init!)).arrayBuffer()))
    const whole = Buffer.from(await (await media(cameraId, first!)).arrayBuffer())
    const pieces: Buffer[] = []
    for (const [, length, at] of list.matchAll(new RegExp(`#EXT-X-BYTERANGE:(\\d+)@(\\d+)\n${first}`, 'g'))) {
      const to = Number(at) + Number(length) - 1
      const answered = await media(cameraId, first!, 'police', `bytes=${at}-${to}`)
      const piece = Buffer.from(await answered.arrayBuffer())
      expect([answered.status, answered.headers.get('content-range'), readFragments(piece, defaults).fragments[0]?.key]).toEqual([206, `bytes ${at}-${to}/${whole.length}`, true])
      pieces.push(piece)
    }
    expect([pieces.length > 2, Buffer.compare(Buffer.concat(pieces), whole)]).toEqual([true, 0])
    const outside = await media(cameraId, first!, 'police', `bytes=${whole.length}-`)
    expect([outside.status, outside.headers.get('content-range'), await outside.text()]).toEqual([416, `bytes */${whole.length}`, ''])
    // Another camera's address does not open this one's files, though the person may see both.
    for (const file of files) expect([(await media(otherId, file)).status, file]).toEqual([404, file])
  })

  describe('the report of the record', () => {
    const whole = (): { readonly fromMs: number; readonly toMs: number } => ({ fromMs: startMs - 10_000, toMs: startMs + SECONDS * 1_000 })
    const query = (): string => `?from=${whole().fromMs}&to=${whole().toMs}`

    test('tells the share, each gap and one hash over all files; as a table it has each file, and who took it is on record', async () => {
      const { store } = house.app.parts
      const rows = await store.recordings.between(cameraId, whole().fromMs, whole().toMs)
      const { value, status } = await json<RecordReportView>(`/api/cameras/${cameraId}/record-report${query()}`, 'police')
      const digest = createHash('sha256').update(rows.map(({ sha256 }) => `${sha256}\n`).join('')).digest('hex')
      expect([status, value.files, value.damaged, value.digest, value.bytes]).toEqual([200, rows.length, 0, digest, rows.reduce((sum, { bytes }) => sum + bytes, 0)])
      // It begins where the camera was first recorded, not where it was asked for.
      expect([value.recordedMs + value.missingMs, value.fromMs, value.recordedMs > (SECONDS - 2) * 1_000, value.share > 0.9]).toEqual([value.toMs - value.fromMs, rows[0]!.fromMs, true, true])
      const table = await house.ask(`/api/cameras/${cameraId}/record-report.csv${query()}`, { cookie: house.cookie('police') })
      const text = await table.text()
      expect([table.headers.get('content-type'), rows.filter(({ sha256 }) => text.includes(sha256)).length, text.includes(digest)]).toEqual(['text/csv; charset=utf-8', rows.length, true])
      expect((await store.changes.of('camera', cameraId)).filter(({ what }) => what === 'record_report_taken').map(({ facts }) => facts['digest'])).toEqual([digest])
    })

    test('read again, the files are as they were written; a changed one is named, and the report tells of it from then on', async () => {
      const { store } = house.app.parts
      const check = (body: unknown) => json<RecordCheckView & { faults?: { field: string }[] }>(`/api/cameras/${cameraId}/record-check`, 'police', { method: 'POST', body })
      const rows = await store.recordings.between(cameraId, whole().fromMs, whole().toMs)
      expect((await check(whole())).value).toEqual({ checked: rows.length, toMs: Math.max(whole().toMs, rows.at(-1)!.toMs), damaged: [] })
      const victim = rows[1]!
      const path = join(house.folder, 'recordings', segmentFile(victim))
      const bytes = readFileSync(path)
      writeFileSync(path, Buffer.from(bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))))
      expect((await check(whole())).value.damaged).toEqual([{ fromMs: victim.fromMs, toMs: victim.toMs }])
      const { value } = await json<RecordReportView>(`/api/cameras/${cameraId}/record-report${query()}`, 'police')
      expect([value.damaged, value.gaps.filter(({ cause }) => cause === 'damaged').length]).toEqual([1, 1])
      writeFileSync(path, bytes)
      await store.recordings.markDamaged(victim, false)
    })

    test.each<[sentence: string, from: number, to: number, field: string]>([
      ['an end before its beginning', 10, 5, 'toMs'],
      ['more than ten minutes at once', 0, 11 * 60_000, 'toMs'],
    ])('a check of %s is refused by its field', async (_sentence, fromMs, toMs, field) => {
      const { status, value } = await json<{ faults: { field: string }[] }>(`/api/cameras/${cameraId}/record-check`, 'police', { method: 'POST', body: { fromMs, toMs } })
      expect([status, value.faults[0]?.field]).toEqual([400, field])
    })

    test('a report of more than a week is refused by its field', async () => {
      const { status, value } = await json<{ faults: { field: string }[] }>(`/api/cameras/${cameraId}/record-report?from=0&to=${8 * 24 * HOUR}`, 'police')
      expect([status, value.faults[0]?.field]).toEqual([400, 'from'])
    })
  })

  test('the newest seconds can be played while their file still grows, in whole pictures, and as the row tells it later', async () => {
    const { store, hub, recording } = house.app.parts
    const nowId = await house.addCamera(house.areas.own)
    const stream = (await store.cameras.get(nowId))!.streams[0]!.id
    const { packets } = await greySteps({ width: 64, height: 48, count: 30, gop: 5, fps: 5 })
    const fromMs = Date.now() - 6_000
    await recording!.setPolicy(nowId, { mode: 'always', stream: 'main', days: 30, eventDays: 90 })
    const play = async (from: number, to: number): Promise<void> => {
      for (let n = from; n < to; n += 1) {
        hub.publish(stream, arrivedAt(packets[n]!, fromMs + n * 200))
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    }
    const grown = (): number => recording!.fresh(nowId).reduce((sum, { segment }) => sum + segment.bytes, 0)
    const look = async () => {
      const list = await (await media(nowId, 'index.m3u8')).text()
      const [, init] = /#EXT-X-MAP:URI="([^"]+)"/.exec(list) ?? []
      const file = /^[^#].+$/m.exec(list)?.[0]
      const seconds = [...list.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, one]) => sum + Number(one), 0)
      const [head, body] = [await media(nowId, init!), await media(nowId, file!)]
      return { seconds, file: file!, head: new Uint8Array(await head.arrayBuffer()), bytes: new Uint8Array(await body.arrayBuffer()), hash: body.headers.get('x-content-sha256') }
    }
    await play(0, 10)
    // A file grows by the second of its own clock, which is the machine's.
    await until('some of it is written', () => grown() > 0)
    const early = await look()
    expect(await store.recordings.between(nowId, fromMs, fromMs + HOUR)).toEqual([])
    expect([early.hash, readFragments(early.bytes, readInitBytes(early.head).defaults).wholeBytes]).toEqual([null, early.bytes.length])
    const { value } = await json<TimelineView>(`/api/cameras/${nowId}/timeline?from=${fromMs - 1_000}&to=${fromMs + HOUR}`)
    // It may have grown since the list was read.
    expect(value.recorded.map((one) => one.toMs - one.fromMs >= Math.round(early.seconds * 1_000))).toEqual([true])
    await play(10, 30)
    const before = early.bytes.length
    await until('more is written', () => grown() > before)
    await recording!.setPolicy(nowId, { mode: 'off', stream: 'main', days: 30, eventDays: 90 })
    await recording!.flush()
    const late = await look()
    expect([late.file, late.bytes.length >= before, Buffer.compare(late.bytes.subarray(0, before), early.bytes)]).toEqual([early.file, true, 0])
    expect(late.hash).toBe(createHash('sha256').update(late.bytes).digest('hex'))
  }, 60_000)

  test.each(['..%2f..%2fvonglau.db', '..%252f..%252fvonglau.db', 'init-..%2f..%2fx.mp4', 'constructor.m4s', '__proto__-1.m4s', '..-1.m4s', 'init-toString.mp4', 'a%00b-1.m4s', 'vonglau-disk.json'])('no name leads out of the recordings: %s', async (file) => {
    expect((await media(cameraId, file, 'admin')).status).toBe(404)
  })

  test('a file that was changed on the disk is not sent, and the timeline shows a gap where it was', async () => {
    const { store, recording } = house.app.parts
    const [, row] = await store.recordings.between(cameraId, startMs, startMs + HOUR)
    await store.recordings.markDamaged(row!, true)
    expect((await media(cameraId, `${row!.runId}-${row!.number}.m4s`)).status).toBe(404)
    const { value } = await json<TimelineView>(`/api/cameras/${cameraId}/timeline?from=${startMs}&to=${startMs + SECONDS * 1000}`)
    expect(value.gaps.map(({ cause }) => cause)).toContain('damaged')
    await store.recordings.markDamaged(row!, false)
    expect(recording!.refused()).toBeNull()
  })

  test('police and traffic officers may hold a span, IOC staff only see it; a hold is taken back by its own camera', async () => {
    const form = { fromMs: startMs, toMs: startMs + 5_000, untilMs: Date.now() + HOUR, reason: 'vụ va chạm' }
    const placed = await json<HoldView>(`/api/cameras/${cameraId}/holds`, 'police', { method: 'POST', body: form })
    expect([placed.status, placed.value.reason, placed.value.by]).toEqual([201, 'vụ va chạm', 'Người police'])
    expect((await json(`/api/cameras/${cameraId}/holds`, 'ioc', { method: 'POST', body: form })).status).toBe(403)
    expect((await json<{ faults: { field: string }[] }>(`/api/cameras/${cameraId}/holds`, 'traffic', { method: 'POST', body: { ...form, untilMs: 5, toMs: startMs } })).value.faults.map(({ field }) => field)).toEqual(['toMs', 'untilMs'])
    expect((await json<{ holds: HoldView[] }>(`/api/cameras/${cameraId}/holds`, 'ioc')).value.holds).toEqual([placed.value])
    expect((await json(`/api/cameras/${otherId}/holds/${placed.value.id}`, 'police', { method: 'DELETE' })).status).toBe(404)
    expect((await json(`/api/cameras/${cameraId}/holds/${placed.value.id}`, 'police', { method: 'DELETE' })).status).toBe(200)
    const told = (await house.app.parts.store.changes.of('camera', cameraId)).map(({ what }) => what)
    expect(told.slice(-2)).toEqual(['hold_placed', 'hold_ended'])
  })

  test('a hold that ends within the week is listed to be looked at, may be kept longer with a reason, and never shorter', async () => {
    const { store } = house.app.parts
    const place = async (id: CameraId, untilMs: number) => (await json<HoldView>(`/api/cameras/${id}/holds`, 'police', { method: 'POST', body: { fromMs: startMs, toMs: startMs + 5_000, untilMs, reason: 'vụ 7' } })).value
    const [far, soon, sooner] = [await place(cameraId, Date.now() + 8 * 24 * HOUR), await place(cameraId, Date.now() + 24 * HOUR), await place(otherId, Date.now() + HOUR)]
    const foreign = await house.addCamera(house.areas.foreign)
    await store.holds.add({ ...soon, id: 'hold-foreign' as never, cameraId: foreign, by: (await store.people.list())[0]!.id, createdAtMs: 1 })
    const ending = async () => (await json<{ holds: HoldView[] }>('/api/holds/ending', 'police')).value.holds.map(({ id }) => id)
    expect(await ending()).toEqual([sooner.id, soon.id])
    const extend = (holdId: string, untilMs: number, role: 'police' | 'ioc' = 'police') => json<HoldView & { faults?: { field: string }[] }>(`/api/cameras/${cameraId}/holds/${holdId}`, role, { method: 'PATCH', body: { untilMs, reason: 'chờ kết luận giám định' } })
    expect((await extend(soon.id, soon.untilMs - 1)).value.faults?.map(({ field }) => field)).toEqual(['untilMs'])
    expect([(await extend(sooner.id, far.untilMs)).status, (await extend(soon.id, far.untilMs, 'ioc')).status]).toEqual([404, 403])
    expect((await extend(soon.id, far.untilMs)).value).toEqual({ ...soon, untilMs: far.untilMs })
    expect(await ending()).toEqual([sooner.id])
    expect((await store.changes.of('camera', cameraId)).at(-1)).toMatchObject({ what: 'hold_extended', facts: { holdId: soon.id, untilMs: far.untilMs, before: soon.untilMs, reason: 'chờ kết luận giám định' } })
    for (const [id, hold] of [[cameraId, far], [cameraId, soon], [otherId, sooner]] as const) await json(`/api/cameras/${id}/holds/${hold.id}`, 'police', { method: 'DELETE' })
    expect((await extend(soon.id, far.untilMs + HOUR)).status).toBe(404)
  })

  test('the policy is read by whoever sees recordings and set by the administrator alone', async () => {
    const policy: RecordingPolicyView = { mode: 'off', stream: 'sub', days: 7, eventDays: 14 }
    expect((await json(`/api/cameras/${otherId}/recording`, 'police', { method: 'PUT', body: policy })).status).toBe(403)
    expect((await json(`/api/cameras/${otherId}/recording`, 'admin', { method: 'PUT', body: policy })).value).toEqual(policy)
    expect((await json(`/api/cameras/${otherId}/recording`, 'ioc')).value).toEqual(policy)
    expect((await json(`/api/cameras/${otherId}/recording`, 'admin', { method: 'PUT', body: { ...policy, days: 0 } })).status).toBe(400)
  })

  test('the state tells the disk, the forecast and each camera', async () => {
    const { value } = await json<RecordingStateView>('/api/recording', 'ioc')
    const one = value.cameras.find((camera) => camera.cameraId === cameraId)!
    expect([value.disk.level, value.disk.usedBytes > 0, value.disk.totalBytes > value.disk.freeBytes]).toEqual([expect.any(String), true, true])
    expect([one.state, one.bytes > 0, one.wantedDays, one.said?.vi]).toEqual(['off', true, 30, 'đã tắt ghi hình'])
    expect(value.cameras.find((camera) => camera.cameraId === otherId)?.state).toBe('off')
  })
})
