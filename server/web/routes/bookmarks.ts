import { BookmarkForm, type BookmarkView } from '../../contract/recordings.js'
import type { Bookmark } from '../../domain/export.js'
import { asId, type BookmarkId, type CameraId } from '../../domain/ids.js'
import { may } from '../../domain/person.js'
import type { Store } from '../../storage/store.js'
import type { Clock } from '../../system/clock.js'
import { newId } from '../../system/ids.js'
import { forbidden, notFound } from '../problems.js'
import type { MoreMarks } from '../recording-views.js'
import { json, refuse, route, type Route } from '../route.js'

const camera = { kind: 'camera', param: 'cameraId' } as const
const MARKS_MAX = 1_000

/** Bookmarks on the timeline, for everyone who may see the camera: they are there to be shared. */
export function bookmarkMarks(store: Store): MoreMarks {
  return async (cameraId, span) => {
    const [found, people] = await Promise.all([store.bookmarks.of(cameraId, span, MARKS_MAX), store.people.list()])
    const names = new Map(people.map(({ id, displayName }) => [id, displayName]))
    return found.map(({ id, atMs, note, tags, by }) => ({ id, kind: 'bookmark', atMs, priority: null, title: note, alertId: null, by: names.get(by) ?? null, tags }))
  }
}

export function bookmarkRoutes({ store, clock }: { readonly store: Store; readonly clock: Clock }): readonly Route[] {
  const noteChange = async (tx: Store, mark: Bookmark, what: string, by: Bookmark['by']): Promise<void> => {
    const { areaId = null } = (await tx.cameras.get(mark.cameraId)) ?? {}
    await tx.changes.append({ topic: 'camera', entityId: mark.cameraId, areaId, what, by, atMs: clock.wallMs(), facts: { bookmarkId: mark.id, momentMs: mark.atMs } })
  }
  return [
    route<BookmarkForm>({
      method: 'post',
      path: '/api/cameras/:cameraId/bookmarks',
      needs: 'recording.view',
      scope: camera,
      form: BookmarkForm,
      async act({ asker, params, body }) {
        const { person } = asker!
        const mark: Bookmark = { ...body, id: newId<BookmarkId>(), cameraId: asId<CameraId>(params['cameraId']!), by: person.id, createdAtMs: clock.wallMs() }
        await store.transact(async (tx) => {
          await tx.bookmarks.add(mark)
          await noteChange(tx, mark, 'bookmark_added', person.id)
        })
        return json({ ...mark, by: person.displayName } satisfies BookmarkView, 201)
      },
    }),
    route({
      method: 'delete',
      path: '/api/cameras/:cameraId/bookmarks/:bookmarkId',
      needs: 'recording.view',
      scope: camera,
      async act({ asker, params }) {
        const { person } = asker!
        const mark = await store.bookmarks.get(asId<BookmarkId>(params['bookmarkId']!))
        if (!mark || mark.cameraId !== params['cameraId']) return refuse(notFound)
        // A colleague's mark is a colleague's work.
        if (mark.by !== person.id && !may(person, 'people.manage')) return refuse(forbidden)
        await store.transact(async (tx) => {
          if (await tx.bookmarks.remove(mark.id, clock.wallMs())) await noteChange(tx, mark, 'bookmark_removed', person.id)
        })
        return json({ ok: true })
      },
    }),
  ]
}
