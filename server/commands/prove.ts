import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pause, systemClock as clock } from '../system/clock.js'
import { signIn, type DeskClient } from './desk-client.js'
import { atMost, equals, lineOf, type Figure } from './figures.js'
import { openBrowser, proveDesk, proveWall, type Browsing } from './prove-browser.js'
import { leftBehind, startCity, type RunningCity } from './prove-city.js'
import { figuresOfWatched, proveCameras, proveEvidence, proveReport, until, watchKinds } from './prove-steps.js'

const USAGE = `npm run prove -- [--json] [--keep] [--scenes FOLDER]
  Does it work on this machine? Starts a city on free ports and a temporary folder, follows one moment through every hop,
  and prints one line for each promise. Exits with 1 when one fails. Takes about five minutes once the streets are drawn.`

const KINDS = ['red_light', 'wrong_way', 'illegal_stop'] as const
/** Trackers and lamps need some seconds before what they say counts. */
const WARM_UP_MS = 8_000

async function prove(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { json: { type: 'boolean' }, keep: { type: 'boolean' }, scenes: { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  const figures: Figure[] = []
  const tell = (...news: readonly Figure[]): void => {
    for (const figure of news) {
      figures.push(figure)
      process.stdout.write(`${values.json ? JSON.stringify(figure) : lineOf(figure)}\n`)
    }
  }
  const wait = (words: string): void => void process.stderr.write(`  … ${words}\n`)
  const folder = await mkdtemp(join(tmpdir(), 'vonglau-prove-'))
  const open: { city: RunningCity | null; browser: Browsing | null } = { city: null, browser: null }
  try {
    await followOneMoment(open, { folder, scenes: values.scenes, tell, wait })
  } catch (fault) {
    process.stderr.write(`✗ ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`)
    tell(equals('the trip was followed to its end', 0, 1, 'trips'))
  } finally {
    await open.browser?.close().catch(() => undefined)
    await open.city?.stop()
    if (values.keep) wait(`kept: ${folder}`)
    else await rm(folder, { recursive: true, force: true })
  }
  const failed = figures.filter(({ held }) => held === false).length
  if (!values.json) process.stdout.write(`${figures.length - failed} of ${figures.length} promises held\n`)
  return failed === 0 ? 0 : 1
}

interface Trip {
  readonly folder: string
  readonly scenes: string | undefined
  readonly tell: (...figures: readonly Figure[]) => void
  readonly wait: (words: string) => void
}

async function followOneMoment(open: { city: RunningCity | null; browser: Browsing | null }, { folder, scenes, tell, wait }: Trip): Promise<void> {
  const fromMs = clock.monotonicMs()
  const city = (open.city = await startCity(folder, { scenes, onProgress: wait }))
  const { announced } = city
  wait(`a city of ${announced.cameras.length} cameras stands at ${announced.url}`)
  tell({ ...atMost('from the command to ready (the first run draws the streets)', (clock.monotonicMs() - fromMs) / 1000, 10, 's'), held: null, bar: null })
  const as = (role: 'police' | 'ioc' | 'admin'): Promise<DeskClient> => signIn(announced.url, announced.accounts.find((account) => account.role === role)!)
  const [police, ioc, admin] = [await as('police'), await as('ioc'), await as('admin')]
  tell(...(await proveCameras(admin, announced, clock)))

  open.browser = await openBrowser(announced, announced.accounts.find(({ role }) => role === 'police')!)
  if (open.browser) tell(...(await proveWall(open.browser, announced, clock)))
  else wait('no Chromium on this machine: what a person sees is not proved (apt-get install chromium)')

  await pause(clock, WARM_UP_MS)
  const watched = await watchKinds(police, announced, { kinds: KINDS, fromMs: clock.wallMs(), clock, onWait: wait })
  tell(...figuresOfWatched(watched))
  const one = watched.map((kind) => kind.one).find((alert) => alert !== null)
  if (!one) throw new Error('no alert to follow further')
  for (const { one: alert } of watched) if (alert) wait(`${alert.title.vi} – ${alert.cameraName}: ${alert.reason.vi}`)

  const { figures } = await proveEvidence(police, one.id, clock)
  tell(...figures)
  if (open.browser) tell(...(await proveDesk(open.browser, announced, { alertId: one.id, clock })))
  else {
    const claimed = await police.act(one.id, { do: 'claim', version: one.version })
    tell(equals('alert claimed and confirmed', (await police.act(one.id, { do: 'confirm', version: claimed.version })).state === 'confirmed' ? 1 : 0, 1, 'alerts'))
  }
  tell(...(await proveReport(ioc, announced, one, clock)))
  tell(...(await proveCrash(open, { folder, scenes, tell, wait })))
}

/** kill -9 in the middle of work: nothing acknowledged is lost, nothing of ours keeps running, and pictures come back. */
async function proveCrash(open: { city: RunningCity | null; browser: Browsing | null }, { folder, scenes, wait }: Trip): Promise<readonly Figure[]> {
  const before = open.city!
  const police = await signIn(before.announced.url, before.announced.accounts.find(({ role }) => role === 'police')!)
  const acknowledged = (await police.alerts('all')).map(({ id, state, version }) => ({ id, state, version }))
  await open.browser?.close()
  open.browser = null
  open.city = null
  await before.kill()
  const left = await until(clock, 5_000, async () => (leftBehind(folder).length === 0 ? 0 : null))
  wait('killed; starting again on the same folder')
  const after = (open.city = await startCity(folder, { scenes, onProgress: wait }))
  const again = await signIn(after.announced.url, after.announced.accounts.find(({ role }) => role === 'police')!)
  const known = new Map((await again.alerts('all')).map((alert) => [alert.id, alert]))
  const kept = acknowledged.filter(({ id, state, version }) => known.get(id)?.state === state && (known.get(id)?.version ?? 0) >= version).length
  const live = await until(clock, 30_000, async () => ((await again.cameras()).every(({ streams }) => streams.every(({ state }) => state === 'live')) ? 1 : null))
  return [equals('acknowledged alerts that survived kill -9', kept, acknowledged.length, 'alerts'), equals('processes left behind by kill -9', left ?? leftBehind(folder).length, 0, 'processes'), equals('all cameras play again after the crash', live ?? 0, 1, 'cities')]
}

process.exitCode = await prove(process.argv.slice(2))
