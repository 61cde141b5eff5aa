import '../signals/signals.css'
import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import type { SignalView } from '../../server/contract/signals.js'
import { differs, onlyApproach, standingOf } from '../signals/controller.js'
import { LampColour } from '../signals/lamp-view.js'
import { useControllers } from '../signals/signals-api.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { FaultSymbol } from '../ui/symbol.js'
import { useWords } from '../words/words.js'
import type { LampSeen } from './lamp-seen.js'
import type { LampFeed } from './rule-draft.js'

/** The city's controllers, as far as whoever edits may know of them. */
export type Controllers = { readonly is: 'asking' | 'failed' | 'barred' } | { readonly is: 'known'; readonly list: readonly SignalView[] }

export function useKnownControllers(wanted: boolean): Controllers {
  const manages = may(useSignedIn(), 'signal.manage')
  const { data, isError } = useControllers(wanted && manages)
  if (!manages) return { is: 'barred' }
  // What was told a moment ago is still worth choosing from; how old it is, each says itself.
  return data ? { is: 'known', list: data } : { is: isError ? 'failed' : 'asking' }
}

interface FeedProps {
  readonly feed: LampFeed | null
  readonly controllers: Controllers
  /** What the drawn lamp shows, to be held against what is told. */
  readonly seen: LampSeen
  readonly now: number
  readonly onFeed: (feed: LampFeed | null) => void
}

/** Which controller tells of the lamp, and which way into its junction: from a list, each with the colour that it shows now. */
export function LampFeedChoice(props: FeedProps): ReactElement {
  const { feed, controllers, onFeed } = props
  const { t } = useWords()
  if (controllers.is !== 'known') return <>{feed ? <small className="mono">{feed.signal} · {feed.approach}</small> : null}<small className="text3" role="status" data-feeds={controllers.is}>{t(`lamp_feed.${controllers.is}`)}</small></>
  const { list } = controllers
  if (list.length === 0 && !feed) return <small className="text2" data-feeds="none">{t('lamp_feed.no_controllers')} <Link to="/signals/controllers">{t('lamp_feed.add')}</Link></small>
  const chosen = list.find(({ id }) => id === feed?.signal)
  const inOrder = list.toSorted((a, b) => a.name.localeCompare(b.name, 'vi'))
  return (
    <div className="lamp-feed" data-feeds={list.length}>
      <select className="in" name="lamp-controller" aria-label={t('lamp_feed.controller')} value={feed?.signal ?? ''} onChange={({ target }) => onFeed(target.value ? { signal: target.value, approach: onlyApproach(list.find(({ id }) => id === target.value)) } : null)}>
        <option value="">{t('lamp_feed.seen_alone')}</option>
        {feed && !chosen ? <option value={feed.signal}>{t('lamp_feed.gone')}</option> : null}
        {inOrder.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
      </select>
      {feed && !chosen ? <small className="field-fault" data-feed-gone>{t('lamp_feed.gone_next')}</small> : null}
      {feed && chosen ? <Approaches {...props} feed={feed} controller={chosen} /> : null}
    </div>
  )
}

function Approaches({ feed, controller, seen, now, onFeed }: FeedProps & { readonly feed: LampFeed; readonly controller: SignalView }): ReactElement {
  const { t } = useWords()
  const { heard } = controller
  const standing = standingOf(controller, now)
  const told = heard?.approaches ?? {}
  // What the rule names stays in sight, though the controller has told nothing of it since the server started.
  const ways = [...Object.keys(told), ...(feed.approach !== null && !(feed.approach in told) ? [feed.approach] : [])]
  const colour = feed.approach === null ? undefined : told[feed.approach]
  return (
    <>
      {standing === 'lost' ? <small className="text2" data-feed-lost><FaultSymbol /> {t('lamp_feed.lost')}</small> : null}
      {standing === 'silent' ? <small className="text2" data-feed-silent>{t('lamp_feed.silent')} <Link to="/signals/controllers">{t('lamp_feed.look')}</Link></small> : null}
      {ways.length > 0 ? (
        <div className={standing === 'lost' ? 'chips approaches past' : 'chips approaches'} role="group" aria-label={t('lamp_feed.approach')}>
          {ways.map((way) => <button key={way} type="button" className="btn sm" aria-pressed={way === feed.approach} onClick={() => onFeed({ ...feed, approach: way })} data-approach={way}><span className="mono">{way === feed.approach ? '✓ ' : ''}{way}</span><LampColour colour={told[way] ?? 'unknown'} /></button>)}
        </div>
      ) : null}
      {feed.approach === null && ways.length > 0 ? <small className="field-fault" data-feed-unchosen>{t('lamp_feed.choose_approach')}</small> : null}
      {standing === 'telling' && colour && differs(seen, colour) ? <small className="text2" data-feed-differs>▲ {t('lamp_feed.differs')}</small> : null}
    </>
  )
}
