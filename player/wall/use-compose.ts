import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { WallAsked, WallView } from '../../server/contract/wall.js'
import { api, Refused } from '../api/client.js'
import { tell } from '../api/here.js'
import { useWords } from '../words/words.js'
import { compose, type Compose } from './compose.js'
import type { Draft } from './compose-panel.js'
import type { Page } from './pages.js'

interface Composing {
  readonly draft: Draft | null
  readonly busy: boolean
  readonly fault: unknown
  readonly begin: (draft: Draft) => void
  readonly change: (part: Partial<Draft>) => void
  readonly step: (step: Compose) => void
  readonly stop: () => void
  readonly save: () => void
  readonly share: (wall: WallView) => void
  readonly remove: (wall: WallView) => void
  readonly order: (ids: readonly string[]) => void
}

export function formOf({ name, pages, dwellS, shared }: { readonly name: string; readonly pages: readonly Page[]; readonly dwellS: number; readonly shared: boolean }): WallAsked {
  return { name: name.trim(), dwellS, shared, pages: pages.map(({ layout, cameraIds }) => ({ layout, cameraIds: [...cameraIds] })) }
}

/** Walls being made, changed, shared and ordered. The server keeps them; the list is asked for again after each. */
export function useCompose(onSaved: (wall: WallView) => void): Composing {
  const queries = useQueryClient()
  const { pick } = useWords()
  const [draft, setDraft] = useState<Draft | null>(null)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<unknown>(null)
  const after = (done: Promise<unknown>): void => {
    done.catch((refused: unknown) => tell(refused instanceof Refused ? pick(refused.problem.title) : String(refused), 'bad')).finally(() => void queries.invalidateQueries({ queryKey: ['walls'] }))
  }
  const save = async (made: Draft): Promise<void> => {
    setBusy(true)
    setFault(null)
    try {
      const wall = await (made.id ? api.changeWall(made.id, formOf(made)) : api.addWall(formOf(made)))
      await queries.invalidateQueries({ queryKey: ['walls'] })
      setDraft(null)
      onSaved(wall)
    } catch (refused) {
      setFault(refused)
    } finally {
      setBusy(false)
    }
  }
  return {
    draft,
    busy,
    fault,
    begin: (made) => { setFault(null); setDraft(made) },
    change: (part) => setDraft((known) => known && { ...known, ...part }),
    step: (step) => setDraft((known) => known && { ...known, pages: compose(known.pages, step) }),
    stop: () => setDraft(null),
    save: () => draft && void save(draft),
    share: (wall) => after(api.changeWall(wall.id, formOf({ ...wall, shared: !wall.shared }))),
    remove: (wall) => after(api.removeWall(wall.id)),
    order: (ids) => {
      // Seen at once where it was put; the server's answer confirms it.
      queries.setQueryData<readonly WallView[]>(['walls'], (known) => known && [...ids.flatMap((id) => known.filter((wall) => wall.id === id)), ...known.filter((wall) => !ids.includes(wall.id))])
      after(api.orderWalls([...ids]))
    },
  }
}
