import { RepairForm, SettleForm, SuspensionForm, type HeldListView, type RepairListView, type SuspensionListView } from '../../contract/signals.js'
import { asId, isId, type AreaId, type CameraId, type IncidentId, type PersonId, type RepairId, type RuleId, type SuspensionId } from '../../domain/ids.js'
import type { Signals } from '../../signals/open-signals.js'
import type { Settled } from '../../signals/tray.js'
import type { Store } from '../../storage/store.js'
import type { Clock } from '../../system/clock.js'
import { badForm, heldSettled, notFound, repairClosed } from '../problems.js'
import { json, refuse, route, type Asked, type Route, type Scope } from '../route.js'
import type { SignalViews } from '../signal-views.js'
import { alertsSeenBy } from './alerts.js'

interface HeldParts {
  readonly store: Store
  readonly signals: Signals
  readonly views: SignalViews
  readonly clock: Clock
}

const PAGE_MAX = 200
const ofCamera: Scope = { kind: 'camera', param: 'cameraId' }
const cameraOf = ({ params }: Pick<Asked, 'params'>): CameraId => asId<CameraId>(params['cameraId']!)

/** The tray of what is held, the repairs, and what people say explains what a camera sees. */
export function heldRoutes(parts: HeldParts): readonly Route[] {
  return [...trayRoutes(parts), ...repairRoutes(parts), ...suspensionRoutes(parts)]
}

function trayRoutes({ store, signals, views }: HeldParts): readonly Route[] {
  const settling = (what: 'release' | 'dismiss'): Route =>
    route<SettleForm>({
      method: 'post',
      path: `/api/incidents/:incidentId/${what}`,
      needs: 'held.settle',
      scope: { kind: 'incident', param: 'incidentId' },
      form: SettleForm,
      async act({ asker, params, body }) {
        const settle = (id: IncidentId, by: PersonId, reason: string): Promise<Settled> => (what === 'release' ? signals.tray.release(id, by, reason) : signals.tray.dismiss(id, by, reason))
        const done = await settle(asId<IncidentId>(params['incidentId']!), asker!.person.id, body.reason)
        return done.ok ? json({ ok: true }) : refuse(done.why === 'unknown' ? notFound : heldSettled)
      },
    })
  return [
    route({
      method: 'get',
      path: '/api/held',
      needs: 'alert.view',
      scope: 'none',
      async act({ asker, query }) {
        const [cameraId, ruleId] = [query.get('cameraId'), query.get('ruleId')]
        const odd = [['cameraId', cameraId], ['ruleId', ruleId]].filter(([, id]) => id !== null && !isId(id)).map(([field]) => ({ field: field!, reason: 'is no id' }))
        if (odd.length > 0) return refuse(badForm(odd))
        const rows = await store.held.list({ ...alertsSeenBy(asker!), cameraId: cameraId === null ? undefined : asId<CameraId>(cameraId), ruleId: ruleId === null ? undefined : asId<RuleId>(ruleId), settled: query.get('settled') === '1', limit: PAGE_MAX })
        return json({ held: await views.held(rows) } satisfies HeldListView)
      },
    }),
    settling('release'),
    settling('dismiss'),
  ]
}

function repairRoutes({ store, signals, views }: HeldParts): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/repairs',
      needs: 'camera.view',
      scope: 'none',
      act: async ({ asker, query }) => json({ repairs: await views.repairs(await store.repairs.list({ areas: [...asker!.areas].map((id) => asId<AreaId>(id)), open: query.get('closed') !== '1', limit: PAGE_MAX })) } satisfies RepairListView),
    }),
    route<RepairForm>({
      method: 'post',
      path: '/api/repairs/:repairId/close',
      needs: 'repair.close',
      scope: { kind: 'repair', param: 'repairId' },
      form: RepairForm,
      act: async ({ asker, params, body }) => ((await signals.closeRepair(asId<RepairId>(params['repairId']!), asker!.person.id, body.note)) ? json({ ok: true }) : refuse(repairClosed)),
    }),
  ]
}

function suspensionRoutes({ store, clock, signals, views }: HeldParts): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/suspensions',
      needs: 'camera.view',
      scope: 'none',
      act: async ({ asker, query }) => json({ suspensions: await views.suspensions(await store.suspensions.list({ areas: [...asker!.areas].map((id) => asId<AreaId>(id)), standing: query.get('ended') !== '1', nowMs: clock.wallMs(), limit: PAGE_MAX })) } satisfies SuspensionListView),
    }),
    route({
      method: 'get',
      path: '/api/cameras/:cameraId/suspensions',
      needs: 'camera.view',
      scope: ofCamera,
      act: async (asked) => json({ suspensions: await views.suspensions(await store.suspensions.of(cameraOf(asked), PAGE_MAX)) } satisfies SuspensionListView),
    }),
    route<SuspensionForm>({
      method: 'post',
      path: '/api/cameras/:cameraId/suspensions',
      needs: 'rule.suspend',
      scope: ofCamera,
      form: SuspensionForm,
      async act(asked) {
        const { ruleId, ...wish } = asked.body
        const set = await signals.suspensions.set(cameraOf(asked), { ...wish, ruleId: ruleId === null ? null : asId<RuleId>(ruleId) }, asked.asker!.person.id)
        if (!set) return refuse(badForm([{ field: 'ruleId', reason: 'is no rule of this camera: leave it out for every traffic rule of the camera' }]))
        const [view] = await views.suspensions([set])
        return json(view, 201)
      },
    }),
    route({
      method: 'delete',
      path: '/api/cameras/:cameraId/suspensions/:suspensionId',
      needs: 'rule.suspend',
      scope: ofCamera,
      act: async (asked) => ((await signals.suspensions.end(cameraOf(asked), asId<SuspensionId>(asked.params['suspensionId']!), asked.asker!.person.id)) ? json({ ok: true }) : refuse(notFound)),
    }),
  ]
}
