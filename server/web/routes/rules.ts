import { LampLookQuery, RuleDeedForm, RuleForm, VerdictForm, VersionForm, type FindingsView, type LampLookView, type PrecisionView, type RuleDiffView, type RuleKindsView, type RuleLogView, type RulesView } from '../../contract/rules.js'
import { asId, type CameraId, type IncidentId, type RuleId } from '../../domain/ids.js'
import type { IncidentMode } from '../../domain/incident.js'
import { KIND_FORMS } from '../../domain/rule-form.js'
import { KIND_FACTS } from '../../domain/rule-kinds.js'
import { shownVersion, type RuleStanding } from '../../domain/rule-standing.js'
import type { Rules } from '../../rules/open-rules.js'
import type { RuleAt, Written } from '../../rules/write-version.js'
import type { Store } from '../../storage/store.js'
import { badForm, badFormOf, notFound, ruleRefused } from '../problems.js'
import { json, refuse, route, type Answer, type Asked, type Route, type Scope } from '../route.js'
import { differenceViews, type RuleViews } from '../rule-views.js'

interface RuleParts {
  readonly store: Store
  readonly rules: Rules
  readonly views: RuleViews
  readonly lampIn: (cameraId: CameraId, region: LampLookQuery) => Promise<LampLookView | null>
}

const ofCamera: Scope = { kind: 'camera', param: 'cameraId' }
const AT = '/api/cameras/:cameraId/rules/:ruleId'
const MODES: readonly IncidentMode[] = ['live', 'shadow', 'held']
const FINDINGS_MAX = 100

/** A rule's way from a draft to live, and what people say of what it finds. */
export function ruleRoutes(parts: RuleParts): readonly Route[] {
  return [...readingRoutes(parts), ...findingRoutes(parts), ...changingRoutes(parts)]
}

function ruleAt({ params }: Pick<Asked, 'params'>): RuleAt {
  return { cameraId: asId<CameraId>(params['cameraId']!), ruleId: asId<RuleId>(params['ruleId']!) }
}

/** A rule of another camera is as unknown here as one that does not exist: the door checked this camera only. */
async function standingAt(store: Store, asked: Pick<Asked, 'params'>): Promise<RuleStanding | null> {
  const { cameraId, ruleId } = ruleAt(asked)
  const standing = await store.rules.standing(ruleId)
  return standing?.cameraId === cameraId ? standing : null
}

function readingRoutes({ store, views, lampIn }: RuleParts): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/rule-kinds',
      needs: 'camera.view',
      scope: 'none',
      act: async () => json({ kinds: Object.entries(KIND_FORMS).map(([kind, form]) => ({ kind, ...form })) } satisfies RuleKindsView),
    }),
    route({
      method: 'get',
      path: '/api/cameras/:cameraId/rules',
      needs: 'camera.view',
      scope: ofCamera,
      act: async ({ asker, params }) => json({ rules: await views.standings(await store.rules.standings(asId<CameraId>(params['cameraId']!)), asker!.person.id) } satisfies RulesView),
    }),
    route({
      method: 'get',
      path: '/api/cameras/:cameraId/lamp',
      needs: 'rule.manage',
      scope: ofCamera,
      async act({ params, query }) {
        const asked = LampLookQuery.safeParse(Object.fromEntries(query))
        if (!asked.success) return refuse(badFormOf(asked.error))
        const seen = await lampIn(asId<CameraId>(params['cameraId']!), asked.data)
        return seen ? json(seen) : refuse(notFound)
      },
    }),
    route({
      method: 'get',
      path: `${AT}/diff`,
      needs: 'camera.view',
      scope: ofCamera,
      async act(asked) {
        const standing = await standingAt(store, asked)
        if (!standing) return refuse(notFound)
        const [from, to] = [Number(asked.query.get('from') ?? shownVersion(standing)), Number(asked.query.get('to') ?? standing.newest)]
        const [a, b] = [await readVersion(store, standing, from), await readVersion(store, standing, to)]
        if (!a || !b) return refuse(badForm([{ field: a ? 'to' : 'from', reason: `must be a version, 1 to ${standing.newest}` }]))
        return json({ from, to, differs: differenceViews(a.body, b.body) } satisfies RuleDiffView)
      },
    }),
    route({
      method: 'get',
      path: `${AT}/log`,
      needs: 'camera.view',
      scope: ofCamera,
      async act(asked) {
        const standing = await standingAt(store, asked)
        if (!standing) return refuse(notFound)
        const lines = await store.changes.of('camera', standing.cameraId)
        return json({ log: await views.log(lines.filter(({ facts }) => facts['rule'] === standing.id)) } satisfies RuleLogView)
      },
    }),
  ]
}

async function readVersion(store: Store, { id }: RuleStanding, version: number): ReturnType<Store['rules']['version']> {
  return Number.isSafeInteger(version) ? store.rules.version(id, version) : null
}

function findingRoutes({ store, rules, views }: RuleParts): readonly Route[] {
  return [
    route({
      method: 'get',
      path: `${AT}/findings`,
      needs: 'alert.view',
      scope: ofCamera,
      async act(asked) {
        const { asker, query } = asked
        const standing = await standingAt(store, asked)
        if (!standing) return refuse(notFound)
        const mode = query.get('mode')
        if (mode !== null && !MODES.includes(mode as IncidentMode)) return refuse(badForm([{ field: 'mode', reason: `must be one of ${MODES.join(', ')}` }]))
        const found = await store.rules.findings(standing.id, { mode: (mode ?? undefined) as IncidentMode | undefined, limit: FINDINGS_MAX })
        // Whoever is not called for a kind does not see what a rule of it found either; and an id that another camera's rule once had tells nothing of that camera.
        const theirs = found.filter(({ incident }) => incident.cameraId === standing.cameraId && KIND_FACTS[incident.kind].roles.includes(asker!.person.role))
        return json({ findings: await views.findings(theirs, { isBlind: query.get('blind') === '1' }) } satisfies FindingsView)
      },
    }),
    route({
      method: 'get',
      path: `${AT}/precision`,
      needs: 'alert.view',
      scope: ofCamera,
      async act(asked) {
        const standing = await standingAt(store, asked)
        return standing ? json((await rules.precision(standing)) satisfies PrecisionView) : refuse(notFound)
      },
    }),
    route<VerdictForm>({
      method: 'post',
      path: '/api/incidents/:incidentId/verdict',
      needs: 'alert.act',
      scope: { kind: 'incident', param: 'incidentId' },
      form: VerdictForm,
      act: async ({ asker, params, body }) => ((await rules.judge(asId<IncidentId>(params['incidentId']!), body, asker!.person.id)) ? json({ ok: true }) : refuse(notFound)),
    }),
  ]
}

function changingRoutes({ store, rules, views }: RuleParts): readonly Route[] {
  const needs = 'rule.manage'
  const tell = async ({ params, asker }: Pick<Asked, 'params' | 'asker'>, status = 200): Promise<Answer> => {
    const ruleId = asId<RuleId>(params['ruleId']!)
    const standing = await store.rules.standing(ruleId)
    const [view] = standing ? await views.standings([standing], asker!.person.id) : []
    return view ? json(view, status) : refuse(notFound)
  }
  const refused = (written: Extract<Written, { ok: false }>): Answer => refuse('faults' in written ? badForm(written.faults) : ruleRefused(written.refusal))
  return [
    route<VersionForm>({
      method: 'post',
      path: `${AT}/versions`,
      needs,
      scope: ofCamera,
      form: VersionForm,
      async act(asked) {
        const saved = await rules.save(ruleAt(asked), asked.body.rule, asked.asker!.person.id, asked.body.from)
        return saved.ok ? tell(asked, 201) : refused(saved)
      },
    }),
    route<RuleDeedForm>({
      method: 'post',
      path: `${AT}/deeds`,
      needs,
      scope: ofCamera,
      form: RuleDeedForm,
      async act(asked) {
        const { revision, ...deed } = asked.body
        const acted = await rules.act(ruleAt(asked), deed, asked.asker!.person.id, revision)
        return acted.ok ? tell(asked) : refuse(ruleRefused(acted.refusal))
      },
    }),
    route<RuleForm>({
      method: 'put',
      path: AT,
      needs,
      scope: ofCamera,
      form: RuleForm,
      async act(asked) {
        const put = await rules.put(ruleAt(asked), asked.body, asked.asker!.person.id)
        return put.ok ? json({ rule: put.rule, enabled: put.standing.live !== null && !put.standing.resting }) : refused(put)
      },
    }),
    route({ method: 'delete', path: AT, needs, scope: ofCamera, act: async (asked) => ((await rules.remove(ruleAt(asked), asked.asker!.person.id)) ? json({ ok: true }) : refuse(notFound)) }),
  ]
}
