import Hls, { type ErrorData, type HlsConfig } from 'hls.js'
import { catchUp } from './catch-up.js'
import { rejoinMs, tileState, type TileState } from './tile-state.js'

export interface LiveTileOptions {
  /** Told when the state changes, and twice a second while there is an age to show. */
  onState(state: TileState): void
  /** The distance to the live edge that the tile aims at; below PART-HOLD-BACK players of other makes would stall. */
  readonly goalMs?: number
  /** The server's clock, for the true age of a picture; without it age is told from the playlist's edge, which needs no common clock. */
  readonly serverNowMs?: () => number
}

export interface LiveTile {
  readonly state: TileState
  close(): void
}

const GOAL_MS = 700
const TICK_MS = 200
/** Pictures shown on the way to being `lost`; past it, the tile is built anew. */
const REBUILD_STILL_MS = 5_000
const REBUILD_JOINING_MS = 12_000
const TELL_MS = 500

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
}

/** Plays one live stream into a video element and says, from the pictures really shown, what may be claimed about it. */
export function openLiveTile(video: HTMLVideoElement, url: string, options: LiveTileOptions): LiveTile {
  const goalMs = options.goalMs ?? GOAL_MS
  let hls: Hls | null = null
  let closed = false
  let joiningSinceMs = performance.now()
  let shown: { readonly lagMs: number; readonly atMs: number } | null = null
  let reason: string | null = null
  let attempts = 0
  let mended = false
  let rejoin: number | null = null
  let told = { key: '', atMs: 0 }
  let watchingFrames = 0

  const state = (): TileState =>
    tileState({ closed, joiningMs: performance.now() - joiningSinceMs, picture: shown && { lagMs: shown.lagMs, stillMs: performance.now() - shown.atMs }, reason })

  function tell(): void {
    const now = state()
    const key = now.is === 'lost' || now.is === 'joining' ? `${now.is} ${now.reason ?? ''}` : now.is
    if (key === told.key && performance.now() - told.atMs < TELL_MS) return
    told = { key, atMs: performance.now() }
    options.onState(now)
  }

  /** Wall time of a media time, from EXT-X-PROGRAM-DATE-TIME; null where the list has none for it. */
  function wallMsOf(mediaTime: number): number | null {
    const fragment = hls?.latestLevelDetails?.fragments.findLast(({ start }) => start <= mediaTime + 0.001)
    return fragment?.programDateTime == null ? null : fragment.programDateTime + (mediaTime - fragment.start) * 1000
  }

  /** Calls itself for each picture that reaches the glass. `round` ends the loop of a tile that was built anew. */
  function watchFrames(round: number): void {
    video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (closed || round !== watchingFrames) return
      const edgeLagMs = Math.max(0, (hls?.latency ?? 0) * 1000)
      const takenMs = options.serverNowMs ? wallMsOf(mediaTime) : null
      shown = { lagMs: takenMs === null || !options.serverNowMs ? edgeLagMs : Math.max(edgeLagMs, options.serverNowMs() - takenMs), atMs: performance.now() }
      // For whoever measures from outside (prove, bench): the lag of the picture that is on the glass now.
      video.dataset['latencyMs'] = String(Math.round(shown.lagMs))
      reason = null
      watchFrames(round)
    })
  }

  function join(): void {
    rejoin = null
    leave()
    joiningSinceMs = performance.now()
    mended = false
    const player = new Hls(CONFIG)
    hls = player
    watchFrames((watchingFrames += 1))
    player.on(Hls.Events.ERROR, (_, error) => onError(player, error))
    player.on(Hls.Events.MANIFEST_PARSED, play)
    player.loadSource(url)
    player.attachMedia(video)
  }

  function play(): void {
    video.play().catch((error: unknown) => {
      // Play is refused while a newer source is being attached; the next one tries again.
      reason = error instanceof Error ? error.name : 'play'
    })
  }

  function leave(): void {
    watchingFrames += 1
    hls?.destroy()
    hls = null
  }

  function onError(player: Hls, error: ErrorData): void {
    if (!error.fatal || player !== hls) return
    reason = error.details
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true
      player.recoverMediaError()
      return
    }
    rejoinLater()
  }

  function rejoinLater(): void {
    if (closed || rejoin !== null) return
    leave()
    attempts += 1
    rejoin = window.setTimeout(join, rejoinMs(attempts, Math.random()))
    tell()
  }

  function steer(player: Hls): void {
    if (video.paused || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || player.latency <= 0) return
    const { buffered, currentTime } = video
    const end = buffered.length > 0 ? buffered.end(buffered.length - 1) : currentTime
    const verdict = catchUp({ latencyMs: player.latency * 1000, goalMs, aheadMs: (end - currentTime) * 1000, rate: video.playbackRate })
    if (verdict.do === 'jump' && player.liveSyncPosition !== null && player.liveSyncPosition > currentTime) video.currentTime = player.liveSyncPosition
    const rate = verdict.do === 'faster' ? verdict.rate : 1
    if (video.playbackRate !== rate) video.playbackRate = rate
  }

  function tick(): void {
    const nowMs = performance.now()
    if (hls) steer(hls)
    // A hidden tab shows no pictures; that is not the camera's fault.
    const hidden = document.visibilityState === 'hidden'
    const stillMs = shown ? nowMs - Math.max(shown.atMs, joiningSinceMs) : 0
    if (state().is === 'playing' && nowMs - joiningSinceMs > 10_000) attempts = 0
    if (!hidden && hls && (stillMs > REBUILD_STILL_MS || (!shown && nowMs - joiningSinceMs > REBUILD_JOINING_MS))) {
      reason ??= 'no picture'
      rejoinLater()
    }
    tell()
  }

  function onVisible(): void {
    if (document.visibilityState !== 'visible' || !hls) return
    joiningSinceMs = performance.now()
    if (hls.liveSyncPosition !== null && hls.liveSyncPosition > video.currentTime) video.currentTime = hls.liveSyncPosition
    if (video.paused) play()
  }

  video.muted = true
  video.playsInline = true
  if (!Hls.isSupported()) {
    reason = 'this browser has no Media Source Extensions'
  } else join()
  const timer = window.setInterval(tick, TICK_MS)
  document.addEventListener('visibilitychange', onVisible)
  tell()
  return {
    get state() {
      return state()
    },
    close() {
      if (closed) return
      closed = true
      window.clearInterval(timer)
      if (rejoin !== null) window.clearTimeout(rejoin)
      document.removeEventListener('visibilitychange', onVisible)
      leave()
      video.removeAttribute('src')
      video.load()
      tell()
    },
  }
}
