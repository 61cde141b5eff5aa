import type { SystemView } from '../contract/system.js'
import type { Words } from '../domain/words.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { MediaTools } from '../system/media-tools.js'
import type { PlateSight } from '../watching/plate-study.js'
import type { Watching } from '../watching/watching.js'

export interface HealthParts {
  readonly store: Store
  readonly clock: Clock
  readonly tools: MediaTools | null
  readonly version: string
  /** Why something is not recorded, or null; not asked where recording is switched off. */
  readonly recording?: () => { readonly said: Words; readonly next: string } | null
  readonly eyes: () => { readonly said: Words; readonly next: string } | null
  /** Whose pair reads plates, or why none does; not asked where a city reads none. */
  readonly plates?: () => PlateSight
  /** The model that was chosen cannot be used, and another watches: its words, or null. */
  readonly standIn: () => { readonly said: Words; readonly next: Words } | null
}

/** Whether the server is whole. Only a store that cannot be written makes it not ready; the rest is degraded and said. */
export function makeSystemView({ store, clock, tools, version, eyes, plates, standIn, recording }: HealthParts): () => Promise<SystemView> {
  const startedAtMs = clock.wallMs()
  return async () => {
    const ready = await store.ready()
    const lost = recording?.()
    return {
      ready,
      version,
      startedAtMs,
      nowMs: clock.wallMs(),
      parts: [
        ready
          ? { name: 'storage', ok: true, said: { vi: 'Cơ sở dữ liệu ghi được', en: 'The database can be written' }, next: null }
          : { name: 'storage', ok: false, said: { vi: 'Không ghi được cơ sở dữ liệu', en: 'The database cannot be written' }, next: 'df -h' },
        tools
          ? { name: 'media_tools', ok: true, said: { vi: `ffmpeg ${tools.version}`, en: `ffmpeg ${tools.version}` }, next: null }
          : { name: 'media_tools', ok: false, said: { vi: 'Thiếu ffmpeg: không xem, không ghi, không phân tích được', en: 'ffmpeg is missing: nothing can be shown, kept or watched' }, next: 'apt-get install ffmpeg' },
        eyesPart(eyes(), standIn()),
        ...(plates ? [platesPart(plates())] : []),
        ...(lost === undefined ? [] : [lost ? ({ name: 'recording', ok: false, ...lost } as const) : ({ name: 'recording', ok: true, said: { vi: 'Đang ghi hình', en: 'Recording' }, next: null } as const)]),
      ],
    }
  }
}

function eyesPart(blind: ReturnType<HealthParts['eyes']>, standIn: ReturnType<HealthParts['standIn']>): SystemView['parts'][number] {
  if (blind) return { name: 'eyes', ok: false, said: { vi: `Không phân tích hình: ${blind.said.vi}`, en: `Nothing is watched: ${blind.said.en}` }, next: blind.next || null }
  if (standIn) return { name: 'eyes', ok: false, said: standIn.said, next: null }
  return { name: 'eyes', ok: true, said: { vi: 'Mô hình đang phân tích hình', en: 'The model is watching' }, next: null }
}

function platesPart(sight: PlateSight): SystemView['parts'][number] {
  if (!sight.reads) return { name: 'plates', ok: false, said: { vi: `Không đọc biển số: ${sight.said.vi}`, en: `No plate is read: ${sight.said.en}` }, next: sight.next || null }
  if (sight.brought === null) return { name: 'plates', ok: true, said: { vi: 'Biển số: bộ đọc của hệ thống', en: 'Plates: the system’s own pair reads' }, next: null }
  return { name: 'plates', ok: true, said: { vi: `Biển số: bộ đọc riêng: ${sight.brought}`, en: `Plates: a pair of your own reads: ${sight.brought}` }, next: null }
}

/** What computes the model that watches; null while none does. */
export function runsOn(watching: Watching | null): 'cpu' | 'cuda' | null {
  const model = watching?.stats().pool.model
  return model?.kind === 'ready' ? model.runsOn : null
}
