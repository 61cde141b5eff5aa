import { useCallback } from 'react'
import type { AlertView } from '../../server/contract/alerts.js'
import { put } from '../api/alert-book.js'
import { api, type Refused } from '../api/client.js'
import { changeBook, serverNowMs, tell, useHere } from '../api/here.js'
import { useDeed } from '../api/queries.js'
import { span } from '../words/measures.js'
import { useWords } from '../words/words.js'

/** One key, one owner. Online the server decides at once; offline the claim waits here and says so. */
export function useClaim(): { readonly claim: (alert: AlertView) => void; readonly waits: (alertId: string) => boolean; readonly busy: boolean } {
  const deed = useDeed()
  const link = useHere((here) => here.link)
  const claims = useHere((here) => here.claims)
  const lost = useTellWhoWasFirst()
  const { mutate, isPending } = deed
  const claim = useCallback((alert: AlertView): void => {
    if (link.is === 'down') return useHere.setState((here) => ({ claims: { ...here.claims, [alert.id]: { alert, askedAtMs: Date.now() } } }))
    mutate({ alertId: alert.id, form: { do: 'claim', version: alert.version } }, { onError: (fault) => void lost(alert.id, fault) })
  }, [link.is, mutate, lost])
  return { claim, waits: (alertId) => alertId in claims, busy: isPending }
}

/** A deed that came too late: say who was first and how long ago, and show the alert as it is now. */
export function useTellWhoWasFirst(): (alertId: string, fault: Refused) => Promise<void> {
  const { t, pick, language } = useWords()
  return useCallback(async (alertId, fault) => {
    const plain = (): void => tell(`${pick(fault.problem.title)}. ${fault.problem.next ? pick(fault.problem.next) : ''}`, 'bad')
    if (fault.problem.status !== 409) return plain()
    const whole = await api.alert(alertId).catch(() => null) // Then the server's own words must do.
    if (whole) changeBook((book) => put(book, whole, 0))
    if (whole?.owner && fault.problem.code === 'taken') tell(t('desk.taken', { who: whole.owner.displayName, time: span(Math.max(1000, serverNowMs() - whole.changedAtMs), language) }), 'bad')
    else plain()
  }, [t, pick, language])
}
