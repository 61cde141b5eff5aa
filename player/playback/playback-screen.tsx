import '../wall/wall.css'
import './playback.css'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState, type ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import type { HoldView } from '../../server/contract/recordings.js'
import type { Refused } from '../api/client.js'
import { tell } from '../api/here.js'
import { useCameras } from '../api/queries.js'
import { useNow } from '../ui/now.js'
import { Empty, NoRights, Settled, Stale } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { clock, day } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { readCams, TILES_MAX, type PlaybackSearch } from './address.js'
import { CameraPicker, PickerModal } from './camera-picker.js'
import { Controls } from './controls.js'
import { EndingHolds } from './ending-holds.js'
import { HoldList, ExportList } from './kept-list.js'
import { Lanes } from './lanes.js'
import { MarkList } from './mark-list.js'
import { filterMarks, LEAD_MS, type CameraMark, type MarkFilter } from './marks.js'
import { PastTiles } from './past-tiles.js'
import { PlaybackDialogs } from './playback-dialogs.js'
import { around, lengthOf, ZOOMS, type Zoom } from './scale.js'
import type { PlayState } from './shared-player.js'
import { useDeck } from './use-deck.js'
import { useExports, usePastDeeds } from './use-past.js'

export function PlaybackScreen(): ReactElement {
  const { t } = useWords()
  const me = useSignedIn()
  const cameras = useCameras()
  if (!may(me, 'recording.view')) return <main><NoRights /></main>
  return <Settled what={t('playback.one')} query={cameras} rows={8}>{(list) => <Playback cameras={list} />}</Settled>
}

function Playback({ cameras }: { readonly cameras: readonly CameraView[] }): ReactElement {
  const { t } = useWords()
  const search = useSearch({ from: '/shell/playback' })
  const navigate = useNavigate({ from: '/playback' })
  const now = useNow()
  const cams = useMemo(() => readCams(search.cams).filter((id) => cameras.some((camera) => camera.id === id)), [search.cams, cameras])
  const go = useCallback((part: PlaybackSearch): void => void navigate({ search: (before) => ({ ...before, ...part }), replace: true }), [navigate])
  const toggle = (cameraId: string): void => go({ cams: (cams.includes(cameraId) ? cams.filter((id) => id !== cameraId) : [...cams, cameraId].slice(0, TILES_MAX)).join(',') })
  if (!cams.length) {
    return (
      <main className="playback empty">
        {cameras.length ? <section className="panel pick-first"><h1>{t('playback.none')}</h1><CameraPicker cameras={cameras} picked={cams} onToggle={toggle} /><EndingHolds nameOf={(id) => cameras.find((camera) => camera.id === id)?.name ?? id} nowMs={now} /></section> : <Empty title={t('wall.empty')} next={t('wall.empty_next')} />}
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
  const [filter, setFilter] = useState<MarkFilter>('all')
  const [asked, setAsked] = useState('')
  const shown = useMemo(() => cams.flatMap((id) => cameras.filter((camera) => camera.id === id)).map(({ id, name }) => ({ id, name })), [cams, cameras])
  const nameOf = useCallback((id: string): string => cameras.find((camera) => camera.id === id)?.name ?? id, [cameras])
  const rights = { holds: may(me, 'recording.hold'), exports: may(me, 'recording.export') }
  const deck = useDeck({ cams, search, now, rights, go, marksShown: (marks) => filterMarks(marks, filter, asked), nameOf })
  const { playing, view, cut, dialog, timelines, near, marks, act, seek, open } = deck
  const { state, player } = playing
  const deeds = usePastDeeds()
  const opened = useOpened(state)
  const exports = useExports(rights.exports && opened)
  const goToMark = (mark: CameraMark): void => seek(mark.atMs - LEAD_MS)
  const zoom = (Object.keys(ZOOMS) as Zoom[]).find((one) => ZOOMS[one] === lengthOf(view)) ?? null
  const told = { onError: (fault: Refused) => tell(pick(fault.problem.title), 'bad') }
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
        <Controls state={state} cut={cut} zoom={zoom} rights={rights} do={{ run: () => act('run'), step: (frames) => player?.step(frames), leap: (ms) => act(ms < 0 ? 'leap_back' : 'leap_on'), speed: deck.setSpeed, zoom: (one) => deck.setView(around(state.atMs, ZOOMS[one])), goTo: () => open('go_to'), bookmark: () => open('bookmark'), cut: () => act('cut'), dropCut: () => act('drop'), hold: () => open('hold'), export: () => open('export'), report: () => open('report') }} />
        <Settled what={t('lane.all')} query={{ data: timelines.error && !timelines.list.length ? undefined : true, error: timelines.list.length ? null : timelines.error, dataUpdatedAt: timelines.dataUpdatedAt, refetch: timelines.refetch }} rows={shown.length}>
          {() => <Lanes cameras={shown.map((one) => ({ ...one, timeline: timelines.of(one.id) }))} marks={marks} view={view} atMs={state.atMs} nowMs={now} cut={cut} onView={deck.setView} onSeek={seek} onMark={goToMark} />}
        </Settled>
      </section>
      <aside className="panel past-side">
        <MarkList marks={filterMarks(marks, filter, asked)} all={marks.length} filter={filter} asked={asked} atMs={state.atMs} nowMs={now} onFilter={setFilter} onAsk={setAsked} onGo={goToMark} onRemove={(mark) => deeds.removeBookmark.mutate({ cameraId: mark.cameraId, id: mark.id }, told)} />
        {opened ? <EndingHolds nameOf={nameOf} nowMs={now} /> : null}
        <HoldList holds={timelines.list.flatMap((timeline) => timeline.holds)} nameOf={nameOf} onEnd={rights.holds ? (hold: HoldView) => deeds.endHold.mutate(hold, told) : null} />
        {rights.exports ? <ExportList exports={exports.data ?? []} nameOf={nameOf} nowMs={now} onEnd={(one) => deeds.endExport.mutate(one.id, told)} /> : null}
      </aside>
      {dialog === 'pick' ? <PickerModal cameras={cameras} picked={cams} onToggle={toggle} onClose={() => open('none')} /> : null}
      <PlaybackDialogs dialog={dialog} cameras={shown} atMs={state.atMs} nowMs={now} span={deck.span} seen={deck.seen} deeds={deeds} timelineOf={timelines.of} onClose={() => { open('none'); for (const one of Object.values(deeds)) one.reset() }} onGoTo={(atMs) => { open('none'); seek(atMs) }} />
    </main>
  )
}

/** True from the moment on when the first tile shows what it can: what is not needed for that is asked for after it. */
function useOpened({ tiles }: PlayState): boolean {
  const [opened, setOpened] = useState(false)
  const now = Object.values(tiles).some(({ is }) => is !== 'opening')
  useEffect(() => {
    if (now) setOpened(true)
  }, [now])
  return opened
}
