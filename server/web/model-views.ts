import type { EvaluationView, ModelsView, ModelView, TrialView, WidthView } from '../contract/models.js'
import { BUILT_IN, wordTrouble, type BroughtModel, type Evaluation } from '../domain/model.js'
import type { Models, WidthInUse } from '../models/open-models.js'
import type { Trial } from '../models/trials.js'
import type { UPLOAD_BYTES_MAX } from '../models/uploads.js'
import type { Store } from '../storage/store.js'

/** What the list needs to know of the model that comes with the program. */
export type BuiltInCard = Pick<BroughtModel, 'sha256' | 'bytes' | 'licence' | 'attribution' | 'format' | 'classes' | 'input'>

export interface ModelViews {
  all(): Promise<ModelsView>
  one(id: string): Promise<ModelView | null>
}

export interface ModelViewParts {
  readonly store: Store
  readonly models: Models
  readonly builtIn: BuiltInCard | null
  readonly bytesMax: typeof UPLOAD_BYTES_MAX
  /** Where the model in use computes, or null while nothing watches. */
  readonly runsOn: () => 'cpu' | 'cuda' | null
  /** Why nothing watches, or null. */
  readonly blind: () => { readonly said: { readonly vi: string; readonly en: string }; readonly next: string } | null
}

const EVALUATIONS_MAX = 500
const SHOWN_MAX = 5
/** What a rule watches for that names no class (analytics/detection.ts). */
const STREET = ['person', 'two_wheeler', 'car', 'bus', 'truck'] as const

export function makeModelViews({ store, models, builtIn, bytesMax, runsOn, blind }: ModelViewParts): ModelViews {
  const all = async (): Promise<ModelsView> => {
    const [rows, evaluations, people, rules, offers, { inUse, notice }] = await Promise.all([store.models.list(), store.models.evaluations(EVALUATIONS_MAX), store.people.list(), store.rules.list(), models.offers(), models.state()])
    const names = new Map<string, string>(people.map(({ id, displayName }) => [id, displayName]))
    const wanted = new Set(rules.filter(({ enabled }) => enabled).flatMap(({ rule }): readonly string[] => (rule.classes.length > 0 ? rule.classes : STREET)))
    const view = (id: string, model: BuiltInCard, rest: Pick<ModelView, 'name' | 'builtIn' | 'frameMs' | 'width' | 'addedBy' | 'addedAtMs' | 'broken'>): ModelView => {
      // COCO has bicycles and motorcycles, which are one class here.
      const classes = [...new Set(model.classes)]
      const { sha256, bytes, licence, attribution, format, input } = model
      return { id, ...rest, inUse: id === inUse, sha256, bytes, licence, attribution, format, classes, input, lacks: [...wanted].filter((name) => !classes.includes(name)), evaluations: evaluations.filter(({ modelId }) => modelId === id).slice(0, SHOWN_MAX).map(evaluationView) }
    }
    const sight = blind()
    return {
      models: [
        ...(builtIn ? [view(BUILT_IN, builtIn, { name: 'eyes', builtIn: true, frameMs: null, width: widthView(models.width()), addedBy: null, addedAtMs: null, broken: null })] : []),
        ...rows.map((row) => view(row.id, row, { name: row.name, builtIn: false, frameMs: row.frameMs, width: null, addedBy: names.get(row.addedBy) ?? '—', addedAtMs: row.addedAtMs, broken: row.broken && { said: wordTrouble(row.broken).title, reason: row.broken.message, next: wordTrouble(row.broken).next } })),
      ],
      inUse,
      runsOn: runsOn(),
      notice: notice ?? (sight && { said: { vi: `Máy chủ không phân tích hình: ${sight.said.vi}`, en: `Nothing is watched: ${sight.said.en}` }, next: { vi: sight.next, en: sight.next } }),
      offers: offers.map(({ name, title, bytes, licence, attribution }) => ({ name, title, bytes, licence, attribution })),
      bytesMax,
    }
  }
  return { all, one: async (id) => (await all()).models.find((model) => model.id === id) ?? null }
}

function widthView(width: WidthInUse): WidthView {
  const { gain, agreement } = 'gain' in width ? width : { gain: null, agreement: null }
  return { is: width.use === 'eight_bits' ? 'eight_bits' : width.because, gain, agreement }
}

function evaluationView({ clip, atMs, frames, frameMs, objects }: Evaluation): EvaluationView {
  return { clip, atMs, frames, frameMs, objects }
}

export function trialView({ id, clip, modelIds, state }: Trial): TrialView {
  if (state.is === 'done') return { id, clip, modelIds, state: { is: 'done', size: state.size, frames: state.frames, summaries: state.evaluations.map(evaluationView) } }
  if (state.is !== 'failed') return { id, clip, modelIds, state }
  const { modelId, trouble } = state
  const { title, next } = trouble.field.startsWith('model') ? wordTrouble(trouble) : CLIP_WORDS[trouble.field] ?? CLIP_WORDS['trial']!
  return { id, clip, modelIds, state: { is: 'failed', modelId, said: title, reason: trouble.message, next } }
}

const CLIP_WORDS: Readonly<Record<string, ReturnType<typeof wordTrouble>>> = {
  clip: { title: { vi: 'Không đọc được đoạn hình này', en: 'This clip cannot be read' }, next: { vi: 'Chọn một tệp video phát được.', en: 'Choose a video file that plays.' } },
  'trial.stopped': { title: { vi: 'Lượt chạy thử đã dừng', en: 'The trial was stopped' }, next: { vi: 'Chạy thử lại.', en: 'Try again.' } },
  trial: { title: { vi: 'Máy chủ gặp lỗi khi chạy thử', en: 'The server failed at the trial' }, next: { vi: 'Thử lại; nếu lặp lại, xem nhật ký máy chủ.', en: 'Try again; if it repeats, read the server’s log.' } },
}
