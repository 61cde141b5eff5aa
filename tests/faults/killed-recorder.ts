import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asId, type CameraId } from '../../server/domain/ids.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { checkDisk } from '../../server/recording/check.js'
import { openRecording } from '../../server/recording/open-recording.js'
import { openStore } from '../../server/storage/open.js'
import { forkOurs } from '../../server/system/child.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { cameraDraft, JUNCTION, settle } from '../support/small-city.js'
import { seeded } from './seeded.js'

const OTHER = asId<CameraId>('bridge')

export interface KilledRecorder {
  /** What each camera lost at each kill: from its last picture that was kept to the last that came before the kill. */
  readonly lostMs: readonly number[]
  /** What the check of the disk against the rows complained of after the next start, hashes read again; none is the promise. */
  readonly findings: readonly string[]
}

/** kill -9 of a server that records two cameras at 25 pictures a second, again and again on one folder, some random seconds into its work each time. */
export async function killRecorder(options: { readonly kills: number; readonly seed: number }): Promise<KilledRecorder> {
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-recording-kill-'))
  const url = `sqlite:${join(folder, 'city.db')}`
  const random = seeded(options.seed)
  const lostMs: number[] = []
  const findings: string[] = []
  try {
    const first = await openStore({ url, log: silentLog, clock: systemClock })
    await settle(first)
    await first.cameras.add(cameraDraft({ id: OTHER, name: 'Cầu' }), 0)
    await first.close()
    for (let round = 0; round < options.kills; round += 1) {
      const { firstAtMs, killedAtMs } = await killWhileRecording(folder, 800 + random() * 5_000)
      const store = await openStore({ url, log: silentLog, clock: systemClock })
      const recording = await openRecording({ store, hub: openMemoryPacketHub(), bus: makeLocalBus(silentLog), clock: systemClock, log: silentLog, folder: join(folder, 'video'), ffmpeg: null, runId: 'test', policy: { mode: 'always', stream: 'main', days: 30, eventDays: 90 }, legalDays: 365, quotaBytes: null, reserveBytes: 0, ballastBytes: 0 })
      const check = await checkDisk({ store, root: join(folder, 'video'), clock: systemClock, hash: true, youngMs: 0 })
      findings.push(...check.findings.map((finding) => `kill ${round}: ${JSON.stringify(finding)}`), ...(check.cameras.length === 2 ? [] : [`kill ${round}: ${check.cameras.length} of 2 cameras`]))
      for (const id of [JUNCTION, OTHER]) lostMs.push(killedAtMs - Math.max(firstAtMs, ...(await store.recordings.between(id, 0, killedAtMs * 2)).map(({ toMs }) => toMs)))
      await recording.close()
      await store.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { lostMs, findings }
}

/** Lets it record for some seconds, then kills it: between which two steps of its work is chance. Answers when the first and the last picture came. */
function killWhileRecording(folder: string, afterMs: number): Promise<{ readonly firstAtMs: number; readonly killedAtMs: number }> {
  return new Promise((resolve, reject) => {
    let newestAtMs = 0
    let firstAtMs = 0
    const child = forkOurs(new URL('./recording-program', import.meta.url), { runId: 'test', args: [folder] })
    child.on('message', (message: { readonly atMs?: number }) => {
      if (message.atMs === undefined) return
      firstAtMs ||= message.atMs
      newestAtMs = message.atMs
      if (newestAtMs - firstAtMs >= afterMs) child.kill('SIGKILL')
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => (signal === 'SIGKILL' ? resolve({ firstAtMs, killedAtMs: newestAtMs }) : reject(new Error(`the program ended by itself (${code})`))))
  })
}
