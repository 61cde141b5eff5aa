import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import type { ModelsView, ModelView } from '../../server/contract/models.js'
import { api } from '../api/client.js'
import { Refusal } from '../ui/pieces.js'
import { bytes } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { Progress } from './progress.js'

/** Models that were fetched onto the server and wait for somebody to take them in. */
export function Offers({ offers, onTaken }: { readonly offers: ModelsView['offers']; readonly onTaken: (model: ModelView) => void }): ReactElement {
  const { t, language } = useWords()
  const queries = useQueryClient()
  const take = useMutation({
    mutationFn: (name: string) => api.takeOffer(name),
    onSuccess: async (model) => {
      await queries.invalidateQueries({ queryKey: ['models'] })
      onTaken(model)
    },
  })
  return (
    <section className="offers" aria-label={t('models.offers')}>
      <div className="gh"><h2>{t('models.offers')}</h2></div>
      <ul>
        {offers.map((offer) => (
          <li key={offer.name} data-offer={offer.name}>
            <div className="grow"><b className="cut">{offer.title}</b><span className="cut">{bytes(offer.bytes, language)} · {offer.licence}</span></div>
            <button type="button" className="btn sm" disabled={take.isPending} onClick={() => take.mutate(offer.name)}>{t('models.take')}</button>
          </li>
        ))}
      </ul>
      {take.isPending ? <Progress words={t('models.opening')} share={null} /> : null}
      <Refusal fault={take.error} />
    </section>
  )
}
