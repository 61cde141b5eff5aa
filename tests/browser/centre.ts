import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Settings } from '../../config/settings.js'
import { openApp, type App, type AppOptions } from '../../server/app.js'
import { settlePeople, type Account } from '../../server/commands/settle-city.js'
import type { Role } from '../../server/domain/person.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'
import { ROOT } from '../house/sources.js'
import { FFMPEG } from '../sandbox/devices/films.js'
import { hasChromium, startChromium, type OpenedBrowser, type Size } from './browser.js'

const player = join(ROOT, 'dist/player')
const PASSWORD = 'một-mật-khẩu-dài-2026'

/** Journeys need the real programs: Chromium, ffmpeg and the built player. */
export const canJourney = hasChromium && FFMPEG !== null && existsSync(join(player, 'index.html'))
export const journey = canJourney ? test : test.skip

/** An operation centre: the real server, a person of each role, and browsers in front of it. */
export interface Centre {
  readonly app: App
  /** Where its data lies. */
  readonly folder: string
  accountOf(role: Role): Account
  /** A browser in which nobody has signed in. */
  open(size?: Size): Promise<OpenedBrowser>
  /** One in which a person of this role has; its page is still empty. */
  enter(role: Role, size?: Size): Promise<OpenedBrowser>
  /** What is left open goes on playing: close it before the next journey begins. */
  closeBrowsers(): Promise<void>
  close(): Promise<void>
}

/** `settings` stand beside those of every test; nothing is detected unless a model is given, so that alerts come from `raise` alone. */
export async function openCentre(settings: Record<string, unknown> = {}, sandbox: AppOptions['sandbox'] = null, model: AppOptions['model'] = { fault: 'nothing is detected in this test', next: '' }): Promise<Centre> {
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-centre-'))
  const app = await openApp({
    settings: Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, log: { level: 'silent' }, ...settings }),
    clock: systemClock,
    log: silentLog,
    runId: `test-${newId()}:1`,
    version: '0',
    env: process.env,
    model,
    playerFolder: player,
    sandbox,
  })
  const accounts = await settlePeople({ ...app.parts, clock: systemClock, log: silentLog }, PASSWORD, 'IOC thử')
  const chromium = await startChromium()
  const opened: OpenedBrowser[] = []
  const accountOf = (role: Role): Account => accounts.find((account) => account.role === role)!
  const open = async (size?: Size): Promise<OpenedBrowser> => {
    const browser = await chromium.open(size)
    opened.push(browser)
    return browser
  }
  return {
    app,
    folder,
    accountOf,
    open,
    async enter(role, size) {
      const browser = await open(size)
      const { name, password } = accountOf(role)
      const answer = await browser.page.context().request.post(`${app.url}/api/sign-in`, { data: { name, password }, headers: { 'x-vonglau': '1' } })
      if (!answer.ok()) throw new Error(`${name} could not sign in: ${answer.status()}`)
      return browser
    },
    async closeBrowsers() {
      for (const browser of opened.splice(0)) await browser.close()
    },
    async close() {
      await chromium.close()
      await app.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
