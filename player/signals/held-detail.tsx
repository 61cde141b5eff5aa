import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import type { HeldView } from '../../server/contract/signals.js'
import { useAlert, useCameras } from '../api/queries.js'
import { EvidencePane } from '../desk/evidence-view.js'
import { PlateOf } from '../desk/plate-strip.js'
import { isSuspected } from '../desk/plate-text.js'
import { clock, moment } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { factRows } from './held-facts.js'
import { HeldDecision } from './held-decision.js'
import { RecordedMoment } from './recorded-moment.js'

/** One that is held: the moment in the middle, why it is held and the decision on the right. */
export function HeldDetail({ held, marked, onDecided, now }: { readonly held: HeldView; readonly marked: readonly string[]; readonly onDecided: (incidentIds: readonly string[]) => void; readonly now: number }): ReactElement {
  const { t, pick } = useWords()
  return (
    <>
      <section className="mid panel" aria-label={t('held.one')} data-looked={held.incidentId}>
        <div className="phone-head narrow">
          <Link to="/signals/held" className="btn sm" aria-label={t('desk.list')}>‹</Link>
          <div><b>{t(`held.short.${held.why}`)}</b><span>{held.outcome ? t(`held.outcome.${held.outcome.is}`) : t('held.waits')}</span></div>
        </div>
        <div className="tt"><div className="grow"><h2>{pick(held.title)} – {held.cameraName}</h2><p>{pick(held.reason)} · {moment(held.sinceMs, now)}</p></div></div>
        <Moment held={held} />
      </section>
      <aside className="act panel" aria-label={t('desk.decision')}>
        <WhyHeld held={held} now={now} />
        <HeldDecision held={held} marked={marked} onDecided={onDecided} now={now} />
      </aside>
    </>
  )
}

/** What was taken when it was held, or called somebody; where there is none, or none yet, the recording. */
function Moment({ held }: { readonly held: HeldView }): ReactElement {
  const { t } = useWords()
  const cameras = useCameras().data
  const alert = useAlert(held.alertId)
  const camera = cameras?.find((one) => one.id === held.cameraId) ?? null
  if (held.evidence.length > 0) return <><EvidencePane key={held.incidentId} alert={{ ...held, raisedAtMs: alert.data?.raisedAtMs ?? held.openedAtMs, priority: alert.data?.priority ?? null }} camera={camera} /><PlateOf plate={held.plate} suspected={!alert.data || isSuspected(alert.data)} /></>
  return <><RecordedMoment held={held} rules={camera?.rules.filter((rule) => rule.id === held.ruleId) ?? []} /><PlateOf plate={held.plate} suspected={!alert.data || isSuspected(alert.data)} /><p className="from-where">{t('held.no_evidence')}</p></>
}

export function WhyHeld({ held, now }: { readonly held: HeldView; readonly now: number }): ReactElement {
  const words = useWords()
  const { t, pick } = words
  const rows = factRows(held.facts, now, words)
  return (
    <div className="blk why-held">
      <div className="hd"><span>{t('held.why_title')}</span><span className="chip">{t(`held.short.${held.why}`)}</span></div>
      <p>{pick(held.said)}</p>
      <dl className="facts">
        {rows.map(({ name, value }) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{value}</dd>])}
        {held.suspendedBy ? <><dt>{t('suspension.by')}</dt><dd>{held.suspendedBy.displayName}</dd></> : null}
        <dt>{t('held.at')}</dt><dd>{clock(held.heldAtMs)}{held.alertId && !held.outcome ? ` · ${t('held.taken_off')}` : ''}</dd>
      </dl>
      <p className="links">
        {held.why === 'lamp_fault' ? <Link to="/signals/repairs">{t('held.to_repairs')}</Link> : held.suspendedBy ? <Link to="/signals/suspensions">{t('held.to_suspensions')}</Link> : null}
        <Link to="/cameras/$cameraId/rules" params={{ cameraId: held.cameraId }} search={{ rule: held.ruleId }}>{t('held.to_rule')}</Link>
      </p>
    </div>
  )
}
