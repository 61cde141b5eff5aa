import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import type { SuspensionView } from '../../server/contract/signals.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { clock, elapsed } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { useSuspensions } from './signals-api.js'
import { bySoonestEnd, leftOf } from './suspension.js'

/** Beside a camera's rules: what is suspended here now, and the way to suspend something. */
export function SuspendedNote({ cameraId, now }: { readonly cameraId: string; readonly now: number }): ReactElement | null {
  const me = useSignedIn()
  const running = (useSuspensions(false).data ?? []).filter((one) => one.cameraId === cameraId)
  return <SuspendedLine running={running} cameraId={cameraId} suspends={may(me, 'rule.suspend')} now={now} />
}

export function SuspendedLine({ running, cameraId, suspends, now }: { readonly running: readonly SuspensionView[]; readonly cameraId: string; readonly suspends: boolean; readonly now: number }): ReactElement | null {
  const { t, pick, language } = useWords()
  const [first] = bySoonestEnd(running)
  const left = first && leftOf(first, now)
  if (!left && !suspends) return null
  return (
    <div className={left ? 'suspended on' : 'suspended'} data-suspended={left ? running.length : 0}>
      {left ? <Link to="/signals/suspensions">{t('suspension.here', { title: pick(first.title), time: clock(first.untilMs).slice(0, 5), left: elapsed(left.leftMs, language) })}{running.length > 1 ? ` · ${t('suspension.more', { count: running.length - 1 })}` : ''}</Link> : null}
      {suspends ? <Link to="/signals/suspensions" search={{ camera: cameraId }} className="btn sm" data-do="suspend-here">{t('suspension.begin')}</Link> : null}
    </div>
  )
}
