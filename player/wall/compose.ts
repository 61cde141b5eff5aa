import { LAYOUT_TILES, type Layout } from './layout.js'
import type { Page } from './pages.js'

/** A wall being put together. Pure steps: each gives the pages as they are afterwards. */
export type Compose =
  | { readonly do: 'put'; readonly page: number; readonly place: number; readonly cameraId: string }
  | { readonly do: 'swap'; readonly page: number; readonly from: number; readonly to: number }
  | { readonly do: 'clear'; readonly page: number; readonly place: number }
  | { readonly do: 'layout'; readonly page: number; readonly layout: Layout }
  | { readonly do: 'add_page'; readonly layout: Layout }
  | { readonly do: 'remove_page'; readonly page: number }

export const PAGES_MAX = 20

export function compose(pages: readonly Page[], step: Compose): readonly Page[] {
  switch (step.do) {
    case 'add_page':
      return pages.length < PAGES_MAX ? [...pages, { layout: step.layout, cameraIds: [], locked: [] }] : pages
    case 'remove_page':
      return pages.length > 1 ? pages.filter((_, at) => at !== step.page) : pages
    default:
      return pages.map((page, at) => (at === step.page ? onPage(page, step) : page))
  }
}

function onPage(page: Page, step: Exclude<Compose, { readonly do: 'add_page' | 'remove_page' }>): Page {
  const tiles = Array.from({ length: LAYOUT_TILES[page.layout] }, (_, at) => page.cameraIds[at] ?? null)
  const locked = (place: number): boolean => page.locked.includes(place)
  switch (step.do) {
    case 'put': {
      if (locked(step.place) || step.place >= tiles.length) return page
      // A camera stands on a page once: put somewhere else, it moves, and what stood there takes its place.
      const was = tiles.indexOf(step.cameraId)
      if (was >= 0) tiles[was] = tiles[step.place] ?? null
      tiles[step.place] = step.cameraId
      return { ...page, cameraIds: tiles }
    }
    case 'swap': {
      if (locked(step.from) || locked(step.to) || step.to >= tiles.length || step.from >= tiles.length) return page
      const [from, to] = [tiles[step.from] ?? null, tiles[step.to] ?? null]
      tiles[step.from] = to
      tiles[step.to] = from
      return { ...page, cameraIds: tiles }
    }
    case 'clear':
      if (locked(step.place)) return page
      return { ...page, cameraIds: tiles.map((id, at) => (at === step.place ? null : id)) }
    case 'layout':
      return { layout: step.layout, cameraIds: tiles.slice(0, LAYOUT_TILES[step.layout]), locked: page.locked.filter((place) => place < LAYOUT_TILES[step.layout]) }
  }
}

/** Moves one of a list to another place; what lay between moves up or down. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const one = list[from]
  if (one === undefined || to < 0 || to >= list.length) return list
  const rest = list.filter((_, at) => at !== from)
  return [...rest.slice(0, to), one, ...rest.slice(to)]
}
