import type { Live } from '../../live/open-live.js'
import { soundOf } from '../../domain/camera.js'
import { asId, type CameraId, type StreamId } from '../../domain/ids.js'
import type { Store } from '../../storage/store.js'
import { notFound } from '../problems.js'
import { refuse, route, type Answer, type Asked, type Route } from '../route.js'

/** Playlists, init segments, segments and parts: each request is checked on its own, with the viewer's own sign-in and ticket. */
export function liveRoutes({ live, store }: { readonly live: Live; readonly store: Pick<Store, 'cameras'> }): readonly Route[] {
  const give = async (streamId: StreamId, asked: Asked): Promise<Answer> => {
    const { params, query } = asked
    const { status, headers, body } = await live.answer(streamId, {
      file: params['file']!,
      msn: query.get('_HLS_msn') ?? undefined,
      part: query.get('_HLS_part') ?? undefined,
      // Made only for a request that must be held: most are answered at once.
      get signal() {
        return asked.leaving
      },
    })
    return { kind: 'bytes', status, headers, body }
  }
  const pictures = (path: string, needs: 'camera.view' | 'guest'): Route => route({ method: 'get', path, needs, scope: { kind: 'stream', param: 'streamId' }, ticket: true, act: (asked) => give(asId<StreamId>(asked.params['streamId']!), asked) })
  return [
    pictures('/live/:streamId/:file', 'camera.view'),
    pictures('/room/live/:streamId/:file', 'guest'),
    route({
      method: 'get',
      path: '/sound/:cameraId/:file',
      needs: 'camera.view',
      scope: { kind: 'camera', param: 'cameraId' },
      ticket: true,
      async act(asked) {
        const camera = await store.cameras.get(asId<CameraId>(asked.params['cameraId']!))
        // Asked at each part: who switches the sound off silences those who listen.
        return camera?.sound && camera.enabled ? give(soundOf(camera.id), asked) : refuse(notFound)
      },
    }),
  ]
}
