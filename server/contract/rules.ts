import { z } from 'zod'
import type { AlertLogLine, AlertStateView, WitnessView } from './alerts.js'
import type { TroubleView, Worded } from './cameras.js'
import type { GapView } from './recordings.js'

/**
 * Rules, their versions, and what people say of their findings.
 *
 *   GET    /api/rule-kinds                                           → RuleKindsView      camera.view
 *   GET    /api/cameras/:cameraId/rules                              → RulesView          camera.view
 *   PUT    /api/cameras/:cameraId/rules/:ruleId            RuleForm  → { rule, enabled }, as it then is: what is live stays live
 *   DELETE /api/cameras/:cameraId/rules/:ruleId
 *   POST   /api/cameras/:cameraId/rules/:ruleId/versions   VersionForm → RuleStandingView (201); of a new id, a draft
 *   POST   /api/cameras/:cameraId/rules/:ruleId/deeds      RuleDeedForm → RuleStandingView; 409 with the code of the refusal, or `changed`
 *   GET    /api/cameras/:cameraId/rules/:ruleId/diff?from=1&to=3     → RuleDiffView       camera.view
 *   GET    /api/cameras/:cameraId/rules/:ruleId/log                  → RuleLogView        camera.view
 *   GET    /api/cameras/:cameraId/rules/:ruleId/findings?mode=shadow → FindingsView       alert.view
 *   GET    /api/cameras/:cameraId/rules/:ruleId/precision            → PrecisionView      alert.view
 *   POST   /api/cameras/:cameraId/rules/:ruleId/backtests  BacktestForm → BacktestView (201)    rule.manage
 *   GET    /api/cameras/:cameraId/rules/:ruleId/backtests            → BacktestsView      rule.manage
 *   GET    /api/cameras/:cameraId/rules/:ruleId/backtests/:backtestId → BacktestResultView rule.manage
 *   DELETE /api/cameras/:cameraId/rules/:ruleId/backtests/:backtestId  cancels one that waits or runs; it stays in the list
 *   GET    /api/cameras/:cameraId/lamp?x1=…&y1=…&x2=…&y2=…&order=vertical → LampLookView    rule.manage        what a lamp drawn there shows now; 404 without a picture
 *   GET    /api/cameras/:cameraId/presets                            → PresetsView        rule.manage        asked of the camera now
 *   POST   /api/incidents/:incidentId/verdict              VerdictForm                    alert.act
 *
 * What changes a rule needs rule.manage.
 */
export interface RulesView {
  readonly rules: readonly RuleStandingView[]
}

interface PersonView {
  readonly id: string
  readonly displayName: string
}

export interface RuleStandingView {
  readonly id: string
  /** Of the version shown: live, else on trial, else the newest. */
  readonly name: string
  readonly kind: string
  /** Who is told when it is throttled; null: the system's. */
  readonly owner: PersonView | null
  readonly newest: number
  readonly live: number | null
  readonly shadow: { readonly version: number; readonly sinceMs: number; readonly untilMs: number; readonly why: 'trial' | 'throttled' } | null
  readonly proposal: { readonly version: number; readonly by: PersonView | null; readonly atMs: number; readonly backtestId: string | null; readonly waiver: string | null } | null
  /** Who could approve what you propose of it: somebody else, nobody, or you, because the city has set that one person is enough. */
  readonly second: 'there' | 'nobody' | 'not_needed'
  readonly resting: boolean
  /** Where the rule names vehicles that have the way: which of those words the model in use knows. `not_configured`: none, so nobody is held for them. */
  readonly holdFor?: { readonly classes: readonly string[]; readonly missing: readonly string[]; readonly state: 'watching' | 'not_configured'; readonly said: Worded }
  /** It is bound to a preset (`preset` of the rule) at which the camera does not stand now, or nobody knows: it watches nothing until then. */
  readonly waits?: { readonly why: 'unasked' | 'fixed' | 'silent' | 'untold' | 'alike' | 'moving' | 'elsewhere'; readonly preset: string; readonly sinceMs: number; readonly said: Worded }
  /** A deed names it: it is what the person saw. */
  readonly revision: number
  /** Newest first. */
  readonly versions: readonly RuleVersionView[]
}

export interface RuleVersionView {
  readonly version: number
  /** Null: the system. */
  readonly madeBy: PersonView | null
  readonly madeAtMs: number
  readonly fromVersion: number | null
  /** `approved`: may be rolled back to. `throttled`: only a back-test brings it back. */
  readonly trust: 'approved' | 'throttled' | null
  /** Approved by the one who proposed it. */
  readonly alone: boolean
  readonly rule: unknown
  /** Against the version that it was made from. */
  readonly differs: readonly DifferenceView[]
}

export interface DifferenceView {
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/** Without `from` and `to`: what the newest version says otherwise than the one shown. */
export interface RuleDiffView {
  readonly from: number
  readonly to: number
  readonly differs: readonly DifferenceView[]
}

/** What became of it, oldest first: who did what, when, on which version, and why. */
export interface RuleLogView {
  readonly log: readonly AlertLogLine[]
}

/** With `blind=1` nobody is told the version, the mode, the alert or what others said: for samples that are to be judged by sight alone. */
export interface FindingView {
  readonly incidentId: string
  readonly title: Worded
  readonly reason: Worded
  readonly sinceMs: number
  readonly openedAtMs: number
  readonly lastSeenAtMs: number
  readonly ongoing: boolean
  readonly witnesses: readonly WitnessView[]
  /** Null, too, from before versions were kept. */
  readonly ruleVersion: number | null
  readonly told: {
    readonly mode: 'live' | 'shadow' | 'held'
    readonly heldWhy: string | null
    readonly alert: { readonly state: AlertStateView; readonly rejectReason: string | null } | null
    readonly verdicts: readonly { readonly right: boolean; readonly blind: boolean; readonly by: PersonView | null; readonly atMs: number }[]
  } | null
}

/** Newest first. */
export interface FindingsView {
  readonly findings: readonly FindingView[]
}

/** How often one version is right, with the ends of its 95 % interval. `under`: even the upper end lies below the target. */
export interface PrecisionView {
  readonly version: number
  readonly point: number
  readonly low: number
  readonly high: number
  readonly n: number
  readonly verdict: 'too_few' | 'fine' | 'under'
  readonly target: number
}

const shareOf = z.coerce.number().min(0).max(1)
export const LampLookQuery = z.strictObject({ x1: shareOf, y1: shareOf, x2: shareOf, y2: shareOf, order: z.enum(['vertical', 'horizontal', 'single']) })
export type LampLookQuery = z.infer<typeof LampLookQuery>

/** Read from one picture. `unknown`: too small, or two colours as strong. */
export interface LampLookView {
  readonly state: 'red' | 'yellow' | 'green' | 'dark' | 'unknown'
  readonly atMs: number
}

/** Pan and tilt in -1..1, zoom in 0..1. */
export interface PoseView {
  readonly pan: number
  readonly tilt: number
  readonly zoom: number
}

/** `at` null: the camera does not tell where this preset lies. */
export interface PresetView {
  readonly token: string
  readonly name: string
  readonly at: PoseView | null
}

/** A rule is bound by `preset: { token, name, at }`; it watches while the camera stands at `at`, whatever becomes of the preset. */
export type PresetsView =
  /** It cannot be turned, or nobody can ask it: it was added by its stream alone, or pushes. */
  | { readonly is: 'fixed' }
  | { readonly is: 'silent'; readonly trouble: TroubleView }
  | {
      readonly is: 'told'
      readonly presets: readonly PresetView[]
      /** Where it looks now; `here` is the token of the preset at which it stands, if at one. */
      readonly at: PoseView | null
      readonly moving: boolean
      readonly here: string | null
      /** Places no further apart are one, on each axis. */
      readonly near: { readonly turn: number; readonly zoom: number }
      /** Why a rule that is bound would wait for ever. */
      readonly doubt: { readonly why: 'untold' | 'alike'; readonly said: Worded } | null
    }

/** What a person draws and sets for each kind of rule, in the order in which they are offered. */
export interface RuleKindsView {
  readonly kinds: readonly RuleKindView[]
}

export interface RuleKindView {
  readonly kind: string
  readonly group: 'traffic' | 'order' | 'camera'
  readonly title: Worded
  readonly means: Worded
  readonly shapes: readonly RuleShapeView[]
  readonly numbers: readonly RuleNumberView[]
  /** None offered: the kind is not about classes. */
  readonly classes: { readonly offered: readonly string[]; readonly needed: boolean; readonly proposed: readonly string[] }
  readonly words: { readonly says: Worded; readonly proposed: readonly string[] } | null
  readonly uses: readonly ('evidence' | 'screening' | 'statistics')[]
}

/** `side`: the field of the rule that says over which side of the line it is about. */
export interface RuleShapeView {
  readonly field: string
  readonly is: 'zone' | 'line' | 'arrow' | 'lamp' | 'ground'
  readonly side: string | null
  readonly says: Worded
}

/** `proposed` null: left out (null in the rule) unless wanted. */
export interface RuleNumberView {
  readonly field: string
  readonly says: Worded
  readonly unit: 'ms' | 'count' | 'share' | 'sizes' | 'sizes_per_second' | 'degrees' | 'kmh' | 'times'
  readonly least: number
  readonly most: number
  readonly whole: boolean
  readonly proposed: number | null
}

/** One version of the rule, run on what was recorded of its camera: where it stands. */
export interface BacktestView {
  readonly id: string
  readonly version: number
  /** The version that was live when it was asked for, run on the same pictures; null: none was, or it is the one that was run. */
  readonly baseline: number | null
  readonly fromMs: number
  readonly toMs: number
  readonly modelId: string
  readonly modelSha256: string
  readonly by: PersonView | null
  readonly createdAtMs: number
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  readonly settledAtMs: number | null
  /** `part`: 0..1 of the hour that is being looked at; null while none is. */
  readonly progress: { readonly hours: number; readonly done: number; readonly failed: number; readonly part: number | null }
}

/** Newest first; the oldest beyond twenty are gone. */
export interface BacktestsView {
  readonly backtests: readonly BacktestView[]
}

/** A share with the ends of its 95 % interval, and of how many it is one. */
export interface ShareView {
  readonly point: number
  readonly low: number
  readonly high: number
  readonly n: number
}

export interface BacktestSideView {
  readonly version: number
  /** All of them; of a draft that claims more than 500 times an hour not every one is among the differences. */
  readonly claims: number
  /** How long of the recorded time the camera is known to have shown another view than the one that this version is drawn on, or turned: it did not look. */
  readonly awayMs: number
  /** Null: nothing was watched. Neither gaps nor `awayMs` are counted as quiet. */
  readonly perDay: number | null
  /** Null: nobody judged a real incident of this rule in the span, so there are counts only. */
  readonly judged: { readonly precision: ShareView; readonly recall: ShareView; readonly missed: number } | null
}

export interface BacktestDifferenceView {
  /** Told by both versions, by the live one alone, by the tested one alone. */
  readonly is: 'kept' | 'vanished' | 'new'
  readonly cameraId: string
  readonly atMs: number
  readonly untilMs: number
  readonly box: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number } | null
  readonly reason: Worded
  /** What people said of the real incident there: `wrong` kept or new costs a false alert, `right` vanished costs a miss. Null: nobody judged it. */
  readonly said: 'right' | 'wrong' | null
  /** Its moment in the recording. */
  readonly at: string
}

export type HourFaultView = 'model_gone' | 'model_refused' | 'undecodable' | 'died' | 'silent' | 'internal'

export interface BacktestHourView {
  readonly fromMs: number
  readonly toMs: number
  readonly state: 'done' | 'failed'
  readonly recordedMs: number
  readonly gaps: readonly GapView[]
  /** By version. */
  readonly claims: Readonly<Record<string, number>>
  /** Why it failed: screens word the code; `said` is a detail in English. */
  readonly fault: { readonly code: HourFaultView; readonly said: string } | null
}

/** What the hours that are over say together, while others still run, too. */
export interface BacktestResultView extends BacktestView {
  readonly watchedMs: number
  readonly missingMs: number
  readonly failedMs: number
  readonly tested: BacktestSideView
  readonly live: BacktestSideView | null
  readonly counts: { readonly kept: number; readonly vanished: number; readonly new: number }
  /** In order of time: what changed first where there are more than can be shown. */
  readonly differences: readonly BacktestDifferenceView[]
  readonly untold: number
  readonly hours: readonly BacktestHourView[]
  /** Of one core for an hour of the street, for both versions together; null: nothing was watched. */
  readonly cost: { readonly fps: number; readonly coreSecondsAnHour: number | null }
}

/** The rule is checked by the analytics' own parser. A new rule is a draft; a changed one is a version and a proposal; `enabled` alone switches. */
export const RuleForm = z.strictObject({ rule: z.unknown(), enabled: z.boolean().default(true), waiver: z.string().trim().max(2000).optional() })
export type RuleForm = z.infer<typeof RuleForm>

const version = z.number().int().min(1)
export const VersionForm = z.strictObject({ rule: z.unknown(), from: version.optional() })
export type VersionForm = z.infer<typeof VersionForm>

const revision = z.number().int().min(1)
const reason = z.string().trim().max(2000)
export const RuleDeedForm = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('try'), revision, version, days: z.number() }),
  z.strictObject({ do: z.literal('end_trial'), revision }),
  z.strictObject({ do: z.literal('propose'), revision, version, on: z.union([z.strictObject({ backtestId: z.string().trim().max(64) }), z.strictObject({ waiver: z.string().trim().max(2000) })]) }),
  z.strictObject({ do: z.literal('approve'), revision }),
  z.strictObject({ do: z.literal('withdraw'), revision, reason }),
  z.strictObject({ do: z.literal('refuse'), revision, reason }),
  z.strictObject({ do: z.literal('roll_back'), revision, version }),
  z.strictObject({ do: z.literal('rest'), revision }),
  z.strictObject({ do: z.literal('resume'), revision }),
])
export type RuleDeedForm = z.infer<typeof RuleDeedForm>

export const VerdictForm = z.strictObject({ right: z.boolean(), blind: z.boolean() })
export type VerdictForm = z.infer<typeof VerdictForm>

const moment = z.number().int().min(0).max(8_640_000_000_000_000)
export const BacktestForm = z.strictObject({ version, fromMs: moment, toMs: moment })
export type BacktestForm = z.infer<typeof BacktestForm>
