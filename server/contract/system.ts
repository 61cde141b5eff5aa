import type { Worded } from './cameras.js'

/** GET /readyz (anyone) and /api/system: is the server whole, and if not, what is missing and what to type. */
export interface SystemView {
  readonly ready: boolean
  readonly version: string
  readonly startedAtMs: number
  readonly nowMs: number
  readonly parts: readonly { readonly name: 'storage' | 'media_tools' | 'eyes' | 'plates' | 'onvif' | 'recording'; readonly ok: boolean; readonly said: Worded; readonly next: string | null }[]
}
