import type { Selectable } from 'kysely'
import { asId, type IncidentId } from '../domain/ids.js'
import type { PlateCrop, PlateFinding, PlateReading } from '../domain/plate.js'
import type { Store } from './store.js'
import type { Connection, Tables } from './tables.js'

/** What was read of the vehicle that an incident speaks of. */
export function makePlates({ db }: Connection): Store['plates'] {
  return {
    async of(incidentId) {
      const row = await db().selectFrom('plates').selectAll().where('incidentId', '=', incidentId).executeTakeFirst()
      return row ? readingOf(row) : null
    },
    async add({ incidentId, looks, atMs, raw, enhanced, readAtMs, ...finding }) {
      await db()
        .insertInto('plates')
        .values({ incidentId, looks, atMs, rawFile: raw?.file ?? null, rawSha256: raw?.sha256 ?? null, enhancedFile: enhanced?.file ?? null, enhancedSha256: enhanced?.sha256 ?? null, readAtMs, ...columnsOf(finding) })
        .execute()
    },
  }
}

function columnsOf(finding: PlateFinding): Pick<Selectable<Tables['plates']>, 'kind' | 'agree' | 'text' | 'shown' | 'shares' | 'wellFormed' | 'province' | 'series' | 'number' | 'rows' | 'colour'> {
  if (finding.kind !== 'read') return { kind: finding.kind, agree: null, text: null, shown: null, shares: null, wellFormed: null, province: null, series: null, number: null, rows: null, colour: null }
  return { ...finding, shares: JSON.stringify(finding.shares), wellFormed: finding.wellFormed ? 1 : 0 }
}

function readingOf(row: Selectable<Tables['plates']>): PlateReading {
  const { looks, atMs, readAtMs } = row
  return { ...findingOf(row), incidentId: asId<IncidentId>(row.incidentId), looks, atMs, raw: cropOf(row.rawFile, row.rawSha256), enhanced: cropOf(row.enhancedFile, row.enhancedSha256), readAtMs }
}

/** The table's checks hold that a row of this kind has all of these. */
function findingOf({ kind, text, shown, shares, wellFormed, province, series, number, rows, colour, agree }: Selectable<Tables['plates']>): PlateFinding {
  if (kind !== 'read') return { kind: kind as Exclude<PlateFinding['kind'], 'read'> }
  return { kind, text: text!, shown: shown!, shares: JSON.parse(shares!) as number[], wellFormed: wellFormed === 1, province, series, number, rows: rows as 1 | 2, colour: colour as Extract<PlateFinding, { kind: 'read' }>['colour'], agree: agree! }
}

function cropOf(file: string | null, sha256: string | null): PlateCrop | null {
  return file === null || sha256 === null ? null : { file, sha256 }
}
