import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import type { RuleKindView, RuleStandingView } from '../../server/contract/rules.js'
import { useRuleKinds, useRules } from '../api/queries.js'
import { CameraHead } from '../cameras/camera-head.js'
import { useKeys } from '../keys/use-keys.js'
import type { RulesSearch } from '../routes.js'
import { SuspendedNote } from '../signals/suspended-note.js'
import { Empty, Settled } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { day } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { KindChooser } from './kind-chooser.js'
import { MaskEditor } from './mask-editor.js'
import { RuleEditor } from './rule-editor.js'
import { isLiveAlone, statesOf } from './rule-deeds.js'

/** The page “Vùng và quy tắc” of one camera. */
export function RulesPage({ camera, now }: { readonly camera: CameraView; readonly now: number }): ReactElement {
  const { t } = useWords()
  const rules = useRules(camera.id)
  const kinds = useRuleKinds()
  if (rules.data && kinds.data) return <Rules camera={camera} rules={rules.data} kinds={kinds.data} now={now} stale={rules.error ? <Settled what="" query={rules}>{() => null}</Settled> : null} />
  return (
    <section className="mid panel" aria-label={camera.name}>
      <CameraHead camera={camera} />
      <Settled what={t('rules.list')} query={rules} rows={6}>{() => <Settled what={t('rules.list')} query={kinds} rows={6}>{() => null}</Settled>}</Settled>
    </section>
  )
}

interface RulesProps {
  readonly camera: CameraView
  readonly rules: readonly RuleStandingView[]
  readonly kinds: readonly RuleKindView[]
  readonly now: number
  readonly stale: ReactNode
}

function Rules({ camera, rules, kinds, now, stale }: RulesProps): ReactElement {
  const me = useSignedIn()
  const search: RulesSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const [choosing, setChoosing] = useState(false)
  const edits = may(me, 'rule.manage')
  const kindOf = (name: string | undefined): RuleKindView | undefined => kinds.find(({ kind }) => kind === name)
  const masking = search.masks === 'edit'
  const fresh = edits && !masking ? kindOf(search.fresh) : undefined
  const standing = fresh || masking ? null : (rules.find(({ id }) => id === search.rule) ?? (search.rule ? null : (rules[0] ?? null)))
  const kind = fresh ?? kindOf(standing?.kind)
  const go = (to: RulesSearch): void => void navigate({ to: '/cameras/$cameraId/rules', params: { cameraId: camera.id }, search: to })
  const head = (
    <>
      <CameraHead camera={camera} />
      {stale}
      <SuspendedNote cameraId={camera.id} now={now} />
      <RuleStrip rules={rules} current={standing?.id ?? null} fresh={fresh ?? null} edits={edits} onPick={(rule) => go({ rule })} onAdd={() => setChoosing(true)} masks={{ count: camera.masks.length, bound: camera.masks.filter(({ preset }) => preset !== null).length, shown: masking }} onMasks={() => go({ masks: 'edit' })} />
    </>
  )
  return (
    <>
      {masking ? <MaskEditor key={`masks of ${camera.id}`} camera={camera} now={now} head={head} /> : kind ? <RuleEditor key={standing?.id ?? `fresh ${kind.kind}`} camera={camera} kind={kind} standing={standing} at={standing ? rules.indexOf(standing) + 1 : rules.length + 1} now={now} head={head} /> : (
        <section className="mid panel alone" aria-label={camera.name} data-camera={camera.id}>
          {head}
          <NoRule gone={search.rule !== undefined} edits={edits} onLeave={() => void navigate({ to: '/cameras/$cameraId', params: { cameraId: camera.id } })} />
        </section>
      )}
      {choosing ? <KindChooser kinds={kinds} onClose={() => setChoosing(false)} onPick={(picked) => { setChoosing(false); go({ fresh: picked }) }} /> : null}
    </>
  )
}

function NoRule({ gone, edits, onLeave }: { readonly gone: boolean; readonly edits: boolean; readonly onLeave: () => void }): ReactElement {
  const { t } = useWords()
  useKeys((key) => key.is === 'escape' && (onLeave(), true))
  return gone ? <Empty title={t('rules.gone')} /> : <Empty title={t('rules.empty')} next={t(edits ? 'rules.empty_next' : 'rules.empty_view')} />
}

interface StripProps {
  readonly rules: readonly RuleStandingView[]
  readonly current: string | null
  readonly fresh: RuleKindView | null
  readonly edits: boolean
  readonly masks: { readonly count: number; /** Of these, on one view alone. */ readonly bound: number; readonly shown: boolean }
  readonly onPick: (ruleId: string) => void
  readonly onAdd: () => void
  readonly onMasks: () => void
}

/** The camera's rules with what each does now, the way to a new one, and to what no rule may see. */
export function RuleStrip({ rules, current, fresh, edits, masks, onPick, onAdd, onMasks }: StripProps): ReactElement {
  const { t, pick } = useWords()
  const strip = useRef<HTMLElement>(null)
  useEffect(() => {
    strip.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [current, fresh, masks.shown])
  return (
    <nav ref={strip} className="rule-strip" aria-label={t('rules.list')}>
      {rules.map((rule, at) => (
        <button key={rule.id} type="button" className="rule-pick" aria-current={rule.id === current} onClick={() => onPick(rule.id)} data-pick={rule.id}>
          <b>{at + 1} {rule.name}</b>
          <span>{statesOf(rule).map(({ is, version }) => t(`rules.state.${is}`, { version, until: rule.shadow ? day(rule.shadow.untilMs).slice(0, 5) : '' })).join(' · ')}{isLiveAlone(rule) ? <em data-alone> · {t('rule.alone')}</em> : null}</span>
          {rule.waits ? <span className="rule-waits" title={pick(rule.waits.said)} data-pick-waits={rule.waits.why}>{t('rules.waits')} “{rule.waits.preset}”</span> : null}
        </button>
      ))}
      {fresh ? <span className="rule-pick" aria-current="true"><b>{rules.length + 1} {pick(fresh.title)}</b><span>{t('rule.unsaved')}</span></span> : null}
      {edits ? <button type="button" className="btn sm" onClick={onAdd} data-do="add-rule">+ {t('rules.add')}</button> : null}
      <button type="button" className="rule-pick mask-pick" aria-current={masks.shown} onClick={onMasks} data-do="masks"><b>■ {t('masks.title')}</b><span>{t('masks.count', { count: masks.count })}{masks.bound > 0 ? ` · ${t('masks.bound', { count: masks.bound })}` : ''}</span></button>
    </nav>
  )
}
