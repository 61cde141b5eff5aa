import { sql, type RawBuilder } from 'kysely'
import { lengthen, segmentOf } from './recording-rows.js'
import type { RecordingStore, SegmentKey } from './recording-store.js'
import type { Connection, Db } from './tables.js'

type Removal = Pick<RecordingStore, 'due' | 'oldest' | 'giveUp' | 'forget' | 'garbage' | 'dropGarbage'>

/** What may go, and its going: row first, then the file, so that no row ever speaks of a file that is not there. */
export function makeRecordingRemoval({ db, together }: Connection): Removal {
  /** No question that leads to removal goes round the holds. */
  const free = (nowMs: number) =>
    db()
      .selectFrom('recordingSegments as s')
      .selectAll('s')
      .where(notHeld('s', nowMs))
  return {
    async due({ cameraId, storageClass, endedBeforeMs, nowMs, limit }) {
      const rows = await free(nowMs).where('s.cameraId', '=', cameraId).where('s.storageClass', '=', storageClass).where('s.fromMs', '<', endedBeforeMs).where('s.toMs', '<=', endedBeforeMs).orderBy('s.fromMs').limit(limit).execute()
      return rows.map(segmentOf)
    },
    async oldest(storageClass, nowMs, limit) {
      return (await free(nowMs).where('s.storageClass', '=', storageClass).orderBy('s.fromMs').limit(limit).execute()).map(segmentOf)
    },
    giveUp: ({ segments, gaps = [], expired = [], atMs }) =>
      together(async (tx) => {
        const gone: SegmentKey[] = []
        for (const { runId, number, file } of segments) {
          // Asked again here: somebody may have placed a hold since the candidates were listed.
          const done = await tx.deleteFrom('recordingSegments').where('runId', '=', runId).where('number', '=', number).where(notHeld('recording_segments', atMs)).executeTakeFirst()
          if (done.numDeletedRows === 0n) continue
          gone.push({ runId, number })
          await tx.insertInto('recordingGarbage').values({ file, sinceMs: atMs }).onConflict((c) => c.column('file').doNothing()).execute()
        }
        for (const gap of gaps) await lengthen(tx, gap)
        for (const { cameraId, beforeMs } of expired) await noteExpired(tx, cameraId, beforeMs)
        return gone
      }),
    forget: ({ runId, number }, gap) =>
      together(async (tx) => {
        await tx.deleteFrom('recordingSegments').where('runId', '=', runId).where('number', '=', number).execute()
        await lengthen(tx, gap)
      }),
    async garbage(limit) {
      return (await db().selectFrom('recordingGarbage').select('file').orderBy('sinceMs').orderBy('file').limit(limit).execute()).map(({ file }) => file)
    },
    async dropGarbage(files) {
      if (files.length > 0) await db().deleteFrom('recordingGarbage').where('file', 'in', [...files]).execute()
    },
  }
}

function notHeld(segments: 's' | 'recording_segments', nowMs: number): RawBuilder<boolean> {
  const of = sql.raw(segments)
  return sql<boolean>`not exists (select 1 from recording_holds h where h.camera_id = ${of}.camera_id and h.ended_at_ms is null and h.until_ms > ${nowMs} and h.from_ms < ${of}.to_ms and h.to_ms > ${of}.from_ms)`
}

async function noteExpired(tx: Db, cameraId: string, beforeMs: number): Promise<void> {
  await tx
    .updateTable('recordingPolicies')
    .set({ expiredBeforeMs: beforeMs })
    .where('cameraId', '=', cameraId)
    .where((e) => e.or([e('expiredBeforeMs', 'is', null), e('expiredBeforeMs', '<', beforeMs)]))
    .execute()
}
