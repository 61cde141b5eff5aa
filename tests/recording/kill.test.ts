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
import { hasFfmpeg } from '../support/rtsp-server.js'

/** Quick in `npm test`, all of them where the faults are run long. */
const KILLS = process.env['VONGLAU_FAULTS'] === 'long' ? 25 : 5
const LOSS_MS_MAX = 2_000
const OTHER = asId<CameraId>('bridge')
const folder = mkdtempSync(join(tmpdir(), 'vonglau-recording-kill-'))
const url = `sqlite:${join(folder, 'city.db')}`
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Lets it record for some seconds, then kills it: between which two steps of its work is chance. Answers when the first and the last picture came. */
function killWhileRecording(afterMs: number): Promise<{ readonly firstAtMs: number; readonly killedAtMs: number }> {
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

;(hasFfmpeg() ? test : test.skip)(`kill -9 in mid-recording, ${KILLS} times: at most 2 s of a camera are lost, and after the next start the index equals the disk`, async () => {
  const seed = Date.now() % 100_000
  let state = seed
  const random = (): number => (state = (state * 48_271 + 11) % 2_147_483_647) / 2_147_483_647
  const first = await openStore({ url, log: silentLog, clock: systemClock })
  await settle(first)
  await first.cameras.add(cameraDraft({ id: OTHER, name: 'Cầu' }), 0)
  await first.close()
  for (let round = 0; round < KILLS; round += 1) {
    const { firstAtMs, killedAtMs } = await killWhileRecording(800 + random() * 5_000)
    const store = await openStore({ url, log: silentLog, clock: systemClock })
    const recording = await openRecording({ store, hub: openMemoryPacketHub(), bus: makeLocalBus(silentLog), clock: systemClock, log: silentLog, folder: join(folder, 'video'), ffmpeg: null, runId: 'test', policy: { mode: 'always', stream: 'main', days: 30, eventDays: 90 }, legalDays: 365, quotaBytes: null, reserveBytes: 0, ballastBytes: 0 })
    const check = await checkDisk({ store, root: join(folder, 'video'), clock: systemClock, hash: true, youngMs: 0 })
    const lostMs = await Promise.all([JUNCTION, OTHER].map(async (id) => killedAtMs - Math.max(firstAtMs, ...(await store.recordings.between(id, 0, killedAtMs * 2)).map(({ toMs }) => toMs))))
    await recording.close()
    await store.close()
    expect({ seed, round, findings: check.findings, cameras: check.cameras.length }).toEqual({ seed, round, findings: [], cameras: 2 })
    expect({ seed, round, lost: lostMs.filter((ms) => ms > LOSS_MS_MAX) }).toEqual({ seed, round, lost: [] })
  }
}, KILLS * 40_000)
