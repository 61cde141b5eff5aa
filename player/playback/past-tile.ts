import type { SpanView } from '../../server/contract/recordings.js'
import { watchPictures } from '../live/watch-pictures.js'
import { loadedTo, mediaTimeOf, momentOfMedia, standsFor, windowFor, type ListPiece } from './past.js'
import { follow, type Speed } from './play-clock.js'

/** What is claimed of one tile. `shownMs` is the moment of the picture on the glass, from its own frame. */
export type PastPicture =
  | { readonly is: 'opening' }
  | { readonly is: 'showing'; readonly shownMs: number; readonly driftMs: number }
  /** No recording at this moment: the timeline says why. */
  | { readonly is: 'nothing' }
  | { readonly is: 'trouble'; readonly word: string }

/** What the clock wants of a tile now. */
export interface Wanted {
  readonly atMs: number
  readonly speed: Speed
  readonly running: boolean
}

export interface OpenedList {
  pieces(): readonly ListPiece[]
  close(): void
}

/** Opens the list of a span; `onListed` answers at which media second to begin. */
export type OpenList = (video: HTMLVideoElement, cameraId: string, span: SpanView, events: { readonly onListed: (pieces: readonly ListPiece[]) => number; readonly onTrouble: (word: string) => void }) => OpenedList | null

export interface PastTile {
  /** Called some times a second with the clock's moment; a moment elsewhere is a jump. */
  want(wanted: Wanted, newestMs: number | null): void
  /** Whether the picture of the wanted moment is on the glass, or there is none to wait for. */
  ready(): boolean
  /** Whether what is loaded ended while the clock runs: the last picture stands until more comes. */
  dry(): boolean
  /** Whether the list came to its end while recording went on, and the next one is not there yet: its last picture stays on the glass. */
  readingOn(): boolean
  picture(): PastPicture
  /** Length of one frame as measured, for stepping. */
  frameMs(): number
  close(): void
}

/** A jump is not made again before the last one had time to land. */
const JUMP_AGAIN_MS = 1_500
const SEEK_NEAR_MS = 60
const RETRY_MS = 3_000
/** A list near the present is read again when recording has gone on, but no more often than this. */
const REOPEN_MS = 2_000
/** A place that has shown nothing for so long is opened from the beginning: jumps during an opening can leave hls.js waiting for a load that was broken off. */
const STUCK_MS = 8_000
const FRAME_MS_USUAL = 40
/** A clock that starts with less loaded stops at once. Seconds of the past, at 1× and below. */
const READY_AHEAD_S = 0.5

/** One camera of the past: opens the right list, holds the element to the clock, and says from the shown frames what is seen. */
export function openPastTile(video: HTMLVideoElement, cameraId: string, openList: OpenList): PastTile {
  let list: OpenedList | null = null
  let span: SpanView | null = null
  let listed = false
  let trouble: { readonly word: string; readonly atMonoMs: number } | null = null
  let wanted: Wanted = { atMs: 0, speed: 1, running: false }
  let shown: { readonly mediaTime: number } | null = null
  let frameMs = FRAME_MS_USUAL
  let jumpedAtMonoMs = -Infinity
  let jumpedTo: number | null = null
  let openedAtMonoMs = -Infinity
  let kept: { readonly atMs: number; readonly picture: string } | null = null

  const letGo = (): void => {
    kept = null
    video.removeAttribute('poster')
  }
  /** A list near the present ends every few seconds: until the next one shows its first picture, the last of this one stays. False: there is a picture, but it cannot be copied while the element lands somewhere. */
  const closeKeepingLast = (): boolean => {
    const atMs = shown && momentOfMedia(list?.pieces() ?? [], shown.mediaTime)
    const picture = atMs === null ? null : copyOf(video)
    if (atMs !== null && picture === null) return false
    const last = atMs !== null && picture !== null ? { atMs, picture } : kept
    forget()
    kept = last
    if (last) video.poster = last.picture
    return true
  }

  const stopWatching = watchPictures(video, (mediaTime) => {
    // A frame that was on its way when its list was left.
    if (!listed) return
    const step = shown ? (mediaTime - shown.mediaTime) * 1000 : 0
    // At 1× each picture comes by; the shortest step seen is the frame.
    if (step > 8 && step < 250) frameMs = Math.min(step, frameMs * 1.05)
    shown = { mediaTime }
    letGo()
    const atMs = momentOfMedia(list?.pieces() ?? [], mediaTime)
    if (atMs !== null) video.dataset['shownMs'] = String(Math.round(atMs))
  })

  const forget = (): void => {
    list?.close()
    list = null
    listed = false
    shown = null
    jumpedTo = null
    delete video.dataset['shownMs']
    letGo()
  }
  const open = (to: SpanView): void => {
    if (list) forget()
    span = to
    trouble = null
    openedAtMonoMs = performance.now()
    list = openList(video, cameraId, to, {
      onListed(pieces) {
        listed = true
        const at = mediaTimeOf(pieces, wanted.atMs)
        jumpedTo = at
        jumpedAtMonoMs = performance.now()
        if (at === null && !beyond(pieces)) letGo()
        return at ?? -1
      },
      onTrouble(word) {
        letGo()
        trouble = { word, atMonoMs: performance.now() }
      },
    })
  }
  const beyond = (pieces: readonly ListPiece[]): boolean => {
    const last = pieces.at(-1)
    return wanted.atMs >= (last?.programDateTime == null ? 0 : last.programDateTime + last.duration * 1000)
  }
  /** The list was written when it was opened; what was recorded since is not in it. */
  const outgrown = (newestMs: number | null): boolean => newestMs !== null && wanted.atMs < newestMs && beyond(list?.pieces() ?? []) && performance.now() - openedAtMonoMs > REOPEN_MS
  const stuck = (): boolean => video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA && performance.now() - Math.max(openedAtMonoMs, jumpedAtMonoMs) > STUCK_MS
  const jump = (mediaTime: number): void => {
    jumpedAtMonoMs = performance.now()
    jumpedTo = mediaTime
    video.currentTime = mediaTime
  }
  const play = (): void => void video.play().catch(() => undefined) // Refused while a newer source is attached: the next call tries again.

  /** Seconds loaded from here on; all that is left of the list is enough for ever. */
  const aheadS = (): number => {
    const { buffered, currentTime } = video
    const last = list?.pieces().at(-1)
    const end = loadedTo(Array.from({ length: buffered.length }, (_, one) => ({ start: buffered.start(one), end: buffered.end(one) })), currentTime)
    return last && end >= last.start + last.duration - 0.1 ? Infinity : end - currentTime
  }

  /** Where the element stands against the clock. */
  const steer = (mediaTime: number): void => {
    const driftMs = (video.currentTime - mediaTime) * 1000
    const landing = video.seeking || performance.now() - jumpedAtMonoMs < JUMP_AGAIN_MS
    if (!wanted.running) {
      if (!video.paused) video.pause()
      if (Math.abs(driftMs) > SEEK_NEAR_MS / 4 && (!landing || (jumpedTo !== null && Math.abs(jumpedTo - mediaTime) > 0.001))) jump(mediaTime)
      return
    }
    const next = follow(driftMs, wanted.speed)
    if (next.do === 'jump') {
      if (!landing || (jumpedTo !== null && Math.abs(jumpedTo - mediaTime) > 5 * wanted.speed)) jump(mediaTime)
    } else if (Math.abs(video.playbackRate - next.rate) > 0.001) video.playbackRate = next.rate
    // An element that came to the end of its list begins at its start when told to play (HTML, "play" on an ended element): the clock is still on its last pictures.
    if (video.paused && !video.ended) play()
  }

  video.muted = true
  video.playsInline = true
  return {
    want(next, newestMs) {
      wanted = next
      if (trouble && performance.now() - trouble.atMonoMs > RETRY_MS && (trouble.word !== 'empty' || (newestMs !== null && next.atMs < newestMs))) span = null
      const to = windowFor(next.atMs, span, newestMs)
      if (to) return open(to)
      if (!listed || !list) return
      if (kept && !standsFor(kept.atMs, next.atMs, next.speed)) letGo()
      const mediaTime = mediaTimeOf(list.pieces(), next.atMs)
      if (mediaTime !== null && stuck()) span = null
      else if (mediaTime !== null) steer(mediaTime)
      else {
        if (!video.paused) video.pause()
        if (outgrown(newestMs) && (closeKeepingLast() || stuck())) span = null
      }
    },
    ready() {
      if (trouble) return true
      if (!listed || !list) return false
      const mediaTime = mediaTimeOf(list.pieces(), wanted.atMs)
      if (mediaTime === null) return true
      const landed = !video.seeking && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && Math.abs(video.currentTime - mediaTime) < 1 * Math.max(1, wanted.speed)
      return landed && aheadS() >= READY_AHEAD_S * Math.max(1, wanted.speed)
    },
    dry: () => wanted.running && shown !== null && !trouble && list !== null && mediaTimeOf(list.pieces(), wanted.atMs) !== null && aheadS() < (frameMs / 1000) * Math.max(1, wanted.speed),
    readingOn: () => kept !== null && !listed && trouble === null,
    picture() {
      if (kept !== null && trouble === null) return { is: 'showing', shownMs: kept.atMs, driftMs: kept.atMs - wanted.atMs }
      if (trouble) return trouble.word === 'empty' ? { is: 'nothing' } : { is: 'trouble', word: trouble.word }
      if (!listed || !list) return { is: 'opening' }
      const pieces = list.pieces()
      const shownMs = shown ? momentOfMedia(pieces, shown.mediaTime) : null
      const stands = shownMs !== null && standsFor(shownMs, wanted.atMs, wanted.speed)
      // Past the end of the list more may be recorded by now; within it, there is a gap.
      if (mediaTimeOf(pieces, wanted.atMs) === null && !(beyond(pieces) && stands)) return { is: 'nothing' }
      if (shownMs === null || (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA && !stands)) return { is: 'opening' }
      // Measured at the element's own clock: the last frame callback may be up to a frame old.
      const elementMs = momentOfMedia(pieces, video.currentTime) ?? shownMs
      return { is: 'showing', shownMs, driftMs: elementMs - wanted.atMs }
    },
    frameMs: () => frameMs,
    close() {
      stopWatching()
      forget()
      video.removeAttribute('src')
      video.load()
    },
  }
}

/** The picture on the glass as a data address; null where there is none yet. */
function copyOf(video: HTMLVideoElement): string | null {
  const canvas = document.createElement('canvas')
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  if (canvas.width === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null
  canvas.getContext('2d')?.drawImage(video, 0, 0)
  return canvas.toDataURL('image/jpeg', 0.8)
}
