import type { PresetsView } from '../../contract/rules.js'
import type { Aims } from '../../devices/aims.js'
import { asId, type CameraId } from '../../domain/ids.js'
import type { Store } from '../../storage/store.js'
import { presetsView } from '../aim-views.js'
import { notFound } from '../problems.js'
import { json, refuse, route, type Route } from '../route.js'

/** Where a camera that turns looks, for whoever binds a rule to a preset. A camera that does not answer is an answer, with its reason. */
export function presetRoutes({ store, aims }: { readonly store: Store; readonly aims: Aims }): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/cameras/:cameraId/presets',
      needs: 'rule.manage',
      scope: { kind: 'camera', param: 'cameraId' },
      async act({ params }) {
        const camera = await store.cameras.get(asId<CameraId>(params['cameraId']!))
        return camera ? json(presetsView(await aims.ask(camera)) satisfies PresetsView) : refuse(notFound)
      },
    }),
  ]
}
