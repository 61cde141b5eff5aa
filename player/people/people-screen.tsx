import './people.css'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactElement } from 'react'
import type { AreaView } from '../../server/contract/cameras.js'
import type { PersonView } from '../../server/contract/sign-in.js'
import { api } from '../api/client.js'
import { useAreas, usePeople } from '../api/queries.js'
import { Confirm, Modal, NoRights, Refusal, Settled } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { useWords } from '../words/words.js'

type Role = PersonView['role']
const ROLES: readonly Role[] = ['police', 'traffic', 'ioc', 'admin']

export function PeopleScreen(): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const people = usePeople()
  const areas = useAreas().data ?? []
  const [editing, setEditing] = useState<PersonView | 'new' | null>(null)
  if (!may(me, 'people.manage')) return <main><NoRights /></main>
  return (
    <main className="people">
      <div className="bar"><h1>{t('people.title')}</h1><span className="grow" /><button type="button" className="btn sm main" onClick={() => setEditing('new')} data-do="add-person">{t('people.add')}</button></div>
      <section className="panel">
        <Settled what={t('people.title')} query={people}>
          {(list) => (
            <table>
              <thead><tr><th>{t('people.display_name')}</th><th>{t('door.name')}</th><th>{t('people.role')}</th><th>{t('people.areas')}</th><th>{t('cameras.state')}</th><th /></tr></thead>
              <tbody>{list.map((person) => <PersonRow key={person.id} person={person} areas={areas} self={person.id === me.id} onEdit={() => setEditing(person)} />)}</tbody>
            </table>
          )}
        </Settled>
      </section>
      {editing ? <PersonForm person={editing === 'new' ? null : editing} areas={areas} onClose={() => setEditing(null)} /> : null}
    </main>
  )
}

function usePersonChange(onDone: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['people'] })
      onDone()
    },
  })
}

function PersonRow({ person, areas, self, onEdit }: { readonly person: PersonView; readonly areas: readonly AreaView[]; readonly self: boolean; readonly onEdit: () => void }): ReactElement {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  const change = usePersonChange(() => setAsking(false))
  const turn = (disabled: boolean): void => change.mutate(() => api.changePerson(person.id, { disabled }))
  return (
    <tr className={person.disabled ? 'off' : ''} data-person={person.name}>
      <td><b>{person.displayName}</b></td>
      <td>{person.name}</td>
      <td>{t(`role.${person.role}`)}</td>
      <td>{person.areas.map((id) => areas.find((area) => area.id === id)?.name ?? id).join(', ')}</td>
      <td>{t(person.disabled ? 'people.off' : 'people.on')}</td>
      <td className="do">
        <button type="button" className="btn sm" onClick={onEdit}>{t('people.edit')}</button>
        {person.disabled ? <button type="button" className="btn sm" disabled={change.isPending} onClick={() => turn(false)}>{t('people.turn_on')}</button> : <button type="button" className="btn sm" disabled={self} onClick={() => setAsking(true)}>{t('people.turn_off')}</button>}
        <Refusal fault={asking ? null : change.error} />
        {asking ? <Confirm title={t('people.turn_off')} text={t('people.turn_off_why', { name: person.displayName })} act={t('people.turn_off')} busy={change.isPending} onClose={() => setAsking(false)} onAct={() => turn(true)} /> : null}
      </td>
    </tr>
  )
}

function PersonForm({ person, areas, onClose }: { readonly person: PersonView | null; readonly areas: readonly AreaView[]; readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  const [form, setForm] = useState({ name: person?.name ?? '', displayName: person?.displayName ?? '', role: person?.role ?? ('police' as Role), areas: [...(person?.areas ?? [])], password: '' })
  const save = usePersonChange(onClose)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const { name, password, ...rest } = form
    save.mutate(() => (person ? api.changePerson(person.id, { ...rest, displayName: rest.displayName.trim(), ...(password ? { password } : {}) }) : api.addPerson({ ...rest, displayName: rest.displayName.trim(), name: name.trim(), password })))
  }
  const turnArea = (id: string): void => setForm({ ...form, areas: form.areas.includes(id) ? form.areas.filter((one) => one !== id) : [...form.areas, id] })
  return (
    <Modal title={t(person ? 'people.edit' : 'people.add')} onClose={onClose}>
      <form className="person" onSubmit={submit}>
        <label className="field">{t('people.display_name')}<input name="display-name" value={form.displayName} onChange={(event) => setForm({ ...form, displayName: event.target.value })} required maxLength={120} /></label>
        <label className="field">{t('door.name')}<input name="name" value={form.name} onChange={(event) => setForm({ ...form, name: event.target.value })} required minLength={2} maxLength={64} disabled={person !== null} autoComplete="off" spellCheck={false} /></label>
        <label className="field">{t('people.role')}<select value={form.role} onChange={(event) => setForm({ ...form, role: ROLES.find((role) => role === event.target.value) ?? form.role })}>{ROLES.map((role) => <option key={role} value={role}>{t(`role.${role}`)}</option>)}</select></label>
        <fieldset><legend>{t('people.areas')}</legend>{areas.map((area) => <label key={area.id}><input type="checkbox" checked={form.areas.includes(area.id)} onChange={() => turnArea(area.id)} />{area.name}</label>)}</fieldset>
        <label className="field">{t(person ? 'people.new_password' : 'door.password')}<input name="new-password" type="password" value={form.password} onChange={(event) => setForm({ ...form, password: event.target.value })} required={person === null} autoComplete="new-password" /></label>
        <Refusal fault={save.error} />
        <div className="do">
          <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
          <button type="submit" className="btn main" disabled={save.isPending || form.areas.length === 0} data-do="save-person">{t('do.save')}</button>
        </div>
      </form>
    </Modal>
  )
}
