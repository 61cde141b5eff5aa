import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState, type KeyboardEvent, type ReactElement } from 'react'
import type { FindingView, PrecisionView, RuleKindView, RuleStandingView } from '../../server/contract/rules.js'
import { api, type Refused } from '../api/client.js'
import { useFindings, usePrecision } from '../api/queries.js'
import { readKey } from '../keys/key-law.js'
import { PlaybackLink } from '../playback/playback-link.js'
import { Refusal, Segments, Settled } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { moment, number, span } from '../words/measures.js'
import { useWords, type Words } from '../words/words.js'

type Mode = 'shadow' | 'live'
const DAY_MS = 24 * 3_600_000

interface FindingsProps {
  readonly cameraId: string
  readonly standing: RuleStandingView
  readonly kind: RuleKindView | undefined
  readonly now: number
}

/** What the rule has found, and what people say of it: the only measure of whether it is right. */
export function Findings({ cameraId, standing, kind, now }: FindingsProps): ReactElement {
  const { t } = useWords()
  const me = useSignedIn()
  const [mode, setMode] = useState<Mode>(standing.live === null || standing.shadow ? 'shadow' : 'live')
  const findings = useFindings({ cameraId, ruleId: standing.id, mode })
  const precision = usePrecision(cameraId, standing.id).data
  const judging = useJudging(cameraId, standing.id)
  return (
    <section className="findings" aria-label={t('findings.title')}>
      <div className="hd"><h3>{t('findings.title')}</h3>{precision ? <PrecisionLine precision={precision} /> : null}<span className="grow" /><Segments label={t('findings.mode')} value={mode} options={[['shadow', t('findings.shadow')], ['live', t('findings.live')]]} onPick={setMode} /></div>
      <Refusal fault={judging.error} />
      <Settled what={t('findings.title')} query={findings} rows={2}>
        {(list) => (list.length > 0 ? <FindingList findings={list} cameraId={cameraId} meId={me.id} judges={may(me, 'alert.act')} now={now} onJudge={(incidentId, right) => judging.mutate({ incidentId, right })} /> : <NothingFound mode={mode} standing={standing} kind={kind} now={now} />)}
      </Settled>
    </section>
  )
}

function useJudging(cameraId: string, ruleId: string) {
  const queries = useQueryClient()
  return useMutation<unknown, Refused, { readonly incidentId: string; readonly right: boolean }>({
    mutationFn: ({ incidentId, right }) => api.judge(incidentId, right),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['findings', cameraId, ruleId] })
      void queries.invalidateQueries({ queryKey: ['precision', cameraId, ruleId] })
    },
  })
}

/** "đúng 83 % [70–91], n = 52"; a few verdicts say nothing, and it says so. */
export function PrecisionLine({ precision: { version, point, low, high, n, verdict, target } }: { readonly precision: PrecisionView }): ReactElement {
  const { t, language } = useWords()
  const percent = (share: number): string => number(share * 100, language)
  return (
    <span className="precision" title={t('precision.label', { version })} data-precision={verdict}>
      {verdict === 'too_few' ? t('precision.few', { n }) : t('precision.words', { point: percent(point), low: percent(low), high: percent(high), n })}
      {verdict === 'under' ? <b> ▼ {t('precision.under', { target: percent(target) })}</b> : null}
    </span>
  )
}

/** ↑↓ go through the findings, C and B judge the one in focus. */
export function FindingList({ findings, cameraId, meId, judges, now, onJudge }: { readonly findings: readonly FindingView[]; readonly cameraId: string; readonly meId: string; readonly judges: boolean; readonly now: number; readonly onJudge: (incidentId: string, right: boolean) => void }): ReactElement {
  const list = useRef<HTMLOListElement>(null)
  const type = (event: KeyboardEvent, { incidentId }: FindingView, at: number): void => {
    const key = readKey(event.nativeEvent, false)
    if (key?.is === 'letter' && judges && (key.letter === 'C' || key.letter === 'B')) onJudge(incidentId, key.letter === 'C')
    else if (key?.is === 'arrow' && (key.to === 'up' || key.to === 'down')) list.current?.querySelectorAll<HTMLElement>('li')[at + (key.to === 'down' ? 1 : -1)]?.focus()
    else return
    event.preventDefault()
  }
  return <ol ref={list}>{findings.map((finding, at) => <Finding key={finding.incidentId} finding={finding} cameraId={cameraId} meId={meId} judges={judges} now={now} onType={(event) => type(event, finding, at)} onJudge={onJudge} />)}</ol>
}

function Finding({ finding, cameraId, meId, judges, now, onType, onJudge }: { readonly finding: FindingView; readonly cameraId: string; readonly meId: string; readonly judges: boolean; readonly now: number; readonly onType: (event: KeyboardEvent) => void; readonly onJudge: (incidentId: string, right: boolean) => void }): ReactElement {
  const { t, pick } = useWords()
  const { incidentId, reason, openedAtMs, sinceMs, ruleVersion, told } = finding
  const mine = [...(told?.verdicts ?? [])].filter(({ by }) => by?.id === meId).sort((a, b) => b.atMs - a.atMs)[0]
  return (
    <li tabIndex={0} onKeyDown={onType} data-finding={incidentId} data-judged={mine ? String(mine.right) : undefined}>
      <time>{moment(openedAtMs, now)}</time>
      <span className="grow">{pick(reason)}<small className="text3">{[ruleVersion === null ? null : t('findings.version', { version: ruleVersion }), mine ? t(mine.right ? 'findings.judged_right' : 'findings.judged_wrong') : null].filter(Boolean).join(' · ')}</small></span>
      <PlaybackLink cameraId={cameraId} atMs={sinceMs} />
      {judges ? (
        <span className="judge">
          <button type="button" className="btn sm" aria-pressed={mine?.right === true} onClick={() => onJudge(incidentId, true)} data-judge="right"><kbd>C</kbd>{t('findings.right')}</button>
          <button type="button" className="btn sm" aria-pressed={mine?.right === false} onClick={() => onJudge(incidentId, false)} data-judge="wrong"><kbd>B</kbd>{t('findings.wrong')}</button>
        </span>
      ) : null}
    </li>
  )
}

/** What is normal, or what to look at: a day without anything is more often a line drawn the wrong way than a quiet street. */
export function NothingFound({ mode, standing, kind, now }: { readonly mode: Mode; readonly standing: Pick<RuleStandingView, 'live' | 'shadow' | 'resting'>; readonly kind: RuleKindView | undefined; readonly now: number }): ReactElement {
  const words = useWords()
  return <p className="text2 calm" data-nothing>{nothingWords({ mode, standing, shapes: kind?.shapes ?? [], now }, words)}</p>
}

function nothingWords({ mode, standing: { live, shadow, resting }, shapes, now }: { readonly mode: Mode; readonly standing: Pick<RuleStandingView, 'live' | 'shadow' | 'resting'>; readonly shapes: RuleKindView['shapes']; readonly now: number }, { t, language }: Words): string {
  if (resting) return t('findings.none_resting')
  if (live === null && !shadow) return t('findings.none_draft')
  if (mode === 'live' || !shadow) return t('findings.none_live')
  const ageMs = now - shadow.sinceMs
  const age = span(ageMs, language)
  // A kind without anything drawn (a camera that is tampered with) is quiet because nothing happened.
  if (ageMs < DAY_MS || shapes.length === 0) return t('findings.none_trial', { age })
  return t(shapes.some(({ is }) => is === 'line') ? 'findings.none_line_day' : 'findings.none_trial_day', { age })
}
