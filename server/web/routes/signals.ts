import { SignalForm, SignalStateForm, type SignalHeardView, type SignalListView, type SignalMadeView } from '../../contract/signals.js'
import { asId, type AreaId, type SignalId } from '../../domain/ids.js'
import type { Signals } from '../../signals/open-signals.js'
import type { Store } from '../../storage/store.js'
import { forbidden, notFound, oldSequence, signalRefused } from '../problems.js'
import { json, refuse, route, type Asked, type Route, type Scope } from '../route.js'
import type { SignalViews } from '../signal-views.js'

const ofSignal: Scope = { kind: 'signal', param: 'signalId' }
const signalOf = ({ params }: Pick<Asked, 'params'>): SignalId => asId<SignalId>(params['signalId']!)

/** Controllers of junctions: made by administrators, heard by their own keys. */
export function signalRoutes({ store, signals: { controllers }, views }: { readonly store: Store; readonly signals: Signals; readonly views: SignalViews }): readonly Route[] {
  const needs = 'signal.manage'
  return [
    route({
      method: 'get',
      path: '/api/signals',
      needs,
      scope: 'none',
      async act({ asker }) {
        const mine = (await store.signals.list()).filter(({ areaId }) => asker!.areas.has(areaId))
        return json({ signals: mine.map((signal) => views.signal(signal, controllers.memoryOf(signal.id))) } satisfies SignalListView)
      },
    }),
    route<SignalForm>({
      method: 'post',
      path: '/api/signals',
      needs,
      scope: 'none',
      form: SignalForm,
      async act({ asker, body }) {
        if (!asker!.areas.has(body.areaId)) return refuse(forbidden)
        const { signal, key } = await controllers.make({ ...body, areaId: asId<AreaId>(body.areaId) }, asker!.person.id)
        return json({ signal: views.signal(signal, null), key } satisfies SignalMadeView, 201)
      },
    }),
    route({
      method: 'post',
      path: '/api/signals/:signalId/key',
      needs,
      scope: ofSignal,
      async act(asked) {
        const key = await controllers.newKey(signalOf(asked), asked.asker!.person.id)
        return key === null ? refuse(notFound) : json({ key })
      },
    }),
    route({ method: 'delete', path: '/api/signals/:signalId', needs, scope: ofSignal, act: async (asked) => ((await controllers.remove(signalOf(asked), asked.asker!.person.id)) ? json({ ok: true }) : refuse(notFound)) }),
    route<SignalStateForm>({
      method: 'post',
      path: '/api/signals/:signalId',
      needs: 'api_key',
      scope: 'none',
      form: SignalStateForm,
      async act(asked) {
        const key = /^Bearer (\S+)$/.exec(asked.headers['authorization'] ?? '')?.[1] ?? ''
        const taken = await controllers.take(signalOf(asked), key, asked.body)
        if (taken.is === 'unknown') return refuse(signalRefused)
        if (taken.is === 'old_sequence') return refuse(oldSequence(taken.sequence))
        return json({ ok: true, offsetMs: taken.offsetMs } satisfies SignalHeardView)
      },
    }),
  ]
}
