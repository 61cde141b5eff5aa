import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signIn } from '../../server/commands/desk-client.js'
import { openBrowser } from '../../server/commands/prove-browser.js'
import { startCity } from '../../server/commands/prove-city.js'
import type { AlertView } from '../../server/contract/alerts.js'
import { pause, systemClock } from '../../server/system/clock.js'
import { makeFigure, median, quantile, type Figure } from './figure.js'

/** From the frame in which the condition became true to the alert on the screen, 95 of 100. */
const ON_SCREEN_MS_MAX = 1_500
/** Trackers and lamps need some seconds; what is told of them counts afterwards. */
const WARM_UP_MS = 20_000
const LOOK_EVERY_MS = 10_000

/** Kinds that claim one act at one instant: there the condition is true from the act on, not from the frame that settled it. */
const ACTS: ReadonlySet<string> = new Set(['red_light', 'line_crossing'])

interface Told {
  readonly alert: AlertView
  readonly seenAtMs: number
}

/**
 * How long an alert takes from the street to the screen: the sandbox's own city with its streets, watched as shipped, and a wall in a real browser on
 * the same machine that plays all of them. An alert is on the screen when the first picture with its line in it was painted. Both ends are read from
 * one clock; a frame's time is that of its arrival.
 */
export async function benchAlerts({ quick }: { readonly quick: boolean }, say: (line: string) => void): Promise<readonly Figure[]> {
  const clock = systemClock
  const folder = await mkdtemp(join(tmpdir(), 'vonglau-bench-'))
  const city = await startCity(folder, { onProgress: say })
  try {
    const account = city.announced.accounts.find(({ role }) => role === 'police')!
    const desk = await signIn(city.announced.url, account)
    const browser = await openBrowser(city.announced, account)
    if (!browser) throw new Error('no Chromium on this machine: nothing can be on a screen (apt-get install chromium)')
    try {
      await browser.page.goto(`${city.announced.url}/wall`)
      await browser.page.waitForSelector('[data-tile][data-state="playing"]', { timeout: 60_000 })
      await browser.page.evaluate(NOTE_PAINTED)
      await pause(clock, WARM_UP_MS)
      const fromMs = clock.wallMs()
      const untilMs = fromMs + (quick ? 120_000 : 600_000)
      while (clock.wallMs() < untilMs) {
        await pause(clock, LOOK_EVERY_MS)
        say(`alerts so far: ${(await desk.alerts('all')).filter(({ raisedAtMs }) => raisedAtMs > fromMs).length}; ${Math.max(0, Math.round((untilMs - clock.wallMs()) / 1000))} s to go`)
      }
      const painted = await browser.page.evaluate<Readonly<Record<string, number>>>('window.painted')
      const alerts = (await desk.alerts('all')).filter(({ raisedAtMs }) => raisedAtMs > fromMs && raisedAtMs < untilMs - 3_000)
      return figuresOf(alerts.flatMap((alert): Told[] => (painted[alert.id] === undefined ? [] : [{ alert, seenAtMs: painted[alert.id]! }])), alerts.length)
    } finally {
      await browser.close()
    }
  } finally {
    await city.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function figuresOf(told: readonly Told[], raised: number): readonly Figure[] {
  const conditionMs = ({ alert }: Told): number => (ACTS.has(alert.kind) ? alert.sinceMs : alert.openedAtMs)
  const all = told.map((one) => one.seenAtMs - conditionMs(one))
  const kinds = [...new Set(told.map(({ alert }) => alert.kind))].toSorted()
  return [
    makeFigure('alerts.on_screen.p95', 'ms, the frame in which the condition is true to the painted alert', quantile(all, 0.95), { bar: ON_SCREEN_MS_MAX }),
    makeFigure('alerts.on_screen.p50', 'ms', median(all)),
    makeFigure('alerts.claimed.p95', 'ms, the frame that settled it to the painted alert', quantile(told.map(({ alert, seenAtMs }) => seenAtMs - alert.openedAtMs), 0.95)),
    makeFigure('alerts.raised.p95', 'ms, the frame that settled it to the alert kept by the server', quantile(told.map(({ alert }) => alert.raisedAtMs - alert.openedAtMs), 0.95)),
    makeFigure('alerts.sent.p95', 'ms, the alert kept by the server to the painted alert', quantile(told.map(({ alert, seenAtMs }) => seenAtMs - alert.raisedAtMs), 0.95)),
    ...kinds.map((kind) => {
      const those = told.filter(({ alert }) => alert.kind === kind)
      return makeFigure(`alerts.on_screen.${kind}`, `ms, median of ${those.length}`, median(those.map((one) => one.seenAtMs - conditionMs(one))))
    }),
    makeFigure('alerts.never_on_screen', `of ${raised} alerts`, raised - told.length, { bar: 0 }),
  ]
}

/** Run inside the page: when the first picture with a link to an alert was painted, by the alert's id. Two frames: the first callback runs before its own paint. */
const NOTE_PAINTED = `(() => {
  window.painted = {}
  const look = () => {
    for (const link of document.querySelectorAll('a[href*="/desk/"]')) {
      const id = new URL(link.href).pathname.split('/').at(-1)
      if (id in window.painted) continue
      window.painted[id] = Infinity
      requestAnimationFrame(() => requestAnimationFrame(() => { window.painted[id] = Date.now() }))
    }
  }
  look()
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['href'] })
})()`
