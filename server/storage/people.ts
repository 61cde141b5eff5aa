import type { Selectable } from 'kysely'
import { asId, type AreaId, type PersonId } from '../domain/ids.js'
import type { Person, Role } from '../domain/person.js'
import type { Language } from '../domain/words.js'
import type { Store } from './store.js'
import type { Connection, Db, Tables } from './tables.js'

type Row = Selectable<Tables['people']>

/** People and the areas they are given. The password hash leaves by `findForSignIn` alone. */
export function makePeople({ db, together }: Connection): Store['people'] {
  return {
    async count() {
      return Number((await db().selectFrom('people').select((e) => e.fn.countAll().as('count')).executeTakeFirstOrThrow()).count)
    },
    async list() {
      const rows = await db().selectFrom('people').selectAll().execute()
      const areas = await areasOf(db())
      return rows.map((row) => personOf(row, areas)).toSorted((a, b) => a.displayName.localeCompare(b.displayName, 'vi') || a.id.localeCompare(b.id))
    },
    get: (id) => readPerson(db(), id),
    async findForSignIn(name) {
      const row = await db().selectFrom('people').selectAll().where('nameKey', '=', keyOf(name)).executeTakeFirst()
      return row ? { person: personOf(row, await areasOf(db(), row.id)), passwordHash: row.passwordHash } : null
    },
    add: ({ areas, ...person }) =>
      together(async (tx) => {
        await tx.insertInto('people').values({ ...person, nameKey: keyOf(person.name), disabled: 0 }).execute()
        await giveAreas(tx, person.id, areas)
        return { id: person.id, name: person.name, displayName: person.displayName, role: person.role, areas: [...areas], language: person.language, disabled: false }
      }),
    change: (id, { areas, disabled, ...rest }) =>
      together(async (tx) => {
        const part = { ...rest, ...(disabled === undefined ? {} : { disabled: disabled ? 1 : 0 }) }
        if (Object.keys(part).length > 0) await tx.updateTable('people').set(part).where('id', '=', id).execute()
        if (areas && (await readPerson(tx, id))) {
          await tx.deleteFrom('personAreas').where('personId', '=', id).execute()
          await giveAreas(tx, id, areas)
        }
        return readPerson(tx, id)
      }),
  }
}

/** One spelling for one name: composed letters, lower case in every script. */
function keyOf(name: string): string {
  return name.trim().normalize('NFC').toLowerCase()
}

export async function readPerson(db: Db, id: string): Promise<Person | null> {
  const row = await db.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? personOf(row, await areasOf(db, id)) : null
}

async function areasOf(db: Db, personId?: string): Promise<ReadonlyMap<string, readonly AreaId[]>> {
  const all = db.selectFrom('personAreas').selectAll().orderBy('position')
  const areas = new Map<string, AreaId[]>()
  for (const row of await (personId === undefined ? all : all.where('personId', '=', personId)).execute()) areas.set(row.personId, [...(areas.get(row.personId) ?? []), asId<AreaId>(row.areaId)])
  return areas
}

async function giveAreas(db: Db, personId: string, areas: readonly AreaId[]): Promise<void> {
  if (areas.length > 0) await db.insertInto('personAreas').values(areas.map((areaId, position) => ({ personId, areaId, position }))).execute()
}

function personOf(row: Row, areas: ReadonlyMap<string, readonly AreaId[]>): Person {
  return { id: asId<PersonId>(row.id), name: row.name, displayName: row.displayName, role: row.role as Role, areas: areas.get(row.id) ?? [], language: row.language as Language, disabled: row.disabled === 1 }
}
