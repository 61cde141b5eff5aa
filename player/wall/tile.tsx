import type { MouseEvent, ReactElement, ReactNode } from 'react'
import type { AlertView } from '../../server/contract/alerts.js'
import { codecName } from '../words/codec-name.js'
import type { TroubleView } from '../../server/contract/cameras.js'
import { elapsed, pictureAge, span } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { FaultSymbol, PrioritySymbol } from '../ui/symbol.js'
import type { SoundState } from '../live/live-sound.js'
import { HATCH_AGE_MS_MIN, type Picture } from './picture.js'

/** A camera that may be heard. */
export interface TileSound {
  readonly is: SoundState | 'off'
  readonly onToggle: () => void
}

interface TileProps {
  readonly number: number
  readonly name: string
  readonly picture: Picture
  readonly now: number
  /** An open alert of this camera; in the spotlight it has the caption, elsewhere a badge. */
  readonly alert: AlertView | null
  /** A large tile with room for a reason. */
  readonly spotlight: boolean
  /** The alert that holds the spotlight is of this camera. */
  readonly urgent: boolean
  /** Which stream is on the glass, for whoever looks from outside. */
  readonly role?: 'main' | 'sub' | null
  readonly selected: boolean
  readonly watermark: string | null
  /** The codec that the camera sends, where the server makes H.264 of it. */
  readonly via?: string | null
  /** It runs, but too few pictures arrive. */
  readonly poor?: TroubleView | null
  readonly sound?: TileSound | null
  readonly onPick: () => void
  readonly onEnlarge: () => void
  /** The video, the still or a drawing; whatever is behind the words. */
  readonly children: ReactNode
}

/** One camera of the wall as the person sees it. The caption stands under the picture, never on it. */
export function Tile(props: TileProps): ReactElement {
  const { picture, alert, spotlight } = props
  const urgent = props.urgent && alert !== null
  const told = urgent && spotlight
  const classes = ['tile', picture.is, spotlight ? 'spot' : '', urgent ? `urgent ${alert.priority} ${alert.state}` : '', props.selected ? 'picked' : '', picture.is === 'lost' && picture.ageMs >= HATCH_AGE_MS_MIN ? 'hatched' : '']
  const pick = (event: MouseEvent): void => (event.detail > 1 ? props.onEnlarge() : props.onPick())
  return (
    <figure className={classes.filter(Boolean).join(' ')} data-tile={props.number} data-state={picture.is} data-role={props.role ?? undefined} data-urgent={urgent || undefined}>
      <div className="frame" onClick={pick}>
        {props.children}
        <Over picture={picture} now={props.now} />
        {alert && !told && picture.is !== 'lost' ? <div className="mini"><PrioritySymbol priority={alert.priority} taken={alert.state !== 'new'} size={20} /><Title alert={alert} /></div> : null}
        {props.watermark ? <div className="mark">{props.watermark}</div> : null}
      </div>
      <figcaption>
        <button type="button" className="pick" onClick={props.onPick} onDoubleClick={props.onEnlarge} aria-pressed={props.selected} aria-label={`${props.number} ${props.name}`}><kbd>{props.number}</kbd></button>
        {told ? <PrioritySymbol priority={alert.priority} taken={alert.state !== 'new'} size={40} /> : null}
        {told ? <div className="grow"><b className="cut"><Title alert={alert} /> – {props.name}</b><Why alert={alert} /></div> : <b className="cut">{props.name}</b>}
        {props.via && (picture.is === 'playing' || picture.is === 'behind') ? <Via codec={props.via} /> : null}
        {props.poor && (picture.is === 'playing' || picture.is === 'behind') ? <Poor trouble={props.poor} /> : null}
        {props.sound ? <Sound sound={props.sound} name={props.name} /> : null}
        <Age picture={picture} now={props.now} />
      </figcaption>
    </figure>
  )
}

/** What is not shown as it is sent says so: it is smaller than the camera's own picture, and later. */
function Via({ codec }: { readonly codec: string }): ReactElement {
  const { t } = useWords()
  return <span className="via">{t('tile.transcoded', { codec: codecName(codec) })}</span>
}

/** A picture that stutters says that the link does it, and not the street. */
function Poor({ trouble }: { readonly trouble: TroubleView }): ReactElement {
  const { pick } = useWords()
  return <span className="poor cut" title={pick(trouble.next)} data-trouble={trouble.code}><FaultSymbol size={16} open />{pick(trouble.state)}</span>
}

/** Said in words while it sounds: whoever talks in the room must know. */
function Sound({ sound, name }: { readonly sound: TileSound; readonly name: string }): ReactElement {
  const { t } = useWords()
  const on = sound.is !== 'off'
  return (
    <button type="button" className="sound" aria-pressed={on} aria-label={t(on ? 'sound.stop' : 'sound.listen', { name })} title={t(on ? 'sound.stop' : 'sound.listen', { name })} onClick={sound.onToggle} data-sound={sound.is}>
      <svg width={18} height={18} viewBox="0 0 24 24" aria-hidden="true"><path d="M4 9.500h4l5-4v13l-5-4H4z" fill="currentColor" />{on ? <path d="M16 8.500a5 5 0 0 1 0 7M18.500 6a8.500 8.500 0 0 1 0 12" fill="none" stroke="currentColor" strokeWidth={2} strokeLinecap="round" /> : <path d="m16.500 9.500 5 5m0-5-5 5" fill="none" stroke="currentColor" strokeWidth={2} strokeLinecap="round" />}</svg>
      {on ? <span>{t(`sound.${sound.is as SoundState}`)}</span> : null}
    </button>
  )
}

function Title({ alert }: { readonly alert: AlertView }): ReactElement {
  const { pick } = useWords()
  return <>{pick(alert.title)}</>
}

function Why({ alert }: { readonly alert: AlertView }): ReactElement {
  const { pick } = useWords()
  return <span className="cut">{pick(alert.reason)}</span>
}

/** The words over a picture that is not live. */
function Over({ picture, now }: { readonly picture: Picture; readonly now: number }): ReactElement | null {
  const { t, language, pick } = useWords()
  switch (picture.is) {
    case 'playing':
    case 'still':
      return null
    case 'behind':
      return <div className="late"><b>{t('tile.late', { age: pictureAge(picture.ageMs, language) })}</b></div>
    case 'joining':
      return <div className="gone quiet"><span className="dot ring" /><span>{t('tile.joining')}</span></div>
    case 'lost':
      return (
        <>
          <div className="hatch" />
          <div className="old">
            <b>{t('tile.old', { time: picture.ageMs < 100_000 ? t('tile.seconds', { count: Math.floor(picture.ageMs / 1000) }) : span(picture.ageMs, language) })}</b>
            <span>{picture.trouble ? pick(picture.trouble.state) : t('tile.reconnecting')}</span>
          </div>
        </>
      )
    case 'waiting':
      return (
        <div className="gone">
          <FaultSymbol size={30} />
          <b>{picture.sinceMs === null ? t('tile.gone') : t('tile.gone_since', { time: sinceWords(picture.sinceMs, now) })}</b>
          {picture.trouble ? <><span>{pick(picture.trouble.state)}</span><span className="text3">{pick(picture.trouble.next)}</span></> : <span>{t('tile.reconnecting')}</span>}
        </div>
      )
    case 'off':
      return <div className="gone"><b>{t('tile.off')}</b><span>{t('tile.off_next')}</span></div>
  }
}

function sinceWords(sinceMs: number, now: number): string {
  const at = new Date(sinceMs)
  const clock = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`
  return now - sinceMs > 86_400_000 ? `${at.getDate()}/${at.getMonth() + 1} ${clock}` : clock
}

function Age({ picture, now }: { readonly picture: Picture; readonly now: number }): ReactElement {
  const { t, language } = useWords()
  switch (picture.is) {
    case 'playing':
      return <span className="age"><i className="dot" />{pictureAge(picture.ageMs, language)}</span>
    case 'still':
      return <span className="age">{t('tile.still')} · {pictureAge(picture.ageMs, language)}</span>
    case 'behind':
      return <span className="age old-age">{pictureAge(picture.ageMs, language)}</span>
    case 'lost':
      return <span className="age old-age">{pictureAge(picture.ageMs, language)}</span>
    case 'waiting':
      return <span className="age old-age">{picture.sinceMs === null ? t('tile.gone') : t('tile.gone_for', { time: span(now - picture.sinceMs, language) })}</span>
    case 'joining':
      return <span className="age"><i className="dot ring" />{t('tile.joining_short')}</span>
    case 'off':
      return <span className="age">✕ {t('tile.off')}</span>
  }
}

/** A tile that no camera fills. */
export function EmptyTile({ number, words, selected = false, onPick }: { readonly number: number; readonly words: string; readonly selected?: boolean; readonly onPick?: () => void }): ReactElement {
  return (
    <figure className={selected ? 'tile empty picked' : 'tile empty'} data-tile={number} data-state="empty" onClick={onPick}>
      <div className="frame"><div className="gone quiet">{words}</div></div>
      <figcaption><kbd>{number}</kbd></figcaption>
    </figure>
  )
}

/** A camera this person may not see: a lock, and no name. */
export function LockedTile({ number }: { readonly number: number }): ReactElement {
  const { t } = useWords()
  return (
    <figure className="tile empty" data-tile={number} data-state="locked">
      <div className="frame"><div className="gone quiet"><svg width={22} height={22} viewBox="0 0 24 24" aria-hidden="true"><path d="M6 11V8a6 6 0 0 1 12 0v3M4.500 11h15v10h-15z" fill="none" stroke="currentColor" strokeWidth={2} strokeLinejoin="round" /></svg>{t('state.no_rights')}</div></div>
      <figcaption><kbd>{number}</kbd></figcaption>
    </figure>
  )
}

export function alertClock(alert: AlertView, now: number, language: 'vi' | 'en'): string {
  return elapsed(now - alert.raisedAtMs, language)
}
