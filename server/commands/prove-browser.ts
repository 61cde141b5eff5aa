import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { pause, type Clock } from '../system/clock.js'
import { until } from './prove-steps.js'
import type { Announced } from './prove-city.js'
import { atLeast, atMost, equals, type Figure } from './figures.js'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const
/** Without these, Chromium looks up its maker's hosts at every start. */
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required']

export function findChromium(): string | null {
  return CHROMIUM.find((path) => existsSync(path)) ?? null
}

export interface Browsing {
  readonly page: Page
  close(): Promise<void>
}

/** A fresh browser on the wall, signed in through the door as a person would. Null when there is none on this machine. */
export async function openBrowser({ url }: Announced, account: { readonly name: string; readonly password: string }): Promise<Browsing | null> {
  const executablePath = findChromium()
  const playwright = executablePath ? await import('playwright-core').catch(() => null) : null
  if (!executablePath || !playwright) return null
  const profile = await mkdtemp(join(tmpdir(), 'vonglau-prove-'))
  const context: BrowserContext = await playwright.chromium.launchPersistentContext(profile, { executablePath, args: QUIET, headless: true, viewport: { width: 1920, height: 1080 } })
  const close = async (): Promise<void> => {
    await context.close()
    await rm(profile, { recursive: true, force: true })
  }
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    await page.goto(`${url}/sign-in`)
    await page.fill('input[name="username"]', account.name)
    await page.fill('input[name="password"]', account.password)
    await page.keyboard.press('Enter')
    await page.waitForURL((to) => !to.pathname.startsWith('/sign-in'), { timeout: 20_000 })
    return { page, close }
  } catch (fault) {
    // Nobody else holds it yet, who could close it.
    await close()
    throw fault
  }
}

/** Run inside the page, which has a document; this program has none, so they are text. */
const LATENCIES = `[...document.querySelectorAll('video[data-latency-ms]')].map((video) => Number(video.dataset.latencyMs))`
const TIMES = `[...document.querySelectorAll('video')].map((video) => video.currentTime)`
const PLAY = `(video) => { video.muted = true; return video.play() }`
const PLAYED = `document.querySelector('[data-shown="clip"] video')?.currentTime > 0.5`
const DURATION = `document.querySelector('[data-shown="clip"] video').duration`

const SETTLE_MS = 12_000
const ALL_PLAY_MS = 30_000
const SAMPLE_MS = 8_000
const SAMPLE_EVERY_MS = 200

/** The wall: every tile plays, the picture moves, and how old what is seen is (server's clock of arrival to the screen). */
export async function proveWall({ page }: Browsing, { url, cameras }: Announced, clock: Clock): Promise<readonly Figure[]> {
  await page.goto(`${url}/wall`)
  await page.waitForSelector('[data-tile][data-state="playing"]', { timeout: 40_000 })
  await pause(clock, SETTLE_MS)
  const count = (): Promise<number> => page.locator('[data-tile][data-state="playing"]').count()
  // A tile that is late says so and catches up; the promise is that all get there together.
  const playing = (await until(clock, ALL_PLAY_MS, async () => ((await count()) === cameras.length ? cameras.length : null))) ?? (await count())
  const before = await times(page)
  const ages: number[] = []
  for (let ms = 0; ms < SAMPLE_MS; ms += SAMPLE_EVERY_MS) {
    ages.push(...(await page.evaluate<number[]>(LATENCIES)))
    await pause(clock, SAMPLE_EVERY_MS)
  }
  const after = await times(page)
  const moving = after.filter((time, i) => time > (before[i] ?? time)).length
  ages.sort((a, b) => a - b)
  return [
    equals('tiles that play on the wall', playing, cameras.length, 'tiles'),
    equals('tiles whose picture moved', moving, cameras.length, 'tiles'),
    { ...atMost('latency in hls.js, arrival to screen, p50', percentile(ages, 0.5), 3_000, 'ms'), against: null },
    { ...atMost('latency in hls.js, arrival to screen, p95', percentile(ages, 0.95), 3_000, 'ms'), held: null, bar: null },
  ]
}

function times(page: Page): Promise<readonly number[]> {
  return page.evaluate<number[]>(TIMES)
}

function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null
}

/** Claim and confirm by keyboard at the desk, then play the clip. */
export async function proveDesk({ page }: Browsing, { url }: Announced, { alertId, clock }: { readonly alertId: string; readonly clock: Clock }): Promise<readonly Figure[]> {
  await page.goto(`${url}/desk/${alertId}`)
  await page.waitForSelector(`[data-alert="${alertId}"]`, { timeout: 20_000 })
  await page.keyboard.press('KeyT')
  await page.waitForSelector('[data-alert-state="claimed"]', { timeout: 10_000 })
  await page.keyboard.press('KeyC')
  await page.waitForSelector('[data-alert-state="confirmed"]', { timeout: 15_000 })
  const confirmed = await page.locator('[data-alert-state="confirmed"]').count()
  const clip = page.locator('[data-shown="clip"] video').first()
  await clip.waitFor({ state: 'attached', timeout: 20_000 })
  await clip.evaluate(PLAY)
  // Playwright's own waiting evaluates inside the page, which the server's content policy forbids: ask from outside.
  for (let ms = 0; ms < 20_000 && !(await page.evaluate<boolean>(PLAYED)); ms += SAMPLE_EVERY_MS) await pause(clock, SAMPLE_EVERY_MS)
  const seconds = await page.evaluate<number>(DURATION)
  return [equals('alert claimed and confirmed by keyboard', confirmed > 0 ? 1 : 0, 1, 'alerts'), atLeast('clip plays at the desk', seconds, 9.5, 's')]
}
