import type { Selectable } from 'kysely'
import type { Bookmark, Export } from '../domain/export.js'
import { asId, type BookmarkId, type CameraId, type ExportId, type PersonId } from '../domain/ids.js'
import type { BookmarkStore, ExportStore } from './export-store.js'
import type { Connection, Tables } from './tables.js'

/** Moments people want to find again. */
export function makeBookmarks({ db }: Connection): BookmarkStore {
  return {
    async add({ id, cameraId, atMs, note, tags, by, createdAtMs }) {
      await db().insertInto('bookmarks').values({ id, cameraId, atMs, note, tags: JSON.stringify(tags), by, createdAtMs, removedAtMs: null }).execute()
    },
    async get(id) {
      const row = await db().selectFrom('bookmarks').selectAll().where('id', '=', id).where('removedAtMs', 'is', null).executeTakeFirst()
      return row ? bookmarkOf(row) : null
    },
    async of(cameraId, { fromMs, toMs }, limit) {
      const rows = await db().selectFrom('bookmarks').selectAll().where('cameraId', '=', cameraId).where('atMs', '>=', fromMs).where('atMs', '<', toMs).where('removedAtMs', 'is', null).orderBy('atMs').orderBy('id').limit(limit).execute()
      return rows.map(bookmarkOf)
    },
    async remove(id, atMs) {
      const done = await db().updateTable('bookmarks').set({ removedAtMs: atMs }).where('id', '=', id).where('removedAtMs', 'is', null).executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
  }
}

/** Copies that left the system, and what became of each. */
export function makeExports({ db }: Connection): ExportStore {
  return {
    async add({ id, cameraId, fromMs, toMs, reason, watermark, redact, covered, by, createdAtMs, state, gaps, bytes, sha256, trouble, settledAtMs, removedAtMs }) {
      await db().insertInto('exports').values({ id, cameraId, fromMs, toMs, reason, watermark: watermark ? 1 : 0, redact: redact ? 1 : 0, covered, by, createdAtMs, state, gaps: JSON.stringify(gaps), bytes, sha256, trouble, settledAtMs, removedAtMs }).execute()
    },
    async get(id) {
      const row = await db().selectFrom('exports').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? exportOf(row) : null
    },
    async list({ by, limit }) {
      let rows = db().selectFrom('exports').selectAll().where('removedAtMs', 'is', null)
      if (by !== undefined) rows = rows.where('by', '=', by)
      return (await rows.orderBy('createdAtMs', 'desc').orderBy('id').limit(limit).execute()).map(exportOf)
    },
    async begin(id) {
      const done = await db().updateTable('exports').set({ state: 'running' }).where('id', '=', id).where('state', '=', 'queued').executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
    async settle(id, end, atMs) {
      const part = { state: end.state, bytes: end.state === 'ready' ? end.bytes : null, sha256: end.state === 'ready' ? end.sha256 : null, covered: end.state === 'ready' ? end.covered : null, trouble: end.state === 'failed' ? end.trouble : null, settledAtMs: atMs }
      const done = await db().updateTable('exports').set(part).where('id', '=', id).where('settledAtMs', 'is', null).executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
    async unsettled() {
      return (await db().selectFrom('exports').selectAll().where('settledAtMs', 'is', null).orderBy('createdAtMs').orderBy('id').execute()).map(exportOf)
    },
    async due(settledBeforeMs) {
      return (await db().selectFrom('exports').selectAll().where('removedAtMs', 'is', null).where('settledAtMs', '<', settledBeforeMs).orderBy('settledAtMs').orderBy('id').execute()).map(exportOf)
    },
    async noteRemoved(id, atMs) {
      await db().updateTable('exports').set({ removedAtMs: atMs }).where('id', '=', id).where('removedAtMs', 'is', null).execute()
    },
  }
}

function bookmarkOf(row: Selectable<Tables['bookmarks']>): Bookmark {
  return { id: asId<BookmarkId>(row.id), cameraId: asId<CameraId>(row.cameraId), atMs: row.atMs, note: row.note, tags: JSON.parse(row.tags) as Bookmark['tags'], by: asId<PersonId>(row.by), createdAtMs: row.createdAtMs }
}

function exportOf(row: Selectable<Tables['exports']>): Export {
  return { ...row, id: asId<ExportId>(row.id), cameraId: asId<CameraId>(row.cameraId), by: asId<PersonId>(row.by), watermark: row.watermark === 1, redact: row.redact === 1, covered: row.covered as Export['covered'], state: row.state as Export['state'], gaps: JSON.parse(row.gaps) as Export['gaps'], trouble: row.trouble as Export['trouble'] }
}
