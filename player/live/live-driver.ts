import Hls, { type HlsConfig, type LoadPolicy } from 'hls.js'
import { askTwice } from '../api/tickets.js'
import { openSound, type LiveSound, type SoundState } from './live-sound.js'
import { openTile, type LivePlayer, type LiveTile, type LiveTileOptions } from './live-tile.js'
import { ticketSetup } from './ticketed.js'

export type { LiveSound, SoundState } from './live-sound.js'
export type { LiveTile, LiveTileOptions } from './live-tile.js'

const askingTwice = ({ default: policy }: LoadPolicy): LoadPolicy => ({ default: { ...policy, errorRetry: policy.errorRetry && { ...policy.errorRetry, shouldRetry: askTwice } } })

/** Small buffers: this is live, and a wall has sixteen of them. One thread: fMP4 is passed through, there is nothing to transmux. */
const CONFIG: Partial<HlsConfig> = {
  lowLatencyMode: true,
  enableWorker: false,
  maxLiveSyncPlaybackRate: 1,
  backBufferLength: 4,
  maxBufferLength: 6,
  maxMaxBufferLength: 10,
  liveDurationInfinity: true,
  liveSyncOnStallIncrease: 0,
  manifestLoadPolicy: askingTwice(Hls.DefaultConfig.manifestLoadPolicy),
  playlistLoadPolicy: askingTwice(Hls.DefaultConfig.playlistLoadPolicy),
  fragLoadPolicy: askingTwice(Hls.DefaultConfig.fragLoadPolicy),
}

/** Plays one live stream into a video element and says, from the pictures really shown, what may be claimed about it. The only door to hls.js. */
export function openLiveTile(video: HTMLVideoElement, url: string, options: LiveTileOptions): LiveTile {
  return openTile(video, options, (events) => {
    if (!Hls.isSupported()) {
      events.onTrouble('this browser has no Media Source Extensions')
      return null
    }
    return openPlayer(video, url, events)
  })
}

/** Plays one camera's sound, nearer to live by running a little faster, which an ear forgives and a picture's own driver does for pictures. */
export function openLiveSound(audio: HTMLAudioElement, url: string, onState: (state: SoundState) => void): LiveSound {
  return openSound(audio, onState, (events) => {
    if (Hls.isSupported()) return openPlayer(audio, url, events, { maxLiveSyncPlaybackRate: 1.1 })
    events.onTrouble('this browser has no Media Source Extensions')
    return null
  })
}

function openPlayer(video: HTMLMediaElement, url: string, events: { readonly onReady: () => void; readonly onTrouble: (word: string) => void }, own: Partial<HlsConfig> = {}): LivePlayer {
  const hls = new Hls({ ...CONFIG, ...own, xhrSetup: ticketSetup(url) })
  let mended = false
  hls.on(Hls.Events.MANIFEST_PARSED, events.onReady)
  hls.on(Hls.Events.ERROR, (_, error) => {
    if (!error.fatal) return
    // A decoder that stumbled is mended in place, once; what comes again is built anew.
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true
      return hls.recoverMediaError()
    }
    events.onTrouble(error.details)
  })
  hls.loadSource(url)
  hls.attachMedia(video)
  return {
    latencyMs: () => (hls.latency > 0 ? hls.latency * 1000 : null),
    goalSeconds: () => hls.liveSyncPosition,
    wallMsOf(mediaTime) {
      const fragment = hls.latestLevelDetails?.fragments.findLast(({ start }) => start <= mediaTime + 0.001)
      return fragment?.programDateTime == null ? null : fragment.programDateTime + (mediaTime - fragment.start) * 1000
    },
    close: () => hls.destroy(),
  }
}
