import type { Selectable } from 'kysely'
import type { Backtest, BacktestClaim, BacktestHour, BacktestState } from '../domain/backtest.js'
import { asId, type BacktestId, type CameraId, type ModelId, type PersonId, type RuleId } from '../domain/ids.js'
import type { ReplayFault } from '../domain/replay.js'
import type { BacktestStore } from './backtest-store.js'
import type { Connection, Tables } from './tables.js'

/** Versions of rules that were run on recorded video. What they say together is told in domain/backtest-result.ts; here it is only kept. */
export function makeBacktests({ db, together }: Connection): BacktestStore {
  return {
    async add({ id, cameraId, ruleId, version, baseline, fromMs, toMs, modelId, modelSha256, by, createdAtMs, state, settledAtMs }) {
      await db().insertInto('backtests').values({ id, cameraId, ruleId, version, baseline, fromMs, toMs, modelId, modelSha256, by, createdAtMs, state, settledAtMs }).execute()
    },
    async get(id) {
      const row = await db().selectFrom('backtests').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? backtestOf(row) : null
    },
    async of(ruleId) {
      return (await db().selectFrom('backtests').selectAll().where('ruleId', '=', ruleId).orderBy('createdAtMs', 'desc').orderBy('id').execute()).map(backtestOf)
    },
    async unsettled() {
      return (await db().selectFrom('backtests').selectAll().where('settledAtMs', 'is', null).orderBy('createdAtMs').orderBy('id').execute()).map(backtestOf)
    },
    async begin(id) {
      return (await db().updateTable('backtests').set({ state: 'running' }).where('id', '=', id).where('state', '=', 'queued').executeTakeFirst()).numUpdatedRows === 1n
    },
    async settle(id, state, atMs) {
      return (await db().updateTable('backtests').set({ state, settledAtMs: atMs }).where('id', '=', id).where('settledAtMs', 'is', null).executeTakeFirst()).numUpdatedRows === 1n
    },
    addHour: (id, hour) =>
      together(async (tx) => {
        // Its camera may have been removed while the hour was looked at.
        if (!(await tx.selectFrom('backtests').select('id').where('id', '=', id).executeTakeFirst())) return
        await tx.insertInto('backtestHours').values(rowOf(id, hour)).onConflict((c) => c.columns(['backtestId', 'fromMs']).doNothing()).execute()
      }),
    async hours(id) {
      return (await db().selectFrom('backtestHours').selectAll().where('backtestId', '=', id).orderBy('fromMs').execute()).map(hourOf)
    },
    async told(id) {
      const rows = await db().selectFrom('backtestHours').select((e) => ['state', e.fn.countAll().as('hours')]).where('backtestId', '=', id).groupBy('state').execute()
      const of = (state: string): number => Number(rows.find((row) => row.state === state)?.hours ?? 0)
      return { done: of('done'), failed: of('failed') }
    },
    trim: (ruleId, keptMax) =>
      together(async (tx) => {
        const rule = await tx.selectFrom('rules').select('proposalBacktestId').where('id', '=', ruleId).executeTakeFirst()
        const all = await tx.selectFrom('backtests').select(['id', 'settledAtMs']).where('ruleId', '=', ruleId).orderBy('createdAtMs', 'desc').orderBy('id').execute()
        const gone = all.slice(keptMax).filter(({ id, settledAtMs }) => settledAtMs !== null && id !== rule?.proposalBacktestId).map(({ id }) => id)
        if (gone.length > 0) await tx.deleteFrom('backtests').where('id', 'in', gone).execute()
        return gone.length
      }),
  }
}

function backtestOf({ id, cameraId, ruleId, modelId, by, state, ...plain }: Selectable<Tables['backtests']>): Backtest {
  return { ...plain, id: asId<BacktestId>(id), cameraId: asId<CameraId>(cameraId), ruleId: asId<RuleId>(ruleId), modelId: asId<ModelId>(modelId), by: asId<PersonId>(by), state: state as BacktestState }
}

function rowOf(backtestId: BacktestId, hour: BacktestHour): Tables['backtestHours'] {
  const { fromMs, toMs, recordedMs, gaps, away } = hour
  const head = { backtestId, fromMs, toMs, recordedMs, gaps: JSON.stringify(gaps), away: JSON.stringify(away) }
  if (hour.state === 'failed') return { ...head, state: 'failed', claims: null, counts: null, frames: null, coreMs: null, fault: hour.fault.code, why: hour.fault.said }
  return { ...head, state: 'done', claims: JSON.stringify(hour.claims), counts: JSON.stringify(hour.counts), frames: hour.frames, coreMs: hour.coreMs, fault: null, why: null }
}

function hourOf({ fromMs, toMs, state, recordedMs, gaps, away, claims, counts, frames, coreMs, fault, why }: Selectable<Tables['backtestHours']>): BacktestHour {
  const head = { fromMs, toMs, recordedMs, gaps: JSON.parse(gaps) as BacktestHour['gaps'], away: JSON.parse(away) as BacktestHour['away'] }
  if (state === 'failed') return { ...head, state, fault: { code: (fault ?? 'internal') as ReplayFault['code'], said: why ?? '' } }
  return { ...head, state: 'done', claims: JSON.parse(claims ?? '[]') as readonly BacktestClaim[], counts: JSON.parse(counts ?? '{}') as Readonly<Record<string, number>>, frames: frames ?? 0, coreMs: coreMs ?? 0 }
}
