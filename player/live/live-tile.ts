import { catchUp } from './catch-up.js'
import { moveGoal, startGoal } from './live-goal.js'
import { rejoinMs, tileState, type TileState } from './tile-state.js'
import { watchPictures } from './watch-pictures.js'

export interface LiveTileOptions {
  /** Told when the state changes, and twice a second, so that an age can be shown. */
  readonly onState: (state: TileState) => void
  /** The distance to the live edge that the tile aims at; below PART-HOLD-BACK players of other makes would stall. */
  readonly goalMs?: number
  /** The server's clock, for the true age of a picture; without it age is told from the playlist's edge, which needs no common clock. */
  readonly serverNowMs?: () => number
}

export interface LiveTile {
  readonly state: TileState
  close(): void
}

/** What a tile needs of the library that plays. */
export interface LivePlayer {
  /** Distance to the live edge; null while it is not known. */
  latencyMs(): number | null
  /** Where in media time the player should be; null while it is not known. */
  goalSeconds(): number | null
  /** Wall time of a media time, from EXT-X-PROGRAM-DATE-TIME; null where the list has none for it. */
  wallMsOf(mediaTime: number): number | null
  close(): void
}

export type OpenPlayer = (events: { readonly onReady: () => void; readonly onTrouble: (word: string) => void }) => LivePlayer | null

const TICK_MS = 200
const TELL_MS = 500
/** `lost` comes before: by then the viewer has been told, and the tile is built anew. */
const REBUILD_STILL_MS = 5_000
const REBUILD_JOINING_MS = 12_000
/** hls.js finds its place in the first moments; a stop then tells nothing. */
const SETTLING_MS = 3_000
/** Pictures for so long are a recovery: the next trouble starts at the shortest wait. */
const RECOVERED_MS = 10_000

/** One tile: joins, follows the live edge, rejoins after trouble with growing waits, and tells what may be claimed. */
export function openTile(video: HTMLVideoElement, options: LiveTileOptions, openPlayer: OpenPlayer): LiveTile {
  let player: LivePlayer | null = null
  let closed = false
  let joinedAtMs = performance.now()
  let shown: { readonly lagMs: number; readonly atMs: number } | null = null
  let reason: string | null = null
  let attempts = 0
  let rejoin: number | null = null
  let goal = startGoal(performance.now())

  const state = (): TileState => tileState({ closed, joiningMs: performance.now() - joinedAtMs, picture: shown && { lagMs: shown.lagMs, stillMs: performance.now() - shown.atMs }, reason })
  const tell = openTeller(state, options.onState)

  const stopWatching = watchPictures(video, (mediaTime) => {
    if (!player) return
    shown = { lagMs: lagMsOf(player, mediaTime, options.serverNowMs), atMs: performance.now() }
    // For whoever measures from outside (prove, bench): the lag of the picture that is on the glass now.
    video.dataset['latencyMs'] = String(Math.round(shown.lagMs))
    reason = null
  })

  function join(): void {
    rejoin = null
    joinedAtMs = performance.now()
    player = openPlayer({ onReady: play, onTrouble: leaveFor })
  }

  function play(): void {
    video.play().catch((error: unknown) => {
      // Play is refused while a newer source is being attached; the next one tries again.
      reason = error instanceof Error ? error.name : 'play'
    })
  }

  function leaveFor(word: string): void {
    reason = word
    if (closed || rejoin !== null) return
    player?.close()
    player = null
    attempts += 1
    rejoin = window.setTimeout(join, rejoinMs(attempts, Math.random()))
    tell()
  }

  function tick(): void {
    const sinceJoinMs = performance.now() - joinedAtMs
    goal = moveGoal(goal, 'plays', performance.now())
    if (player) steer(video, player, options.goalMs ?? goal.goalMs)
    if (state().is === 'playing' && sinceJoinMs > RECOVERED_MS) attempts = 0
    const stillMs = shown ? Math.min(sinceJoinMs, performance.now() - shown.atMs) : 0
    // A hidden tab shows no pictures; that is not the camera's fault.
    const visible = document.visibilityState === 'visible'
    if (visible && player && (stillMs > REBUILD_STILL_MS || (!shown && sinceJoinMs > REBUILD_JOINING_MS))) leaveFor(reason ?? 'no picture')
    tell()
  }

  /** The buffer ran dry while it played: nearer than this machine or line allows. */
  function onDry(): void {
    if (shown && player && !video.seeking && performance.now() - joinedAtMs > SETTLING_MS) goal = moveGoal(goal, 'stopped', performance.now())
  }

  function onVisible(): void {
    if (document.visibilityState !== 'visible' || !player) return
    joinedAtMs = performance.now()
    jump(video, player)
    if (video.paused) play()
  }

  video.muted = true
  video.playsInline = true
  join()
  const timer = window.setInterval(tick, TICK_MS)
  document.addEventListener('visibilitychange', onVisible)
  video.addEventListener('waiting', onDry)
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
      video.removeEventListener('waiting', onDry)
      stopWatching()
      player?.close()
      player = null
      video.removeAttribute('src')
      video.load()
      tell()
    },
  }
}

/** How old a picture is as it is shown: the worse of what the edge and the clock say, so that a stuck list cannot make it look young. */
function lagMsOf(player: LivePlayer, mediaTime: number, serverNowMs: (() => number) | undefined): number {
  const edgeLagMs = player.latencyMs() ?? 0
  const takenMs = serverNowMs ? player.wallMsOf(mediaTime) : null
  return Math.max(0, edgeLagMs, takenMs === null || !serverNowMs ? 0 : serverNowMs() - takenMs)
}

function steer(video: HTMLVideoElement, player: LivePlayer, goalMs: number): void {
  const latencyMs = player.latencyMs()
  if (video.paused || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || latencyMs === null) return
  const { buffered, currentTime } = video
  const end = buffered.length > 0 ? buffered.end(buffered.length - 1) : currentTime
  const verdict = catchUp({ latencyMs, goalMs, aheadMs: (end - currentTime) * 1000, rate: video.playbackRate })
  if (verdict.do === 'jump') jump(video, player)
  const rate = verdict.do === 'faster' ? verdict.rate : 1
  if (video.playbackRate !== rate) video.playbackRate = rate
}

/** Forwards only: a live tile never shows again what it has shown. */
function jump(video: HTMLVideoElement, player: LivePlayer): void {
  const goal = player.goalSeconds()
  if (goal !== null && goal > video.currentTime) video.currentTime = goal
}

/** Tells a change at once, and what has not changed twice a second. */
function openTeller(state: () => TileState, onState: (state: TileState) => void): () => void {
  let told = { key: '', atMs: 0 }
  return () => {
    const now = state()
    const key = now.is === 'lost' || now.is === 'joining' ? `${now.is} ${now.reason ?? ''}` : now.is
    if (key === told.key && performance.now() - told.atMs < TELL_MS) return
    told = { key, atMs: performance.now() }
    onState(now)
  }
}
