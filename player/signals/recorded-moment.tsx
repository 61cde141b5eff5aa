import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import type { RuleView } from '../../server/contract/cameras.js'
import type { HeldView } from '../../server/contract/signals.js'
import { boxesShown } from '../desk/clip-time.js'
import { toggleFull } from '../desk/evidence-view.js'
import { useKeys } from '../keys/use-keys.js'
import { thereAt } from '../playback/past.js'
import { PastOver } from '../playback/past-tile-view.js'
import { PlaybackLink } from '../playback/playback-link.js'
import { usePlayer, useTimelines } from '../playback/use-past.js'
import { Drawn, USUAL_SIZE, type Size } from '../ui/drawn.js'
import { NoRights } from '../ui/pieces.js'
import { useNow } from '../ui/now.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { clock, day } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { around, playable } from './recorded-span.js'

/** What was recorded near it tells why there may be no picture. */
const AROUND_MS = 60_000
const STEP_MS = 1_000

interface RecordedMomentProps {
  readonly held: Pick<HeldView, 'incidentId' | 'cameraId' | 'sinceMs' | 'openedAtMs' | 'witnesses'>
  readonly rules: readonly RuleView[]
}

/** The moment as it was recorded, over and over, with the boxes at the instant they were seen. */
export function RecordedMoment(props: RecordedMomentProps): ReactElement {
  const me = useSignedIn()
  return may(me, 'recording.view') ? <Recorded key={props.held.incidentId} {...props} /> : <div className="clip frame"><NoRights /></div>
}

function Recorded({ held: { cameraId, sinceMs, openedAtMs, witnesses }, rules }: RecordedMomentProps): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const now = useNow()
  const { fromMs, toMs } = around({ sinceMs, openedAtMs })
  const { state, player, attach } = usePlayer({ atMs: sinceMs, speed: 1 })
  const timelines = useTimelines(useMemo(() => [cameraId], [cameraId]), useMemo(() => ({ fromMs: fromMs - AROUND_MS, toMs: toMs + AROUND_MS }), [fromMs, toMs]), now)
  const timeline = timelines.of(cameraId)
  const [size, setSize] = useState<Size>(USUAL_SIZE)
  const frame = useRef<HTMLDivElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => (video.current ? attach(cameraId, video.current) : undefined), [attach, cameraId])
  useEffect(() => {
    if (timeline) player?.know([timeline])
  }, [player, timeline])
  const span = timeline && playable(timeline.recorded, { sinceMs, openedAtMs })
  const startMs = span?.fromMs ?? null
  const again = useCallback((): void => {
    if (startMs === null) return
    player?.seek(startMs)
    player?.play()
  }, [player, startMs])
  useEffect(again, [again])
  // The recording may go on while somebody looks: then it is played a little further each time.
  const over = span !== null && state.playing && state.atMs > span.toMs
  useEffect(() => {
    if (over) again()
  }, [over, again])
  useKeys((key) => {
    if (!player) return false
    if (key.is === 'letter' && key.letter === 'P') return again(), true
    if (key.is === 'letter' && key.letter === 'V') return toggleFull(frame), true
    if (key.is === 'space') return (state.playing ? player.pause() : player.play()), true
    if (key.is === 'arrow' && (key.to === 'left' || key.to === 'right')) {
      player.pause()
      player.seek(state.atMs + (key.to === 'left' ? -STEP_MS : STEP_MS))
      return true
    }
    return false
  })
  const picture = state.tiles[cameraId] ?? { is: 'opening' }
  const witnessAtMs = witnesses[0]?.atMs ?? openedAtMs
  return (
    <>
      <div className="clip frame recorded" ref={frame} data-moment={picture.is}>
        <video ref={video} muted playsInline onLoadedMetadata={({ currentTarget: { videoWidth, videoHeight } }) => videoWidth > 0 && setSize({ width: videoWidth, height: videoHeight })} aria-label={t('held.recorded')} />
        {picture.is === 'showing' ? <Drawn size={size} rules={rules} witnesses={boxesShown(picture.shownMs, witnessAtMs) ? witnesses : []} /> : null}
        <PastOver picture={picture} there={timeline && thereAt(timeline, state.atMs)} expiredBeforeMs={timeline?.expiredBeforeMs ?? null} />
        {picture.is === 'showing' ? <div className="tag">{t('held.recorded')} · {clock(picture.shownMs)}</div> : null}
        <div className="mark">{me.name} · {day(now)} {clock(now)}</div>
      </div>
      <div className="play">
        <button type="button" className="btn sm" onClick={again} data-do="replay"><kbd>P</kbd>{t('keys.replay')}</button>
        <span className="wide"><kbd>{t('key.space')}</kbd> {t('keys.run')}</span>
        <span className="wide"><kbd>←</kbd> <kbd>→</kbd> {t('keys.second')}</span>
        <PlaybackLink cameraId={cameraId} atMs={sinceMs} />
        <button type="button" className="link wide" onClick={() => toggleFull(frame)}><kbd>V</kbd> {t('keys.full')}</button>
      </div>
    </>
  )
}
