import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { asId, type AlertId } from '../../server/domain/ids.js'
import { openStore } from '../../server/storage/open.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { closeAllOpened, hasFfmpeg, hasRtspServer, startRtspServer } from '../support/rtsp-server.js'

/**
 * kill -9 of the whole server, in the middle of raising and claiming alerts while a camera is read: what was acknowledged is
 * there afterwards, once, and no ffmpeg keeps running.
 */
const KILLS = 4
const ACKS_MIN = 25
const possible = hasFfmpeg() && hasRtspServer()
const folder = mkdtempSync(join(tmpdir(), 'vonglau-crash-'))
const mark = `crash-${process.pid}`

afterAll(async () => {
  await closeAllOpened()
  await rm(folder, { recursive: true, force: true })
})

function childrenOfRun(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`VONGLAU_RUN=${mark}:`) && !/^\d+ \([^)]*\) Z/.test(readFileSync(`/proc/${name}/stat`, 'latin1')) ? [`${name} ${readFileSync(`/proc/${name}/comm`, 'latin1').trim()}`] : []
    } catch {
      return [] // it ended while we looked
    }
  })
}

/** Runs until enough is acknowledged and the camera is being read; then the power goes. */
async function runAndKill(url: string, turn: number, claimed: Set<string>): Promise<readonly string[]> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'alerting-server.ts'), folder, `${mark}:${turn}`, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  let acks = 0
  for await (const line of createInterface({ input: child.stdout! })) {
    const [word, id] = line.split(' ')
    if (word === 'claimed' && id) {
      claimed.add(id)
      acks += 1
    }
    if (acks >= ACKS_MIN && childrenOfRun().length > 0) break
  }
  const running = childrenOfRun()
  child.kill('SIGKILL')
  await gone
  return running
}

;(possible ? test : test.skip)('nothing acknowledged is lost by kill -9, and nothing is left running', async () => {
  const camera = await startRtspServer({ mounts: { '/main': { live: '320x240@15' } } })
  const claimed = new Set<string>()
  for (let turn = 1; turn <= KILLS; turn += 1) {
    const running = await runAndKill(camera.url('/main'), turn, claimed)
    expect(running.some((name) => name.includes('ffmpeg'))).toBe(true)
    for (let looks = 0; looks < 100 && childrenOfRun().length > 0; looks += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(childrenOfRun()).toEqual([])
  }
  const store = await openStore({ url: `sqlite:${join(folder, 'vonglau.db')}`, log: silentLog, clock: systemClock })
  const alerts = await Promise.all([...claimed].map((id) => store.alerts.get(asId<AlertId>(id))))
  expect(alerts.filter((alert) => alert?.state !== 'claimed')).toEqual([])
  const all = await store.changes.since(0, 1_000_000)
  const opened = all.filter(({ topic, what }) => topic === 'incident' && what === 'opened').length
  const raised = all.filter(({ topic, what }) => topic === 'alert' && what === 'raised').length
  // The last incidents may wait for the next start to become alerts; none is ever told twice.
  expect(raised).toBeLessThanOrEqual(opened)
  expect(new Set(all.filter(({ topic, what }) => topic === 'alert' && what === 'raised').map(({ entityId }) => entityId)).size).toBe(raised)
  process.stdout.write(`  ${KILLS} kills, ${claimed.size} acknowledged claims, 0 lost\n`)
  await store.close()
}, 180_000)
