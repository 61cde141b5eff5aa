import type { ReactElement, ReactNode } from 'react'
import type { SpanView } from '../../server/contract/recordings.js'
import { clock, day, number } from '../words/measures.js'
import { useWords } from '../words/words.js'
import type { There } from './past.js'
import type { PastPicture } from './past-tile.js'
import { DRIFT_SHOWN_MS } from './play-clock.js'

interface PastTileProps {
  readonly number: number
  readonly name: string
  readonly picture: PastPicture
  /** What the timeline knows of this moment; null while it is being read. */
  readonly there: There | null
  readonly playing: boolean
  readonly expiredBeforeMs: number | null
  readonly watermark: string | null
  readonly onRemove: () => void
  readonly children: ReactNode
}

/** One camera of the past: the caption tells the moment of the very picture that is shown, never of the one that was asked for. */
export function PastTileView(props: PastTileProps): ReactElement {
  const { t } = useWords()
  const { picture } = props
  const state = picture.is === 'nothing' ? (props.there?.is === 'recorded' ? 'opening' : 'gap') : picture.is
  return (
    <figure className={`tile past ${state === 'trouble' ? 'fails' : state}`} data-past={props.number} data-state={state}>
      <div className="frame">
        {props.children}
        <PastOver {...props} />
        {props.watermark ? <div className="mark">{props.watermark}</div> : null}
      </div>
      <figcaption>
        <kbd>{props.number}</kbd>
        <b className="cut">{props.name}</b>
        <Shown picture={picture} playing={props.playing} />
        <button type="button" className="x" aria-label={t('playback.remove', { camera: props.name })} onClick={props.onRemove}>×</button>
      </figcaption>
    </figure>
  )
}

function Shown({ picture, playing }: { readonly picture: PastPicture; readonly playing: boolean }): ReactElement | null {
  const { t, language } = useWords()
  if (picture.is === 'opening') return <span className="age"><i className="dot ring" />{t('past.opening')}</span>
  if (picture.is !== 'showing') return null
  const { shownMs, driftMs } = picture
  const off = playing && Math.abs(driftMs) > DRIFT_SHOWN_MS
  const seconds = number(Math.abs(driftMs) / 1000, language, 1)
  return (
    <span className="age" data-drift-ms={Math.round(driftMs)}>
      {off ? <b className="fault">{t(driftMs > 0 ? 'past.drift_ahead' : 'past.drift_behind', { seconds })}</b> : null}
      {clock(shownMs)},{Math.floor((shownMs % 1000) / 100)}
    </span>
  )
}

/** What is told over a tile that shows no picture of the moment, and why. */
export function PastOver({ picture, there, expiredBeforeMs }: Pick<PastTileProps, 'picture' | 'there' | 'expiredBeforeMs'>): ReactElement | null {
  const { t, pick } = useWords()
  if (picture.is === 'trouble') {
    const cannot = /codec|unsupported|bufferAppend|bufferAddCodec|incompatible/i.test(picture.word)
    return <div className="gone"><b>{t(cannot ? 'past.unplayable' : 'past.trouble')}</b><span>{cannot ? t('past.unplayable_next') : t('past.trouble_next', { code: picture.word })}</span></div>
  }
  if (picture.is === 'opening') return <div className="gone quiet"><span className="dot ring" /><span>{t('past.opening')}</span></div>
  if (picture.is === 'showing') return null
  switch (there?.is) {
    case 'gap':
      return (
        <>
          <div className="hatch shown" />
          <div className="old" data-gap={there.gap.cause}><b>{t('past.gap', { from: short(there.gap, 'fromMs'), to: short(there.gap, 'toMs'), cause: pick(there.gap.said) })}</b></div>
        </>
      )
    case 'expired':
      return <div className="gone" data-gap="expired"><b>{t('past.expired')}</b>{expiredBeforeMs === null ? null : <span>{t('past.expired_next', { time: `${clock(expiredBeforeMs).slice(0, 5)} ${day(expiredBeforeMs)}` })}</span>}</div>
    case 'ahead':
      return <div className="gone"><b>{t('past.ahead')}</b><span>{t('past.ahead_next')}</span></div>
    case 'recorded':
      return <div className="gone quiet"><span className="dot ring" /><span>{t('past.opening')}</span></div>
    default:
      return <div className="gone"><b>{t('past.nothing')}</b></div>
  }
}

/** Minutes tell a long gap; a short one needs its seconds. */
const SECONDS_MS_MAX = 10 * 60_000

function short(gap: SpanView, end: 'fromMs' | 'toMs'): string {
  return clock(gap[end]).slice(0, gap.toMs - gap.fromMs < SECONDS_MS_MAX ? 8 : 5)
}
