import '../wall/wall.css'
import './playback.css'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import type { HoldView, SpanView } from '../../server/contract/recordings.js'
import { tell } from '../api/here.js'
import { useCameras } from '../api/queries.js'
import { useNow } from '../ui/now.js'
import { Empty, NoRights, Settled, Stale } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { clock, day } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { readAt, readCams, TILES_MAX, writeAt, type PlaybackSearch } from './address.js'
import { CameraPicker, PickerModal } from './camera-picker.js'
import { Controls } from './controls.js'
import { HoldList, ExportList } from './kept-list.js'
import { Lanes, type Cut } from './lanes.js'
import { MarkList } from './mark-list.js'
import { filterMarks, LEAD_MS, marksOf, nextMark, type CameraMark, type MarkFilter } from './marks.js'
import { PastTiles } from './past-tiles.js'
import { otherSpeed, type Speed } from './play-clock.js'
import { useKeys } from '../keys/use-keys.js'
import { deedOf, type PlaybackDeed } from './playback-keys.js'
import { PlaybackDialogs, type Dialog } from './playback-dialogs.js'
import { around, keepInView, lengthOf, zoomBy, ZOOMS, type Zoom } from './scale.js'
import { useExports, usePastDeeds, usePlayer, useSurroundings, useTimelines } from './use-past.js'

export function PlaybackScreen(): ReactElement {
  const { t } = useWords()
  const me = useSignedIn()
  const cameras = useCameras()
  if (!may(me, 'recording.view')) return <main><NoRights /></main>
  return <Settled what={t('playback.one')} query={cameras} rows={8}>{(list) => <Playback cameras={list} />}</Settled>
}

/** Without a moment in the address: a little before now, so that something is there to see. */
const BEFORE_NOW_MS = 60_000
/** Left and right of the moment where nothing was cut. */
const CUT_MS_USUAL = 30_000

function Playback({ cameras }: { readonly cameras: readonly CameraView[] }): ReactElement {
  const { t } = useWords()
  const search = useSearch({ from: '/shell/playback' })
  const navigate = useNavigate({ from: '/playback' })
  const cams = useMemo(() => readCams(search.cams).filter((id) => cameras.some((camera) => camera.id === id)), [search.cams, cameras])
  const go = useCallback((part: PlaybackSearch): void => void navigate({ search: (before) => ({ ...before, ...part }), replace: true }), [navigate])
  const toggle = (cameraId: string): void => go({ cams: (cams.includes(cameraId) ? cams.filter((id) => id !== cameraId) : [...cams, cameraId].slice(0, TILES_MAX)).join(',') })
  if (!cams.length) {
    return (
      <main className="playback empty">
        {cameras.length ? <section className="panel pick-first"><h1>{t('playback.none')}</h1><CameraPicker cameras={cameras} picked={cams} onToggle={toggle} /></section> : <Empty title={t('wall.empty')} next={t('wall.empty_next')} />}
      </main>
    )
  }
  return <Past cameras={cameras} cams={cams} search={search} go={go} toggle={toggle} />
}

interface PastProps {
  readonly cameras: readonly CameraView[]
  readonly cams: readonly string[]
  readonly search: PlaybackSearch
  readonly go: (part: PlaybackSearch) => void
  readonly toggle: (cameraId: string) => void
}

function Past({ cameras, cams, search, go, toggle }: PastProps): ReactElement {
  const me = useSignedIn()
  const { t, pick } = useWords()
  const now = useNow()
  const first = useRef({ atMs: readAt(search.at) ?? now - BEFORE_NOW_MS, speed: search.speed ?? (1 as Speed) })
  const playing = usePlayer(first.current)
  const { state, player } = playing
  const [view, setView] = useState<SpanView>(() => around(first.current.atMs, ZOOMS.hour))
  const [cut, setCut] = useState<Cut>({ is: 'none' })
  const [dialog, setDialog] = useState<Dialog>('none')
  const [filter, setFilter] = useState<MarkFilter>('all')
  const [asked, setAsked] = useState('')
  const shown = useMemo(() => cams.flatMap((id) => cameras.filter((camera) => camera.id === id)).map(({ id, name }) => ({ id, name })), [cams, cameras])
  const nameOf = useCallback((id: string): string => cameras.find((camera) => camera.id === id)?.name ?? id, [cameras])
  const timelines = useTimelines(cams, view, now)
  const near = useSurroundings(cams, state.atMs, now)
  const marks = useMemo(() => marksOf(timelines.list, nameOf), [timelines.list, nameOf])
  const deeds = usePastDeeds()
  const rights = { holds: may(me, 'recording.hold'), exports: may(me, 'recording.export') }
  const exports = useExports(rights.exports)

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
  const goToMark = (mark: CameraMark): void => seek(mark.atMs - LEAD_MS)
  const span = cut.is === 'whole' ? { fromMs: cut.fromMs, toMs: cut.toMs } : { fromMs: Math.round(state.atMs - CUT_MS_USUAL), toMs: Math.min(now, Math.round(state.atMs + CUT_MS_USUAL)) }
  const cutHere = (): void => {
    const atMs = Math.round(player?.moment() ?? state.atMs)
    if (cut.is !== 'begun') return setCut({ is: 'begun', fromMs: atMs })
    if (Math.abs(atMs - cut.fromMs) < 500) return
    setCut({ is: 'whole', fromMs: Math.min(cut.fromMs, atMs), toMs: Math.max(cut.fromMs, atMs) })
    setDialog(rights.exports ? 'export' : 'hold')
  }
  const open = (what: Dialog): void => {
    player?.pause()
    setDialog(what)
  }
  const setSpeed = (speed: Speed): void => {
    player?.setSpeed(speed)
    go({ speed })
  }
  const act = (deed: PlaybackDeed): boolean => {
    const toMark = (to: 'before' | 'after'): void => {
      const mark = nextMark(filterMarks(marks, filter, asked), (player?.moment() ?? state.atMs) + LEAD_MS, to)
      if (mark) goToMark(mark)
    }
    const zoom = (by: number): void => setView((before) => zoomBy(before, by, Math.min(1, Math.max(0, (state.atMs - before.fromMs) / lengthOf(before)))))
    const does: Readonly<Record<PlaybackDeed, () => void>> = {
      run: () => (state.playing ? player?.pause() : player?.play()),
      frame_back: () => player?.step(-1),
      frame_on: () => player?.step(1),
      leap_back: () => seek((player?.moment() ?? state.atMs) - 10_000),
      leap_on: () => seek((player?.moment() ?? state.atMs) + 10_000),
      slower: () => setSpeed(otherSpeed(state.speed, -1)),
      faster: () => setSpeed(otherSpeed(state.speed, 1)),
      mark_before: () => toMark('before'),
      mark_after: () => toMark('after'),
      bookmark: () => open('bookmark'),
      cut: () => (rights.exports || rights.holds ? cutHere() : undefined),
      go_to: () => open('go_to'),
      hold: () => (rights.holds ? open('hold') : undefined),
      zoom_in: () => zoom(1 / 2),
      zoom_out: () => zoom(2),
      drop: () => setCut({ is: 'none' }),
    }
    if (deed === 'drop' && cut.is === 'none') return false
    does[deed]()
    return true
  }
  useKeys((key) => {
    const deed = deedOf(key)
    return deed === null ? false : act(deed)
  })
  const zoom = (Object.keys(ZOOMS) as Zoom[]).find((one) => ZOOMS[one] === lengthOf(view)) ?? null
  const holds = timelines.list.flatMap((timeline) => timeline.holds)
  return (
    <main className="playback">
      <div className="bar">
        <h1>{t('tab.playback')}</h1>
        <button type="button" className="btn sm" onClick={() => open('pick')} data-do="pick">{t('playback.add')}</button>
        <span className="text2 nowrap">{t('playback.cameras_short', { count: shown.length })}</span>
        <span className="grow" />
        <span className="text2 nowrap wide"><kbd>?</kbd> {t('keys.short')}</span>
      </div>
      <PastTiles cameras={shown} playing={playing} timelineOf={near.of} watermark={`${me.name} · ${day(now)} ${clock(now)}`} label={t('playback.tiles')} onRemove={toggle} />
      <section className="panel deck">
        {timelines.error && timelines.list.length ? <Stale atMs={timelines.dataUpdatedAt} onRetry={timelines.refetch} /> : null}
        <Controls state={state} cut={cut} zoom={zoom} rights={rights} do={{ run: () => act('run'), step: (frames) => player?.step(frames), leap: (ms) => seek(state.atMs + ms), speed: setSpeed, zoom: (one) => setView(around(state.atMs, ZOOMS[one])), goTo: () => open('go_to'), bookmark: () => open('bookmark'), cut: cutHere, dropCut: () => setCut({ is: 'none' }), hold: () => open('hold'), export: () => open('export') }} />
        <Settled what={t('lane.all')} query={{ data: timelines.error && !timelines.list.length ? undefined : true, error: timelines.list.length ? null : timelines.error, dataUpdatedAt: timelines.dataUpdatedAt, refetch: timelines.refetch }} rows={shown.length}>
          {() => <Lanes cameras={shown.map((one) => ({ ...one, timeline: timelines.of(one.id) }))} marks={marks} view={view} atMs={state.atMs} nowMs={now} cut={cut} onView={setView} onSeek={seek} onMark={goToMark} />}
        </Settled>
      </section>
      <aside className="panel past-side">
        <MarkList marks={filterMarks(marks, filter, asked)} all={marks.length} filter={filter} asked={asked} atMs={state.atMs} nowMs={now} onFilter={setFilter} onAsk={setAsked} onGo={goToMark} onRemove={(mark) => deeds.removeBookmark.mutate({ cameraId: mark.cameraId, id: mark.id }, { onError: (fault) => tell(pick(fault.problem.title), 'bad') })} />
        <HoldList holds={holds} nameOf={nameOf} onEnd={rights.holds ? (hold: HoldView) => deeds.endHold.mutate(hold) : null} />
        {rights.exports ? <ExportList exports={exports.data ?? []} nameOf={nameOf} nowMs={now} onEnd={(one) => deeds.endExport.mutate(one.id)} /> : null}
      </aside>
      {dialog === 'pick' ? <PickerModal cameras={cameras} picked={cams} onToggle={toggle} onClose={() => setDialog('none')} /> : null}
      <PlaybackDialogs dialog={dialog} cameras={shown} atMs={state.atMs} nowMs={now} span={span} deeds={deeds} timelineOf={timelines.of} onClose={() => { setDialog('none'); for (const one of Object.values(deeds)) one.reset() }} onGoTo={(atMs) => { setDialog('none'); seek(atMs) }} />
    </main>
  )
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
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the clock runs on; only a new address is news
  }, [search.at, player])
}
