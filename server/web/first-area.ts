import type { AreaId } from '../domain/ids.js'
import type { Store } from '../storage/store.js'
import { newId } from '../system/ids.js'

/** The root of the area tree, made with the first person or the sandbox city. */
export async function firstArea(store: Store, siteName: string): Promise<AreaId> {
  const [root] = (await store.areas.list()).filter(({ parent }) => parent === null)
  if (root) return root.id
  await store.notes.set('site.name', siteName)
  return (await store.areas.add({ id: newId<AreaId>(), name: siteName, parent: null })).id
}
