import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Settings } from '../../config/settings.js'
import { EYES, loadModel } from '../../models/catalogue.js'
import { openApp, type App } from '../../server/app.js'
import { rulesFromTruth } from '../../server/commands/judge-rules.js'
import { precisionOf, recallOf, scoreKind } from '../../server/commands/judge-score.js'
import { parseTruth } from '../../server/commands/judge-truth.js'
import { signIn, type DeskClient } from '../../server/commands/desk-client.js'
import type { CameraView } from '../../server/contract/cameras.js'
import { newId } from '../../server/system/ids.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import type { PersonId, StreamId } from '../../server/domain/ids.js'
import { materialThere } from '../support/clip-frames.js'
import { claimOf, CLIP, firstPacketAtMs, FPS, mediaPassed, SECONDS, TRUTH } from '../support/hanoi-street.js'
import { closeAllOpened, hasFfmpeg, hasRtspServer, startRtspServer } from '../support/rtsp-server.js'

/**
 * A real junction in Hanoi, served by GStreamer as a camera would, registered by its URL, watched live. The clip lasts 64 s
 * and comes in real time: the test waits for it to be over, not for a time.
 */
const PASSWORD = 'một-mật-khẩu-dài-2026'
const possible = materialThere && hasFfmpeg() && hasRtspServer()

let app: App
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vonglau-hanoi-'))
  const settings = Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, log: { level: 'silent' } })
  app = await openApp({ settings, clock: systemClock, log: silentLog, runId: `test-${newId()}:1`, version: '0', env: process.env, model: await loadModel(EYES.id), playerFolder: null, sandbox: null })
  const { store, passwords } = app.parts
  const root = await app.parts.firstArea('Hà Nội')
  await store.people.add({ id: newId<PersonId>(), name: 'admin', displayName: 'Quản trị', role: 'admin', areas: [root], language: 'vi', passwordHash: await passwords.hash(PASSWORD), createdAtMs: 0 })
}, 60_000)

afterAll(async () => {
  await app.close()
  await closeAllOpened()
  await rm(folder, { recursive: true, force: true })
})

;(possible ? test : test.skip)(
  'a recorded street becomes red-light alerts that agree with what people saw',
  async () => {
    const server = await startRtspServer({ mounts: { '/v24': { clip: CLIP, fps: FPS } } })
    const admin = await signIn(app.url, { name: 'admin', password: PASSWORD })
    const truth = parseTruth(readFileSync(TRUTH, 'utf8'))
    const judged = rulesFromTruth(truth).filter(({ kind }) => kind === 'red_light')

    const added = await addByUrl(admin, server.url('/v24'))
    const streamId = added.streams[0]!.id as StreamId
    for (const { rule } of judged) {
      const put = await app.parts.rules.put({ cameraId: added.id as never, ruleId: rule.id as never }, { rule, enabled: true }, null)
      expect(put).toMatchObject({ ok: true })
    }
    const startedAtMs = await firstPacketAtMs(app.parts.hub, streamId)
    const playlist = await admin.media(added.id, added.streams[0]!.playlist)
    expect([playlist.status, playlist.body]).toEqual([200, expect.stringContaining('#EXTM3U')])

    await mediaPassed(app.parts.hub, streamId, startedAtMs + SECONDS * 1000)
    const alerts = (await admin.alerts('all')).filter(({ openedAtMs }) => openedAtMs < startedAtMs + SECONDS * 1000)
    const score = scoreKind('red_light', truth, judged, alerts.map((alert) => claimOf(alert, startedAtMs)))
    const [precision, recall] = [precisionOf(score) ?? 0, recallOf(score) ?? 0]
    process.stdout.write(`  Hanoi, live: ${alerts.length} red-light alerts, ${score.hits} of ${score.truth} sure events; precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}\n`)
    expect(alerts.every(({ reason }) => /đèn đã đỏ \d/.test(reason.vi))).toBe(true)
    expect(precision).toBeGreaterThanOrEqual(0.8)
    expect(recall).toBeGreaterThanOrEqual(0.7)
  },
  240_000,
)

async function addByUrl(admin: DeskClient, url: string): Promise<CameraView> {
  const { areas } = JSON.parse((await admin.text('/api/areas')).body) as { areas: { id: string }[] }
  const answered = await fetch(`${app.url}/api/cameras`, {
    method: 'POST',
    headers: { cookie: admin.cookie, 'content-type': 'application/json', 'x-vonglau': '1' },
    body: JSON.stringify({ name: 'Lý Thường Kiệt – Hàng Bài', areaId: areas[0]!.id, place: { latitude: 21.0227, longitude: 105.8516, street: 'Lý Thường Kiệt', order: 1, heading: 0, reachM: 80 }, origin: { kind: 'rtsp' }, mainUrl: url }),
  })
  expect(answered.status).toBe(201)
  return (await answered.json()) as CameraView
}
