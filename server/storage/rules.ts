import { sql, type Selectable } from 'kysely'
import type { Rule } from '../domain/seen.js'
import { asId, type CameraId, type PersonId, type RuleId } from '../domain/ids.js'
import type { Ground, Proposal, RuleStanding, RuleVersion, Shadow } from '../domain/rule-standing.js'
import { makeChanges } from './changes.js'
import { makeFindings } from './rule-findings.js'
import type { RuleStore } from './rule-store.js'
import type { Connection, Db, Tables } from './tables.js'

/** What each camera watches for, oldest first. What may follow what is decided in domain/rule-life.ts; here it is only kept. */
export function makeRules(connection: Connection): RuleStore {
  const { db, together, lockChanges } = connection
  const standings = async (cameraId?: CameraId): Promise<readonly RuleStanding[]> => {
    const all = db().selectFrom('rules').selectAll().orderBy('createdAtMs').orderBy('id')
    const rows = await (cameraId === undefined ? all : all.where('cameraId', '=', cameraId)).execute()
    return withTrust(db(), rows)
  }
  return {
    standings,
    async list(cameraId) {
      // The version is that of domain/rule-standing.ts shownVersion.
      const all = db().selectFrom('rules').innerJoin('ruleVersions', (join) => join.onRef('ruleVersions.ruleId', '=', 'rules.id').on(sql<boolean>`rule_versions.version = coalesce(rules.live, rules.shadow_version, rules.newest)`)).select(['rules.id', 'ruleVersions.body'])
      const bodies = new Map((await (cameraId === undefined ? all : all.where('rules.cameraId', '=', cameraId)).execute()).map(({ id, body }) => [id, body]))
      return (await standings(cameraId)).flatMap((standing) => {
        const body = bodies.get(standing.id)
        return body === undefined ? [] : [{ cameraId: standing.cameraId, rule: JSON.parse(body) as Rule, enabled: standing.live !== null && !standing.resting, standing }]
      })
    },
    async standing(id) {
      const row = await db().selectFrom('rules').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? ((await withTrust(db(), [row]))[0] ?? null) : null
    },
    async versions(id) {
      return (await db().selectFrom('ruleVersions').selectAll().where('ruleId', '=', id).orderBy('version').execute()).map(versionOf)
    },
    async version(id, version) {
      const row = await db().selectFrom('ruleVersions').selectAll().where('ruleId', '=', id).where('version', '=', version).executeTakeFirst()
      return row ? versionOf(row) : null
    },
    act: ({ standing, version, change }) =>
      together(async (tx) => {
        if (!(await writeStanding(tx, standing))) return null
        if (version) await tx.insertInto('ruleVersions').values({ ...version, body: JSON.stringify(version.body), trust: null, alone: 0 }).execute()
        await writeTrust(tx, standing)
        return makeChanges({ db: () => tx, together: (work) => work(tx), lockChanges }).append(change)
      }),
    async remove(id) {
      return (await db().deleteFrom('rules').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n
    },
    ...makeFindings(connection),
  }
}

/** False when somebody was first. */
async function writeStanding(tx: Db, standing: RuleStanding): Promise<boolean> {
  const row = rowOf(standing)
  if (standing.revision === 1) return (await tx.insertInto('rules').values(row).onConflict((c) => c.column('id').doNothing()).executeTakeFirst()).numInsertedOrUpdatedRows === 1n
  return (await tx.updateTable('rules').set(row).where('id', '=', standing.id).where('revision', '=', standing.revision - 1).executeTakeFirst()).numUpdatedRows === 1n
}

/** Also takes the trust from versions of a removed rule whose name came back: nobody approved them for what it is now. */
async function writeTrust(tx: Db, { id, approved, approvedAlone, throttled }: RuleStanding): Promise<void> {
  for (const { version, trust, alone } of await tx.selectFrom('ruleVersions').select(['version', 'trust', 'alone']).where('ruleId', '=', id).execute()) {
    const now = approved.includes(version) ? 'approved' : throttled.includes(version) ? 'throttled' : null
    const byOne = approvedAlone.includes(version) ? 1 : 0
    if (now !== trust || byOne !== alone) await tx.updateTable('ruleVersions').set({ trust: now, alone: byOne }).where('ruleId', '=', id).where('version', '=', version).execute()
  }
}

async function withTrust(db: Db, rows: readonly Selectable<Tables['rules']>[]): Promise<readonly RuleStanding[]> {
  if (rows.length === 0) return []
  const trusted = await db.selectFrom('ruleVersions').select(['ruleId', 'version', 'trust', 'alone']).where('trust', 'is not', null).orderBy('version').execute()
  const of = (id: string, trust: string): readonly number[] => trusted.filter((one) => one.ruleId === id && one.trust === trust).map(({ version }) => version)
  return rows.map((row) => ({
    id: asId<RuleId>(row.id),
    cameraId: asId<CameraId>(row.cameraId),
    ownerId: row.ownerId === null ? null : asId<PersonId>(row.ownerId),
    newest: row.newest,
    live: row.live,
    shadow: shadowOf(row),
    proposal: proposalOf(row),
    resting: row.resting === 1,
    approved: of(row.id, 'approved'),
    approvedAlone: trusted.filter((one) => one.ruleId === row.id && one.alone === 1).map(({ version }) => version),
    throttled: of(row.id, 'throttled'),
    judgedFromMs: row.judgedFromMs,
    createdAtMs: row.createdAtMs,
    revision: row.revision,
  }))
}

function shadowOf({ shadowVersion, shadowSinceMs, shadowUntilMs, shadowWhy }: Selectable<Tables['rules']>): Shadow | null {
  return shadowVersion === null ? null : { version: shadowVersion, sinceMs: shadowSinceMs ?? 0, untilMs: shadowUntilMs ?? 0, why: shadowWhy as Shadow['why'] }
}

function proposalOf({ proposalVersion, proposalBy, proposalAtMs, proposalBacktestId, proposalWaiver }: Selectable<Tables['rules']>): Proposal | null {
  if (proposalVersion === null || proposalBy === null) return null
  const on: Ground = proposalBacktestId === null ? { waiver: proposalWaiver ?? '' } : { backtestId: proposalBacktestId }
  return { version: proposalVersion, by: asId<PersonId>(proposalBy), atMs: proposalAtMs ?? 0, on }
}

function rowOf({ id, cameraId, ownerId, newest, live, shadow, proposal, resting, judgedFromMs, createdAtMs, revision }: RuleStanding): Tables['rules'] {
  const on = proposal?.on
  return {
    id, cameraId, ownerId, newest, live, judgedFromMs, createdAtMs, revision,
    resting: resting ? 1 : 0,
    shadowVersion: shadow?.version ?? null,
    shadowSinceMs: shadow?.sinceMs ?? null,
    shadowUntilMs: shadow?.untilMs ?? null,
    shadowWhy: shadow?.why ?? null,
    proposalVersion: proposal?.version ?? null,
    proposalBy: proposal?.by ?? null,
    proposalAtMs: proposal?.atMs ?? null,
    proposalBacktestId: on && 'backtestId' in on ? on.backtestId : null,
    proposalWaiver: on && 'waiver' in on ? on.waiver : null,
  }
}

function versionOf(row: Selectable<Tables['ruleVersions']>): RuleVersion {
  return { ruleId: asId<RuleId>(row.ruleId), version: row.version, body: JSON.parse(row.body) as Rule, madeBy: row.madeBy === null ? null : asId<PersonId>(row.madeBy), madeAtMs: row.madeAtMs, fromVersion: row.fromVersion }
}
