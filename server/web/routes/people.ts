import { NewPersonForm, PersonChangeForm, type PersonView } from '../../contract/sign-in.js'
import { asId, type AreaId, type PersonId } from '../../domain/ids.js'
import type { Person } from '../../domain/person.js'
import type { Store } from '../../storage/store.js'
import type { Clock } from '../../system/clock.js'
import { newId } from '../../system/ids.js'
import type { Passwords } from '../../system/password.js'
import { badForm, conflict, forbidden, notFound } from '../problems.js'
import { json, refuse, route, type Asker, type Route } from '../route.js'
import type { SignIns } from '../sign-in.js'

export interface PeopleParts {
  readonly store: Store
  readonly signIns: SignIns
  readonly passwords: Passwords
  readonly clock: Clock
  /** Links that this person gave to meeting rooms end with their sign-ins. */
  readonly endMeetings: (of: PersonId, by: PersonId) => Promise<void>
  /** Sockets of this person must be asked again who they are. */
  readonly onChanged: (id: PersonId) => void
}

const view = ({ id, name, displayName, role, areas, disabled }: Person): PersonView => ({ id, name, displayName, role, areas, disabled })

export function peopleRoutes({ store, signIns, passwords, clock, endMeetings, onChanged }: PeopleParts): readonly Route[] {
  /** An administrator of one ward gives rights in that ward, not beyond it. */
  const beyond = (asker: Asker, areas: readonly string[]): boolean => areas.some((area) => !asker.areas.has(area))

  return [
    route({
      method: 'get',
      path: '/api/people',
      needs: 'people.manage',
      scope: 'none',
      async act({ asker }) {
        const people = await store.people.list()
        return json({ people: people.filter(({ areas }) => areas.some((area) => asker!.areas.has(area))).map(view) })
      },
    }),
    route<NewPersonForm>({
      method: 'post',
      path: '/api/people',
      needs: 'people.manage',
      scope: 'none',
      form: NewPersonForm,
      async act({ asker, body }) {
        if (beyond(asker!, body.areas)) return refuse({ ...forbidden, faults: [{ field: 'areas', reason: 'outside your own areas' }] })
        const weak = passwords.weakness(body.password, [body.name, body.displayName])
        if (weak) return refuse(badForm([{ field: 'password', reason: `${weak.vi} / ${weak.en}` }]))
        if (await store.people.findForSignIn(body.name)) return refuse(conflict('name_taken', 'Tên đăng nhập đã có', 'That name is taken', [{ field: 'name', reason: 'is taken' }]))
        const passwordHash = await passwords.hash(body.password)
        const atMs = clock.wallMs()
        const person = await store.transact(async (tx) => {
          const added = await tx.people.add({ id: newId<PersonId>(), name: body.name, displayName: body.displayName, role: body.role, areas: body.areas.map((id) => asId<AreaId>(id)), language: 'vi', passwordHash, createdAtMs: atMs })
          await tx.changes.append({ topic: 'person', entityId: added.id, areaId: null, what: 'added', by: asker!.person.id, atMs, facts: { role: added.role } })
          return added
        })
        return json(view(person), 201)
      },
    }),
    route<PersonChangeForm>({
      method: 'patch',
      path: '/api/people/:personId',
      needs: 'people.manage',
      scope: 'none',
      form: PersonChangeForm,
      async act({ asker, params, body }) {
        const before = await store.people.get(asId<PersonId>(params['personId'] ?? ''))
        if (!before || !before.areas.some((area) => asker!.areas.has(area))) return refuse(notFound)
        if (beyond(asker!, [...before.areas, ...(body.areas ?? [])])) return refuse({ ...forbidden, faults: [{ field: 'areas', reason: 'outside your own areas' }] })
        if (before.id === asker!.person.id && (body.disabled || (body.role && body.role !== 'admin'))) return refuse(conflict('own_rights', 'Không thể tự bỏ quyền của mình', 'You cannot take your own rights away'))
        const weak = body.password && passwords.weakness(body.password, [before.name, before.displayName])
        if (weak) return refuse(badForm([{ field: 'password', reason: `${weak.vi} / ${weak.en}` }]))
        const { password, areas, ...rest } = body
        const part = { ...rest, ...(areas ? { areas: areas.map((id) => asId<AreaId>(id)) } : {}), ...(password ? { passwordHash: await passwords.hash(password) } : {}) }
        const atMs = clock.wallMs()
        const person = await store.transact(async (tx) => {
          const changed = await tx.people.change(before.id, definedOf(part))
          await tx.changes.append({ topic: 'person', entityId: before.id, areaId: null, what: 'changed', by: asker!.person.id, atMs, facts: { fields: Object.keys(body).join(' ') } })
          return changed
        })
        // Logout, disable and password change end every sign-in of that person at once (S5); new rights hold at once (S2).
        if (body.disabled || password) await Promise.all([signIns.endAllOf(before.id), endMeetings(before.id, asker!.person.id)])
        else signIns.forget()
        onChanged(before.id)
        return person ? json(view(person)) : refuse(notFound)
      },
    }),
  ]
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> }

function definedOf<T extends object>(part: T): Defined<T> {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Defined<T>
}
