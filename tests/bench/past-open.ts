import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Settings } from '../../config/settings.js'
import { openApp } from '../../server/app.js'
import { settlePeople } from '../../server/commands/settle-city.js'
import { pause, systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'
import { openBrowser } from '../browser/browser.js'
import { makeFigure, quantile, type Figure } from './figure.js'

export interface PastPlan {
  readonly root: string
  readonly moments: number
  readonly recordedMs: number
}

const PASSWORD = 'một-mật-khẩu-để-đo-2026'
/** A picture this near to the moment that was asked for is the moment: the clock runs on as soon as there is one. */
const NEAR_MS = 1_500
/** An alert is read before its moment is opened: the desk has loaded by then. */
const READING_MS = 2_000

/** How long a person waits for a moment of the past, in the real player: opened from another screen, as an alert opens it; a leap of ten seconds; and with the whole page loaded for it. */
export async function measurePast(url: string, plan: PastPlan, say: (line: string) => void): Promise<readonly Figure[]> {
  const playerFolder = join(plan.root, 'dist/player')
  if (!existsSync(join(playerFolder, 'index.html'))) throw new Error('the player is not built: npm run build')
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-bench-past-'))
  const settings = Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, recording: { reserveMb: 16 }, log: { level: 'silent' } })
  const app = await openApp({ settings, clock: systemClock, log: silentLog, runId: `bench-${newId()}:1`, version: '0', env: process.env, model: { fault: 'nothing is watched while the past is measured', next: '' }, playerFolder, sandbox: null })
  const browser = await openBrowser()
  try {
    const [person] = await settlePeople({ ...app.parts, clock: systemClock, log: silentLog }, PASSWORD, 'Bench')
    const [area] = await app.parts.store.areas.list()
    const put = await app.parts.registry.add({ name: 'Bench', areaId: area!.id, place: { latitude: 10.38, longitude: 105.43, street: 'Bench', order: 1, heading: 0, reachM: 50 }, origin: { kind: 'rtsp' }, mainUrl: url, user: '', password: '' }, null)
    if (!put.ok) throw new Error('the camera of the bench was refused')
    const { page } = browser
    await page.goto(`${app.url}/sign-in`)
    await page.fill('input[name="username"]', person!.name)
    await page.fill('input[name="password"]', PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForURL((to) => !to.pathname.startsWith('/sign-in'))
    say(`recording ${plan.recordedMs / 1000} s to look back at`)
    const recorded = await waitRecorded(page, put.camera.id, plan.recordedMs)
    const loaded: number[] = []
    const opened: number[] = []
    const leapt: number[] = []
    for (let at = 0; at < plan.moments; at += 1) {
      const momentMs = recorded.fromMs + 12_000 + ((recorded.toMs - recorded.fromMs - 30_000) * at) / Math.max(1, plan.moments - 1)
      const link = `/playback?cams=${put.camera.id}&at=${encodeURIComponent(new Date(momentMs).toISOString())}`
      await page.goto(`${app.url}${link}`, { waitUntil: 'commit' })
      loaded.push(await shownAfter(page, momentMs, 'performance.timeOrigin'))
      await page.goto(`${app.url}/desk`)
      await page.locator('h1').first().waitFor()
      await pause(systemClock, READING_MS)
      // As a link of the page leads there: nothing is loaded anew.
      await page.evaluate(`window.leptAtMs = performance.timeOrigin + performance.now(); history.pushState({}, '', ${JSON.stringify(link)}); dispatchEvent(new PopStateEvent('popstate', { state: {} }))`)
      opened.push(await shownAfter(page, momentMs, 'window.leptAtMs'))
      await page.evaluate(`window.addEventListener('keydown', () => { window.leptAtMs = performance.timeOrigin + performance.now() }, { capture: true })`)
      for (const key of ['ArrowLeft', 'ArrowRight']) {
        const fromMs = await page.evaluate<number>(`Number(document.querySelector('[data-moment]').dataset.moment)`)
        await page.keyboard.press(`Control+${key}`)
        leapt.push(await shownAfter(page, fromMs + (key === 'ArrowLeft' ? -10_000 : 10_000), 'window.leptAtMs'))
      }
    }
    // Each of them: of so few, one breath of the machine makes the p95.
    for (const [what, times] of Object.entries({ opened, loaded, leapt })) say(`${what}, ms: ${times.map(Math.round).join(' ')}`)
    return [
      makeFigure('past.open.p95', 'ms, from another screen to the picture of a moment, p95', quantile(opened, 0.95), { bar: 1_000 }),
      makeFigure('past.leap.p95', 'ms, leap of 10 s to its picture, p95', quantile(leapt, 0.95), { bar: 1_000 }),
      makeFigure('past.loaded.p95', 'ms, page loaded at a moment to its picture, p95', quantile(loaded, 0.95)),
    ]
  } finally {
    await browser.close()
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function waitRecorded(page: Page, cameraId: string, wantedMs: number): Promise<{ readonly fromMs: number; readonly toMs: number }> {
  for (let waitedMs = 0; waitedMs < wantedMs + 60_000; waitedMs += 1_000) {
    const nowMs = systemClock.wallMs()
    const { recorded } = await page.evaluate<{ readonly recorded: readonly { readonly fromMs: number; readonly toMs: number }[] }>(`fetch('/api/cameras/${cameraId}/timeline?from=${Math.floor(nowMs - 600_000)}&to=${Math.ceil(nowMs + 1_000)}').then((reply) => reply.json())`)
    const last = recorded.at(-1)
    if (last && last.toMs - last.fromMs > wantedMs) return last
    await pause(systemClock, 1_000)
  }
  throw new Error('nothing was recorded to look back at')
}

/** Looked at before each drawing of the page; the time is the page's own. */
function shownAfter(page: Page, momentMs: number, since: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve, reject) => {
    const endMs = performance.now() + 20_000
    const look = () => {
      const video = document.querySelector('[data-past][data-state="showing"] video')
      if (video && !video.seeking && Math.abs(Number(video.dataset.shownMs) - ${momentMs}) < ${NEAR_MS}) return resolve(performance.timeOrigin + performance.now() - ${since})
      if (performance.now() > endMs) return reject(new Error('the moment was not shown within 20 s'))
      requestAnimationFrame(look)
    }
    look()
  })`)
}
