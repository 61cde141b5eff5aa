import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import type { LinkView } from '../../server/contract/alerts.js'
import { api } from '../api/client.js'
import { Refusal } from '../ui/pieces.js'
import { number } from '../words/measures.js'
import { useWords } from '../words/words.js'

/** Why the two may be the same matter: how far and how long apart. */
export function linkReason(link: LinkView, words: Pick<ReturnType<typeof useWords>, 't' | 'language'>): string {
  const far = link.distanceM === null ? words.t('link.no_place') : words.t('link.metres', { count: number(Math.round(link.distanceM), words.language) })
  return `${far} · ${words.t('link.minutes', { count: link.minutesApart })}`
}

export function useLinkVerdict() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ linkId, verdict }: { readonly linkId: string; readonly verdict: 'confirmed' | 'rejected' }) => api.linkVerdict(linkId, verdict),
    onSuccess: () => Promise.all([queries.invalidateQueries({ queryKey: ['alert'] }), queries.invalidateQueries({ queryKey: ['report'] }), queries.invalidateQueries({ queryKey: ['reports'] })]),
  })
}

/** What citizens say of the same place and time. */
export function AlertLinks({ links, acts }: { readonly links: readonly LinkView[]; readonly acts: boolean }): ReactElement {
  const words = useWords()
  const { t } = words
  const verdict = useLinkVerdict()
  return (
    <div>
      <div className="hd"><span>{t('desk.reports')}</span><span className="text3">{links.length || ''}</span></div>
      {links.length ? null : <p className="text3">{t('desk.no_reports')}</p>}
      <Refusal fault={verdict.error} />
      <ul className="linked">
        {links.map((link) => (
          <li key={link.id} data-link={link.state}>
            <Link to="/reports/$reportId" params={{ reportId: link.reportId }}>{link.report?.description ?? link.reportId}</Link>
            <span className="text2">{linkReason(link, words)}</span>
            {link.state === 'proposed' && acts ? (
              <span className="pair">
                <button type="button" className="btn sm" disabled={verdict.isPending} onClick={() => verdict.mutate({ linkId: link.id, verdict: 'confirmed' })}>{t('link.same')}</button>
                <button type="button" className="btn sm" disabled={verdict.isPending} onClick={() => verdict.mutate({ linkId: link.id, verdict: 'rejected' })}>{t('link.other')}</button>
              </span>
            ) : <span className="text3">{t(`link.${link.state}`)}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}
