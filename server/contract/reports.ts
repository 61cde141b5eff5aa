import { z } from 'zod'
import type { LinkView } from './alerts.js'
import type { Worded } from './cameras.js'

/** GET /api/reports → { reports }; GET /api/reports/:reportId → ReportWhole. No reporter's name or number is ever in it. */
export interface ReportView {
  readonly id: string
  readonly serviceCode: string
  readonly serviceName: Worded
  readonly description: string
  readonly address: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly requestedAtMs: number
  readonly updatedAtMs: number
  readonly status: 'open' | 'closed'
  readonly statusNotes: string | null
  readonly areaId: string | null
  readonly areaName: string | null
  readonly source: string
  readonly proposed: number
  readonly confirmed: number
}

export interface ReportWhole extends ReportView {
  /** Other Open311 servers it can be sent on to. */
  readonly destinations: readonly string[]
  readonly links: readonly LinkView[]
  readonly log: readonly { readonly what: string; readonly by: { readonly displayName: string } | null; readonly atMs: number; readonly facts: Readonly<Record<string, string | number | boolean | null>> }[]
}

/** POST /api/links/:linkId/verdict → LinkView */
export const LinkVerdictForm = z.strictObject({ verdict: z.enum(['confirmed', 'rejected']) })
/** POST /api/reports/:reportId/answer → ReportWhole. What goes back to the citizen as Open311 status and status_notes. */
export const AnswerForm = z.strictObject({ notes: z.string().trim().min(1).max(4000), close: z.boolean() })
export type AnswerForm = z.infer<typeof AnswerForm>

/** POST /api/reports/:reportId/forward → ReportWhole. The other server's answer comes back as this report's own. */
export const ForwardForm = z.strictObject({ destination: z.string().min(1).max(64) })
export type ForwardForm = z.infer<typeof ForwardForm>
