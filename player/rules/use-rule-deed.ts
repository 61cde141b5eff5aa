import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { RuleDeedForm, RuleStandingView } from '../../server/contract/rules.js'
import { api, type Refused } from '../api/client.js'
import { tell } from '../api/here.js'
import { useWords } from '../words/words.js'
import type { WordKey } from '../words/vi.js'
import type { RuleBody } from './rule-draft.js'

type WithoutRevision<T> = T extends unknown ? Omit<T, 'revision'> : never
/** A deed on the rule as this person saw it. */
export type Deed = WithoutRevision<RuleDeedForm>

/** Puts what the server answered into the list at once, before it is asked again. */
function useTaken(cameraId: string): (standing: RuleStandingView) => void {
  const queries = useQueryClient()
  return (standing) => {
    queries.setQueryData<readonly RuleStandingView[]>(['rules', cameraId], (known = []) => (known.some(({ id }) => id === standing.id) ? known.map((one) => (one.id === standing.id ? standing : one)) : [...known, standing]))
    for (const queryKey of [['cameras'], ['findings', cameraId, standing.id], ['precision', cameraId, standing.id]]) void queries.invalidateQueries({ queryKey })
  }
}

export function useRuleDeed(cameraId: string, standing: RuleStandingView | null) {
  const queries = useQueryClient()
  const taken = useTaken(cameraId)
  const { t } = useWords()
  return useMutation<RuleStandingView, Refused, Deed>({
    mutationFn: (deed) => {
      if (!standing) throw new Error('a deed on a rule that has no row')
      return api.ruleDeed(cameraId, standing.id, { ...deed, revision: standing.revision } as RuleDeedForm)
    },
    onSuccess: (answer, deed) => {
      taken(answer)
      tell(t(`rule.done.${deed.do}` as WordKey, { version: 'version' in deed ? deed.version : answer.newest }))
    },
    // Somebody else was first: the page shows what the rule is now, and the refusal says so.
    onError: () => void queries.invalidateQueries({ queryKey: ['rules', cameraId] }),
  })
}

export function useSaveRule(cameraId: string) {
  const taken = useTaken(cameraId)
  const { t } = useWords()
  return useMutation<RuleStandingView, Refused, { readonly ruleId: string; readonly body: RuleBody; readonly from: number | null }>({
    mutationFn: ({ ruleId, body, from }) => api.saveRule(cameraId, ruleId, body, from),
    onSuccess: (answer) => {
      taken(answer)
      tell(t('rule.saved', { version: answer.newest }))
    },
  })
}

export function useRemoveRule(cameraId: string) {
  const queries = useQueryClient()
  return useMutation<unknown, Refused, string>({
    mutationFn: (ruleId) => api.removeRule(cameraId, ruleId),
    onSuccess: async (_answer, ruleId) => {
      queries.setQueryData<readonly RuleStandingView[]>(['rules', cameraId], (known = []) => known.filter(({ id }) => id !== ruleId))
      await queries.invalidateQueries({ queryKey: ['cameras'] })
    },
  })
}
