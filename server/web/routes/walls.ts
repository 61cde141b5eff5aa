import { SCREEN_NUMBER_MAX, ScreenForm, WallForm, WallOrderForm, type Showing } from '../../contract/wall.js'
import { asId, isId, type CameraId, type WallId } from '../../domain/ids.js'
import { keepLocked, pagesFault, type Wall, type WallPage, type WallShowing } from '../../domain/wall.js'
import type { Bus } from '../../flow/topics.js'
import type { Store } from '../../storage/store.js'
import type { Clock } from '../../system/clock.js'
import { newId } from '../../system/ids.js'
import { badForm, conflict, notFound, notTheirs } from '../problems.js'
import { json, refuse, route, type Asker, type Route } from '../route.js'
import { cameraIdsOf, type Sight, type WallViews } from '../wall-views.js'
import type { z } from 'zod'

export interface WallParts {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly views: WallViews
  /** Screens that a browser shows now. */
  readonly connected: () => ReadonlySet<number>
}

/** More walls than a list can be read through. */
const WALLS_MAX = 100

export function wallRoutes(parts: WallParts): readonly Route[] {
  return [...savedRoutes(parts), ...screenRoutes(parts)]
}

function savedRoutes({ store, clock, views }: WallParts): readonly Route[] {
  const answer = async (asker: Asker, wall: Wall, status = 200) => json((await views.walls(asker, [wall]))[0], status)
  /** Their own to change; another's shared one can be seen and not changed; any other does not exist. */
  const own = async (asker: Asker, id: string | undefined): Promise<Wall | 'theirs' | null> => {
    const wall = isId(id) ? await store.walls.get(asId<WallId>(id)) : null
    if (wall?.ownerId === asker.person.id) return wall
    return wall?.shared ? 'theirs' : null
  }
  return [
    route({
      method: 'get',
      path: '/api/walls',
      needs: 'camera.view',
      scope: 'none',
      act: async ({ asker }) => json({ walls: await views.walls(asker!, await store.walls.seenBy(asker!.person.id)) }),
    }),
    route<WallForm>({
      method: 'post',
      path: '/api/walls',
      needs: 'camera.view',
      scope: 'none',
      form: WallForm,
      async act({ asker, body }) {
        const { sees } = await views.sight(asker!)
        const fault = pagesFault(body.pages, sees)
        if (fault) return refuse(badForm([fault]))
        const mine = (await store.walls.seenBy(asker!.person.id)).filter(({ ownerId }) => ownerId === asker!.person.id)
        if (mine.length >= WALLS_MAX) return refuse(conflict('too_many_walls', `Đã có ${WALLS_MAX} tường; xóa bớt một tường`, `There are ${WALLS_MAX} walls; remove one`))
        const wall: Wall = { id: newId<WallId>(), ownerId: asker!.person.id, name: body.name, pages: pagesOf(body), dwellS: body.dwellS, shared: body.shared }
        return answer(asker!, await store.walls.add(wall, clock.wallMs()), 201)
      },
    }),
    route<z.infer<typeof WallOrderForm>>({
      method: 'post',
      path: '/api/walls/order',
      needs: 'camera.view',
      scope: 'none',
      form: WallOrderForm,
      async act({ asker, body }) {
        await store.walls.order(asker!.person.id, body.wallIds.map((id) => asId<WallId>(id)))
        return json({ walls: await views.walls(asker!, await store.walls.seenBy(asker!.person.id)) })
      },
    }),
    route<WallForm>({
      method: 'put',
      path: '/api/walls/:wallId',
      needs: 'camera.view',
      scope: 'none',
      form: WallForm,
      async act({ asker, params, body }) {
        const before = await own(asker!, params['wallId'])
        if (before === null) return refuse(notFound)
        if (before === 'theirs') return refuse(notTheirs)
        const seen = await views.sight(asker!)
        const fault = pagesFault(body.pages, seen.sees)
        if (fault) return refuse(badForm([fault]))
        const wall = await store.walls.change(before.id, { ...body, pages: keepLocked(pagesOf(body), before.pages, seen.isLocked) })
        return wall ? answer(asker!, wall) : refuse(notFound)
      },
    }),
    route({
      method: 'delete',
      path: '/api/walls/:wallId',
      needs: 'camera.view',
      scope: 'none',
      async act({ asker, params }) {
        const wall = await own(asker!, params['wallId'])
        if (wall === 'theirs') return refuse(notTheirs)
        return wall && (await store.walls.remove(wall.id)) ? json({ ok: true }) : refuse(notFound)
      },
    }),
  ]
}

function pagesOf({ pages }: WallForm): readonly WallPage[] {
  return pages.map(({ layout, cameraIds }) => ({ layout, cameraIds: cameraIdsOf(cameraIds) }))
}

function screenRoutes({ store, bus, clock, views, connected }: WallParts): readonly Route[] {
  const put = async (asker: Asker, number: number, part: { readonly name?: string | undefined; readonly showing: WallShowing | null }) => {
    await store.screens.put({ number, ...part, by: asker.person.id, atMs: clock.wallMs() })
    bus.publish('screen.changed', { number })
    return json(await views.screen(asker, number, connected().has(number)))
  }
  return [
    route({
      method: 'get',
      path: '/api/screens',
      needs: 'camera.view',
      scope: 'none',
      act: async ({ asker }) => json({ screens: await views.screens(asker!, connected()) }),
    }),
    route<ScreenForm>({
      method: 'put',
      path: '/api/screens/:number',
      needs: 'wall.push',
      scope: 'none',
      form: ScreenForm,
      async act({ asker, params, body }) {
        const number = numberOf(params['number'])
        if (number === null) return refuse(notFound)
        const checked = await checkShowing(store, asker!, body.showing, await views.sight(asker!))
        return 'field' in checked ? refuse(badForm([checked])) : put(asker!, number, { name: body.name, showing: checked.showing })
      },
    }),
    route({
      method: 'delete',
      path: '/api/screens/:number',
      needs: 'wall.push',
      scope: 'none',
      async act({ asker, params }) {
        const number = numberOf(params['number'])
        return number === null ? refuse(notFound) : put(asker!, number, { showing: null })
      },
    }),
  ]
}

/** Nobody sends to a screen what they could not open themselves. */
async function checkShowing(store: Store, asker: Asker, showing: Showing | null, { sees }: Sight): Promise<{ readonly showing: WallShowing | null } | { readonly field: string; readonly reason: string }> {
  if (showing === null) return { showing: null }
  if (showing.kind === 'camera') return sees(showing.cameraId) ? { showing: { kind: 'camera', cameraId: asId<CameraId>(showing.cameraId) } } : { field: 'showing.cameraId', reason: 'is no camera you can see' }
  const wall = isId(showing.wallId) ? await store.walls.get(asId<WallId>(showing.wallId)) : null
  return wall && (wall.shared || wall.ownerId === asker.person.id) ? { showing: { kind: 'wall', wallId: wall.id } } : { field: 'showing.wallId', reason: 'is no wall of yours or shared with you' }
}

function numberOf(text: string | undefined): number | null {
  const number = /^[1-9]\d?$/.test(text ?? '') ? Number(text) : 0
  return number >= 1 && number <= SCREEN_NUMBER_MAX ? number : null
}
