import { sql } from 'kysely'
import { asId, type CameraId, type RunId } from '../domain/ids.js'
import type { StorageClass } from '../domain/recording.js'
import { makeRecordingRemoval } from './recording-removal.js'
import { gapOf, lengthen, policyOf, rowOf, runOf, segmentOf } from './recording-rows.js'
import type { RecordingStore } from './recording-store.js'
import type { Connection } from './tables.js'

/** No segment is longer (a check of the table), so a question about a span looks back by this much and no further. */
export const SEGMENT_MS_MAX = 60_000
/** PostgreSQL takes 65,535 values a statement, SQLite 32,766; a segment has 15. */
const ROWS_AT_ONCE = 500

/** What was recorded, what was not and why. */
export function makeRecordings(connection: Connection): RecordingStore {
  const { db, together } = connection
  const overlapping = (cameraId: CameraId, fromMs: number, toMs: number) =>
    db().selectFrom('recordingSegments as s').where('s.cameraId', '=', cameraId).where('s.fromMs', '>', fromMs - SEGMENT_MS_MAX).where('s.fromMs', '<', toMs).where('s.toMs', '>', fromMs)

  return {
    ...makeRecordingRemoval(connection),
    async policies() {
      return (await db().selectFrom('recordingPolicies').selectAll().orderBy('cameraId').execute()).map((row) => ({ ...policyOf(row), cameraId: asId<CameraId>(row.cameraId) }))
    },
    async policy(cameraId) {
      const row = await db().selectFrom('recordingPolicies').selectAll().where('cameraId', '=', cameraId).executeTakeFirst()
      return row ? policyOf(row) : null
    },
    async setPolicy(cameraId, { mode, stream, days, eventDays }) {
      const part = { mode, stream, days, eventDays }
      await db().insertInto('recordingPolicies').values({ cameraId, ...part, expiredBeforeMs: null }).onConflict((c) => c.column('cameraId').doUpdateSet(part)).execute()
    },
    commit: ({ runs = [], segments = [], gaps = [] }) =>
      together(async (tx) => {
        for (const run of runs) await tx.insertInto('recordingRuns').values({ ...run, init: Buffer.from(run.init) }).onConflict((c) => c.column('id').doNothing()).execute()
        for (let at = 0; at < segments.length; at += ROWS_AT_ONCE) {
          const rows = segments.slice(at, at + ROWS_AT_ONCE).map(rowOf)
          await tx.insertInto('recordingSegments').values(rows).onConflict((c) => c.columns(['runId', 'number']).doNothing()).execute()
        }
        for (const gap of gaps) await lengthen(tx, gap)
      }),
    async knows(cameraId) {
      return (await db().selectFrom('cameras').select('id').where('id', '=', cameraId).executeTakeFirst()) !== undefined
    },
    async runs(ids) {
      if (ids.length === 0) return []
      return (await db().selectFrom('recordingRuns').selectAll().where('id', 'in', [...ids]).orderBy('ordinal').execute()).map(runOf)
    },
    async newestOrdinal(cameraId) {
      const row = await db().selectFrom('recordingRuns').select((e) => e.fn.max('ordinal').as('newest')).where('cameraId', '=', cameraId).executeTakeFirst()
      return Number(row?.newest ?? 0)
    },
    async segment({ runId, number }) {
      const row = await db().selectFrom('recordingSegments').selectAll().where('runId', '=', runId).where('number', '=', number).executeTakeFirst()
      return row ? segmentOf(row) : null
    },
    async between(cameraId, fromMs, toMs) {
      const rows = await overlapping(cameraId, fromMs, toMs).innerJoin('recordingRuns as r', 'r.id', 's.runId').selectAll('s').orderBy('r.ordinal').orderBy('s.number').execute()
      return rows.map(segmentOf)
    },
    async ofStream(streamId, fromMs, toMs) {
      const [camera] = await db().selectFrom('recordingRuns').select('cameraId').where('streamId', '=', streamId).limit(1).execute()
      if (!camera) return []
      const rows = await overlapping(asId<CameraId>(camera.cameraId), fromMs, toMs).innerJoin('recordingRuns as r', 'r.id', 's.runId').where('r.streamId', '=', streamId).selectAll('s').orderBy('r.ordinal').orderBy('s.number').execute()
      return rows.map(segmentOf)
    },
    async outline(cameraId, fromMs, toMs, sliceMs) {
      const slice = sql<number>`(s.from_ms - ${sql.lit(fromMs)}) / ${sql.lit(sliceMs)}`
      const rows = await overlapping(cameraId, fromMs, toMs)
        .where('s.damaged', '=', 0)
        .select((e) => ['s.runId', e.fn.min('s.fromMs').as('fromMs'), e.fn.max('s.toMs').as('toMs'), e.fn.sum(sql<number>`s.to_ms - s.from_ms`).as('recordedMs'), e.fn.sum('s.bytes').as('bytes'), e.fn.avg('s.motionMean').as('motionMean')])
        .groupBy(['s.runId', slice])
        .orderBy('fromMs')
        .execute()
      return rows.map((row) => ({ runId: asId<RunId>(row.runId), fromMs: Number(row.fromMs), toMs: Number(row.toMs), recordedMs: Number(row.recordedMs), bytes: Number(row.bytes), motionMean: Number(row.motionMean) }))
    },
    async gaps(cameraId, fromMs, toMs) {
      return (await db().selectFrom('recordingGaps').selectAll().where('cameraId', '=', cameraId).where('fromMs', '<', toMs).where('toMs', '>', fromMs).orderBy('fromMs').orderBy('cause').execute()).map(gapOf)
    },
    async newestMs(cameraId) {
      // By the index on from_ms, one row each: a maximum of to_ms would read all of a camera's rows.
      const newest = async (table: 'recordingSegments' | 'recordingGaps'): Promise<number> => (await db().selectFrom(table).select('toMs').where('cameraId', '=', cameraId).orderBy('fromMs', 'desc').limit(1).executeTakeFirst())?.toMs ?? 0
      return Math.max(await newest('recordingSegments'), await newest('recordingGaps')) || null
    },
    async firstMs(cameraId) {
      const first = async (table: 'recordingSegments' | 'recordingGaps'): Promise<number> => {
        const row = await db().selectFrom(table).select((e) => e.fn.min('fromMs').as('fromMs')).where('cameraId', '=', cameraId).executeTakeFirst()
        return Number(row?.fromMs ?? Infinity)
      }
      const firstMs = Math.min(await first('recordingSegments'), await first('recordingGaps'))
      return Number.isFinite(firstMs) ? firstMs : null
    },
    async oldestSegmentMs(cameraId) {
      return (await db().selectFrom('recordingSegments').select('fromMs').where('cameraId', '=', cameraId).orderBy('fromMs').limit(1).executeTakeFirst())?.fromMs ?? null
    },
    async isEmpty() {
      return (await db().selectFrom('recordingSegments').select('number').limit(1).executeTakeFirst()) === undefined
    },
    async totals() {
      const rows = await db().selectFrom('recordingSegments').select((e) => ['cameraId', e.fn.sum('bytes').as('bytes'), e.fn.countAll().as('segments'), e.fn.min('fromMs').as('oldestMs'), e.fn.max('toMs').as('newestMs')]).groupBy('cameraId').orderBy('cameraId').execute()
      return rows.map((row) => ({ cameraId: asId<CameraId>(row.cameraId), bytes: Number(row.bytes), segments: Number(row.segments), oldestMs: Number(row.oldestMs), newestMs: Number(row.newestMs) }))
    },
    async raiseClass(cameraId, fromMs, toMs, storageClass) {
      const lower: StorageClass[] = storageClass === 'legal' ? ['plain', 'event'] : ['plain']
      await db().updateTable('recordingSegments').set({ storageClass }).where('cameraId', '=', cameraId).where('fromMs', '>', fromMs - SEGMENT_MS_MAX).where('fromMs', '<', toMs).where('toMs', '>', fromMs).where('storageClass', 'in', lower).execute()
    },
    async markDamaged({ runId, number }, damaged) {
      await db().updateTable('recordingSegments').set({ damaged: damaged ? 1 : 0 }).where('runId', '=', runId).where('number', '=', number).execute()
    },
  }
}
