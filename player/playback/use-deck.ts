import { useEffect, useMemo, useRef, useState } from 'react'
import type { SpanView } from '../../server/contract/recordings.js'
import { useKeys } from '../keys/use-keys.js'
import { readAt, writeAt, type PlaybackSearch } from './address.js'
import type { Cut } from './lanes.js'
import { LEAD_MS, marksOf, nextMark, type CameraMark } from './marks.js'
import { otherSpeed, type Speed } from './play-clock.js'
import type { Dialog } from './playback-dialogs.js'
import { deedOf, type PlaybackDeed } from './playback-keys.js'
import { around, keepInView, lengthOf, zoomBy, ZOOMS } from './scale.js'
import { usePlayer, useSurroundings, useTimelines, type Playing, type Timelines } from './use-past.js'

export interface DeckParts {
  readonly cams: readonly string[]
  readonly search: PlaybackSearch
  readonly now: number
  readonly rights: { readonly holds: boolean; readonly exports: boolean }
  readonly go: (part: PlaybackSearch) => void
  /** Those that P and N walk along: what the list shows. */
  readonly marksShown: (marks: readonly CameraMark[]) => readonly CameraMark[]
  readonly nameOf: (cameraId: string) => string
}

export interface Deck {
  readonly playing: Playing
  readonly view: SpanView
  readonly setView: (view: SpanView) => void
  readonly cut: Cut
  /** What was cut, or a minute around the moment. */
  readonly span: SpanView
  /** What was cut, or what the lanes show of the past. */
  readonly seen: SpanView
  readonly dialog: Dialog
  readonly timelines: Timelines
  readonly near: Timelines
  readonly marks: readonly CameraMark[]
  readonly act: (deed: PlaybackDeed) => boolean
  readonly seek: (atMs: number) => void
  readonly setSpeed: (speed: Speed) => void
  readonly open: (dialog: Dialog) => void
}

/** Without a moment in the address: a little before now, so that something is there to see. */
const BEFORE_NOW_MS = 60_000
/** Left and right of the moment where nothing was cut. */
const CUT_MS_USUAL = 30_000
const LEAP_MS = 10_000
/** A cut shorter than this is a key pressed twice. */
const CUT_MS_MIN = 500

/** What the hands and keys of the screen do to the one clock, the lanes, the cut and the address. */
export function useDeck({ cams, search, now, rights, go, marksShown, nameOf }: DeckParts): Deck {
  const first = useRef({ atMs: readAt(search.at) ?? now - BEFORE_NOW_MS, speed: search.speed ?? (1 as Speed) })
  const playing = usePlayer(first.current)
  const { state, player } = playing
  const [view, setView] = useState<SpanView>(() => around(first.current.atMs, ZOOMS.hour))
  const [cut, setCut] = useState<Cut>({ is: 'none' })
  const [dialog, setDialog] = useState<Dialog>('none')
  const timelines = useTimelines(cams, view, now)
  const near = useSurroundings(cams, state.atMs, now)
  const marks = useMemo(() => marksOf(timelines.list, nameOf), [timelines.list, nameOf])
  const moment = (): number => player?.moment() ?? state.atMs

  useEffect(() => player?.know(near.list))
  useFollow({ playing: state.playing, atMs: state.atMs, view, setView })
  useAddress({ search, player, go, atMs: state.atMs, playing: state.playing, speed: state.speed })
  // The clock begins to run when the first pictures are there; a link to a moment is a wish to see it.
  useEffect(() => player?.play(), [player])

  const seek = (atMs: number): void => {
    const to = Math.min(atMs, now)
    player?.seek(to)
    setView((before) => keepInView(before, to))
    go({ at: writeAt(to) })
  }
  const open = (what: Dialog): void => {
    if (what !== 'none') player?.pause()
    setDialog(what)
  }
  const setSpeed = (speed: Speed): void => {
    player?.setSpeed(speed)
    go({ speed })
  }
  const cutHere = (): void => {
    const atMs = Math.round(moment())
    if (cut.is !== 'begun') return setCut({ is: 'begun', fromMs: atMs })
    if (Math.abs(atMs - cut.fromMs) < CUT_MS_MIN) return
    setCut({ is: 'whole', fromMs: Math.min(cut.fromMs, atMs), toMs: Math.max(cut.fromMs, atMs) })
    open(rights.exports ? 'export' : 'hold')
  }
  const toMark = (to: 'before' | 'after'): void => {
    const mark = nextMark(marksShown(marks), moment() + LEAD_MS, to)
    if (mark) seek(mark.atMs - LEAD_MS)
  }
  const zoom = (by: number): void => setView((before) => zoomBy(before, by, Math.min(1, Math.max(0, (state.atMs - before.fromMs) / lengthOf(before)))))
  const does: Readonly<Record<PlaybackDeed, () => void>> = {
    run: () => (state.playing ? player?.pause() : player?.play()),
    frame_back: () => player?.step(-1),
    frame_on: () => player?.step(1),
    leap_back: () => seek(moment() - LEAP_MS),
    leap_on: () => seek(moment() + LEAP_MS),
    slower: () => setSpeed(otherSpeed(state.speed, -1)),
    faster: () => setSpeed(otherSpeed(state.speed, 1)),
    mark_before: () => toMark('before'),
    mark_after: () => toMark('after'),
    bookmark: () => open('bookmark'),
    cut: () => (rights.exports || rights.holds ? cutHere() : undefined),
    go_to: () => open('go_to'),
    hold: () => (rights.holds ? open('hold') : undefined),
    report: () => open('report'),
    zoom_in: () => zoom(1 / 2),
    zoom_out: () => zoom(2),
    drop: () => setCut({ is: 'none' }),
  }
  const act = (deed: PlaybackDeed): boolean => {
    if (deed === 'drop' && cut.is === 'none') return false
    does[deed]()
    return true
  }
  useKeys((key) => {
    const deed = deedOf(key)
    return deed === null ? false : act(deed)
  })
  const span = cut.is === 'whole' ? { fromMs: cut.fromMs, toMs: cut.toMs } : { fromMs: Math.round(state.atMs - CUT_MS_USUAL), toMs: Math.min(now, Math.round(state.atMs + CUT_MS_USUAL)) }
  const seen = cut.is === 'whole' ? span : { fromMs: Math.round(view.fromMs), toMs: Math.round(Math.min(now, view.toMs)) }
  return { playing, view, setView, cut, span, seen, dialog, timelines, near, marks, act, seek, setSpeed, open }
}

/** While it plays, the lanes turn their page with the clock; while a person looks elsewhere, they do not. */
function useFollow({ playing, atMs, view, setView }: { readonly playing: boolean; readonly atMs: number; readonly view: SpanView; readonly setView: (view: SpanView) => void }): void {
  const was = useRef(atMs)
  useEffect(() => {
    const seen = was.current >= view.fromMs && was.current <= view.toMs
    was.current = atMs
    if (playing && seen && (atMs < view.fromMs || atMs > view.toMs)) setView(keepInView(view, atMs))
  }, [playing, atMs, view, setView])
}

/** The address tells the moment whenever the clock stands, so that it can be sent to a colleague; and a new address is obeyed. */
function useAddress({ search, player, go, atMs, playing, speed }: { readonly search: PlaybackSearch; readonly player: { seek(atMs: number): void } | null; readonly go: (part: PlaybackSearch) => void; readonly atMs: number; readonly playing: boolean; readonly speed: Speed }): void {
  const written = useRef(search.at)
  const stands = playing ? null : writeAt(atMs)
  useEffect(() => {
    if (stands === null || stands === written.current) return
    written.current = stands
    go({ at: stands, speed })
  }, [stands, speed, go])
  useEffect(() => {
    const to = readAt(search.at)
    if (to === null || search.at === written.current) return
    written.current = search.at
    // A second is what the address can tell: within it, it is our own writing that comes back.
    if (Math.abs(to - atMs) > 1_500) player?.seek(to)
    // Not of `atMs`: the clock runs on; only a new address is news.
  }, [search.at, player])
}
