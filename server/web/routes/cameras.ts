import { AddCameraForm, CameraChangeForm, DiscoverForm, InspectForm, SandboxFaultForm, type AddedCameraView, type AreaView, type DiscoveryView, type InspectionView } from '../../contract/cameras.js'
import { asId, type AreaId, type CameraId } from '../../domain/ids.js'
import type { Registry } from '../../devices/registry.js'
import type { Store } from '../../storage/store.js'
import { badForm, forbidden, notFound } from '../problems.js'
import { json, refuse, route, type Route } from '../route.js'
import type { Views } from '../views.js'
import type { z } from 'zod'
import { addPushCamera, pushCameraRoutes, type PushParts } from './push-cameras.js'

export interface CameraParts extends PushParts {
  readonly store: Store
  readonly views: Views
  readonly registry: Registry
  readonly discover: (addresses: readonly string[]) => Promise<DiscoveryView>
  readonly inspect: (form: InspectForm) => Promise<InspectionView>
  /** The newest picture as JPEG and when it was taken, or null when there is none. */
  readonly still: (cameraId: CameraId, widthMax?: number) => Promise<{ readonly jpeg: Uint8Array; readonly atMs: number } | null>
  /** Null when there is no sandbox. */
  readonly setFault: ((cameraId: string, fault: string) => Promise<boolean>) | null
}

/** `?size=small`: for walls on thin links, some 10 KB instead of 40. */
const SMALL_STILL_WIDTH = 320

export function cameraRoutes(parts: CameraParts): readonly Route[] {
  return [...readingRoutes(parts), ...addingRoutes(parts), ...changingRoutes(parts), ...pushCameraRoutes(parts)]
}

function readingRoutes({ store, views, still }: CameraParts): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/areas',
      needs: 'session.own',
      scope: 'none',
      async act({ asker }) {
        const areas = await store.areas.list()
        return json({ areas: areas.filter((area) => asker!.areas.has(area.id)).map(({ id, name, parent }): AreaView => ({ id, name, parent })) })
      },
    }),
    route({
      method: 'get',
      path: '/api/cameras',
      needs: 'camera.view',
      scope: 'none',
      async act({ asker }) {
        const cameras = await store.cameras.list()
        return json({ cameras: await views.cameras(cameras.filter(({ areaId }) => asker!.areas.has(areaId))) })
      },
    }),
    route({
      method: 'get',
      path: '/api/cameras/:cameraId',
      needs: 'camera.view',
      scope: { kind: 'camera', param: 'cameraId' },
      async act({ params }) {
        const camera = await store.cameras.get(asId<CameraId>(params['cameraId']!))
        const [view] = camera ? await views.cameras([camera]) : []
        return view ? json(view) : refuse(notFound)
      },
    }),
    stillRoute('/api/cameras/:cameraId/still.jpg', 'camera.view', still),
    stillRoute('/room/cameras/:cameraId/still.jpg', 'guest', still),
  ]
}

function stillRoute(path: string, needs: 'camera.view' | 'guest', still: CameraParts['still']): Route {
  return route({
    method: 'get',
    path,
    needs,
    scope: { kind: 'camera', param: 'cameraId' },
    async act({ params, query }) {
      const picture = await still(asId<CameraId>(params['cameraId']!), query.get('size') === 'small' ? SMALL_STILL_WIDTH : undefined)
      // When it was taken is told with it: a still that is shown must tell its age.
      return picture ? { kind: 'bytes', status: 200, headers: { 'content-type': 'image/jpeg', 'cache-control': 'no-store', 'x-taken-at-ms': String(picture.atMs) }, body: picture.jpeg } : refuse(notFound)
    },
  })
}

function addingRoutes(parts: CameraParts): readonly Route[] {
  const { views, registry, discover, inspect } = parts
  return [
    route<z.infer<typeof DiscoverForm>>({
      method: 'post',
      path: '/api/cameras/discover',
      needs: 'camera.manage',
      scope: 'none',
      form: DiscoverForm,
      act: async ({ body }) => json(await discover(body.addresses)),
    }),
    route<InspectForm>({ method: 'post', path: '/api/cameras/inspect', needs: 'camera.manage', scope: 'none', form: InspectForm, act: async ({ body }) => json(await inspect(body)) }),
    route<AddCameraForm>({
      method: 'post',
      path: '/api/cameras',
      needs: 'camera.manage',
      scope: 'none',
      form: AddCameraForm,
      async act({ asker, body }) {
        if (!asker!.areas.has(body.areaId)) return refuse({ ...forbidden, faults: [{ field: 'areaId', reason: 'is outside your own areas' }] })
        const { origin } = body
        const by = asker!.person.id
        const added = origin.kind === 'push' ? await addPushCamera(parts, body, origin.networks, by) : await registry.add({ ...body, origin, mainUrl: body.mainUrl ?? '', areaId: asId<AreaId>(body.areaId) }, by)
        if ('faults' in added) return refuse(badForm(added.faults))
        const [view] = await views.cameras([added.camera])
        return json({ ...view!, push: 'push' in added ? added.push : null } satisfies AddedCameraView, 201)
      },
    }),
  ]
}

function changingRoutes({ store, views, registry, setFault }: CameraParts): readonly Route[] {
  return [
    route<CameraChangeForm>({
      method: 'patch',
      path: '/api/cameras/:cameraId',
      needs: 'camera.manage',
      scope: { kind: 'camera', param: 'cameraId' },
      form: CameraChangeForm,
      async act({ asker, params, body }) {
        if (body.areaId && !asker!.areas.has(body.areaId)) return refuse({ ...forbidden, faults: [{ field: 'areaId', reason: 'is outside your own areas' }] })
        const camera = await registry.change(asId<CameraId>(params['cameraId']!), { ...body, areaId: body.areaId ? asId<AreaId>(body.areaId) : undefined }, asker!.person.id)
        const [view] = camera ? await views.cameras([camera]) : []
        return view ? json(view) : refuse(notFound)
      },
    }),
    route({
      method: 'delete',
      path: '/api/cameras/:cameraId',
      needs: 'camera.manage',
      scope: { kind: 'camera', param: 'cameraId' },
      async act({ asker, params }) {
        return (await registry.remove(asId<CameraId>(params['cameraId']!), asker!.person.id)) ? json({ ok: true }) : refuse(notFound)
      },
    }),
    route<{ fault: string }>({
      method: 'post',
      path: '/api/cameras/:cameraId/sandbox-fault',
      needs: 'sandbox.fault',
      scope: { kind: 'camera', param: 'cameraId' },
      form: SandboxFaultForm,
      async act({ params, body }) {
        const id = params['cameraId']!
        if (!setFault || !(await setFault(id, body.fault))) return refuse(badForm([{ field: 'fault', reason: 'is not one this camera can play' }]))
        const camera = await store.cameras.get(asId<CameraId>(id))
        const [view] = camera ? await views.cameras([camera]) : []
        return view ? json(view) : refuse(notFound)
      },
    }),
  ]
}
