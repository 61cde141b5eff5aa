import type { Selectable } from 'kysely'
import { asId, type EvidenceId } from '../domain/ids.js'
import type { Cover, RedactedCopy } from '../domain/redaction.js'
import type { Store } from './store.js'
import type { Connection, Tables } from './tables.js'

/** Copies of kept stills and clips in which what is private is covered. */
export function makeRedactedCopies({ db }: Connection): Store['redactedCopies'] {
  return {
    async of(evidenceId) {
      const row = await db().selectFrom('redactedCopies').selectAll().where('evidenceId', '=', evidenceId).executeTakeFirst()
      return row ? copyOf(row) : null
    },
    async list() {
      return (await db().selectFrom('redactedCopies').selectAll().orderBy('madeAtMs').orderBy('evidenceId').execute()).map(copyOf)
    },
    async add({ evidenceId, file, bytes, sha256, covered, madeAtMs }) {
      await db().insertInto('redactedCopies').values({ evidenceId, file, bytes, sha256, covered, madeAtMs }).execute()
    },
    async remove(evidenceId) {
      return (await db().deleteFrom('redactedCopies').where('evidenceId', '=', evidenceId).executeTakeFirst()).numDeletedRows > 0n
    },
  }
}

function copyOf({ evidenceId, file, bytes, sha256, covered, madeAtMs }: Selectable<Tables['redactedCopies']>): RedactedCopy {
  return { evidenceId: asId<EvidenceId>(evidenceId), file, bytes, sha256, covered: covered as Cover, madeAtMs }
}
