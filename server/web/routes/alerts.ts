import { DeedForm, type AlertList, type AlertWhole } from '../../contract/alerts.js'
import type { Alerts } from '../../alerts/alerts.js'
import type { AlertState, Deed } from '../../domain/alert.js'
import { KIND_FACTS } from '../../domain/rule-kinds.js'
import { asId, type AlertId, type AreaId } from '../../domain/ids.js'
import type { Store } from '../../storage/store.js'
import { conflict, notFound } from '../problems.js'
import { json, refuse, route, type Asker, type Route } from '../route.js'
import type { Views } from '../views.js'

const OPEN: readonly AlertState[] = ['new', 'claimed', 'confirmed']
const CLOSED: readonly AlertState[] = ['rejected', 'resolved']
const PAGE_MAX = 200

/** What this person may see, said to the database: filtered in SQL, not after. */
export function alertsSeenBy(asker: Asker): { readonly areas: readonly AreaId[]; readonly kinds: readonly string[] } {
  const kinds = Object.entries(KIND_FACTS).flatMap(([kind, { roles }]) => (roles.includes(asker.person.role) ? [kind] : []))
  return { areas: [...asker.areas].map((id) => asId<AreaId>(id)), kinds }
}

export function alertRoutes({ store, alerts, views }: { readonly store: Store; readonly alerts: Alerts; readonly views: Views }): readonly Route[] {
  const whole = async (id: AlertId): Promise<AlertWhole | null> => {
    const alert = await store.alerts.get(id)
    const [view] = alert ? await views.alerts([alert]) : []
    if (!view) return null
    const [log, links] = await Promise.all([store.changes.of('alert', id).then(views.alertLog), store.links.ofAlert(id).then(views.links)])
    return { ...view, log, links }
  }

  return [
    route({
      method: 'get',
      path: '/api/alerts',
      needs: 'alert.view',
      scope: 'none',
      async act({ asker, query }) {
        const asked = query.get('state') ?? 'open'
        const states = asked === 'closed' ? CLOSED : asked === 'all' ? [...OPEN, ...CLOSED] : OPEN
        const seen = alertsSeenBy(asker!)
        // The cursor is read first: a change between the two reads comes again over the socket, never gets lost.
        const cursor = await store.changes.newest()
        const [rows, open] = await Promise.all([store.alerts.list({ ...seen, states, limit: PAGE_MAX }), store.alerts.countOpen(seen)])
        return json({ alerts: await views.alerts(rows), cursor, open } satisfies AlertList)
      },
    }),
    route({
      method: 'get',
      path: '/api/alerts/:alertId',
      needs: 'alert.view',
      scope: { kind: 'alert', param: 'alertId' },
      async act({ params }) {
        const found = await whole(asId<AlertId>(params['alertId']!))
        return found ? json(found) : refuse(notFound)
      },
    }),
    route<DeedForm>({
      method: 'post',
      path: '/api/alerts/:alertId/deeds',
      needs: 'alert.act',
      scope: { kind: 'alert', param: 'alertId' },
      form: DeedForm,
      async act({ asker, params, body }) {
        const id = asId<AlertId>(params['alertId']!)
        const { version, ...deed } = body
        const acted = await alerts.act(id, deed as Deed, asker!.person.id, version)
        if (acted.ok) {
          const found = await whole(id)
          return found ? json(found) : refuse(notFound)
        }
        switch (acted.refusal.code) {
          case 'unknown':
            return refuse(notFound)
          case 'taken': {
            const by = await store.people.get(acted.refusal.by)
            const name = by?.displayName ?? '—'
            return refuse(conflict('taken', `${name} đã nhận trước`, `${name} was first`, [
              { field: 'by', reason: name },
              { field: 'at_ms', reason: String(acted.refusal.atMs) },
            ]))
          }
          case 'not_yours':
            return refuse(conflict('not_yours', 'Cảnh báo do người khác giữ', 'Somebody else holds this alert'))
          case 'wrong_state':
            return refuse(conflict('wrong_state', 'Trạng thái hiện tại không cho phép', 'Its state does not allow that', [{ field: 'state', reason: acted.refusal.state }]))
          case 'note_missing':
            return refuse(conflict('note_missing', 'Cần ghi nội dung', 'A note is needed', [{ field: 'note', reason: 'is empty' }]))
          case 'changed':
            return refuse(conflict('changed', 'Cảnh báo vừa thay đổi', 'The alert has just changed', [{ field: 'version', reason: String(acted.refusal.version) }]))
        }
      },
    }),
  ]
}
