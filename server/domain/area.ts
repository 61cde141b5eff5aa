import type { AreaId } from './ids.js'

/** A node of the administrative tree (province, commune or ward). `path` lists the ids from the root down to itself. */
export interface Area {
  readonly id: AreaId
  readonly name: string
  readonly parent: AreaId | null
  readonly path: readonly AreaId[]
}

/** Whether a place whose area has this path lies inside any of the areas a person is given. */
export function inside(path: readonly AreaId[], granted: readonly AreaId[]): boolean {
  return path.some((id) => granted.includes(id))
}
