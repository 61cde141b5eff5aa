import type { Area } from '../domain/area.js'
import { asId, type AreaId } from '../domain/ids.js'
import type { Store } from './store.js'
import type { Connection } from './tables.js'

/** The administrative tree. A few hundred rows, so the paths are computed from all of them at once. */
export function makeAreas({ db }: Connection): Store['areas'] {
  const list = async (): Promise<readonly Area[]> => withPaths(await db().selectFrom('areas').selectAll().execute())
  const get = async (id: AreaId): Promise<Area | null> => (await list()).find((area) => area.id === id) ?? null
  return {
    list,
    get,
    async add(area) {
      await db().insertInto('areas').values({ id: area.id, name: area.name, parent: area.parent }).execute()
      const added = await get(area.id)
      if (!added) throw new Error(`area ${area.id} vanished while it was added`)
      return added
    },
  }
}

/** Parents before children, then by name as Vietnamese sorts it: the order in which a tree is drawn. */
function withPaths(rows: readonly { readonly id: string; readonly name: string; readonly parent: string | null }[]): readonly Area[] {
  const byName = rows.toSorted((a, b) => a.name.localeCompare(b.name, 'vi'))
  const childrenOf = new Map<string | null, typeof byName>()
  for (const row of byName) childrenOf.set(row.parent, [...(childrenOf.get(row.parent) ?? []), row])
  const grow = (parent: AreaId | null, path: readonly AreaId[]): Area[] =>
    (childrenOf.get(parent) ?? []).flatMap((row) => {
      const id = asId<AreaId>(row.id)
      const area: Area = { id, name: row.name, parent, path: [...path, id] }
      return [area, ...grow(id, area.path)]
    })
  return grow(null, [])
}
