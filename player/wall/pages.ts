import type { CameraView } from '../../server/contract/cameras.js'
import type { WallView } from '../../server/contract/wall.js'
import { LAYOUT_TILES, type Layout } from './layout.js'

/** One page of what a wall shows: cameras by place, and the places whose camera this person may not see. */
export interface Page {
  readonly layout: Layout
  readonly cameraIds: readonly (string | null)[]
  readonly locked: readonly number[]
}

/** What the address names: all cameras, one area or street of them (walls that nobody had to make), or a saved wall. */
export type Source =
  | { readonly is: 'all' }
  | { readonly is: 'area'; readonly areaId: string }
  | { readonly is: 'street'; readonly street: string }
  | { readonly is: 'saved'; readonly wallId: string }

export function readSource(text: string | undefined): Source {
  if (!text || text === 'all') return { is: 'all' }
  const [, kind, name = ''] = /^(area|street):(.+)$/s.exec(text) ?? []
  if (kind === 'area') return { is: 'area', areaId: name }
  if (kind === 'street') return { is: 'street', street: name }
  return { is: 'saved', wallId: text }
}

export function writeSource(source: Source): string | undefined {
  switch (source.is) {
    case 'all':
      return undefined
    case 'area':
      return `area:${source.areaId}`
    case 'street':
      return `street:${source.street}`
    case 'saved':
      return source.wallId
  }
}

/** By area, street, and the order along it: the order of every wall that nobody arranged. */
export function inOrder(cameras: readonly CameraView[]): readonly CameraView[] {
  return [...cameras].sort((a, b) => a.areaName.localeCompare(b.areaName, 'vi') || a.place.street.localeCompare(b.place.street, 'vi') || a.place.order - b.place.order || a.name.localeCompare(b.name, 'vi'))
}

export interface Group {
  readonly source: Source
  readonly name: string
  readonly cameras: number
}

/** Ready-made walls: each area, and each street with two cameras or more. A place with all of them is no group of its own. */
export function groupsOf(cameras: readonly CameraView[]): { readonly areas: readonly Group[]; readonly streets: readonly Group[] } {
  const areas = counted(cameras, (camera) => camera.areaId).map(([areaId, inside]): Group => ({ source: { is: 'area', areaId }, name: inside[0]?.areaName ?? '', cameras: inside.length }))
  const streets = counted(cameras.filter((camera) => camera.place.street !== ''), (camera) => camera.place.street).map(([street, inside]): Group => ({ source: { is: 'street', street }, name: street, cameras: inside.length }))
  const byName = (a: Group, b: Group): number => a.name.localeCompare(b.name, 'vi')
  return { areas: areas.sort(byName), streets: streets.filter((group) => group.cameras > 1).sort(byName) }
}

function counted(cameras: readonly CameraView[], keyOf: (camera: CameraView) => string): readonly (readonly [string, readonly CameraView[]])[] {
  const found = new Map<string, CameraView[]>()
  for (const camera of cameras) found.set(keyOf(camera), [...(found.get(keyOf(camera)) ?? []), camera])
  return [...found]
}

/**
 * The pages to show. A saved wall has its own; a layout asked for by key lays its cameras out anew, for the moment, and
 * whatever nobody saved is laid out in order.
 */
export function pagesOf(source: Source, { cameras, saved, layout }: { readonly cameras: readonly CameraView[]; readonly saved: WallView | null; readonly layout: Layout | null }, fitting: (count: number) => Layout): readonly Page[] {
  if (source.is === 'saved') {
    if (!saved) return [empty(layout ?? '2x2')]
    if (layout === null || saved.pages.every((page) => page.layout === layout)) return saved.pages
    return laidOut(saved.pages.flatMap((page) => page.cameraIds.filter((id) => id !== null)).filter((id, at, all) => all.indexOf(id) === at), layout)
  }
  const shown = inOrder(cameras.filter((camera) => (source.is === 'area' ? camera.areaId === source.areaId : source.is === 'street' ? camera.place.street === source.street : true)))
  return laidOut(shown.map((camera) => camera.id), layout ?? fitting(shown.length))
}

function laidOut(ids: readonly string[], layout: Layout): readonly Page[] {
  const size = LAYOUT_TILES[layout]
  const pages = Math.max(1, Math.ceil(ids.length / size))
  return Array.from({ length: pages }, (_, at) => ({ layout, cameraIds: ids.slice(at * size, (at + 1) * size), locked: [] }))
}

const empty = (layout: Layout): Page => ({ layout, cameraIds: [], locked: [] })
