import { AnswerForm, ForwardForm, LinkVerdictForm, type ReportWhole } from '../../contract/reports.js'
import type { Feedback } from '../../feedback/feedback.js'
import { asId, type AreaId, type LinkId, type ReportId } from '../../domain/ids.js'
import type { Store } from '../../storage/store.js'
import { badForm, conflict, notFound } from '../problems.js'
import { json, refuse, route, type Route } from '../route.js'
import type { Views } from '../views.js'

const PAGE_MAX = 200

export function reportRoutes({ store, feedback, views, destinations }: { readonly store: Store; readonly feedback: Feedback; readonly views: Views; readonly destinations: readonly string[] }): readonly Route[] {
  const whole = async (id: ReportId): Promise<ReportWhole | null> => {
    const report = await store.reports.get(id)
    const [view] = report ? await views.reports([report]) : []
    if (!view) return null
    const [links, log] = await Promise.all([store.links.ofReport(id).then(views.links), store.changes.of('report', id).then(views.alertLog)])
    return { ...view, links, log, destinations }
  }

  return [
    route({
      method: 'get',
      path: '/api/reports',
      needs: 'report.view',
      scope: 'none',
      async act({ asker, query }) {
        const status = query.get('status')
        const rows = await store.reports.list({ areas: [...asker!.areas].map((id) => asId<AreaId>(id)), status: status === 'open' || status === 'closed' ? status : undefined, limit: PAGE_MAX })
        return json({ reports: await views.reports(rows) })
      },
    }),
    route({
      method: 'get',
      path: '/api/reports/:reportId',
      needs: 'report.view',
      scope: { kind: 'report', param: 'reportId' },
      async act({ params }) {
        const found = await whole(asId<ReportId>(params['reportId']!))
        return found ? json(found) : refuse(notFound)
      },
    }),
    route<AnswerForm>({
      method: 'post',
      path: '/api/reports/:reportId/answer',
      needs: 'report.act',
      scope: { kind: 'report', param: 'reportId' },
      form: AnswerForm,
      async act({ asker, params, body }) {
        const id = asId<ReportId>(params['reportId']!)
        const answered = await feedback.answerReport(id, body, asker!.person.id)
        const found = answered && (await whole(id))
        return found ? json(found) : refuse(notFound)
      },
    }),
    route<ForwardForm>({
      method: 'post',
      path: '/api/reports/:reportId/forward',
      needs: 'report.act',
      scope: { kind: 'report', param: 'reportId' },
      form: ForwardForm,
      async act({ params, body }) {
        const id = asId<ReportId>(params['reportId']!)
        if (!destinations.includes(body.destination)) return refuse(badForm([{ field: 'destination', reason: destinations.length > 0 ? `must be one of ${destinations.join(', ')}` : 'none is set: write open311.destinations in the settings' }]))
        const queued = await feedback.forward(id, body.destination)
        const found = queued && (await whole(id))
        return found ? json(found) : refuse(conflict('already_sent', 'Đã chuyển tới đơn vị này', 'Already sent there'))
      },
    }),
    route<{ verdict: 'confirmed' | 'rejected' }>({
      method: 'post',
      path: '/api/links/:linkId/verdict',
      needs: 'report.act',
      scope: { kind: 'link', param: 'linkId' },
      form: LinkVerdictForm,
      async act({ asker, params, body }) {
        const link = await feedback.linkReport(asId<LinkId>(params['linkId']!), body.verdict, asker!.person.id)
        const [view] = link ? await views.links([link]) : []
        return view ? json(view) : refuse(notFound)
      },
    }),
  ]
}
