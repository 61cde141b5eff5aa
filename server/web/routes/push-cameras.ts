import type { AddCameraForm, PushView } from '../../contract/cameras.js'
import type { PushCameras } from '../../devices/push-cameras.js'
import { asId, type AreaId, type CameraId } from '../../domain/ids.js'
import type { Camera } from '../../domain/camera.js'
import type { PersonId } from '../../domain/ids.js'
import { isNetwork } from '../../system/networks.js'
import { notFound } from '../problems.js'
import { json, refuse, route, type Route } from '../route.js'

export interface PushParts {
  readonly push: PushCameras
  /** `rtmp://host:port/live`, or null where the settings do not open that port. */
  readonly pushAddress: () => string | null
}

type Added = { readonly camera: Camera; readonly push: PushView } | { readonly faults: readonly { readonly field: string; readonly reason: string }[] }

/** Adds a camera that pushes. The key is in this answer and in no other. */
export async function addPushCamera({ push, pushAddress }: PushParts, body: AddCameraForm, networks: readonly string[], by: PersonId): Promise<Added> {
  const address = pushAddress()
  if (address === null) return { faults: [{ field: 'origin.kind', reason: 'RTMP is switched off: write rtmp.enabled: true in the settings and start the server again' }] }
  const odd = networks.findIndex((network) => !isNetwork(network))
  if (odd >= 0) return { faults: [{ field: `origin.networks.${odd}`, reason: 'is not a network: write it as 10.20.0.0/16, or leave it out to let the key in from anywhere' }] }
  const { camera, key } = await push.add({ name: body.name, areaId: asId<AreaId>(body.areaId), place: body.place, networks }, by)
  return { camera, push: { address, key } }
}

export function pushCameraRoutes({ push, pushAddress }: PushParts): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/api/cameras/:cameraId/push-key',
      needs: 'camera.manage',
      scope: { kind: 'camera', param: 'cameraId' },
      async act({ asker, params }) {
        const key = await push.newKey(asId<CameraId>(params['cameraId']!), asker!.person.id)
        return key === null ? refuse(notFound) : json({ address: pushAddress(), key } satisfies PushView)
      },
    }),
  ]
}
