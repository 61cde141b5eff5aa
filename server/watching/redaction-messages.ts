import type { Cover, LookTask } from '../domain/redaction.js'
import type { WatchingModel, WrittenFault } from './inference-messages.js'
import type { Packed } from './packed-model.js'

/** Models with which private parts are found; without a finder no plate is. */
export interface RedactionModels {
  readonly eyes: WatchingModel
  readonly finder: { readonly name: string; readonly bytes: Uint8Array } | null
}

/** All that the process is told, once: it does one task and ends. */
export interface RedactionRequest {
  readonly eyes: Packed<WatchingModel>
  readonly finder: Packed<NonNullable<RedactionModels['finder']>> | null
  readonly ffmpeg: string
  readonly runId: string
  readonly task: Omit<LookTask, 'signal' | 'onProgress'>
}

export type RedactionNews =
  | { readonly kind: 'progress'; readonly part: number }
  | { readonly kind: 'looked'; readonly cover: Cover; readonly slots: number; readonly height: number }
  | { readonly kind: 'refused'; readonly fault: WrittenFault }
  | { readonly kind: 'failed'; readonly why: string }
