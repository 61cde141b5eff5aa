import type { EvidenceItem } from '../../server/domain/evidence.js'
import { asId, type AlertId, type AreaId, type CameraId, type EvidenceId, type IncidentId, type LinkId, type PersonId, type RepairId, type ReportId, type SignInId, type StreamId } from '../../server/domain/ids.js'
import type { Link } from '../../server/domain/report.js'
import type { NewChange, Store } from '../../server/storage/store.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { alert, cameraDraft, incident, JUNCTION, LAN, OTHER_WARD, PROVINCE, raise, redLight, report, SIGN_IN, T0, WARD } from '../support/small-city.js'
import { putLive } from '../support/put-rule.js'
import { refusal } from '../support/refusal.js'

const line = (part: Partial<NewChange> = {}): NewChange => ({ topic: 'alert', entityId: 'a', areaId: WARD, what: 'raised', by: null, atMs: T0, facts: {}, ...part })

let store: Store
onEachDatabase('the store', (opened) => void (store = opened), () => {
  describe('areas and people', () => {
    test('an area knows its path from the root, parents come before children', async () => {
      expect((await store.areas.list()).map((area) => [area.name, area.path])).toEqual([
        ['An Giang', [PROVINCE]],
        ['Phường Bình Đức', [PROVINCE, OTHER_WARD]],
        ['Phường Long Xuyên', [PROVINCE, WARD]],
      ])
      expect(await store.areas.get(WARD)).toEqual({ id: WARD, name: 'Phường Long Xuyên', parent: PROVINCE, path: [PROVINCE, WARD] })
      expect(await store.areas.get(asId<AreaId>('atlantis'))).toBeNull()
      expect(await refusal(store.areas.add({ id: asId<AreaId>('x'), name: 'X', parent: asId<AreaId>('atlantis') }))).toMatch(/foreign key/i)
    })

    test.each(['Lan.Đỗ', 'lan.đỗ', ' LAN.ĐỖ ', 'LAN.ĐỖ'.normalize('NFD')])('a person is found by the name %p, whatever its case and composition', async (name) => {
      const found = await store.people.findForSignIn(name)
      expect(found).toMatchObject({ passwordHash: '$argon2id$lan', person: { id: LAN, name: 'Lan.Đỗ', areas: [WARD, OTHER_WARD] } })
    })

    test('nobody is found by another name, and no two people share one', async () => {
      expect(await store.people.findForSignIn('lan.do')).toBeNull()
      expect(await refusal(store.people.add({ id: asId<PersonId>('lan-2'), name: 'LAN.đỗ', displayName: 'x', role: 'admin', areas: [], language: 'en', passwordHash: 'x', createdAtMs: T0 }))).toMatch(/unique/i)
      expect(await store.people.count()).toBe(1)
    })

    test('a person’s parts change alone, and the password hash is in no list', async () => {
      expect(await store.people.change(LAN, { disabled: true, areas: [PROVINCE] })).toEqual({ id: LAN, name: 'Lan.Đỗ', displayName: 'Đỗ Thị Lan', role: 'ioc', areas: [PROVINCE], language: 'vi', disabled: true })
      expect(await store.people.change(LAN, { passwordHash: '$argon2id$new' })).toMatchObject({ disabled: true, areas: [PROVINCE] })
      expect((await store.people.findForSignIn('lan.đỗ'))?.passwordHash).toBe('$argon2id$new')
      expect(await store.people.change(asId<PersonId>('nobody'), { disabled: true, areas: [WARD] })).toBeNull()
      expect(JSON.stringify([await store.people.list(), await store.people.get(LAN)])).not.toContain('argon2')
    })

    test('a sign-in is found by its token’s hash, touched, listed, ended and swept', async () => {
      const of = (id: string, expiresAtMs: number) => ({ id: asId<SignInId>(id), personId: LAN, createdAtMs: T0, lastSeenAtMs: T0, expiresAtMs })
      await store.signIns.add({ ...of(SIGN_IN, T0 + 10), tokenHash: 'h1' })
      await store.signIns.add({ ...of('sign-in-2', T0 + 20), tokenHash: 'h2' })
      await store.signIns.touch(SIGN_IN, T0 + 5)
      expect(await store.signIns.find('h1')).toEqual({ ...of(SIGN_IN, T0 + 10), lastSeenAtMs: T0 + 5, person: await store.people.get(LAN) })
      expect((await store.signIns.listOf(LAN)).map((one) => one.id)).toEqual([SIGN_IN, 'sign-in-2'])
      expect(await store.signIns.sweep(T0 + 10)).toBe(1)
      expect(await store.signIns.find('h1')).toBeNull()
      await store.signIns.end(asId<SignInId>('sign-in-2'))
      expect(await store.signIns.find('h2')).toBeNull()
      await store.signIns.add({ ...of('sign-in-3', T0 + 20), tokenHash: 'h3' })
      await store.signIns.endAllOf(LAN)
      expect(await store.signIns.listOf(LAN)).toEqual([])
    })
  })

  describe('cameras and rules', () => {
    test('a camera comes back as it was added, with its streams', async () => {
      const { streams, ...rest } = cameraDraft({})
      expect(await store.cameras.get(JUNCTION)).toEqual({ ...rest, sound: false, masks: [], streams: streams.map((stream) => ({ ...stream, cameraId: JUNCTION })) })
      await store.cameras.noteStream(asId<StreamId>('junction-sub'), { codec: 'hevc', width: 640, height: 360, fps: 12.5 })
      expect((await store.cameras.get(JUNCTION))?.streams[1]).toMatchObject({ role: 'sub', codec: 'hevc', width: 640, height: 360, fps: 12.5 })
      const masks = [{ points: [{ x: 0, y: 0 }, { x: 0.25, y: 0 }, { x: 0, y: 0.5 }], preset: { token: '1', name: 'Home', at: { pan: 0.5, tilt: 0, zoom: 0 } } }]
      expect((await store.cameras.change(JUNCTION, { masks }))?.masks).toEqual(masks)
      expect((await store.cameras.change(JUNCTION, { masks: [] }))?.masks).toEqual([])
      expect(await store.cameras.change(JUNCTION, { name: 'Cầu Hoàng Diệu', enabled: false })).toMatchObject({ name: 'Cầu Hoàng Diệu', enabled: false, place: rest.place })
      expect([await store.cameras.change(JUNCTION, { sound: true }), await store.cameras.get(JUNCTION)]).toEqual([expect.objectContaining({ sound: true }), expect.objectContaining({ sound: true })])
      expect(await store.cameras.change(asId<CameraId>('none'), { name: 'x' })).toBeNull()
    })

    test('an address with a password in it is refused without repeating the password', async () => {
      const secret = cameraDraft({ id: asId<CameraId>('leak'), streams: [{ id: asId<StreamId>('leak-main'), role: 'main', url: 'rtsp://admin:hunter2@10.0.0.9/s', codec: null, width: null, height: null, fps: null }] })
      const fault: Error = await store.cameras.add(secret, T0).then(() => new Error('it was accepted'), (thrown: Error) => thrown)
      expect(fault.message).toMatch(/^streams.url must not hold a user name or password \(rtsp:\/\/\*\*\*@10.0.0.9\/s\)/)
      expect(await store.cameras.get(asId<CameraId>('leak'))).toBeNull()
    })

    test('sealed credentials come back byte for byte, are replaced and cleared', async () => {
      const sealed = { keyVersion: 2, nonce: Uint8Array.from({ length: 12 }, (_, at) => at * 20), bytes: Uint8Array.from({ length: 40 }, (_, at) => 255 - at) }
      await store.cameras.setCredentials(JUNCTION, { ...sealed, keyVersion: 1 })
      await store.cameras.setCredentials(JUNCTION, sealed)
      expect(await store.cameras.credentials(JUNCTION)).toEqual(sealed)
      await store.cameras.setCredentials(JUNCTION, null)
      expect(await store.cameras.credentials(JUNCTION)).toBeNull()
    })

    test('a removed camera leaves the list with its streams, rules and credentials; its alerts stay', async () => {
      await raise(store, 'a1')
      await putLive(store, JUNCTION, redLight('red-1'))
      await store.cameras.setCredentials(JUNCTION, { keyVersion: 1, nonce: new Uint8Array(12), bytes: new Uint8Array(20) })
      expect(await store.cameras.remove(JUNCTION)).toBe(true)
      expect(await store.cameras.remove(JUNCTION)).toBe(false)
      expect([await store.cameras.list(), await store.cameras.get(JUNCTION), await store.rules.list(), await store.cameras.credentials(JUNCTION)]).toEqual([[], null, [], null])
      expect(await store.alerts.get(asId<AlertId>('a1'))).toMatchObject({ cameraId: JUNCTION })
    })

  })

  describe('incidents, alerts and evidence', () => {
    test('an incident is saved, grown and found by its episode, the newest first', async () => {
      await store.incidents.save(incident('i1', { episode: 'e', openedAtMs: T0 - 5 }))
      await store.incidents.save(incident('i2', { episode: 'e' }))
      await store.incidents.save(incident('i1', { episode: 'e', openedAtMs: T0 - 5, state: 'ended', observations: 4 }))
      expect(await store.incidents.find(JUNCTION, 'e')).toEqual(incident('i2', { episode: 'e' }))
      expect(await store.incidents.get(incident('i1').id)).toMatchObject({ state: 'ended', observations: 4 })
      expect((await store.incidents.ongoing()).map((one) => one.id)).toEqual(['i2'])
      expect(await store.incidents.find(JUNCTION, 'other')).toBeNull()
    })

    test('alerts are listed gravest first, then newest, within every filter', async () => {
      await raise(store, 'old-low', { priority: 'low', raisedAtMs: T0 - 10 })
      await raise(store, 'new-low', { priority: 'low', raisedAtMs: T0 + 10, kind: 'illegal_stop' })
      await raise(store, 'old-grave', { priority: 'critical', raisedAtMs: T0 - 20, areaId: OTHER_WARD })
      await raise(store, 'mine', { priority: 'medium', state: 'claimed', ownerId: LAN })
      const ids = async (filter: object) => (await store.alerts.list({ limit: 10, ...filter })).map((one) => one.id)
      expect(await ids({})).toEqual(['old-grave', 'mine', 'new-low', 'old-low'])
      expect(await ids({ limit: 2 })).toEqual(['old-grave', 'mine'])
      expect(await ids({ areas: [WARD] })).toEqual(['mine', 'new-low', 'old-low'])
      expect(await ids({ areas: [] })).toEqual([])
      expect(await ids({ kinds: ['illegal_stop'] })).toEqual(['new-low'])
      expect(await ids({ states: ['claimed', 'confirmed'] })).toEqual(['mine'])
      expect(await ids({ raisedAfterMs: T0 })).toEqual(['new-low'])
      expect(await ids({ cameraId: asId<CameraId>('other') })).toEqual([])
      expect(await store.alerts.countOpen({})).toEqual({ critical: 1, high: 0, medium: 0, low: 2 })
      expect(await store.alerts.countOpen({ areas: [WARD], kinds: ['red_light'] })).toEqual({ critical: 0, high: 0, medium: 0, low: 1 })
      expect(await store.alerts.countOpen({ areas: [] })).toEqual({ critical: 0, high: 0, medium: 0, low: 0 })
    })

    test('of two people who claim at once, one wins', async () => {
      const seen = await raise(store, 'a1')
      const claims = await Promise.all(Array.from({ length: 8 }, () => store.transact((tx) => tx.alerts.replace({ ...seen, state: 'claimed', ownerId: LAN, version: 2 }))))
      expect(claims.filter(Boolean)).toHaveLength(1)
      expect(await store.alerts.get(seen.id)).toEqual({ ...seen, state: 'claimed', ownerId: LAN, version: 2 })
    })

    test('an incident raises one alert, ever', async () => {
      const raised = await raise(store, 'a1')
      expect(await refusal(store.alerts.add(alert('a2', { incidentId: raised.incidentId })))).toMatch(/unique/i)
      expect(await store.alerts.ofIncident(raised.incidentId)).toEqual(raised)
    })

    test.each([
      ['an alert in no known state', { state: 'maybe' as never }],
      ['a claimed alert without an owner', { state: 'claimed' as const }],
      ['a rejected alert without a reason', { state: 'rejected' as const, ownerId: LAN }],
      ['a time that is no whole number', { raisedAtMs: 'soon' as never }],
    ])('the table itself refuses %s', async (_name, part) => {
      await store.incidents.save(incident('of-bad'))
      expect(await refusal(store.alerts.add(alert('bad', part)))).toMatch(/constraint|invalid input|cannot store/i)
    })

    test('evidence is listed for its alert, and what is missing is known', async () => {
      const { incidentId } = await raise(store, 'a1')
      await raise(store, 'a2', { raisedAtMs: T0 + 1 })
      const still = { id: asId<EvidenceId>('e1'), incidentId, repairId: null, cameraId: JUNCTION, kind: 'still' as const, file: '2026/11/20/a1.jpg', bytes: 12_345, sha256: 'ab'.repeat(32), mediaType: 'image/jpeg' as const, fromMs: T0, toMs: T0, madeAtMs: T0 + 3 }
      await store.evidence.add(still)
      expect(await store.evidence.of(asId<AlertId>('a1'))).toEqual([still])
      expect(await store.evidence.get(still.id)).toEqual(still)
      expect(await store.evidence.missing('still', T0 - 1)).toEqual(['a2'])
      expect(await store.evidence.missing('clip', T0 - 1)).toEqual(['a1', 'a2'])
      expect(await store.evidence.missing('clip', T0)).toEqual(['a2'])
      expect(await store.evidence.ofIncident(incidentId)).toEqual([still])
    })

    test('of what is held, and of a lamp to be mended, it is listed too, and what is missing is known while somebody may want it', async () => {
      const held = ['h1', 'h2', 'h3'].map((id) => asId<IncidentId>(id))
      for (const [at, id] of held.entries()) {
        await store.incidents.save(incident(id, { mode: 'held', heldWhy: 'lamp_fault' }))
        await store.held.add({ incidentId: id, why: 'lamp_fault', facts: {}, heldAtMs: T0 + at })
      }
      await store.held.settle(held[2]!, { is: 'dismissed', by: LAN, atMs: T0 + 9, reason: 'x' })
      for (const [at, id] of (['r1', 'r2'] as const).entries()) await store.repairs.add({ id: asId<RepairId>(id), cameraId: JUNCTION, kind: 'lamp_fault', lamp: { signal: 's', approach: 'a' }, code: 'dark', facts: {}, openedAtMs: T0 + at, closed: null })
      const kept = (id: string, of: Pick<EvidenceItem, 'incidentId' | 'repairId'>): EvidenceItem => ({ id: asId<EvidenceId>(id), ...of, cameraId: JUNCTION, kind: 'still', file: `day/${id}.jpg`, bytes: 1, sha256: 'ab'.repeat(32), mediaType: 'image/jpeg', fromMs: T0, toMs: T0, madeAtMs: T0 })
      expect([await store.evidence.missingHeld('still', T0 - 1), await store.evidence.missingHeld('still', T0), await store.evidence.missingRepairs(T0 - 1)]).toEqual([['h1', 'h2'], ['h2'], ['r1', 'r2']])
      const [ofHeld, ofRepair] = [kept('eh', { incidentId: held[0]!, repairId: null }), kept('er', { incidentId: null, repairId: asId<RepairId>('r1') })]
      for (const item of [ofHeld, ofRepair]) await store.evidence.add(item)
      expect([await store.evidence.ofIncident(held[0]!), await store.evidence.ofRepair(asId<RepairId>('r1')), await store.evidence.ofRepair(asId<RepairId>('r2'))]).toEqual([[ofHeld], [ofRepair], []])
      expect([await store.evidence.missingHeld('still', T0 - 1), await store.evidence.missingHeld('clip', T0 - 1), await store.evidence.missingRepairs(T0 - 1)]).toEqual([['h2'], ['h1', 'h2'], ['r2']])
      for (const of of [{ incidentId: null, repairId: null }, { incidentId: held[0]!, repairId: asId<RepairId>('r1') }]) expect(await refusal(store.evidence.add(kept('both', of)))).toMatch(/constraint/i)
    })
  })

  describe('reports and links', () => {
    test('a report comes back without the reporter, is found by its source once, and listed newest first', async () => {
      await store.reports.add(report('r1'), { name: 'Nguyễn Văn Bí Mật', phone: '0909123456', email: 'bi.mat@example.vn', deviceId: 'd', accountId: 'a' })
      await store.reports.add(report('r2', { requestedAtMs: T0 + 120_000, areaId: null, serviceCode: 'public-order' }), null)
      expect(await refusal(store.reports.add(report('r3', { sourceId: 'r1' }), null))).toMatch(/unique/i)
      expect(await store.reports.findBySource('open311:app', 'r1')).toEqual(report('r1'))
      expect(await store.reports.findBySource('other', 'r1')).toBeNull()
      const ids = async (filter: object) => (await store.reports.list({ limit: 10, ...filter })).map((one) => one.id)
      expect(await ids({})).toEqual(['r2', 'r1'])
      expect(await ids({ limit: 1, offset: 1 })).toEqual(['r1'])
      expect(await ids({ areas: [WARD] })).toEqual(['r1'])
      expect(await ids({ areas: [] })).toEqual([])
      expect(await ids({ serviceCodes: ['public-order'] })).toEqual(['r2'])
      expect(await ids({ ids: ['r1'] })).toEqual(['r1'])
      expect(await ids({ fromMs: T0 + 60_001, toMs: T0 + 120_000 })).toEqual(['r2'])
      expect(await store.reports.change(asId<ReportId>('r1'), { status: 'closed', statusNotes: 'Đã xử lý', updatedAtMs: T0 + 999_000 })).toMatchObject({ status: 'closed', statusNotes: 'Đã xử lý', areaId: WARD })
      expect(await ids({ status: 'open' })).toEqual(['r2'])
      expect(await ids({ updatedAfterMs: T0 + 500_000 })).toEqual(['r1'])
      expect(JSON.stringify([await store.reports.list({ limit: 9 }), await store.reports.get(asId<ReportId>('r1'))])).not.toMatch(/Bí Mật|0909|example\.vn/)
    })

    test('a pair is proposed once, decided by a person, and stays decided', async () => {
      await raise(store, 'a1')
      await store.reports.add(report('r1'), null)
      const link: Link = { id: asId<LinkId>('l1'), reportId: asId<ReportId>('r1'), alertId: asId<AlertId>('a1'), state: 'proposed', score: 0.8, distanceM: 12.5, minutesApart: 2, decidedBy: null, decidedAtMs: null }
      expect(await store.links.propose(link)).toBe(true)
      expect(await store.links.propose({ ...link, id: asId<LinkId>('l2'), score: 0.9 })).toBe(false)
      expect(await store.links.decide(link.id, 'rejected', LAN, T0)).toEqual({ ...link, state: 'rejected', decidedBy: LAN, decidedAtMs: T0 })
      expect(await store.links.propose({ ...link, id: asId<LinkId>('l3') })).toBe(false)
      expect([await store.links.ofAlert(link.alertId), await store.links.ofReport(link.reportId)].map((found) => found.map((one) => [one.id, one.state]))).toEqual([[['l1', 'rejected']], [['l1', 'rejected']]])
      expect(await store.links.decide(asId<LinkId>('none'), 'confirmed', LAN, T0)).toBeNull()
    })
  })

  describe('the change log and transactions', () => {
    test('lines are counted on from 1 and read after a cursor', async () => {
      const facts = { reason: 'shadow_or_light', seen: 3, late: false, note: null }
      expect([await store.changes.append(line()), await store.changes.append(line({ entityId: 'b', by: LAN, facts }))]).toEqual([1, 2])
      expect(await store.changes.since(1, 10)).toEqual([{ seq: 2, ...line({ entityId: 'b', by: LAN, facts }) }])
      expect((await store.changes.of('alert', 'a')).map((change) => change.seq)).toEqual([1])
      expect(await store.changes.newest()).toBe(2)
    })

    test('a transaction that fails leaves no row, no line and no hole in the count', async () => {
      await store.changes.append(line())
      const failed = store.transact(async (tx) => {
        await tx.changes.append(line())
        await tx.notes.set('half', 'done')
        throw new Error('changed my mind')
      })
      await expect(failed).rejects.toThrow('changed my mind')
      expect(await store.notes.get('half')).toBeNull()
      expect(await store.changes.append(line())).toBe(2)
    })

    test('a listener that follows while 20 transactions write at once sees every line once, in order', async () => {
      const writers = Array.from({ length: 20 }, (_, writer) =>
        (async () => {
          for (let turn = 0; turn < 3; turn += 1) {
            await store.transact(async (tx) => {
              await tx.changes.append(line({ entityId: `w${writer}`, facts: { turn } }))
              // Work after numbering, before commit: with a plain sequence a later number would overtake here.
              for (let more = 0; more <= writer % 4; more += 1) await tx.notes.set(`w${writer}`, String(more))
            })
          }
        })(),
      )
      let writing = true
      const done = Promise.all(writers).finally(() => (writing = false))
      const heard: number[] = []
      const follow = async (): Promise<void> => {
        for (const change of await store.changes.since(heard.at(-1) ?? 0, 7)) heard.push(change.seq)
      }
      while (writing) await follow()
      await done
      while (heard.length < (await store.changes.newest())) await follow()
      expect(heard).toEqual(Array.from({ length: 60 }, (_, at) => at + 1))
    })

    test.each([
      ['a nested transact', (tx: Store) => tx.transact(async () => 1), /transact was called inside transact: transactions do not nest/],
      ['the whole store inside a transaction', () => store.notes.get('x'), /the whole store was used inside transact: use the store that transact gives/],
      ['a transaction on the whole store inside one', () => store.transact(async () => 1), /the whole store was used inside transact/],
      ['closing from inside', (tx: Store) => tx.close(), /close was called inside transact/],
    ])('%s is refused with the next step', async (_name, misuse: (tx: Store) => Promise<unknown>, said) => {
      await expect(store.transact((tx) => misuse(tx))).rejects.toThrow(said)
      expect(await store.notes.get('x')).toBeNull()
    })

    test('a transaction’s store is refused after its end, and the whole store works again', async () => {
      const kept = await store.transact(async (tx) => tx)
      await expect(kept.notes.get('x')).rejects.toThrow('this transaction is over')
      const later = await store.transact(async () => ({ ask: () => store.notes.get('x') }))
      expect(await later.ask()).toBeNull()
    })
  })

  test('notes are set and set again', async () => {
    await store.notes.set('cursor', '1')
    await store.notes.set('cursor', '2')
    expect([await store.notes.get('cursor'), await store.notes.get('none')]).toEqual(['2', null])
  })

  test('a letter waits, is put off, and is settled once', async () => {
    const letter = { id: 'r1', destination: 'city', letter: '{"a":1}', queuedAtMs: T0 }
    expect([await store.outbox.queue(letter), await store.outbox.queue(letter)]).toEqual([true, false])
    expect(await store.outbox.due('city', T0, 10)).toEqual([{ ...letter, state: 'waiting', attempts: 0, nextAtMs: T0, lastFault: null, answer: null, settledAtMs: null }])
    await store.outbox.postpone('r1', T0 + 5_000, 'refused')
    expect([await store.outbox.due('city', T0 + 4_999, 10), await store.outbox.due('province', T0 + 9_000, 10)]).toEqual([[], []])
    expect((await store.outbox.due('city', T0 + 5_000, 10)).map((one) => [one.attempts, one.lastFault])).toEqual([[1, 'refused']])
    await store.outbox.settle('r1', 'delivered', '{"id":"9"}', T0 + 6_000)
    await store.outbox.settle('r1', 'refused', null, T0 + 7_000)
    expect(await store.outbox.get('r1')).toMatchObject({ state: 'delivered', answer: '{"id":"9"}', attempts: 2, settledAtMs: T0 + 6_000 })
    expect(await store.outbox.due('city', T0 + 9_000, 10)).toEqual([])
  })

  test('readiness is a real write, asked at most once a second', async () => {
    expect(await store.ready()).toBe(true)
    expect(await store.notes.get('store.ready')).toBe(String(T0))
  })
})
