import type { LiveTile, LiveTileOptions } from './live-tile.js'
import { makeTurns, recycle } from './recycle.js'
import type { TileState } from './tile-state.js'

export interface LiveSwapOptions {
  /** Holds the videos, one above the other. */
  readonly place: HTMLElement
  readonly openTile: (video: HTMLVideoElement, url: string, options: LiveTileOptions) => LiveTile
  readonly label: string
  readonly serverNowMs: () => number
  /** What may be claimed of the picture on the glass, and which address it comes from. */
  readonly onState: (state: TileState, url: string, video: HTMLVideoElement) => void
  /** A fresh player has the glass now; the old one is gone. */
  readonly onSwapped?: (why: 'other' | 'age' | 'bytes', url: string) => void
}

export interface LiveSwap {
  /** Shows another address; until its first picture, what plays now stays and is told of. */
  show(url: string): void
  close(): void
}

interface Playing {
  readonly url: string
  readonly video: HTMLVideoElement
  readonly tile: LiveTile
  readonly bornAtMs: number
  readonly chance: number
  readonly why: 'other' | 'age' | 'bytes'
}

const ASK_MS = 5_000
/** All tiles of the page take turns. */
const turns = makeTurns()

/**
 * Two players for one tile, where needed: the next one begins beneath the one that plays and comes up with its first picture.
 * So a tile grows large, or sheds a player that has grown old, without a black moment, and what is seen is live all the while.
 */
export function openLiveSwap(options: LiveSwapOptions): LiveSwap {
  let front: Playing | null = null
  let next: Playing | null = null

  function begin(url: string, why: Playing['why']): Playing {
    const video = document.createElement('video')
    video.className = 'live'
    video.muted = true
    video.playsInline = true
    video.disableRemotePlayback = true
    video.setAttribute('aria-label', options.label)
    // First in the document is beneath.
    options.place.prepend(video)
    const begun: { playing: Playing | null } = { playing: null }
    const tile = options.openTile(video, url, { serverNowMs: options.serverNowMs, onState: (state) => begun.playing && told(begun.playing, state) })
    return (begun.playing = { url, video, tile, bornAtMs: performance.now(), chance: Math.random(), why })
  }

  function told(one: Playing, state: TileState): void {
    if (one === next && (state.is === 'playing' || state.is === 'behind')) comeUp(one)
    if (one === front) options.onState(state, one.url, one.video)
  }

  function comeUp(one: Playing): void {
    const old = front
    front = one
    next = null
    if (old) end(old)
    options.onSwapped?.(one.why, one.url)
  }

  function end(one: Playing): void {
    one.tile.close()
    one.video.remove()
  }

  function drop(): void {
    if (next) end(next)
    next = null
  }

  function ask(): void {
    if (!front || next || document.visibilityState !== 'visible') return
    const verdict = recycle({ ageMs: performance.now() - front.bornAtMs, bytes: bytesOf(front.video), playing: front.tile.state.is === 'playing', chance: front.chance })
    if (verdict.do === 'recycle' && turns.take(performance.now())) next = begin(front.url, verdict.why)
  }

  const timer = window.setInterval(ask, ASK_MS)
  return {
    show(url) {
      if (next?.url === url) return
      drop()
      if (front?.url === url) return
      const playing = front?.tile.state.is === 'playing' || front?.tile.state.is === 'behind'
      if (front && playing) next = begin(url, 'other')
      else {
        if (front) end(front)
        front = begin(url, 'other')
        options.onState(front.tile.state, url, front.video)
      }
    },
    close() {
      window.clearInterval(timer)
      drop()
      if (front) end(front)
      front = null
    },
  }
}

/** Chromium counts what the decoder took; others do not, and there age alone decides. */
function bytesOf(video: HTMLVideoElement): number {
  return (video as unknown as { webkitVideoDecodedByteCount?: number }).webkitVideoDecodedByteCount ?? 0
}
