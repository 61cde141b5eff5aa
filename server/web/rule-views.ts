import type { AlertLogLine } from '../contract/alerts.js'
import type { DifferenceView, FindingView, RuleStandingView, RuleVersionView } from '../contract/rules.js'
import type { Aims } from '../devices/aims.js'
import { readPriority } from '../domain/held.js'
import { wordPriority } from '../domain/held-words.js'
import type { PersonId } from '../domain/ids.js'
import { wordReason } from '../domain/reason.js'
import { diffRules } from '../domain/rule-diff.js'
import { KIND_FACTS } from '../domain/rule-kinds.js'
import type { SecondPerson } from '../domain/rule-life.js'
import { shownVersion, watchedVersions, type RuleStanding, type RuleVersion } from '../domain/rule-standing.js'
import type { Rule } from '../domain/seen.js'
import type { Rules } from '../rules/open-rules.js'
import type { StoredFinding } from '../storage/rule-store.js'
import type { Change, Store } from '../storage/store.js'
import { waitView } from './aim-views.js'

/** Turns the rows of rules into what the player sees. Reads names once per call; holds nothing. */
export interface RuleViews {
  /** As this person sees them. */
  standings(standings: readonly RuleStanding[], by: PersonId): Promise<readonly RuleStandingView[]>
  log(changes: readonly Change[]): Promise<readonly AlertLogLine[]>
  findings(findings: readonly StoredFinding[], how: { readonly isBlind: boolean }): Promise<readonly FindingView[]>
}

type Named = (id: PersonId | null) => { readonly id: string; readonly displayName: string } | null

/** `knownClasses`: what the model that watches has words for. `aims`: where cameras look to whose presets rules are bound. */
export function makeRuleViews(store: Store, { rules, knownClasses, aims }: { readonly rules: Pick<Rules, 'second'>; readonly knownClasses: () => Promise<readonly string[]>; readonly aims: Pick<Aims, 'waiting'> }): RuleViews {
  const readNames = async (): Promise<Named> => {
    const names = new Map((await store.people.list()).map(({ id, displayName }) => [id, displayName]))
    return (id) => id && { id, displayName: names.get(id) ?? '—' }
  }
  return {
    async standings(standings, by) {
      const [named, known] = await Promise.all([readNames(), knownClasses()])
      const views = await Promise.all(standings.map(async (standing) => standingView(standing, await store.rules.versions(standing.id), { named, known, aims, second: await rules.second(standing.cameraId, by) })))
      return views.filter((view) => view !== null)
    },
    async log(changes) {
      const named = await readNames()
      return changes.map(({ seq, what, by, atMs, facts }) => ({ seq, what, by: named(by), atMs, facts }))
    },
    async findings(findings, { isBlind }) {
      const named = await readNames()
      return findings.map((finding) => findingView(finding, named, isBlind))
    },
  }
}

function standingView(standing: RuleStanding, versions: readonly RuleVersion[], { named, known, aims, second }: { readonly named: Named; readonly known: readonly string[]; readonly aims: Pick<Aims, 'waiting'>; readonly second: SecondPerson }): RuleStandingView | null {
  const { id, ownerId, newest, live, shadow, proposal, resting, revision } = standing
  const shown = versions.find(({ version }) => version === shownVersion(standing))
  // Removed between two reads.
  if (!shown) return null
  const [waits] = watchedVersions(standing).flatMap((watched) => {
    const preset = versions.find(({ version }) => version === watched.version)?.body.preset
    return (preset && aims.waiting(standing.cameraId, preset)) ?? []
  })
  const priority = readPriority(shown.body.holdForClasses, known)
  return {
    id,
    name: shown.body.name,
    kind: shown.body.kind,
    owner: named(ownerId),
    newest,
    live,
    shadow,
    proposal: proposal && { version: proposal.version, by: named(proposal.by), atMs: proposal.atMs, backtestId: 'backtestId' in proposal.on ? proposal.on.backtestId : null, waiver: 'waiver' in proposal.on ? proposal.on.waiver : null },
    second,
    resting,
    ...(priority ? { holdFor: { ...priority, said: wordPriority(priority) } } : {}),
    ...(waits ? { waits: waitView(waits) } : {}),
    revision,
    versions: versions.toReversed().map((version) => versionView(version, { standing, versions, named })),
  }
}

function versionView({ version, body, madeBy, madeAtMs, fromVersion }: RuleVersion, { standing, versions, named }: { readonly standing: RuleStanding; readonly versions: readonly RuleVersion[]; readonly named: Named }): RuleVersionView {
  const from = versions.find((one) => one.version === fromVersion)
  const trust = standing.approved.includes(version) ? 'approved' : standing.throttled.includes(version) ? 'throttled' : null
  return { version, madeBy: named(madeBy), madeAtMs, fromVersion, trust, alone: standing.approvedAlone.includes(version), rule: body, differs: from ? differenceViews(from.body, body) : [] }
}

/** A field that one of them lacks is null: JSON knows no undefined. */
export function differenceViews(a: Rule, b: Rule): readonly DifferenceView[] {
  return diffRules(a, b).map(({ field, before, after }) => ({ field, before: before ?? null, after: after ?? null }))
}

function findingView({ incident, alert, judged }: StoredFinding, named: Named, isBlind: boolean): FindingView {
  const { id, kind, reason, sinceMs, openedAtMs, lastSeenAtMs, state, witnesses, ruleVersion, mode, heldWhy } = incident
  const told = { mode, heldWhy, alert: alert && { state: alert.state, rejectReason: alert.rejectReason }, verdicts: judged.map(({ right, blind, by, atMs }) => ({ right, blind, by: named(by), atMs })) }
  return { incidentId: id, title: KIND_FACTS[kind].title, reason: wordReason(reason), sinceMs, openedAtMs, lastSeenAtMs, ongoing: state === 'ongoing', witnesses, ruleVersion: isBlind ? null : ruleVersion, told: isBlind ? null : told }
}
