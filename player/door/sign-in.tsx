import '../door/door.css'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState, type FormEvent, type ReactElement } from 'react'
import { api, Refused } from '../api/client.js'
import { keep } from '../ui/choices.js'
import { Notices } from '../ui/bands.js'
import { useLook } from '../ui/choices.js'
import { Segments } from '../ui/pieces.js'
import { Mark } from '../ui/symbol.js'
import { elapsed } from '../words/measures.js'
import { speak, useWords } from '../words/words.js'

export function SignIn(): ReactElement {
  useLook('dark')
  const { t } = useWords()
  const welcome = useQuery({ queryKey: ['welcome'], queryFn: api.welcome, retry: 1 })
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { back } = useSearch({ from: '/sign-in' })
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: api.signIn,
    onSuccess: async (me) => {
      queries.clear()
      queries.setQueryData(['me'], me)
      speak(me.language)
      keep('vonglau.language', me.language)
      await navigate({ to: back ?? '/' })
    },
    onError: () => setPassword(''),
  })
  const waitMs = useCountdown(signIn.error instanceof Refused ? signIn.error : null)
  if (welcome.data?.firstRun) return <Navigate to="/first-run" replace />

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (name.trim() && password) signIn.mutate({ name: name.trim(), password })
  }
  return (
    <Door siteName={welcome.data?.siteName ?? ''}>
      <form onSubmit={submit} aria-label={t('door.sign_in')}>
        <label className="field">{t('door.name')}<input name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus value={name} onChange={(event) => setName(event.target.value)} required maxLength={64} /></label>
        <label className="field">{t('door.password')}<input name="password" type="password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} required maxLength={256} /></label>
        <SignInFault fault={signIn.error} waitMs={waitMs} />
        <button type="submit" className="btn main big centre" disabled={signIn.isPending || waitMs > 0}>{waitMs > 0 ? t('door.wait', { time: elapsed(waitMs + 999, 'vi') }) : t('door.sign_in')}</button>
      </form>
      {welcome.data?.sandbox ? <p className="text3 small">{t('door.sandbox')}</p> : null}
      {welcome.error ? <p className="refusal" role="alert"><b>{t('door.unreachable')}</b> <button type="button" className="link" onClick={() => void welcome.refetch()}>{t('do.retry')}</button></p> : null}
    </Door>
  )
}

/** Never says which of the two was wrong: that would tell a stranger which names exist. */
export function SignInFault({ fault, waitMs }: { readonly fault: unknown; readonly waitMs: number }): ReactElement | null {
  const { t, pick } = useWords()
  if (!fault) return null
  const problem = fault instanceof Refused ? fault.problem : null
  if (problem?.status === 429 || waitMs > 0) return <p role="alert" className="refusal"><b>{t('door.too_many')}</b></p>
  if (problem && problem.status !== 401 && problem.status !== 400) return <p role="alert" className="refusal"><b>{pick(problem.title)}.</b> {problem.next ? pick(problem.next) : ''}</p>
  return <p role="alert" className="refusal"><b>{t('door.wrong')}</b> {t('door.wrong_next')}</p>
}

function useCountdown(fault: Refused | null): number {
  const [leftMs, setLeftMs] = useState(0)
  useEffect(() => {
    if (!fault || fault.problem.status !== 429) return setLeftMs(0)
    const untilMs = performance.now() + (fault.waitMs ?? 30_000)
    const tick = (): void => setLeftMs(Math.max(0, untilMs - performance.now()))
    tick()
    const timer = setInterval(tick, 250)
    return () => clearInterval(timer)
  }, [fault])
  return leftMs
}

export function Door({ siteName, children }: { readonly siteName: string; readonly children: React.ReactNode }): ReactElement {
  const { t, language } = useWords()
  return (
    <div className="door">
      <Skyline />
      <main>
        <div className="door-mark"><Mark height={52} /><div><h1>{t('brand.name')}</h1><p>{siteName || t('brand.what')}</p></div></div>
        {children}
        <Segments label={t('menu.language')} value={language} options={[['vi', 'Tiếng Việt'], ['en', 'English']]} onPick={(picked) => { speak(picked); keep('vonglau.language', picked) }} />
      </main>
      <Notices />
    </div>
  )
}

/** A quiet street under the tower: drawn, so that the door needs no picture file. */
function Skyline(): ReactElement {
  return (
    <svg className="skyline" viewBox="0 0 1920 420" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <path d="M0 420V250h70v-40h90v60h60V160h110v90h80v-60h120v80h70V120h60V96h14v24h60v150h90v-50h130v70h100V140h120v130h80v-80h140v60h90V110h90v160h110v-60h130v90h96v140z" fill="var(--surface)" />
      <path d="M0 420v-90h130v-30h140v40h110v-60h160v50h120v-20h150v40h130v-70h140v60h170v-40h120v30h150v-50h130v60h140v80z" fill="var(--raised)" />
      <g stroke="var(--line)" fill="var(--bg)" strokeLinecap="round" strokeLinejoin="round" transform="translate(1440 64) scale(6)"><path strokeWidth={1} d="M1 10 15 1l14 9-3 1H4zM6 11v6h18v-6M4 17h22l-2 2H6zM8 19 2 58M22 19l6 39M7 27h16M6 36h18M5 46h20" /></g>
    </svg>
  )
}
