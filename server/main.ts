import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { loadSettings, SettingsFault } from '../config/load-settings.js'
import type { Settings } from '../config/settings.js'
import { plateFilesOf } from '../config/places.js'
import { EYES, loadEightBits, loadModel, loadPlateFinder } from '../models/catalogue.js'
import { loadPlatePair } from '../models/plate-pair.js'
import { openApp, type App, type AppOptions } from './app.js'
import { loadOrMakeCityKeys } from './commands/city-keys.js'
import { settleCameras, settlePeople, type Account, type Settled } from './commands/settle-city.js'
import type { CameraId } from './domain/ids.js'
import { openCity, type City } from './sandbox/city.js'
import { FAULTS, isFault, type Fault } from './sandbox/devices/fault.js'
import { SCENES } from './sandbox/scenes/catalogue.js'
import { prepareScenes } from './sandbox/scenes/render.js'
import { sweepLeftovers } from './system/child.js'
import { systemClock } from './system/clock.js'
import { calmCollector } from './system/collector.js'
import { newId } from './system/ids.js'
import { makeLog, type Log } from './system/log.js'
import { stopInTime } from './system/stop-in-time.js'
import { findMediaTools } from './system/media-tools.js'

const USAGE = `vonglau [--config FILE] [--data FOLDER] [--port N] [--sandbox] [--scenes FOLDER] [--announce json]
  --sandbox   a city of virtual cameras, with one ready account for each role
  --announce  json: one line on standard output when ready, for programs`

interface Wishes {
  readonly settings: Settings
  readonly sandbox: boolean
  readonly scenes: string
  readonly announce: 'words' | 'json'
}

/** From dist/server/main.js the project lies two floors up; from the source, one. */
const ROOT = [1, 2].map((up) => resolve(dirname(fileURLToPath(import.meta.url)), '../'.repeat(up))).find((folder) => existsSync(join(folder, 'package.json'))) ?? process.cwd()

function readWishes(argv: readonly string[]): Wishes {
  const { values } = parseArgs({ args: [...argv], options: { config: { type: 'string' }, data: { type: 'string' }, port: { type: 'string' }, sandbox: { type: 'boolean' }, scenes: { type: 'string' }, announce: { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    process.exit(0)
  }
  const sandbox = values.sandbox ?? false
  const env = { ...process.env, ...(values.data ? { VONGLAU_DATA: values.data } : {}), ...(values.port ? { VONGLAU_PORT: values.port } : {}) }
  const asked = loadSettings(values.config, { ...env, ...(sandbox && !env['VONGLAU_DATA'] ? { VONGLAU_DATA: join(ROOT, '.vonglau/demo') } : {}) })
  // A demo stays inside this machine: loopback cameras only, and never a datagram on a real interface. It must not fill a laptop either.
  const settings = sandbox ? { ...asked, cameras: { networks: ['127.0.0.0/8'], multicast: false }, recording: { ...asked.recording, quotaGb: asked.recording.quotaGb ?? SANDBOX_QUOTA_GB }, rtmp: { ...asked.rtmp, enabled: true, host: '127.0.0.1' } } : asked
  return { settings: { ...settings, dataFolder: resolve(settings.dataFolder) }, sandbox, scenes: resolve(values.scenes ?? join(ROOT, '.vonglau/scenes')), announce: values.announce === 'json' ? 'json' : 'words' }
}

/** The virtual streets write some 2 GB an hour; an hour to look back at is enough. */
const SANDBOX_QUOTA_GB = 2

async function main(): Promise<void> {
  calmCollector()
  const wishes = readWishes(process.argv.slice(2))
  const { settings } = wishes
  mkdirSync(settings.dataFolder, { recursive: true, mode: 0o700 })
  const log = makeLog(settings.log.level, join(settings.dataFolder, 'vonglau.log'))
  const mark = `vonglau-${settings.dataFolder.replaceAll(/[^A-Za-z0-9]+/g, '-')}`
  const runId = `${mark}:${newId()}`
  const swept = sweepLeftovers(mark, runId)
  if (swept > 0) log.warn({ swept }, 'children of an earlier run that crashed were ended')

  const city = wishes.sandbox ? await raiseCity(wishes, { log, runId }) : null
  const missing = (fault: Error & { next?: string }): { fault: string; next: string } => ({ fault: fault.message, next: fault.next ?? '' })
  const floatOnly = (fault: Error & { next?: string }): null => {
    log.warn(missing(fault), 'our model watches in float: its 8-bit file is missing or changed')
    return null
  }
  const [model, eightBits, plates, finder] = await Promise.all([loadModel(EYES.id).catch(missing), loadEightBits().catch(floatOnly), loadPlatePair(plateFilesOf(settings)), loadPlateFinder().catch(missing)])
  const version = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version
  const player = join(ROOT, 'dist/player')
  const options: AppOptions = { settings: city ? { ...settings, open311: { ...settings.open311, publicReading: true, apiKeyHashes: [...settings.open311.apiKeyHashes, createHash('sha256').update(city.open311Key).digest('hex')] } } : settings, clock: systemClock, log, runId, version, env: process.env, model, eightBits, plates, finder, playerFolder: existsSync(join(player, 'index.html')) ? player : null, sandbox: city?.door ?? null }
  const app = await openApp(options)
  const accounts = city ? await city.settle(app) : []
  announce(app, { wishes, accounts, city })

  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    void stopInTime(systemClock, STOP_MS_MAX, async () => {
      await app.close()
      await city?.city.close()
    }).then((stopped) => {
      if (stopped.how !== 'clean') log.error(stopped, 'the server did not stop cleanly')
      // Children die with us (system/child.ts), whatever they were doing.
      process.exit(stopped.how === 'clean' ? 0 : 1)
    })
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

/** T31: a stop is over within 10 s, whatever hangs. */
const STOP_MS_MAX = 9_000

interface RaisedCity {
  /** A system of the city that may send citizens' reports. */
  readonly open311Key: string
  readonly city: City
  readonly door: NonNullable<AppOptions['sandbox']>
  settled: readonly Settled[]
  settle(app: App): Promise<readonly Account[]>
}

/** Renders what is not rendered yet, then opens the virtual cameras. */
async function raiseCity({ scenes: folder, settings }: Wishes, { log, runId }: { readonly log: Log; readonly runId: string }): Promise<RaisedCity> {
  const tools = await findMediaTools(process.env)
  const clock = systemClock
  const keys = await loadOrMakeCityKeys(join(settings.dataFolder, 'city.json'))
  const progress = showProgress()
  const rendered = tools ? await prepareScenes({ folder, ffmpeg: tools.ffmpeg, runId, scenes: SCENES, clock, onProgress: progress.show }) : []
  progress.done()
  const city = await openCity({ rendered, clock, log, ffmpeg: tools?.ffmpeg ?? null, runId, startPort: keys.startPort, discoveryPort: keys.discoveryPort, credentials: { user: 'admin', password: keys.cameraPassword } })
  const faults = new Map<string, Fault>()
  const virtualOf = (cameraId: string): string | undefined => raised.settled.find((one) => one.cameraId === (cameraId as CameraId))?.virtual.id
  const raised: RaisedCity = {
    open311Key: keys.open311Key,
    city,
    settled: [],
    door: {
      discovery: [{ address: city.discoveryAddress, port: city.discoveryPort }],
      faultOf: (cameraId) => (virtualOf(cameraId) ? { fault: faults.get(cameraId) ?? 'none', faults: FAULTS } : null),
      async setFault(cameraId, fault) {
        const id = virtualOf(cameraId)
        if (!id || !isFault(fault)) return false
        await city.setFault(id, fault)
        faults.set(cameraId, fault)
        return true
      },
    },
    async settle(app) {
      const parts = { ...app.parts, clock, log }
      const accounts = await settlePeople(parts, keys.password, 'IOC Long Xuyên')
      raised.settled = await settleCameras(parts, city)
      return accounts
    },
  }
  return raised
}

/** One line that grows on a terminal, one line per tenth elsewhere; nothing at all when there is nothing to do. */
function showProgress(): { show(scene: string, share: number): void; done(): void } {
  const told = new Map<string, number>()
  return {
    show(scene, share) {
      const tenth = Math.floor(share * 10)
      if ((told.get(scene) ?? -1) >= tenth) return
      told.set(scene, tenth)
      const text = [...told].map(([name, tenths]) => `${name} ${tenths * 10} %`).join(' · ')
      process.stderr.write(process.stderr.isTTY ? `\r\x1b[K· drawing the streets: ${text}` : `· drawing the streets: ${text}\n`)
    },
    done() {
      if (told.size > 0 && process.stderr.isTTY) process.stderr.write('\n')
    },
  }
}

function announce(app: App, { wishes, accounts, city }: { readonly wishes: Wishes; readonly accounts: readonly Account[]; readonly city: RaisedCity | null }): void {
  if (wishes.announce === 'json') {
    const cameras = city?.settled.map(({ cameraId, virtual }) => ({ cameraId, scene: virtual.id, truthFile: virtual.scene.truthFile, loopMs: virtual.scene.loopMs, onvifUrl: virtual.onvifUrl })) ?? []
    process.stdout.write(`${JSON.stringify({ url: app.url, port: app.port, firstSecret: app.firstSecret, accounts, cameras, epochMs: city?.city.epochMs ?? null, discovery: city?.door.discovery ?? [], open311Key: city?.open311Key ?? null })}\n`)
    return
  }
  const lines = ['', `  Vọng Lâu: ${app.url}`]
  if (!app.parts.tools) lines.push('  ! ffmpeg is missing, so there is no picture. To install: apt-get install ffmpeg')
  for (const { role, name, password } of accounts) lines.push(`  ${ROLE_WORDS[role].padEnd(24)} ${name.padEnd(10)} ${password}`)
  if (city) lines.push(`  Phản ánh hiện trường     POST ${app.url}/open311/v2/requests.json  api_key=${city.open311Key}`)
  if (accounts.length === 0 && app.firstSecret) lines.push('  Lần đầu chạy: mở địa chỉ trên và nhập mã một lần này để tạo quản trị viên', '  First run: open the address and enter this one-time secret to create the administrator:', `      ${app.firstSecret}`)
  process.stdout.write(`${lines.join('\n')}\n\n`)
}

const ROLE_WORDS: Readonly<Record<Account['role'], string>> = { police: 'Trực ban công an', traffic: 'Cảnh sát giao thông', ioc: 'Cán bộ IOC', admin: 'Quản trị' }

main().catch((fault: unknown) => {
  if (fault instanceof SettingsFault) process.stderr.write(`✗ ${fault.message}\n  Every setting, with unit and reason: config/settings.ts\n`)
  else process.stderr.write(`✗ ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`)
  process.exit(fault instanceof SettingsFault ? 2 : 1)
})
