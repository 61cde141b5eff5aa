import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import type { AlertView } from '../../server/contract/alerts.js'
import type { CameraView } from '../../server/contract/cameras.js'
import { PlaybackLink } from '../playback/playback-link.js'
import { PrioritySymbol } from '../ui/symbol.js'
import { moment, number } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { shortName } from './layout.js'
import { alertClock } from './tile.js'

/** The gravest alert, why, where, and the one key. */
export function NowCard({ alert, now, claim, lastAtMs, onReplay = null, returnsInS = null }: { readonly alert: AlertView | null; readonly now: number; readonly claim: { readonly can: boolean; readonly waits: boolean; readonly act: () => void }; readonly lastAtMs: number | null; readonly onReplay?: (() => void) | null; readonly returnsInS?: number | null }): ReactElement {
  const { t, pick, language } = useWords()
  if (!alert) {
    return (
      <section className="card now calm" aria-label={t('wall.now')}>
        <div className="hd"><span>{t('wall.calm')}</span></div>
        <p className="text2">{lastAtMs ? t('wall.calm_last', { time: moment(lastAtMs, now) }) : t('wall.calm_never')}</p>
      </section>
    )
  }
  const taken = alert.state !== 'new'
  return (
    <section className="card now" aria-label={t('wall.now')} data-alert={alert.id}>
      <div className="row1">
        <PrioritySymbol priority={alert.priority} taken={taken} size={42} />
        <div><b>{t(`priority.${alert.priority}`)}</b><span>{taken ? t('alert.owned', { who: alert.owner?.displayName ?? '' }) : t('alert.unclaimed')}</span></div>
        <div className="clk"><b>{alertClock(alert, now, language)}</b><span>{t('alert.passed')}</span></div>
      </div>
      <div className={`rule ${taken ? 'taken' : alert.priority}`} />
      <dl className="facts">
        <dt>{t('alert.what')}</dt><dd><b>{pick(alert.title)}</b></dd>
        <dt>{t('alert.why')}</dt><dd>{pick(alert.reason)}</dd>
        <dt>{t('alert.where')}</dt><dd>{alert.cameraName}{alert.street ? `, ${alert.street}` : ''}</dd>
        <dt>{t('alert.rule')}</dt><dd>{alert.ruleName}</dd>
        <dt>{t('alert.folded')}</dt><dd>{t('alert.observations', { count: alert.observations })}</dd>
      </dl>
      {claim.waits ? <button type="button" className="btn big centre" disabled>{t('do.waiting')}</button> : null}
      {!claim.waits && !taken && claim.can ? <button type="button" className="btn main big centre" onClick={claim.act} data-do="claim"><kbd>T</kbd>{t('do.claim')}</button> : null}
      <div className="two">
        {onReplay ? <button type="button" className="btn sm" onClick={onReplay}><kbd>P</kbd>{t('wall.replay')}</button> : null}
        <Link to="/desk/$alertId" params={{ alertId: alert.id }} className="btn sm">{t('do.open_desk')}</Link>
        <PlaybackLink cameraId={alert.cameraId} atMs={alert.sinceMs} />
      </div>
      {returnsInS === null ? null : <p className="text2 small" data-returns>{t('wall.returns', { count: returnsInS })}</p>}
    </section>
  )
}

interface NeighboursProps {
  readonly camera: CameraView | null
  readonly before: CameraView | null
  readonly after: CameraView | null
  /** The other one on the same pole. */
  readonly turn?: CameraView | null
  readonly metres?: (camera: CameraView) => number
  readonly active: boolean
  readonly onGo: (cameraId: string) => void
}

/** Before and after along the street, with how far it is. */
export function NeighboursCard({ camera, before, after, turn = null, metres, active, onGo }: NeighboursProps): ReactElement | null {
  const { t, language } = useWords()
  if (!camera) return null
  const far = (one: CameraView): ReactElement | null => (metres ? <small>{number(Math.round(metres(one) / 10) * 10, language)} m</small> : null)
  return (
    <section className="card" aria-label={t('wall.neighbours')}>
      <div className="hd"><span>{t('wall.neighbours')}</span><span className="text3 small">{t('wall.along')} <kbd className="hint">L</kbd></span></div>
      <div className={active ? 'street active' : 'street'}>
        {before ? <button type="button" onClick={() => onGo(before.id)}><kbd>←</kbd><span className="nm">{shortName(before)}{far(before)}</span></button> : <span className="none">{t('wall.no_neighbour')}</span>}
        <div className="on"><span className="nm">{shortName(camera)}</span>{camera.place.street ? <small>{camera.place.street}</small> : null}</div>
        {after ? <button type="button" onClick={() => onGo(after.id)}><span className="nm">{shortName(after)}{far(after)}</span><kbd>→</kbd></button> : <span className="none">{t('wall.no_neighbour')}</span>}
      </div>
      {turn ? <button type="button" className="btn sm turn" onClick={() => onGo(turn.id)}><kbd>↑</kbd><span className="cut">{t('wall.turn', { name: shortName(turn) })}</span></button> : null}
    </section>
  )
}

export function QueueCard({ alerts, me, now }: { readonly alerts: readonly AlertView[]; readonly me: string; readonly now: number }): ReactElement {
  const { t, pick, language } = useWords()
  const unclaimed = alerts.filter((alert) => alert.state === 'new').length
  const mine = alerts.filter((alert) => alert.owner?.id === me).length
  return (
    <section className="card waiting-list" aria-label={t('wall.queue')}>
      <div className="hd"><span>{t('wall.queue')}</span><span className="text2 small">{t('wall.queue_counts', { unclaimed, mine })}</span></div>
      {alerts.length ? null : <p className="text3">{t('desk.empty')}</p>}
      <ol>
        {[...alerts.filter((alert) => alert.state === 'new'), ...alerts.filter((alert) => alert.state !== 'new')].slice(0, 30).map((alert) => (
          <li key={alert.id}>
            <Link to="/desk/$alertId" params={{ alertId: alert.id }}>
              <PrioritySymbol priority={alert.priority} taken={alert.state !== 'new'} quiet />
              <div className="grow"><b className="cut">{pick(alert.title)}</b><span className="cut">{alert.cameraName}</span></div>
              <div className="r"><b>{alertClock(alert, now, language)}</b><span>{alert.owner ? (alert.owner.id === me ? t('alert.me') : alert.owner.displayName) : t('alert.none')}</span></div>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  )
}
