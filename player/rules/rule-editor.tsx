import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState, type ReactElement, type ReactNode } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import type { RuleKindView, RuleStandingView } from '../../server/contract/rules.js'
import { tell } from '../api/here.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { useWords } from '../words/words.js'
import type { RulesSearch } from '../routes.js'
import { useBacktests } from './backtest-api.js'
import { Backtests } from './backtests.js'
import { Decide } from './decide.js'
import { fieldFaults } from './fault-words.js'
import { Findings } from './findings.js'
import { armedOf, bodyOf, changedFields, isSame, newRuleId, presetOf, proposedBody, readShapes } from './rule-draft.js'
import { useKnownControllers } from './lamp-feed.js'
import { useLampSeen } from './lamp-seen.js'
import { LeaveGuard } from './leave-guard.js'
import { RuleFields } from './rule-fields.js'
import { RulePicture, sizeOf } from './rule-picture.js'
import { usePresetsSeen } from './preset-field.js'
import { isOtherView } from './preset.js'
import { fieldOf } from './shape.js'
import { useRuleDraft, type Begun, type Drafting } from './use-rule-draft.js'
import { useRemoveRule, useRuleDeed, useSaveRule } from './use-rule-deed.js'
import { isNever } from './week.js'
import { Versions } from './versions.js'
import { WaitHistory } from './wait-history.js'
import { Waits } from './waits.js'

interface EditorProps {
  readonly camera: CameraView
  readonly kind: RuleKindView
  /** Null: it has no row yet. */
  readonly standing: RuleStandingView | null
  /** Its number among the camera's rules, as the list has it. */
  readonly at: number
  readonly now: number
  readonly head: ReactNode
}

/** One rule: drawn in the middle, set on the right, beside what is live. */
export function RuleEditor({ camera, kind, standing, at, now, head }: EditorProps): ReactElement {
  const me = useSignedIn()
  const { pick } = useWords()
  const edits = may(me, 'rule.manage')
  const drafting = useRuleDraft(kind, standing ? newestOf(standing) : { version: null, body: proposedBody(kind, pick(kind.title)) })
  const { draft, drawing, body, begun, dirty, change, act } = drafting
  const saving = useRuleSaving(camera.id, standing, drafting)
  const deed = useRuleDeed(camera.id, standing)
  const live = standing?.versions.find(({ version }) => version === standing.live)
  const liveBody = useMemo(() => bodyOf(live?.rule), [live?.rule])
  const presets = usePresetsSeen(camera, edits)
  const lampSeen = useLampSeen(camera.id, drawing, edits)
  const controllers = useKnownControllers(edits && kind.shapes.some(({ is }) => is === 'lamp'))
  const looking = useLookedBacktest(camera.id, standing, edits)
  const changed = useMemo(() => (live ? changedFields(body, liveBody) : new Set<string>()), [body, live, liveBody])
  const refused = saving.save.error?.problem
  const sent = saving.save.variables?.body
  // What was refused is told until that field is changed.
  const faults = refused?.code === 'bad_form' ? fieldFaults(refused).filter(({ field }) => field === '' || isSame(body[field], sent?.[field])) : []
  return (
    <>
      <section className="mid panel" aria-label={camera.name} data-camera={camera.id} data-rule={standing?.id ?? 'fresh'}>
        {head}
        <RulePicture camera={camera} kind={kind} drafting={drafting} edits={edits} live={live && changed.size > 0 ? { version: live.version, shapes: readShapes(liveBody, kind).filter((shape) => changed.has(fieldOf(shape))) } : null} otherView={isOtherView(draft.preset, presets)} now={now} />
        {standing ? <Backtests place={{ cameraId: camera.id, ruleId: standing.id }} standing={standing} kind={kind} armed={armedOf(newestOf(standing).body)} dirty={dirty} manages={edits} tests={looking.tests} chosen={looking.chosen} now={now} onChoose={looking.choose} /> : null}
        {standing ? <Findings cameraId={camera.id} standing={standing} kind={kind} now={now} /> : null}
        {standing ? <WaitHistory cameraId={camera.id} ruleId={standing.id} bound={standing.versions.some(({ version, rule }) => (version === standing.live || version === standing.shadow?.version) && presetOf(bodyOf(rule)) !== null)} /> : null}
        {standing ? <Versions standing={standing} kind={kind} now={now} busy={deed.isPending} onRollBack={edits ? (version) => deed.mutate({ do: 'roll_back', version }) : null} /> : null}
      </section>
      <aside className="act panel rule-act" aria-label={draft.name} data-dirty={dirty}>
        <RuleTitle kind={kind} at={at} standing={standing} begun={begun} dirty={dirty} />
        {standing?.waits ? <Waits waits={standing.waits} now={now} /> : null}
        {standing && dirty && standing.newest !== begun.version ? <Newer standing={standing} begun={begun.version} onTake={() => drafting.beginFrom(newestOf(standing))} /> : null}
        <RuleFields kind={kind} draft={draft} drawing={drawing} live={liveBody} beside={{ version: live?.version ?? null, changed, faults }} edits={edits} now={now} size={sizeOf(camera)} lampSeen={lampSeen} controllers={controllers} presets={presets} change={change} act={act} />
        {edits ? <Decide standing={standing} meId={me.id} dirty={dirty} unsavable={isNever(draft.week)} saving={saving.save.isPending} busy={deed.isPending} fault={(refused?.code === 'bad_form' ? null : saving.save.error) ?? deed.error ?? saving.remove.error} now={now} backtests={looking.tests.data ?? []} looked={looking.chosen} onShowBacktest={looking.show} onSave={saving.send} onDeed={(one) => { saving.save.reset(); deed.mutate(one) }} onRemove={saving.takeAway} /> : <ViewOnly />}
      </aside>
      <LeaveGuard ruleId={standing?.id ?? null} dirty={edits && dirty} free={saving.leaving} />
    </>
  )
}

function newestOf(standing: RuleStandingView): Begun {
  const newest = standing.versions.find(({ version }) => version === standing.newest) ?? standing.versions[0]
  return { version: newest?.version ?? null, body: bodyOf(newest?.rule) }
}

/** The rule's back-tests, and which of them is looked at: the address names it, else the one that a proposal stands on. */
function useLookedBacktest(cameraId: string, standing: RuleStandingView | null, manages: boolean) {
  const { test }: RulesSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const ruleId = standing?.id ?? ''
  const tests = useBacktests({ cameraId, ruleId }, manages && standing !== null)
  const choose = (id: string): void => {
    void navigate({ to: '/cameras/$cameraId/rules', params: { cameraId }, search: { rule: ruleId, test: id }, replace: true, resetScroll: false })
  }
  /** Whoever asks from the decision for a result wants to see it. */
  const show = (id: string): void => {
    choose(id)
    document.querySelector('.backtests')?.scrollIntoView({ block: 'start' })
  }
  return { tests, chosen: test ?? standing?.proposal?.backtestId ?? null, choose, show }
}

/** Saving, and what follows: a rule that is new gets an address; one that another person saved is shown, unless it would cost this one's work. */
function useRuleSaving(cameraId: string, standing: RuleStandingView | null, { begun, body, dirty, beginFrom }: Drafting) {
  const navigate = useNavigate()
  const save = useSaveRule(cameraId)
  const remove = useRemoveRule(cameraId)
  const { t } = useWords()
  /** Going on after a save leaves nothing behind. */
  const leaving = useRef(false)
  // One id for all tries: a save that was refused is sent again as the same rule.
  const [ruleId] = useState(() => standing?.id ?? newRuleId(String(body['kind'])))
  const go = (rule?: string): Promise<void> => {
    leaving.current = true
    return navigate({ to: '/cameras/$cameraId/rules', params: { cameraId }, search: rule ? { rule } : {}, replace: true })
  }
  useEffect(() => {
    if (standing && !dirty && standing.newest !== begun.version) beginFrom(newestOf(standing))
  }, [standing, dirty, begun.version, beginFrom])
  const send = (): void => save.mutate({ ruleId, body, from: begun.version }, {
    onSuccess: (answer) => {
      beginFrom(newestOf(answer))
      if (!standing) void go(answer.id)
    },
  })
  const takeAway = (): void => remove.mutate(ruleId, {
    onSuccess: () => {
      tell(t('cameras.removed', { name: standing?.name ?? '' }))
      void go()
    },
  })
  return { save, remove, send, takeAway, leaving }
}

function RuleTitle({ kind, at, standing, begun, dirty }: { readonly kind: RuleKindView; readonly at: number; readonly standing: RuleStandingView | null; readonly begun: Begun; readonly dirty: boolean }): ReactElement {
  const { t, pick } = useWords()
  const trust = standing?.versions.find(({ version }) => version === begun.version)?.trust
  // What was approved is no draft any more, though another version may be live.
  const isDraft = dirty || (begun.version !== standing?.live && trust !== 'approved')
  const unsaved = dirty || begun.version === null
  const shown = unsaved ? (standing?.newest ?? 0) + 1 : begun.version
  return (
    <div className="rule-title">
      <div className="grow"><h3>{at} · {pick(kind.title)}</h3><p className="text2 small">{pick(kind.means)}</p></div>
      <span className={isDraft ? 'verdict draft' : 'verdict'} data-shown={shown}>{t(isDraft ? 'rule.draft' : 'rule.version', { version: shown ?? 1 })}{unsaved ? ` · ${t('rule.unsaved')}` : ''}</span>
    </div>
  )
}

function Newer({ standing, begun, onTake }: { readonly standing: RuleStandingView; readonly begun: number | null; readonly onTake: () => void }): ReactElement {
  const { t } = useWords()
  return <div className="band quiet" role="status" data-newer><span>{t('rule.newer', { who: standing.versions[0]?.madeBy?.displayName ?? t('rule.system'), version: standing.newest, begun: begun ?? 0 })}</span><button type="button" className="link" onClick={onTake}>{t('rule.newer_take')}</button></div>
}

function ViewOnly(): ReactElement {
  const { t } = useWords()
  return <p className="blk text2 small">{t('rules.view_only')}</p>
}
