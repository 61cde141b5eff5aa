import { useBlocker } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import type { RulesSearch } from '../routes.js'
import { Confirm } from '../ui/pieces.js'
import { useWords } from '../words/words.js'

interface Place {
  readonly pathname: string
  readonly search: unknown
}

/** Asks before work is lost: on the way to another rule, another screen, or out of the browser. Another look at the same rule costs nothing. */
export function LeaveGuard({ ruleId, dirty, free }: { readonly ruleId: string | null; readonly dirty: boolean; readonly free: { readonly current: boolean } }): ReactElement | null {
  const { t } = useWords()
  const leaves = ({ current, next }: { readonly current: Place; readonly next: Place }): boolean => current.pathname !== next.pathname || ruleId === null || (next.search as RulesSearch).rule !== ruleId
  const blocker = useBlocker({ shouldBlockFn: (way) => dirty && !free.current && leaves(way), enableBeforeUnload: () => dirty && !free.current, withResolver: true })
  return blocker.status === 'blocked' ? <Confirm title={t('rules.leave')} text={t('rules.leave_why')} act={t('rules.leave_act')} busy={false} onClose={blocker.reset} onAct={blocker.proceed} /> : null
}
