import { readdir, readFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { forkOurs } from '../../server/system/child.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { setScene } from './scene.js'

/** Kills at moments spread over the whole making of a still and a clip (about 250 ms together on two cores). */
const KILLS = 4
const SPREAD_MS = 500

;(hasFfmpeg() ? test : test.skip)('kill -9 in mid-work leaves no row without its file, and the next start completes what it can', async () => {
  const seed = Date.now() % 100_000
  let state = seed
  const random = (): number => (state = (state * 48_271 + 11) % 2_147_483_647) / 2_147_483_647
  const scene = await setScene()
  try {
    for (let round = 0; round < KILLS; round += 1) {
      const child = forkOurs(new URL('./capture-program', import.meta.url), { runId: 'test', args: [scene.folder, String(round * 1_000)] })
      const raised = new Promise<void>((resolve, reject) => {
        child.on('message', (message) => message === 'raised' && resolve())
        child.once('exit', (code) => reject(new Error(`the program ended by itself with ${code}`)))
      })
      await raised
      child.removeAllListeners('exit')
      const gone = new Promise((resolve) => child.once('exit', resolve))
      await new Promise((resolve) => setTimeout(resolve, random() * SPREAD_MS))
      child.kill('SIGKILL')
      await gone
      await allRowsHold(scene, `seed ${seed}, round ${round}`)
    }
    const ids = await scene.store.evidence.missing('clip', 0)
    // The killed servers ran on the real clock.
    scene.clock.move(Date.now() + 60_000 - scene.clock.wallMs())
    expect((await scene.store.alerts.list({ limit: 10_000 })).length).toBeGreaterThanOrEqual(KILLS)
    const evidence = await scene.open()
    await evidence.idle()
    await allRowsHold(scene, `seed ${seed}, after the next start`)
    for (const id of ids) {
      const told = (await scene.log(id)).filter((line) => line.facts['kind'] === 'clip')
      expect({ seed, id, told: told.length }).toEqual({ seed, id, told: 1 })
    }
    expect(await readdir(join(scene.folder, 'evidence', '.drafts'))).toEqual([])
  } finally {
    await scene.close()
  }
}, 120_000)

async function allRowsHold(scene: Awaited<ReturnType<typeof setScene>>, when: string): Promise<void> {
  const alerts = await scene.store.alerts.list({ limit: 10_000 })
  for (const alert of alerts) {
    for (const item of await scene.store.evidence.of(alert.id)) {
      const bytes = await readFile(join(scene.folder, 'evidence', item.file))
      expect({ when, file: item.file, sha256: createHash('sha256').update(bytes).digest('hex') }).toEqual({ when, file: item.file, sha256: item.sha256 })
    }
  }
}
