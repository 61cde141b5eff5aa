/** The wall's layouts, in the order of `G` + digit. */
export const LAYOUTS = ['1', '2x2', '3x3', '1+12', '4x4', '5x5'] as const
export type Layout = (typeof LAYOUTS)[number]

export const LAYOUT_TILES: Readonly<Record<Layout, number>> = { '1': 1, '2x2': 4, '3x3': 9, '1+12': 13, '4x4': 16, '5x5': 25 }
export const LAYOUT_WORDS: Readonly<Record<Layout, string>> = { '1': '1', '2x2': '2×2', '3x3': '3×3', '1+12': '1+12', '4x4': '4×4', '5x5': '5×5' }
/** Tiles in a row, for the arrow keys. */
export const LAYOUT_ACROSS: Readonly<Record<Layout, number>> = { '1': 1, '2x2': 2, '3x3': 3, '1+12': 4, '4x4': 4, '5x5': 5 }

export function readLayout(text: unknown): Layout | null {
  return LAYOUTS.find((known) => known === text || (known === '1+12' && text === '1 12')) ?? null
}

/** What a new screen opens with: enough tiles for the cameras there are, and a spotlight once there are many. */
export function fittingLayout(cameras: number): Layout {
  return cameras <= 1 ? '1' : cameras <= 4 ? '2x2' : cameras <= 9 ? '3x3' : '1+12'
}

/**
 * Which camera stands in which tile. An urgent alert takes the first tile, and the camera that stood there takes its place,
 * so that no camera is shown twice and all others stay where the eye knows them.
 */
export function arrange(page: readonly (string | null)[], layout: Layout, spotlight: string | null): readonly (string | null)[] {
  const tiles: (string | null)[] = Array.from({ length: LAYOUT_TILES[layout] }, (_, at) => page[at] ?? null)
  if (spotlight === null) return tiles
  const at = tiles.indexOf(spotlight)
  const first = tiles[0] ?? null
  if (at > 0) tiles[at] = first
  if (at !== 0) tiles[0] = spotlight
  return tiles
}

export function pagesOf(cameras: number, layout: Layout): number {
  return Math.max(1, Math.ceil(cameras / LAYOUT_TILES[layout]))
}

interface OnStreet {
  readonly id: string
  readonly place: { readonly street: string; readonly order: number; readonly heading: number }
}

/**
 * Along the street: the cameras before and after, by their order along it. Where a pole carries several, the one that looks
 * the same way comes first, since one follows a vehicle; `turn` is the other one of the same pole.
 */
export function neighbours<T extends OnStreet>(cameras: readonly T[], of: T): { readonly before: T | null; readonly after: T | null; readonly turn: T | null } {
  const street = cameras.filter((camera) => camera.place.street === of.place.street && camera.place.street !== '' && camera.id !== of.id)
  const orders = street.map((camera) => camera.place.order)
  const at = (order: number): T | null => nearestWay(street.filter((camera) => camera.place.order === order), of.place.heading)
  return {
    before: at(Math.max(...orders.filter((order) => order < of.place.order), -Infinity)),
    after: at(Math.min(...orders.filter((order) => order > of.place.order), Infinity)),
    turn: at(of.place.order),
  }
}

function nearestWay<T extends OnStreet>(cameras: readonly T[], heading: number): T | null {
  const off = (camera: T): number => Math.abs(((camera.place.heading - heading + 540) % 360) - 180)
  return [...cameras].sort((a, b) => off(a) - off(b) || a.id.localeCompare(b.id))[0] ?? null
}

/** Metres between two cameras, over the ground (equirectangular: a street is short). */
export function metresBetween(a: { readonly latitude: number; readonly longitude: number }, b: { readonly latitude: number; readonly longitude: number }): number {
  const rad = Math.PI / 180
  const x = (b.longitude - a.longitude) * rad * Math.cos(((a.latitude + b.latitude) / 2) * rad)
  const y = (b.latitude - a.latitude) * rad
  return Math.hypot(x, y) * 6_371_000
}

/** Beside its own street a camera needs no street in its name: "Cầu Hoàng Diệu – giữa cầu" is "giữa cầu" there. */
export function shortName(camera: { readonly name: string; readonly place: { readonly street: string } }): string {
  const { street } = camera.place
  const rest = street && camera.name.startsWith(street) ? camera.name.slice(street.length).replace(/^[\s–,·-]+/, '') : ''
  return rest ? rest.charAt(0).toUpperCase() + rest.slice(1) : camera.name
}
