import { Link } from '@tanstack/react-router'
import { useState, type ReactElement } from 'react'
import type { HoldView } from '../../server/contract/recordings.js'
import type { Refused } from '../api/client.js'
import { tell } from '../api/here.js'
import { Modal } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { clock, day } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { ExtendFields } from './forms.js'
import { searchOf } from './playback-link.js'
import { useEndingHolds, usePastDeeds } from './use-past.js'

interface EndingProps {
  readonly nameOf: (cameraId: string) => string
  readonly nowMs: number
}

/** Holds of any camera that end within the week: kept for longer, or let go; who does nothing lets them end. */
export function EndingHolds({ nameOf, nowMs }: EndingProps): ReactElement | null {
  const { t, pick } = useWords()
  const me = useSignedIn()
  const holds = useEndingHolds().data ?? []
  const { extendHold, endHold } = usePastDeeds()
  const [longer, setLonger] = useState<HoldView | null>(null)
  const close = (): void => {
    setLonger(null)
    extendHold.reset()
  }
  return (
    <>
      <EndingList holds={holds} nameOf={nameOf} nowMs={nowMs} onExtend={may(me, 'recording.hold') ? setLonger : null} onEnd={(hold) => endHold.mutate(hold, { onError: (fault: Refused) => tell(pick(fault.problem.title), 'bad') })} />
      {longer ? (
        <Modal title={t('hold.extend_title', { camera: nameOf(longer.cameraId) })} onClose={close}>
          <ExtendFields hold={longer} nowMs={nowMs} busy={extendHold.isPending} fault={extendHold.error} onClose={close} onSend={(form) => extendHold.mutate({ hold: longer, ...form }, { onSuccess: ({ untilMs }) => { tell(t('hold.saved', { day: day(untilMs) })); close() } })} />
        </Modal>
      ) : null}
    </>
  )
}

const DAY_MS = 86_400_000

export function EndingList({ holds, nameOf, nowMs, onExtend, onEnd }: EndingProps & { readonly holds: readonly HoldView[]; readonly onExtend: ((hold: HoldView) => void) | null; readonly onEnd: (hold: HoldView) => void }): ReactElement | null {
  const { t } = useWords()
  if (!holds.length) return null
  return (
    <section className="kept-list" aria-label={t('hold.ending')} data-ending={holds.length}>
      <div className="gh"><b className="fault">{t('hold.ending')}</b><span>{holds.length}</span></div>
      <ul>
        {holds.map((hold) => (
          <li key={hold.id} data-ending-hold={hold.id}>
            <b className="cut">{nameOf(hold.cameraId)} {day(hold.fromMs).slice(0, 5)} {clock(hold.fromMs).slice(0, 5)}–{clock(hold.toMs).slice(0, 5)}</b>
            <span>{t('hold.ends', { day: day(hold.untilMs), count: Math.max(0, Math.floor((hold.untilMs - nowMs) / DAY_MS)) })} · {t('hold.by', { who: hold.by, reason: hold.reason })}</span>
            <span className="do-row">
              <Link className="link small" to="/playback" search={searchOf(hold.cameraId, hold.fromMs)}>{t('hold.see')}</Link>
              {onExtend ? <button type="button" className="btn sm" onClick={() => onExtend(hold)} data-do="extend-hold">{t('hold.extend')}</button> : null}
              {onExtend ? <button type="button" className="link small" onClick={() => onEnd(hold)}>{t('hold.end')}</button> : null}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
