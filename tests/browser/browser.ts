import { existsSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path)) ?? null
export const hasChromium = CHROMIUM !== null

export interface Size {
  readonly width: number
  readonly height: number
}

export interface OpenedBrowser {
  readonly page: Page
  /** What the page complained of: uncaught errors and policy violations. Favicons and the like do not count. */
  readonly complaints: string[]
  close(): Promise<void>
}

/** A Chromium in which several people sit, who know nothing of each other: no cookie, no storage and no cache is shared. */
export interface Chromium {
  open(size?: Size): Promise<OpenedBrowser>
  close(): Promise<void>
}

/**
 * A page that asks again every five to twenty seconds does so every one or two here: nobody waits for it. Its other clocks are left alone,
 * and so is what it does twice a minute: there it measures the way to the server, and a busy machine must not look like a thin link.
 */
const ASK_OFTEN = `{ const every = window.setInterval; window.setInterval = (run, ms, ...rest) => every(run, ms >= 5000 && ms <= 20000 ? Math.max(1000, ms / 10) : ms, ...rest) }`

/** To be called before a page is opened of which the link is to be found thin: what it does twice a minute is then also done on demand. */
export function keepSlowClocks(page: Page): Promise<unknown> {
  return page.addInitScript(`{ const every = window.setInterval; window.slow = []; window.setInterval = (run, ms, ...rest) => { if (ms === 30000) window.slow.push(run); return every(run, ms, ...rest) } }`)
}

/** Two measures, as many as it takes until a link is called thin. */
export function measureTwice(page: Page): Promise<unknown> {
  return page.evaluate(`for (const run of [...window.slow, ...window.slow]) run()`)
}

/** Silent towards its maker's hosts; plays without a gesture, as a wall must. */
export async function startChromium(): Promise<Chromium> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM!,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
  })
  return {
    async open(size = { width: 1920, height: 1080 }) {
      // A symbol that blinks makes every page that stands open draw itself sixty times a second.
      const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce' })
      await context.addInitScript(ASK_OFTEN)
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (fault) => complaints.push(fault.message))
      page.on('console', (message) => {
        if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text())) complaints.push(message.text())
      })
      page.setDefaultTimeout(30_000)
      return { page, complaints, close: () => context.close() }
    },
    close: () => browser.close(),
  }
}

/** One page in a Chromium of its own. */
export async function openBrowser(size?: Size): Promise<OpenedBrowser> {
  const started = await startChromium()
  const opened = await started.open(size)
  return { ...opened, close: () => started.close() }
}

/** Asks the page until the expression is true. Playwright's own waiting evaluates inside the page, which our policy forbids. */
export async function eventually(page: Page, expression: string, withinMs = 60_000): Promise<void> {
  const endMs = Date.now() + withinMs
  while (!(await page.evaluate<boolean>(expression))) {
    if (Date.now() > endMs) throw new Error(`never came true in the page: ${expression}\n${await tellOf(page)}`)
    await page.waitForTimeout(100)
  }
}

/** What stood on the page that did not come to it: its address, the states of what plays, and its words. */
function tellOf(page: Page): Promise<string> {
  return page.evaluate(`JSON.stringify({
    at: location.pathname + location.search,
    seen: [document.visibilityState, document.hasFocus(), innerWidth, innerHeight],
    states: [...document.querySelectorAll('[data-state]')].map((one) => ({ ...one.dataset, box: Object.values(one.getBoundingClientRect().toJSON()).slice(0, 4) })),
    media: [...document.querySelectorAll('video, audio')].map((one) => [one.readyState, one.networkState, one.paused, one.currentTime, ...[...Array(one.buffered.length).keys()].map((at) => [one.buffered.start(at), one.buffered.end(at)])]),
    words: document.body.innerText.slice(0, 600),
  })`)
}
