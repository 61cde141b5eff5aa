import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub, type MemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { openIngest, type Ingest, type StreamWish } from '../../server/ingest/open-ingest.js'
import type { SessionNews } from '../../server/ingest/session-news.js'
import type { SupervisionBounds } from '../../server/ingest/supervise.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog, type Log } from '../../server/system/log.js'
import { closeAfterTest } from '../support/rtsp-server.js'

export const STREAM = asId<StreamId>('cam-1-main')

export interface Watched {
  readonly ingest: Ingest
  readonly hub: MemoryPacketHub
  /** All that was told of the stream so far. */
  readonly told: readonly SessionNews[]
  /** Waits, with a deadline, for news that fits; news that came already counts. */
  until(fits: (news: SessionNews) => boolean): Promise<SessionNews>
  /** Forgets what came, so that `until` waits for something new. */
  forgetNews(): void
  close(): Promise<void>
}

export async function watchStream(wish: StreamWish, options: { readonly bounds?: Partial<SupervisionBounds>; readonly ffmpeg?: string | null; readonly log?: Log; readonly mayConnect?: (ip: string) => boolean } = {}): Promise<Watched> {
  const hub = openMemoryPacketHub()
  const told: SessionNews[] = []
  const waits = new Set<() => void>()
  const ingest = await openIngest({
    hub,
    clock: systemClock,
    log: options.log ?? silentLog,
    ffmpeg: options.ffmpeg === undefined ? 'ffmpeg' : options.ffmpeg,
    runId: `test:${process.pid}`,
    ...(options.bounds ? { bounds: options.bounds } : {}),
    ...(options.mayConnect ? { mayConnect: options.mayConnect } : {}),
    onSession(_, news) {
      told.push(news)
      for (const wait of waits) wait()
    },
  })
  closeAfterTest(() => ingest.close())
  ingest.setStream(STREAM, wish)
  return {
    ingest,
    hub,
    told,
    until: (fits) =>
      new Promise((resolve, reject) => {
        const cancel = systemClock.after(20_000, () => reject(new Error(`no such news; told: ${JSON.stringify(told)}`)))
        const look = (): void => {
          const found = told.find(fits)
          if (!found) return
          waits.delete(look)
          cancel()
          resolve(found)
        }
        waits.add(look)
        look()
      }),
    forgetNews: () => void told.splice(0),
    close: () => ingest.close(),
  }
}

export const isLive = (news: SessionNews): boolean => news.state === 'live'
export const isWaiting = (news: SessionNews): boolean => news.state === 'waiting'
