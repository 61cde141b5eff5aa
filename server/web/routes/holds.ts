import { HoldExtensionForm, HoldForm } from '../../contract/recordings.js'
import { asId, type CameraId, type HoldId, type PersonId } from '../../domain/ids.js'
import type { Hold } from '../../domain/recording.js'
import type { Store } from '../../storage/store.js'
import type { Clock } from '../../system/clock.js'
import { newId } from '../../system/ids.js'
import type { Access } from '../access.js'
import { badForm, notFound } from '../problems.js'
import { holdView, type RecordingViews } from '../recording-views.js'
import { json, refuse, route, type Asked, type Route } from '../route.js'

export interface HoldParts {
  readonly store: Store
  readonly clock: Clock
  readonly access: Access
  readonly views: RecordingViews
}

const camera = { kind: 'camera', param: 'cameraId' } as const
const cameraOf = ({ params }: Pick<Asked, 'params'>): CameraId => asId<CameraId>(params['cameraId']!)
/** A hold is looked at again in the week before its end. */
const REVIEW_MS = 7 * 86_400_000

/** Keeps what retention would remove, for a reason, until a day; before that day somebody looks again. */
export function holdRoutes({ store, clock, access, views }: HoldParts): readonly Route[] {
  const found = async (asked: Asked): Promise<Hold | null> => {
    const hold = await store.holds.get(asId<HoldId>(asked.params['holdId']!))
    return hold?.cameraId === cameraOf(asked) ? hold : null
  }
  /** The deed and its line in the log, together or not at all; false where the hold ended between two looks. */
  const onRecord = (hold: Hold, what: string, by: PersonId, facts: Readonly<Record<string, unknown>>, act: (tx: Store) => Promise<boolean>): Promise<boolean> =>
    store.transact(async (tx) => {
      if (!(await act(tx))) return false
      const { areaId = null } = (await tx.cameras.get(hold.cameraId)) ?? {}
      await tx.changes.append({ topic: 'camera', entityId: hold.cameraId, areaId, what, by, atMs: clock.wallMs(), facts: { holdId: hold.id, ...facts } })
      return true
    })
  return [
    route({
      method: 'get',
      path: '/api/holds/ending',
      needs: 'recording.view',
      scope: 'none',
      async act({ asker }) {
        const mine = new Set((await store.cameras.list()).filter((one) => access.camera(asker!, one)).map(({ id }) => id))
        return json({ holds: (await views.ending(clock.wallMs() + REVIEW_MS)).filter(({ cameraId }) => mine.has(asId(cameraId))) })
      },
    }),
    route({
      method: 'get',
      path: '/api/cameras/:cameraId/holds',
      needs: 'recording.view',
      scope: camera,
      act: async (asked) => json({ holds: await views.holds(cameraOf(asked), { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }) }),
    }),
    route<HoldForm>({
      method: 'post',
      path: '/api/cameras/:cameraId/holds',
      needs: 'recording.hold',
      scope: camera,
      form: HoldForm,
      async act(asked) {
        const { body, asker } = asked
        const nowMs = clock.wallMs()
        const faults = [...(body.toMs <= body.fromMs ? [{ field: 'toMs', reason: 'must come after fromMs' }] : []), ...(body.untilMs <= nowMs ? [{ field: 'untilMs', reason: 'must lie in the future' }] : [])]
        if (faults.length > 0) return refuse(badForm(faults))
        const hold = { ...body, id: newId<HoldId>(), cameraId: cameraOf(asked), by: asker!.person.id, createdAtMs: nowMs }
        await onRecord(hold, 'hold_placed', hold.by, { fromMs: hold.fromMs, toMs: hold.toMs, untilMs: hold.untilMs, reason: hold.reason }, (tx) => tx.holds.add(hold).then(() => true))
        return json(holdView(hold, asker!.person.displayName), 201)
      },
    }),
    route<HoldExtensionForm>({
      method: 'patch',
      path: '/api/cameras/:cameraId/holds/:holdId',
      needs: 'recording.hold',
      scope: camera,
      form: HoldExtensionForm,
      async act(asked) {
        const { untilMs, reason } = asked.body
        const hold = await found(asked)
        if (!hold) return refuse(notFound)
        // Sooner is another deed: whoever needs it no more ends it.
        if (untilMs <= hold.untilMs) return refuse(badForm([{ field: 'untilMs', reason: 'must come after the present end' }]))
        const { person } = asked.asker!
        const done = await onRecord(hold, 'hold_extended', person.id, { untilMs, before: hold.untilMs, reason }, (tx) => tx.holds.extend(hold.id, untilMs, clock.wallMs()))
        return done ? json(await views.holdOf({ ...hold, untilMs })) : refuse(notFound)
      },
    }),
    route({
      method: 'delete',
      path: '/api/cameras/:cameraId/holds/:holdId',
      needs: 'recording.hold',
      scope: camera,
      async act(asked) {
        const hold = await found(asked)
        if (!hold) return refuse(notFound)
        const by = asked.asker!.person.id
        const done = await onRecord(hold, 'hold_ended', by, { reason: hold.reason }, (tx) => tx.holds.end(hold.id, by, clock.wallMs()))
        return done ? json({ ok: true }) : refuse(notFound)
      },
    }),
  ]
}
