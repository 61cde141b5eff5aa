import Hls, { type HlsConfig, type LoadPolicy } from 'hls.js'
import type { SpanView } from '../../server/contract/recordings.js'
import { askTwice } from '../api/tickets.js'
import { ticketSetup } from '../live/ticketed.js'
import { HOLE_S_MAX } from './past.js'
import type { OpenList } from './past-tile.js'

const askingTwice = ({ default: policy }: LoadPolicy): LoadPolicy => ({ default: { ...policy, errorRetry: policy.errorRetry && { ...policy.errorRetry, shouldRetry: askTwice } } })

/** Until the first picture is on the glass nothing else is loaded: the next segment would take the machine's time from it. */
const FIRST_S = 0.5
const AHEAD_S = 12

/** No segment is loaded before we know where in the list the moment lies; then only some segments ahead of it. */
const CONFIG: Partial<HlsConfig> = {
  autoStartLoad: false,
  lowLatencyMode: false,
  enableWorker: false,
  maxBufferLength: FIRST_S,
  maxMaxBufferLength: 40,
  backBufferLength: 30,
  maxBufferHole: HOLE_S_MAX,
  manifestLoadPolicy: askingTwice(Hls.DefaultConfig.manifestLoadPolicy),
  playlistLoadPolicy: askingTwice(Hls.DefaultConfig.playlistLoadPolicy),
  fragLoadPolicy: askingTwice(Hls.DefaultConfig.fragLoadPolicy),
}

export function playbackUrl(cameraId: string, { fromMs, toMs }: SpanView): string {
  return `/playback/${encodeURIComponent(cameraId)}/${fromMs}-${toMs}/index.m3u8`
}

/** Opens the list of a span into a video element. The other door to hls.js; what is decided lies in past-tile.ts. */
export const openList: OpenList = (video, cameraId, span, events) => {
  if (!Hls.isSupported()) {
    events.onTrouble('unsupported')
    return null
  }
  const url = playbackUrl(cameraId, span)
  const hls = new Hls({ ...CONFIG, xhrSetup: ticketSetup(url) })
  let mended = false
  let started = false
  // Only the list at first: a segment whose load is broken off leaves its init segment waited for without end (hls.js 1.7.4). Starting resumes, so the pause comes after.
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    hls.startLoad(-1)
    hls.pauseBuffering()
  })
  hls.on(Hls.Events.LEVEL_LOADED, (_, { details }) => {
    if (started) return
    started = true
    if (details.fragments.length === 0) return events.onTrouble('empty')
    const at = events.onListed(details.fragments)
    hls.startLoad(at)
    if (at > 0) video.currentTime = at
  })
  hls.on(Hls.Events.ERROR, (_, error) => {
    if (!error.fatal) return
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true
      return hls.recoverMediaError()
    }
    events.onTrouble(error.details === Hls.ErrorDetails.LEVEL_EMPTY_ERROR ? 'empty' : error.response?.code === 403 ? 'no_rights' : error.details)
  })
  const loadOn = (): void => void (hls.config.maxBufferLength = AHEAD_S)
  video.requestVideoFrameCallback(loadOn)
  hls.loadSource(url)
  hls.attachMedia(video)
  return { pieces: () => hls.latestLevelDetails?.fragments ?? [], close: () => hls.destroy() }
}
