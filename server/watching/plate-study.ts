import type { PlatePair, PlatePairFault } from '../../models/plate-pair.js'
import type { Words } from '../domain/words.js'
import type { WatchingModel, WrittenFault } from './inference-messages.js'
import { openStudy, type Study, type StudyOptions } from './study.js'

/** What the screen says of plates: whose pair reads, or why none does. */
export type PlateSight = { readonly reads: true; /** A person's own pair by its name; null: ours. */ readonly brought: string | null } | { readonly reads: false; readonly said: Words; readonly next: string }

export interface PlateStudy {
  /** Null: no plate is read. */
  readonly study: Study | null
  sight(): PlateSight
}

type Missing = Omit<PlatePairFault, 'field'>

/**
 * Opens what looks back for plates where there are all three models and ffmpeg; otherwise one line in the log, and the sight, say
 * why not. A pair that a person brought is tried at once, so that its fault shows before the first alert; ours is proved by its hash.
 */
export async function openPlateStudy({ eyes, plates, ffmpeg, ...rest }: Omit<StudyOptions, 'models' | 'ffmpeg'> & { readonly eyes: WatchingModel | Missing; readonly plates: PlatePair | PlatePairFault; readonly ffmpeg: string | null }): Promise<PlateStudy> {
  const missing = 'said' in plates ? plates : 'said' in eyes ? eyes : ffmpeg === null ? NO_FFMPEG : null
  if (missing) rest.log.warn({ said: missing.said.en, next: missing.next }, 'no plate is read')
  if (ffmpeg === null || 'said' in plates || 'said' in eyes) return { study: null, sight: () => ({ reads: false, ...(missing ?? NO_FFMPEG) }) }
  const { name, finder, reader, letters, brought } = plates
  const study = await openStudy({ ...rest, ffmpeg, models: { eyes, plates: { name, finder, reader, letters } } })
  if (brought) void study.tryModels()
  return { study, sight: () => sightOf(plates, study.trouble()) }
}

const NO_FFMPEG: Missing = { said: { vi: 'thiếu ffmpeg', en: 'ffmpeg is missing' }, next: 'apt-get install ffmpeg' }

/** Pure. A pair against which nothing is known reads. */
export function sightOf({ name, brought }: Pick<PlatePair, 'name' | 'brought'>, trouble: WrittenFault | null): PlateSight {
  if (!trouble) return { reads: true, brought: brought ? name : null }
  const what = HALVES[trouble.field] ?? 'mô hình'
  return { reads: false, said: { vi: `không dùng được ${what}${brought ? ` của bộ đọc riêng ${name}` : ''}: ${trouble.message}`, en: `${brought ? `of the own pair ${name}: ` : ''}${trouble.message}` }, next: trouble.next }
}

const HALVES: Readonly<Record<string, string>> = { 'plate-finder': 'phần tìm biển số (finder)', 'plate-reader': 'phần đọc chữ (reader)' }
