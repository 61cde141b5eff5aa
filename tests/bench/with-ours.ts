import { rmSync } from 'node:fs'
import { forkOurs } from '../../server/system/child.js'
import type { Width } from '../../server/models/eight-bits.js'
import { systemClock } from '../../server/system/clock.js'
import type { OursAsked, OursTold, Pages, WatchCounts } from './ours.js'

export interface Ours {
  readonly pid: number
  readonly url: string
  readonly counts: () => Promise<WatchCounts>
  /** All cameras are recorded from now on. */
  readonly record: () => Promise<void>
}

const START_MS_MAX = 90_000
/** As `npm start` starts the server: 18 MB less, and no CPU more (measured with four cameras). */
const YOUNG_MB = 4

/** Our server in a process of its own, with these cameras live, for as long as `act` takes. `watch`: with which file of our detector, if at all. */
export async function withOurs<T>(cameras: { readonly urls: readonly string[]; readonly watch: Width['use'] | false; readonly pages?: Pages }, act: (ours: Ours) => Promise<T>): Promise<T> {
  const child = forkOurs(new URL('./ours', import.meta.url), { runId: `bench:${process.pid}`, youngMb: YOUNG_MB })
  const ask = <Kind extends OursTold['tell']>(asked: OursAsked, kind: Kind): Promise<Extract<OursTold, { readonly tell: Kind }>> =>
    new Promise((resolve, reject) => {
      const end = (act: () => void): void => {
        cancel()
        child.off('message', onMessage).off('exit', onExit)
        act()
      }
      const onMessage = (told: OursTold): void => {
        if (told.tell === kind) end(() => resolve(told as Extract<OursTold, { readonly tell: Kind }>))
      }
      const onExit = (code: number | null): void => end(() => reject(new Error(`the measured server ended with ${code}`)))
      const cancel = systemClock.after(START_MS_MAX, () => end(() => reject(new Error(`the measured server did not answer within ${START_MS_MAX} ms`))))
      child.on('message', onMessage).on('exit', onExit)
      child.send(asked)
    })
  let recordings: string | null = null
  child.on('message', (told: OursTold) => told.tell === 'recording' && (recordings = told.folder))
  try {
    const { url } = await ask({ ask: 'run', ...cameras }, 'running')
    return await act({ pid: child.pid ?? 0, url, counts: async () => (await ask({ ask: 'counts' }, 'counts')).counts, record: async () => void (await ask({ ask: 'record' }, 'recording')) })
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    if (recordings !== null) rmSync(recordings, { recursive: true, force: true })
  }
}
