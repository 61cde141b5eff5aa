import { openLive, type Live } from '../../server/live/open-live.js'
import type { StreamId } from '../../server/domain/ids.js'
import { readInitBytes } from '../../server/recording/fragments.js'
import { pause, systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { makeClip, startRtspServer, type RtspServer } from '../support/rtsp-server.js'
import { openFleet, waitFor } from './fleet.js'

/** T9: a camera that goes away and returns at its address with another codec or size, while somebody watches. */
export interface ChangedStream {
  /** From the return to the first part that a browser can play, in its new size, one figure for each change. */
  readonly backMs: readonly number[]
  /** Changes after which the list did not say EXT-X-DISCONTINUITY. */
  readonly untold: number
}

interface Look {
  readonly codec: 'libx264' | 'libx265'
  readonly mount: 'h264' | 'h265'
  readonly size: string
}

export const LOOKS: readonly Look[] = [
  { codec: 'libx264', mount: 'h264', size: '480x272' },
  { codec: 'libx265', mount: 'h265', size: '320x180' },
  { codec: 'libx264', mount: 'h264', size: '320x180' },
  { codec: 'libx265', mount: 'h265', size: '480x272' },
]

export async function changeStream(looks: readonly Look[]): Promise<ChangedStream> {
  let server: RtspServer = await startRtspServer({ mounts: { '/main': { clip: makeClip({ codec: 'libx264', size: '640x360' }), codec: 'h264' } } })
  const fleet = await openFleet({ cameras: { changing: { url: server.url('/main') } } })
  const camera = fleet.camera('changing')
  const live = openLive({ hub: fleet.hub, clock: systemClock, log: silentLog, transcode: { ffmpeg: 'ffmpeg', runId: fleet.runId, atOnceMax: 1 } })
  const viewer = watchLive(live, camera.id)
  await waitFor('it is watched', () => viewer.size() === '640x360')
  const backMs: number[] = []
  let untold = 0
  for (const { codec, mount, size } of looks) {
    const clip = makeClip({ codec, size })
    await server.close()
    await waitFor('it is away', () => fleet.ingest.sessions().every(({ state }) => state !== 'live'))
    viewer.forget()
    server = await startRtspServer({ mounts: { '/main': { clip, codec: mount } }, port: server.port })
    backMs.push(await waitFor(`${size} in ${mount} can be played`, () => viewer.size() === size, 30_000))
    if (!viewer.told()) untold += 1
  }
  await viewer.close()
  live.close()
  await fleet.close()
  await server.close()
  return { backMs, untold }
}

interface Viewer {
  /** Of the newest part that was had, as its init segment says; null while none was. */
  size(): string | null
  /** Whether a list since told a discontinuity. */
  told(): boolean
  forget(): void
  close(): Promise<void>
}

/** Asks as a player does: the list, the init segment that it names last, the newest part. */
function watchLive(live: Live, stream: StreamId): Viewer {
  let size: string | null = null
  let told = false
  let open = true
  const look = async (): Promise<void> => {
    const list = await live.answer(stream, { file: 'media.m3u8' })
    if (list.status !== 200 || typeof list.body !== 'string') return
    told ||= list.body.includes('#EXT-X-DISCONTINUITY\n')
    const after = list.body.slice(list.body.lastIndexOf('#EXT-X-MAP:'))
    const [init, part] = [/URI="(init-\d+\.mp4)"/.exec(after)?.[1], /#EXT-X-PART:.*URI="(part-[\d-]+\.m4s)"/.exec(after)?.[1]]
    if (init === undefined || part === undefined) return
    const [initGiven, partGiven] = await Promise.all([live.answer(stream, { file: init }), live.answer(stream, { file: part })])
    if (initGiven.status !== 200 || partGiven.status !== 200 || typeof initGiven.body === 'string') return
    const { codec, width, height } = readInitBytes(Buffer.concat(initGiven.body))
    if (codec.startsWith('avc1')) size = `${width}x${height}`
  }
  const running = (async () => {
    while (open) {
      await look()
      await pause(systemClock, 50)
    }
  })()
  return {
    size: () => size,
    told: () => told,
    forget() {
      size = null
      told = false
    },
    async close() {
      open = false
      await running
    },
  }
}
