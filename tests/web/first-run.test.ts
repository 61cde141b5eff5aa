import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Settings } from '../../config/settings.js'
import { openApp, type App } from '../../server/app.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'

const folder = mkdtempSync(join(tmpdir(), 'vonglau-first-run-'))
const settings = Settings.parse({ dataFolder: folder, http: { port: 0 }, log: { level: 'silent' } })
const open = (): Promise<App> => openApp({ settings, clock: systemClock, log: silentLog, runId: `test:${newId()}`, version: '0', env: {}, model: { fault: 'none here', next: '' }, playerFolder: null, sandbox: null })
let app: App

beforeAll(async () => {
  app = await open()
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

const form = (part: object) => ({ secret: app.firstSecret, name: 'quan-tri', displayName: 'Võ Quốc Khánh', password: 'một-mật-khẩu-dài-2026', siteName: 'IOC Cao Lãnh', ...part })
const begin = (part: object) => fetch(`${app.url}/api/first-administrator`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-vonglau': '1' }, body: JSON.stringify(form(part)) })
const welcome = async () => (await (await fetch(`${app.url}/api/welcome`)).json()) as { firstRun: boolean; siteName: string }

test('a new server asks for its first administrator, and only by the secret on its console', async () => {
  expect((await welcome()).firstRun).toBe(true)
  const wrong = await begin({ secret: 'đoán' })
  expect([wrong.status, ((await wrong.json()) as { code: string }).code]).toEqual([403, 'secret_wrong'])
  const weak = await begin({ password: 'IOC Cao Lãnh' })
  expect([weak.status, ((await weak.json()) as { faults: { field: string }[] }).faults[0]?.field]).toEqual([400, 'password'])

  const good = await begin({})
  expect([good.status, await good.json()]).toEqual([200, expect.objectContaining({ role: 'admin', siteName: 'IOC Cao Lãnh' })])
  const cookie = good.headers.get('set-cookie')!.split(';')[0]!
  const areas = (await (await fetch(`${app.url}/api/areas`, { headers: { cookie } })).json()) as { areas: { name: string }[] }
  expect(areas.areas.map(({ name }) => name)).toEqual(['IOC Cao Lãnh'])
  expect(await welcome()).toMatchObject({ firstRun: false, siteName: 'IOC Cao Lãnh' })
})

test('the secret works once, and a restarted server prints none', async () => {
  expect((await begin({ name: 'ai-do' })).status).toBe(409)
  await app.close()
  app = await open()
  expect(app.firstSecret).toBeNull()
  expect((await begin({ secret: 'bat-ky', name: 'ai-do' })).status).toBe(409)
})
