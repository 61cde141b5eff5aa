import type { Stir } from './lane.js'

/**
 * May the decoder rest between key pictures? Where nothing moves, an encoder says so in every packet: it is tiny. So a camera
 * whose sizes have shown that they tell (a stream of constant bit rate never does) is decoded only at its key pictures while
 * its street is empty; the packets between are held, and the first large one wakes the decoder, which is fed all of them.
 * What grows too slowly for that is seen at the next key picture, four seconds later at most.
 */
export interface RestState {
  readonly resting: boolean
  /** Bytes of a packet: the largest lately while nothing moved, and the mean while something did. */
  readonly quietTop: number
  readonly movingMean: number
  readonly quietSeen: number
  readonly movingSeen: number
  readonly keyAtMs: number | null
  readonly keyGapMs: number
}

export interface PacketNews {
  readonly key: boolean
  readonly bytes: number
  /** On the stream's own time line. */
  readonly mediaMs: number
  readonly stir: Stir
}

/** feed: decode it. hold: keep it, it may be needed. wake: decode what was held and this. A key packet makes what was held worthless. */
export type RestVerdict = 'feed' | 'hold' | 'wake'

export const AWAKE: RestState = { resting: false, quietTop: 0, movingMean: 0, quietSeen: 0, movingSeen: 0, keyAtMs: null, keyGapMs: Infinity }

const STILL_MS_MIN = 1_500
/** Seen often enough to be believed: some seconds of either. */
const QUIET_SEEN_MIN = 100
const MOVING_SEEN_MIN = 25
/** Movement must stand out: packets of a moving picture are five to twenty times those of a still one (measured). */
const MOVING_FACTOR_MIN = 2.5
const WAKE_FACTOR = 1.5
const WAKE_BYTES_MORE = 64
const KEY_GAP_MS_MAX = 4_000
const TOP_KEPT = 0.99
const MEAN_STEP = 0.05
/** Nothing new for so long: this packet belongs to a still picture. */
const QUIET_MS_MIN = 1_000

export function restStep(state: RestState, news: PacketNews): [RestState, RestVerdict] {
  if (news.key) {
    const keyGapMs = state.keyAtMs === null ? Infinity : news.mediaMs - state.keyAtMs
    const noted = { ...state, keyAtMs: news.mediaMs, keyGapMs: keyGapMs > 0 ? keyGapMs : Infinity }
    return [{ ...noted, resting: mayRest(noted, news) }, 'feed']
  }
  if (state.resting) {
    if (news.stir.kind !== 'still' || news.bytes > state.quietTop * WAKE_FACTOR + WAKE_BYTES_MORE) return [{ ...state, resting: false }, 'wake']
    return [learnQuiet(state, news.bytes), 'hold']
  }
  if (news.stir.kind === 'moves') return [{ ...state, movingSeen: state.movingSeen + 1, movingMean: state.movingSeen === 0 ? news.bytes : state.movingMean + MEAN_STEP * (news.bytes - state.movingMean) }, 'feed']
  return [news.stir.kind === 'still' && news.stir.ms >= QUIET_MS_MIN ? learnQuiet(state, news.bytes) : state, 'feed']
}

function mayRest(state: RestState, { stir }: PacketNews): boolean {
  const told = state.quietSeen >= QUIET_SEEN_MIN && state.movingSeen >= MOVING_SEEN_MIN && state.movingMean >= MOVING_FACTOR_MIN * state.quietTop
  return stir.kind === 'still' && stir.ms >= STILL_MS_MIN && told && state.keyGapMs <= KEY_GAP_MS_MAX
}

function learnQuiet(state: RestState, bytes: number): RestState {
  return { ...state, quietSeen: state.quietSeen + 1, quietTop: Math.max(bytes, state.quietTop * TOP_KEPT) }
}
