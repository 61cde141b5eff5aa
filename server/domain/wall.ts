import type { CameraId, PersonId, WallId } from './ids.js'

/** How many tiles each layout has; a page holds no more cameras than that. */
export const LAYOUT_TILES = { '1': 1, '2x2': 4, '3x3': 9, '1+12': 13, '4x4': 16, '5x5': 25 } as const
export type LayoutName = keyof typeof LAYOUT_TILES

export interface WallPage {
  readonly layout: LayoutName
  /** By place; null is an empty tile. */
  readonly cameraIds: readonly (CameraId | null)[]
}

/** What one person keeps of the wall. More than one page is a tour. */
export interface Wall {
  readonly id: WallId
  readonly ownerId: PersonId
  readonly name: string
  readonly pages: readonly WallPage[]
  readonly dwellS: number
  readonly shared: boolean
}

export type WallShowing = { readonly kind: 'camera'; readonly cameraId: CameraId } | { readonly kind: 'wall'; readonly wallId: WallId }

/** A big screen of the room, known by its number. */
export interface WallScreen {
  readonly number: number
  readonly name: string | null
  readonly showing: WallShowing | null
  readonly by: PersonId | null
  readonly sinceMs: number | null
}

/** The first thing about the pages that cannot be shown, by field, or null. */
export function pagesFault(pages: readonly { readonly layout: LayoutName; readonly cameraIds: readonly (string | null)[] }[], sees: (cameraId: string) => boolean): { readonly field: string; readonly reason: string } | null {
  for (const [at, { layout, cameraIds }] of pages.entries()) {
    if (cameraIds.length > LAYOUT_TILES[layout]) return { field: `pages.${at}.cameraIds`, reason: `holds ${cameraIds.length} cameras, layout ${layout} has ${LAYOUT_TILES[layout]} tiles` }
    for (const [place, cameraId] of cameraIds.entries()) {
      if (cameraId === null) continue
      if (!sees(cameraId)) return { field: `pages.${at}.cameraIds.${place}`, reason: 'is no camera you can see' }
      if (cameraIds.indexOf(cameraId) !== place) return { field: `pages.${at}.cameraIds.${place}`, reason: 'stands on this page twice' }
    }
  }
  return null
}

/**
 * The pages as they shall be stored when somebody saves what they see: a place that is locked to them comes back empty, and
 * must not be emptied by that.
 */
export function keepLocked(asked: readonly WallPage[], stored: readonly WallPage[], isLocked: (cameraId: CameraId) => boolean): readonly WallPage[] {
  return asked.map((page, at) => {
    const before = stored[at]
    if (!before || before.layout !== page.layout) return page
    const places = Math.max(page.cameraIds.length, before.cameraIds.length)
    const cameraIds = Array.from({ length: places }, (_, place) => {
      const locked = before.cameraIds[place] ?? null
      return page.cameraIds[place] ?? (locked !== null && isLocked(locked) ? locked : null)
    })
    return { layout: page.layout, cameraIds }
  })
}
