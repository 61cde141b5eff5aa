import './door.css'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent, type ReactElement } from 'react'
import { api } from '../api/client.js'
import { useLook } from '../ui/choices.js'
import { Refusal } from '../ui/pieces.js'
import { useWords } from '../words/words.js'
import { Door } from './sign-in.js'

const BLANK = { secret: '', siteName: '', displayName: '', name: '', password: '', again: '' }

/** The first visitor proves to stand at the machine by the secret on its console, and becomes the first administrator. */
export function FirstRun(): ReactElement {
  useLook('dark')
  const { t } = useWords()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const welcome = useQuery({ queryKey: ['welcome'], queryFn: api.welcome })
  const [form, setForm] = useState(BLANK)
  const create = useMutation({
    mutationFn: async () => {
      const { again: _again, ...rest } = form
      await api.firstAdministrator({ ...rest, secret: rest.secret.trim(), name: rest.name.trim() })
      return api.signIn({ name: rest.name.trim(), password: rest.password })
    },
    onSuccess: async (me) => {
      queries.clear()
      queries.setQueryData(['me'], me)
      await navigate({ to: '/cameras/add' })
    },
  })
  if (welcome.data && !welcome.data.firstRun && !create.isPending && !create.isSuccess) return <Navigate to="/sign-in" replace search={{}} />
  const differs = form.again !== '' && form.again !== form.password
  const put = (part: Partial<typeof BLANK>): void => setForm({ ...form, ...part })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!differs) create.mutate()
  }
  return (
    <Door siteName={t('door.first_run')}>
      <form onSubmit={submit} aria-label={t('door.first_run')}>
        <p className="text2">{t('door.first_run_why')}</p>
        <label className="field">{t('door.secret')}<input value={form.secret} onChange={(event) => put({ secret: event.target.value })} required autoFocus autoComplete="off" spellCheck={false} /></label>
        <label className="field">{t('door.site_name')}<input value={form.siteName} onChange={(event) => put({ siteName: event.target.value })} required maxLength={120} placeholder={t('door.site_example')} /></label>
        <label className="field">{t('people.display_name')}<input value={form.displayName} onChange={(event) => put({ displayName: event.target.value })} required maxLength={120} autoComplete="name" /></label>
        <label className="field">{t('door.name')}<input value={form.name} onChange={(event) => put({ name: event.target.value })} required minLength={2} maxLength={64} autoComplete="username" autoCapitalize="none" spellCheck={false} /></label>
        <label className="field">{t('door.password')}<input type="password" value={form.password} onChange={(event) => put({ password: event.target.value })} required maxLength={256} autoComplete="new-password" /></label>
        <label className="field">{t('door.again')}<input type="password" value={form.again} onChange={(event) => put({ again: event.target.value })} required aria-invalid={differs} autoComplete="new-password" />{differs ? <em>{t('door.differs')}</em> : null}</label>
        <Refusal fault={create.error} />
        <button type="submit" className="btn main big centre" disabled={create.isPending || differs}>{t('door.create')}</button>
      </form>
    </Door>
  )
}
