import type { ScreenView, Showing, WallPageView, WallView } from '../contract/wall.js'
import { asId, type CameraId, type PersonId, type WallId } from '../domain/ids.js'
import type { Wall, WallPage, WallScreen } from '../domain/wall.js'
import type { Store } from '../storage/store.js'
import type { Asker } from './route.js'

/** Which cameras there are, and which of them this person may see: read once for an answer. */
export interface Sight {
  sees(cameraId: string): boolean
  /** It is there, and not for these eyes. */
  isLocked(cameraId: string): boolean
}

export interface WallViews {
  sight(asker: Asker): Promise<Sight>
  walls(asker: Asker, walls: readonly Wall[]): Promise<readonly WallView[]>
  /** All that have a row or a browser, by number. */
  screens(asker: Asker, connected: ReadonlySet<number>): Promise<readonly ScreenView[]>
  screen(asker: Asker, number: number, connected: boolean): Promise<ScreenView>
}

/** Walls and screens as one person may see them: cameras that are not theirs are locks without a name, removed ones empty tiles. */
export function makeWallViews(store: Store): WallViews {
  const sight = async (asker: Asker): Promise<Sight> => {
    const areaOf = new Map((await store.cameras.list()).map(({ id, areaId }) => [id as string, areaId]))
    const sees = (cameraId: string): boolean => asker.areas.has(areaOf.get(cameraId) ?? '')
    return { sees, isLocked: (cameraId) => areaOf.has(cameraId) && !sees(cameraId) }
  }

  const nameOf = async (id: PersonId | null): Promise<string | null> => (id ? ((await store.people.get(id))?.displayName ?? null) : null)

  const wallView = async (asker: Asker, wall: Wall, seen: Sight): Promise<WallView> => ({
    id: wall.id,
    name: wall.name,
    pages: pageViews(wall.pages, seen),
    dwellS: wall.dwellS,
    shared: wall.shared,
    mine: wall.ownerId === asker.person.id,
    by: (await nameOf(wall.ownerId)) ?? '',
  })

  const screenView = async (asker: Asker, screen: WallScreen, connected: boolean, seen: Sight): Promise<ScreenView> => {
    const { number, showing } = screen
    const row = showing?.kind === 'wall' ? await store.walls.get(asId<WallId>(showing.wallId)) : null
    const wall = row && (await wallView(asker, row, seen))
    const withheld = showing?.kind === 'camera' && seen.isLocked(showing.cameraId)
    // A wall or camera that was removed since leaves the screen empty.
    const shown = showing === null || (showing.kind === 'wall' ? wall === null : !seen.sees(showing.cameraId)) ? null : (showing satisfies Showing)
    return { number, name: screen.name ?? `Màn hình ${number}`, showing: shown, wall, withheld, by: await nameOf(screen.by), sinceMs: screen.sinceMs, connected }
  }

  const unsent = (number: number): WallScreen => ({ number, name: null, showing: null, by: null, sinceMs: null })

  return {
    sight,
    async walls(asker, walls) {
      const seen = await sight(asker)
      return Promise.all(walls.map((wall) => wallView(asker, wall, seen)))
    },
    async screens(asker, connected) {
      const [rows, seen] = [await store.screens.list(), await sight(asker)]
      const unnamed = [...connected].filter((number) => !rows.some((row) => row.number === number)).map(unsent)
      return Promise.all([...rows, ...unnamed].toSorted((a, b) => a.number - b.number).map((row) => screenView(asker, row, connected.has(row.number), seen)))
    },
    async screen(asker, number, connected) {
      return screenView(asker, (await store.screens.get(number)) ?? unsent(number), connected, await sight(asker))
    },
  }
}

export function pageViews(pages: readonly WallPage[], { sees, isLocked }: Sight): readonly WallPageView[] {
  return pages.map(({ layout, cameraIds }) => ({ layout, cameraIds: cameraIds.map((id) => (id !== null && sees(id) ? id : null)), locked: cameraIds.flatMap((id, place) => (id !== null && isLocked(id) ? [place] : [])) }))
}

export const cameraIdsOf = (ids: readonly (string | null)[]): readonly (CameraId | null)[] => ids.map((id) => (id === null ? null : asId<CameraId>(id)))
