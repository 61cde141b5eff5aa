import type { TimelineView } from '../../server/contract/recordings.js'
import { jumpOverGap, newestOf } from './past.js'
import { openPastTile, type OpenList, type PastPicture, type PastTile } from './past-tile.js'
import * as clocks from './play-clock.js'
import type { PlayClock, Speed } from './play-clock.js'

/** What the screen is told: one moment, and what each tile shows of it. */
export interface PlayState {
  readonly atMs: number
  readonly speed: Speed
  /** Wanted by the person; the clock itself may wait for pictures meanwhile. */
  readonly playing: boolean
  readonly waiting: boolean
  readonly tiles: Readonly<Record<string, PastPicture>>
  /** The last gap that was jumped over, told for some seconds. */
  readonly jumped: { readonly fromMs: number; readonly toMs: number } | null
  /** The end of what is recorded: the clock stands there. */
  readonly atEnd: boolean
}

export interface SharedPlayer {
  play(): void
  pause(): void
  seek(atMs: number): void
  setSpeed(speed: Speed): void
  /** Frames on or back; pauses. */
  step(frames: number): void
  /** What the lanes know: where there is something to show. */
  know(timelines: readonly Pick<TimelineView, 'cameraId' | 'recorded'>[]): void
  attach(cameraId: string, video: HTMLVideoElement): () => void
  moment(): number
  close(): void
}

const TICK_MS = 50
const TELL_MS = 200
/** A tile that cannot open holds the others up no longer than this. */
const PATIENCE_MS = 4_000
/** Where none of them has its picture, nobody is held up; but one that never comes must not stop the clock for ever. */
const PATIENCE_ALONE_MS = 15_000
const JUMP_TOLD_MS = 6_000
/** Behind the newest recorded picture, so that there is a picture to stand on. */
const END_MARGIN_MS = 250

/** Up to nine tiles on one clock, without React. */
export function openSharedPlayer(options: { readonly atMs: number; readonly speed: Speed; readonly openList: OpenList; readonly onState: (state: PlayState) => void }): SharedPlayer {
  const tiles = new Map<string, PastTile>()
  let clock: PlayClock = clocks.startAt(options.atMs, options.speed, performance.now())
  let playing = false
  let waitingSince: number | null = performance.now()
  /** Held the clock up for as long as it may: not waited for again before they were ready once. */
  let givenUp: readonly PastTile[] = []
  let timelines: readonly Pick<TimelineView, 'cameraId' | 'recorded'>[] = []
  let jumped: PlayState['jumped'] = null
  let jumpedAt = -Infinity
  let told = -Infinity
  let toldKinds = ''

  const now = (): number => performance.now()
  const moment = (): number => clocks.momentOf(clock, now())
  const shownTimelines = (): readonly Pick<TimelineView, 'cameraId' | 'recorded'>[] => timelines.filter(({ cameraId }) => tiles.has(cameraId))
  const atEnd = (): boolean => {
    const newest = newestOf(shownTimelines())
    return newest !== null && moment() >= newest - END_MARGIN_MS
  }
  const kinds = (): string => [...tiles].map(([id, tile]) => `${id} ${tile.picture().is}`).join()
  const tell = (): void => {
    told = now()
    toldKinds = kinds()
    options.onState({ atMs: moment(), speed: clock.speed, playing, waiting: playing && !clock.running, tiles: Object.fromEntries([...tiles].map(([id, tile]) => [id, tile.picture()])), jumped: now() - jumpedAt < JUMP_TOLD_MS ? jumped : null, atEnd: atEnd() })
  }
  const wait = (): void => {
    clock = clocks.halt(clock, now())
    waitingSince = now()
  }

  /** The clock waits for pictures after a jump, jumps over what nobody recorded, and stands at the end. */
  const govern = (): void => {
    if (!playing) return
    const known = shownTimelines()
    if (known.length > 0) {
      const to = jumpOverGap(known, moment())
      if (to !== null) {
        jumped = { fromMs: moment(), toMs: to }
        jumpedAt = now()
        clock = clocks.seek(clock, to, now())
        return wait()
      }
      if (atEnd()) {
        const newest = newestOf(known) ?? moment()
        clock = clocks.halt(clocks.seek(clock, Math.min(moment(), newest - END_MARGIN_MS), now()), now())
        playing = false
        return
      }
    }
    const all = [...tiles.values()]
    givenUp = givenUp.filter((tile) => !tile.ready())
    if (waitingSince === null && all.some((tile) => tile.readingOn() || (tile.dry() && !givenUp.includes(tile)))) wait()
    if (waitingSince === null) return
    const late = all.filter((tile) => !tile.ready())
    if (late.length > 0 && now() - waitingSince < (late.length < all.length ? PATIENCE_MS : PATIENCE_ALONE_MS)) return
    givenUp = late
    waitingSince = null
    clock = clocks.run(clock, now())
  }

  const tick = (): void => {
    govern()
    const wanted = { atMs: moment(), speed: clock.speed, running: clock.running }
    const newestMs = newestOf(shownTimelines())
    for (const tile of tiles.values()) tile.want(wanted, newestMs)
    // A picture that came is told at once; what runs on, some times a second.
    if (now() - told >= TELL_MS || kinds() !== toldKinds) tell()
  }
  const timer = window.setInterval(tick, TICK_MS)

  const seek = (atMs: number): void => {
    clock = clocks.seek(clock, Math.max(0, atMs), now())
    jumped = null
    wait()
    tick()
    tell()
  }
  return {
    play() {
      playing = true
      waitingSince ??= now()
      tick()
      tell()
    },
    pause() {
      playing = false
      clock = clocks.halt(clock, now())
      tick()
      tell()
    },
    seek,
    setSpeed(speed) {
      clock = clocks.setSpeed(clock, speed, now())
      tick()
      tell()
    },
    step(frames) {
      playing = false
      clock = clocks.halt(clock, now())
      const frameMs = Math.min(...[...tiles.values()].map((tile) => tile.frameMs()), 100)
      seek(moment() + frames * frameMs)
    },
    know(next) {
      timelines = next
    },
    attach(cameraId, video) {
      const tile = openPastTile(video, cameraId, options.openList)
      tiles.get(cameraId)?.close()
      tiles.set(cameraId, tile)
      wait()
      tick()
      return () => {
        tile.close()
        if (tiles.get(cameraId) === tile) tiles.delete(cameraId)
      }
    },
    moment,
    close() {
      window.clearInterval(timer)
      for (const tile of tiles.values()) tile.close()
      tiles.clear()
    },
  }
}
