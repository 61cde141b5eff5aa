import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ScreenView, Showing } from '../../server/contract/wall.js'
import { api, type Refused } from '../api/client.js'
import { tell } from '../api/here.js'
import { useScreens } from '../api/queries.js'
import { useWords } from '../words/words.js'

/** Sends to a big screen, and says what came of it: a screen that nobody has opened shows it once somebody does. */
export function usePush(): { readonly screens: readonly ScreenView[]; readonly push: (number: number, showing: Showing | null, name: string) => void } {
  const { t, pick } = useWords()
  const queries = useQueryClient()
  const screens = useScreens().data ?? []
  const { mutate } = useMutation<ScreenView, Refused, { readonly number: number; readonly showing: Showing | null; readonly name: string }>({
    mutationFn: ({ number, showing }) => (showing ? api.pushScreen(number, { showing }) : api.clearScreen(number)),
    onSuccess: (screen, { showing, name }) => {
      void queries.invalidateQueries({ queryKey: ['screens'] })
      const where = screen.name
      if (!showing) tell(t('screens.cleared', { where }))
      else tell(t(screen.connected ? 'screens.sent' : 'screens.sent_later', { name, where, number: screen.number }))
    },
    onError: (fault) => tell(`${pick(fault.problem.title)}. ${fault.problem.next ? pick(fault.problem.next) : ''}`, 'bad'),
  })
  return { screens, push: (number, showing, name) => mutate({ number, showing, name }) }
}
