import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react'
import type { BacktestDifferenceView, BacktestResultView, RuleKindView } from '../../server/contract/rules.js'
import { readKey } from '../keys/key-law.js'
import { recordedStillUrl } from '../playback/playback-api.js'
import { searchBefore } from '../playback/playback-link.js'
import { Segments } from '../ui/pieces.js'
import { moment, span as length } from '../words/measures.js'
import { useWords } from '../words/words.js'

type Shown = 'all' | BacktestDifferenceView['is']

const SIGNS = { new: '+', vanished: '−', kept: '=' } as const

/** Where a picture of the moment is; null: there is none to be had. The gallery has its own. */
export type PictureOf = (difference: BacktestDifferenceView) => string | null

interface DifferencesProps {
  readonly test: BacktestResultView
  readonly kind: RuleKindView | undefined
  readonly now: number
  readonly pictureOf?: PictureOf
}

/** Each claim of either version: ↑↓ go through them, Enter opens the recording there. */
export function BacktestDifferences({ test, kind, now, pictureOf = ({ cameraId, atMs }) => recordedStillUrl(cameraId, atMs) }: DifferencesProps): ReactElement {
  const { t } = useWords()
  const [shown, setShown] = useState<Shown>('all')
  const { baseline, version, counts, differences, untold } = test
  const list = differences.filter(({ is }) => shown === 'all' || is === shown)
  return (
    <section className="differences" aria-label={t(baseline === null ? 'backtest.findings' : 'backtest.differences', { version: baseline ?? version })}>
      <div className="hd">
        <h4>{t(baseline === null ? 'backtest.findings' : 'backtest.differences', { version: baseline ?? version })}</h4>
        <span className="grow" />
        {baseline === null || differences.length === 0 ? null : <Segments label={t('backtest.filter')} value={shown} options={[['all', t('backtest.all', { count: counts.new + counts.vanished + counts.kept })], ...(['new', 'vanished', 'kept'] as const).map((is) => [is, `${SIGNS[is]} ${t(`backtest.${is}`, { count: counts[is] })}`] as const)]} onPick={setShown} />}
      </div>
      {list.length > 0 ? <DifferenceList list={list} marked={baseline !== null} now={now} pictureOf={pictureOf} /> : differences.length > 0 ? <p className="text2 calm">{t('backtest.nothing_of_kind')}</p> : <NothingTold test={test} kind={kind} />}
      {untold > 0 ? <p className="text2 small" data-untold={untold}>{t('backtest.untold', { count: untold })}</p> : null}
    </section>
  )
}

/** Hours without anything are more often a line drawn the wrong way than a quiet street. */
const LONG_MS = 3_600_000

function NothingTold({ test: { watchedMs: recordedMs, tested }, kind }: { readonly test: BacktestResultView; readonly kind: RuleKindView | undefined }): ReactElement {
  const { t, language } = useWords()
  const watchedMs = recordedMs - tested.awayMs
  const shapes = kind?.shapes ?? []
  const words = watchedMs < LONG_MS || shapes.length === 0 ? 'backtest.nothing' : shapes.some(({ is }) => is === 'line') ? 'backtest.nothing_line' : 'backtest.nothing_zone'
  return <p className="text2 calm" data-nothing-told>{t(words, { watched: length(watchedMs, language) })}</p>
}

function DifferenceList({ list, marked, now, pictureOf }: { readonly list: readonly BacktestDifferenceView[]; readonly marked: boolean; readonly now: number; readonly pictureOf: PictureOf }): ReactElement {
  const rows = useRef<HTMLOListElement>(null)
  const type = (event: KeyboardEvent, at: number): void => {
    const key = readKey(event.nativeEvent, false)
    if (key?.is !== 'arrow' || (key.to !== 'up' && key.to !== 'down')) return
    event.preventDefault()
    rows.current?.querySelectorAll('a')[at + (key.to === 'down' ? 1 : -1)]?.focus()
  }
  return (
    <ol ref={rows}>
      {list.map((difference, at) => <li key={`${difference.is} ${difference.atMs} ${at}`} onKeyDown={(event) => type(event, at)}><Difference difference={difference} marked={marked} now={now} picture={pictureOf(difference)} /></li>)}
    </ol>
  )
}

/** The server decodes some pictures at once and sends the rest away: whoever waits a little gets theirs. */
const AGAIN_MS = 4_000
const TRIES_MAX = 3

function Picture({ source }: { readonly source: string | null }): ReactElement {
  const { t } = useWords()
  const [failed, setFailed] = useState(0)
  const [waits, setWaits] = useState(false)
  useEffect(() => {
    if (failed === 0 || failed >= TRIES_MAX) return undefined
    const timer = setTimeout(() => setWaits(false), AGAIN_MS * failed)
    return () => clearTimeout(timer)
  }, [failed])
  const fail = (): void => {
    setFailed(failed + 1)
    setWaits(true)
  }
  return <span className="pic">{waits || source === null ? <small>{source === null || failed >= TRIES_MAX ? t('backtest.no_picture') : null}</small> : <img src={source} alt="" loading="lazy" onError={fail} />}</span>
}

function Difference({ difference: { is, cameraId, atMs, reason, said }, marked, now, picture }: { readonly difference: BacktestDifferenceView; readonly marked: boolean; readonly now: number; readonly picture: string | null }): ReactElement {
  const { t, pick } = useWords()
  return (
    <Link to="/playback" search={searchBefore(cameraId, atMs)} className="difference" title={t('backtest.open')} data-difference={is} data-at-ms={atMs} data-said={said ?? undefined}>
      <Picture source={picture} />
      <span className="grow">
        <b>{marked ? `${SIGNS[is]} ${t(`backtest.is.${is}`)} · ` : ''}{moment(atMs, now)}</b>
        <span>{pick(reason)}</span>
        {said ? <small>{said === 'right' ? '✓' : '✕'} {t(`backtest.said.${is}.${said}`)}</small> : null}
      </span>
    </Link>
  )
}
