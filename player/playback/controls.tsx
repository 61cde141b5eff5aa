import type { ReactElement } from 'react'
import { Segments } from '../ui/pieces.js'
import { clock, day, number, span } from '../words/measures.js'
import { useWords } from '../words/words.js'
import type { Cut } from './lanes.js'
import { SPEEDS, type Speed } from './play-clock.js'
import { ZOOMS, type Zoom } from './scale.js'
import type { PlayState } from './shared-player.js'

interface ControlsProps {
  readonly state: Pick<PlayState, 'atMs' | 'speed' | 'playing' | 'waiting' | 'jumped' | 'atEnd'>
  readonly cut: Cut
  readonly zoom: Zoom | null
  readonly rights: { readonly holds: boolean; readonly exports: boolean }
  readonly do: {
    readonly run: () => void
    readonly step: (frames: number) => void
    readonly leap: (ms: number) => void
    readonly speed: (speed: Speed) => void
    readonly zoom: (zoom: Zoom) => void
    readonly goTo: () => void
    readonly bookmark: () => void
    readonly cut: () => void
    readonly dropCut: () => void
    readonly hold: () => void
    readonly export: () => void
    readonly report: () => void
  }
}

const SPEED_WORDS: Readonly<Record<Speed, string>> = { 0.25: '¼', 0.5: '½', 1: '1×', 2: '2×', 4: '4×', 8: '8×' }

/** The moment, large; the keys beside the buttons that do the same. */
export function Controls({ state, cut, zoom, rights, do: act }: ControlsProps): ReactElement {
  const { t } = useWords()
  return (
    <div className="controls">
      <div className="moment" role="timer" aria-label={t('playback.moment')} data-moment={Math.round(state.atMs)} data-running={state.playing && !state.waiting}>
        <b>{clock(state.atMs)}</b><span>{day(state.atMs)}</span>
      </div>
      <div className="run">
        <button type="button" className="btn sm" onClick={() => act.leap(-10_000)} aria-label={t('playback.leap_back')}>−10 s</button>
        <button type="button" className="btn sm" onClick={() => act.step(-1)} aria-label={t('playback.frame_back')}><kbd>←</kbd></button>
        <button type="button" className="btn main sm" onClick={act.run} data-do="run"><kbd className="wide">␣</kbd>{t(state.playing ? 'playback.pause' : 'playback.play')}</button>
        <button type="button" className="btn sm" onClick={() => act.step(1)} aria-label={t('playback.frame_on')}><kbd>→</kbd></button>
        <button type="button" className="btn sm" onClick={() => act.leap(10_000)} aria-label={t('playback.leap_on')}>+10 s</button>
      </div>
      <Segments label={t('playback.speed')} value={String(state.speed)} options={SPEEDS.map((speed) => [String(speed), SPEED_WORDS[speed]] as const)} onPick={(speed) => act.speed(Number(speed) as Speed)} />
      <Segments label={t('playback.zoom')} value={zoom ?? ''} options={(Object.keys(ZOOMS) as Zoom[]).map((one) => [one as string, t(`playback.zoom.${one}`)] as const)} onPick={(one) => act.zoom(one as Zoom)} />
      <Said state={state} cut={cut} onDrop={act.dropCut} />
      <div className="acts">
        <button type="button" className="btn sm" onClick={act.goTo} data-do="go-to"><kbd className="hint">T</kbd>{t('playback.go_to')}</button>
        <button type="button" className="btn sm" onClick={act.bookmark} data-do="bookmark"><kbd className="hint">B</kbd>{t('bookmark.do')}</button>
        {rights.exports || rights.holds ? <button type="button" className="btn sm" onClick={act.cut} data-do="cut"><kbd className="hint">C</kbd>{t(cut.is === 'begun' ? 'cut.end' : cut.is === 'none' ? 'cut.start' : 'cut.do')}</button> : null}
        {rights.holds ? <button type="button" className="btn sm" onClick={act.hold} data-do="hold"><kbd className="hint">H</kbd>{t('hold.do')}</button> : null}
        {rights.exports ? <button type="button" className="btn sm" onClick={act.export} data-do="export">{t('export.do')}</button> : null}
        <button type="button" className="btn sm" onClick={act.report} data-do="report"><kbd className="hint">G</kbd>{t('record.do')}</button>
      </div>
    </div>
  )
}

/** What just happened to the clock, or what the cut waits for: one line, in words. */
function Said({ state, cut, onDrop }: { readonly state: ControlsProps['state']; readonly cut: Cut; readonly onDrop: () => void }): ReactElement {
  const { t, language } = useWords()
  const dropped = <button type="button" className="link small" onClick={onDrop}>{t('cut.clear')}</button>
  const line = (): ReactElement | null => {
    if (state.jumped) return <span data-said="jumped">{t('playback.jumped', { span: span(state.jumped.toMs - state.jumped.fromMs, language), from: clock(state.jumped.fromMs), to: clock(state.jumped.toMs) })}</span>
    if (state.waiting) return <span data-said="waiting"><i className="dot ring" />{t('playback.waiting')}</span>
    if (cut.is === 'begun') return <span data-said="cut">{t('cut.waits', { from: clock(cut.fromMs) })} {dropped}</span>
    if (cut.is === 'whole') return <span data-said="cut">{t('lane.cut')} {t('cut.span', { from: clock(cut.fromMs), to: clock(cut.toMs), span: span(cut.toMs - cut.fromMs, language) })} {dropped}</span>
    if (state.atEnd) return <span data-said="end">{t('playback.at_end')}</span>
    return state.speed === 1 ? null : <span>{number(state.speed, language, state.speed < 1 ? 2 : 0)}×</span>
  }
  return <div className="said" role="status">{line()}</div>
}
