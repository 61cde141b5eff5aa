/** Every error of the API (RFC 9457 in shape): what happened, in which field, and what to do next, in both languages. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly title: { readonly vi: string; readonly en: string }
  readonly next: { readonly vi: string; readonly en: string } | null
  readonly faults: readonly { readonly field: string; readonly reason: string }[]
  /** Names the line in the server's log. */
  readonly requestId: string
}
