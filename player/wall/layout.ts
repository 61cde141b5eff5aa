/** The wall's layouts, in the order of `G` + digit. */
export const LAYOUTS = ['1', '2x2', '3x3', '1+12', '4x4'] as const
export type Layout = (typeof LAYOUTS)[number]

export const LAYOUT_TILES: Readonly<Record<Layout, number>> = { '1': 1, '2x2': 4, '3x3': 9, '1+12': 13, '4x4': 16 }
export const LAYOUT_WORDS: Readonly<Record<Layout, string>> = { '1': '1', '2x2': '2×2', '3x3': '3×3', '1+12': '1+12', '4x4': '4×4' }

export function readLayout(text: unknown): Layout | null {
  return LAYOUTS.find((known) => known === text || (known === '1+12' && text === '1 12')) ?? null
}

/** What a new screen opens with: enough tiles for the cameras there are, and a spotlight once there are many. */
export function fittingLayout(cameras: number): Layout {
  return cameras <= 1 ? '1' : cameras <= 4 ? '2x2' : cameras <= 9 ? '3x3' : '1+12'
}

/**
 * Which camera stands in which tile. An urgent alert takes the spotlight, and the camera that stood there takes its place,
 * so that no camera is shown twice and all others stay where the eye knows them.
 */
export function arrange(cameras: readonly string[], layout: Layout, page: number, spotlight: string | null): readonly (string | null)[] {
  const size = LAYOUT_TILES[layout]
  const shown = cameras.slice(page * size, (page + 1) * size)
  const tiles: (string | null)[] = Array.from({ length: size }, (_, at) => shown[at] ?? null)
  if (spotlight === null || layout !== '1+12') return tiles
  const at = tiles.indexOf(spotlight)
  const first = tiles[0] ?? null
  if (at > 0) tiles[at] = first
  if (at !== 0) tiles[0] = spotlight
  return tiles
}

export function pagesOf(cameras: number, layout: Layout): number {
  return Math.max(1, Math.ceil(cameras / LAYOUT_TILES[layout]))
}

/** Along the street: the cameras before and after, by their order along it. */
export function neighbours<T extends { readonly id: string; readonly place: { readonly street: string; readonly order: number } }>(cameras: readonly T[], of: T): { readonly before: T | null; readonly after: T | null } {
  const street = cameras.filter((camera) => camera.place.street === of.place.street && camera.place.street !== '').sort((a, b) => a.place.order - b.place.order || a.id.localeCompare(b.id))
  const at = street.findIndex((camera) => camera.id === of.id)
  return { before: at > 0 ? (street[at - 1] ?? null) : null, after: at >= 0 ? (street[at + 1] ?? null) : null }
}

/** Beside its own street a camera needs no street in its name: "Cầu Hoàng Diệu – giữa cầu" is "giữa cầu" there. */
export function shortName(camera: { readonly name: string; readonly place: { readonly street: string } }): string {
  const { street } = camera.place
  const rest = street && camera.name.startsWith(street) ? camera.name.slice(street.length).replace(/^[\s–,·-]+/, '') : ''
  return rest ? rest.charAt(0).toUpperCase() + rest.slice(1) : camera.name
}
