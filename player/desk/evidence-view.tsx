import { useCallback, useEffect, useRef, useState, type ReactElement, type RefObject } from 'react'
import type { EvidenceView } from '../../server/contract/alerts.js'
import type { CameraView } from '../../server/contract/cameras.js'
import { useKeys } from '../keys/use-keys.js'
import { watchPictures } from '../live/watch-pictures.js'
import { Drawn, USUAL_SIZE, type Size } from '../ui/drawn.js'
import { Segments } from '../ui/pieces.js'
import { useNow } from '../ui/now.js'
import { PlaybackLink } from '../playback/playback-link.js'
import { useSignedIn } from '../ui/signed-in.js'
import { HATCH_AGE_MS_MIN, pictureOf, saidOf } from '../wall/picture.js'
import { streamFor, useLive } from '../wall/use-live.js'
import { bytes, clock, day, pictureAge } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { boxesShown, stillsOf, type KeptMoment } from './clip-time.js'
import { Timeline } from './timeline.js'

type Shown = 'clip' | 'still' | 'live'

/** A clip needs its five seconds after; this long after the alert we still expect it. */
const CLIP_EXPECTED_MS = 60_000

/** The middle of the desk: the moment as it was, the one picture that says it, or the street as it is now. */
export function EvidencePane({ alert, camera }: { readonly alert: KeptMoment; readonly camera: CameraView | null }): ReactElement {
  const { t } = useWords()
  const [asked, setAsked] = useState<Shown | null>(null)
  const clip = alert.evidence.find((item) => item.kind === 'clip') ?? null
  const { marked, plain } = stillsOf(alert.evidence)
  const shown: Shown = asked ?? (clip ? 'clip' : 'still')
  const [atMs, setAtMs] = useState<number | null>(null)
  const video = useRef<HTMLVideoElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const witnessAtMs = marked?.fromMs ?? alert.raisedAtMs
  const rules = camera?.rules.filter((rule) => rule.id === alert.ruleId) ?? []

  const seek = useCallback((to: number): void => {
    const player = video.current
    if (!player || !clip) return
    player.currentTime = Math.max(0, Math.min((to - clip.fromMs) / 1000, player.duration || 0))
  }, [clip])
  useKeys((key) => {
    const player = video.current
    if (key.is === 'letter' && key.letter === 'L') return setAsked(shown === 'live' ? (clip ? 'clip' : 'still') : 'live'), true
    if (key.is === 'letter' && key.letter === 'V') return toggleFull(frame), true
    if (key.is === 'letter' && key.letter === 'P' && clip) {
      setAsked('clip')
      seek(witnessAtMs - 2000)
      void player?.play()
      return true
    }
    if (shown !== 'clip' || !player) return false
    if (key.is === 'space') return void (player.paused ? player.play() : player.pause()), true
    if (key.is === 'arrow' && (key.to === 'left' || key.to === 'right')) return (player.currentTime += key.to === 'left' ? -1 : 1), true
    return false
  })

  return (
    <>
      <div className="clip frame" ref={frame} data-shown={shown}>
        {shown === 'clip' && clip ? <Clip key={clip.id} clip={clip} alert={alert} rules={rules} witnessAtMs={witnessAtMs} video={video} onTime={setAtMs} /> : null}
        {shown === 'clip' && !clip ? <NoClip alert={alert} /> : null}
        {shown === 'still' ? <Still still={plain ?? marked} drawn={plain !== null} alert={alert} rules={rules} /> : null}
        {shown === 'live' ? <LiveNow camera={camera} rules={rules} /> : null}
        <Watermark />
      </div>
      <div className="play">
        <Segments label={t('desk.shown')} value={shown} options={[['clip', t('evidence.clip')], ['still', t('evidence.still')], ['live', t('evidence.live')]]} onPick={setAsked} />
        <span className="wide"><kbd>L</kbd> {t('keys.switch')}</span>
        {clip ? <span className="wide"><kbd>P</kbd> {t('keys.replay')}</span> : null}
        {clip ? <span className="wide"><kbd>←</kbd> <kbd>→</kbd> {t('keys.second')}</span> : null}
        <PlaybackLink cameraId={alert.cameraId} atMs={alert.sinceMs} />
        <button type="button" className="link wide" onClick={() => toggleFull(frame)}><kbd>V</kbd> {t('keys.full')}</button>
      </div>
      <Timeline alert={alert} clip={clip} atMs={shown === 'clip' ? atMs : null} onSeek={seek} />
    </>
  )
}

/** The whole screen, and back. */
export function toggleFull(frame: RefObject<HTMLDivElement | null>): void {
  // A browser may refuse (a policy, an embedded page); the picture then stays as it is.
  const done = document.fullscreenElement ? document.exitFullscreen() : frame.current?.requestFullscreen()
  done?.catch(() => null)
}

function Watermark(): ReactElement {
  const me = useSignedIn()
  const now = useNow()
  return <div className="mark">{me.name} · {day(now)} {clock(now)}</div>
}

interface ClipProps {
  readonly clip: EvidenceView
  readonly alert: KeptMoment
  readonly rules: CameraView['rules']
  readonly witnessAtMs: number
  readonly video: RefObject<HTMLVideoElement | null>
  readonly onTime: (atMs: number) => void
}

function Clip({ clip, alert, rules, witnessAtMs, video, onTime }: ClipProps): ReactElement {
  const { t } = useWords()
  const [size, setSize] = useState<Size>(USUAL_SIZE)
  const [atMs, setAtMs] = useState(clip.fromMs)
  const [broken, setBroken] = useState(false)
  useEffect(() => {
    const player = video.current
    if (!player) return
    // Time events come four times a second; the boxes stand for one. Pictures are finer, and cost nothing while paused.
    return watchPictures(player, (mediaTime) => {
      const at = clip.fromMs + mediaTime * 1000
      setAtMs(at)
      onTime(at)
    })
  }, [clip, video, onTime])
  if (broken) return <div className="gone"><b>{t('evidence.unplayable')}</b></div>
  return (
    <>
      <video ref={video} src={clip.url} autoPlay loop muted playsInline onError={() => setBroken(true)} onLoadedMetadata={(event) => setSize({ width: event.currentTarget.videoWidth || USUAL_SIZE.width, height: event.currentTarget.videoHeight || USUAL_SIZE.height })} onClick={(event) => void (event.currentTarget.paused ? event.currentTarget.play() : event.currentTarget.pause())} />
      <Drawn size={size} rules={rules} witnesses={boxesShown(atMs, witnessAtMs) ? alert.witnesses : []} />
      <div className="tag">{t('evidence.clip')} · {clock(atMs)}</div>
    </>
  )
}

function NoClip({ alert }: { readonly alert: KeptMoment }): ReactElement {
  const { t } = useWords()
  const now = useNow()
  const expected = now - alert.raisedAtMs < CLIP_EXPECTED_MS
  return <div className="gone"><b>{t(expected ? 'evidence.coming' : 'evidence.no_clip')}</b><span>{t(expected ? 'evidence.coming_next' : 'evidence.no_clip_next')}</span></div>
}

function Still({ still, drawn, alert, rules }: { readonly still: EvidenceView | null; readonly drawn: boolean; readonly alert: KeptMoment; readonly rules: CameraView['rules'] }): ReactElement {
  const { t, language } = useWords()
  const [size, setSize] = useState<Size>(USUAL_SIZE)
  if (!still) return <div className="gone"><b>{t('evidence.no_still')}</b></div>
  return (
    <>
      <img src={still.url} alt={t('evidence.still')} onLoad={(event) => setSize({ width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight })} />
      {drawn ? <Drawn size={size} rules={rules} witnesses={alert.witnesses} /> : null}
      <div className="tag">{t('evidence.still_at', { time: clock(still.fromMs), size: bytes(still.bytes, language) })}</div>
    </>
  )
}

/** The same street now. The three-second law holds here too. */
function LiveNow({ camera, rules }: { readonly camera: CameraView | null; readonly rules: CameraView['rules'] }): ReactElement {
  const { t, language, pick } = useWords()
  const stream = camera ? streamFor(camera, 'main') : null
  const { watch, keep, seen, size } = useLive(camera?.enabled && stream ? stream.playlist : null)
  const picture = pictureOf(seen, stream ? saidOf(stream) : null, camera?.enabled ?? false)
  const live = picture.is === 'playing'
  return (
    <div className={`livenow tile ${picture.is} ${picture.is === 'lost' && picture.ageMs >= HATCH_AGE_MS_MIN ? 'hatched' : ''}`}>
      <div className="frame">
        <canvas ref={keep} className="kept" aria-hidden="true" />
        <video ref={watch} className="live" muted playsInline />
        {live ? <Drawn size={size ?? USUAL_SIZE} rules={rules} now /> : null}
        <div className="hatch" />
        {picture.is === 'lost' ? <div className="old"><b>{t('tile.old', { time: pictureAge(picture.ageMs, language) })}</b></div> : null}
        {picture.is === 'behind' ? <div className="late"><b>{t('tile.late', { age: pictureAge(picture.ageMs, language) })}</b></div> : null}
        {picture.is === 'waiting' ? <div className="gone"><b>{t('tile.gone')}</b>{picture.trouble ? <span>{pick(picture.trouble.state)}. {pick(picture.trouble.next)}</span> : null}</div> : null}
        {picture.is === 'joining' ? <div className="gone quiet"><span className="dot ring" />{t('tile.joining')}</div> : null}
        {picture.is === 'off' ? <div className="gone"><b>{t('tile.off')}</b></div> : null}
        {live ? <div className="tag"><i className="dot" />{t('evidence.live')} · {pictureAge(picture.ageMs, language)}</div> : null}
      </div>
    </div>
  )
}
