/** Why an alert has no still or no clip, or an export or a redacted copy came to nothing: told in its change log, so that nobody waits for a picture that cannot come. */
export const LOSS_CODES = ['no_packets', 'tools_missing', 'disk_full', 'decode_failed', 'job_failed', 'killed', 'cancelled', 'no_font', 'timed_out', 'too_many', 'no_looker', 'not_looked_at', 'original_gone', 'original_changed', 'internal'] as const
export type LossCode = (typeof LOSS_CODES)[number]

export class Loss extends Error {
  constructor(
    readonly code: LossCode,
    said: string,
  ) {
    super(said)
  }
}

/** Names what stopped a piece of work; a full disk is the one that an administrator can mend at once. */
export function lossOf(fault: unknown): Loss {
  if (fault instanceof Loss) return fault
  const said = typeof fault === 'object' && fault !== null && 'message' in fault ? String(fault.message) : 'unknown fault'
  const code = systemCodeOf(fault)
  if (code === 'ENOSPC' || code === 'EDQUOT' || /no space left/i.test(said)) return new Loss('disk_full', 'no space left on the evidence disk')
  return new Loss('internal', said)
}

/** The operating system's word (ENOENT, ENOSPC …) in a fault, wherever the fault was made. */
export function systemCodeOf(fault: unknown): string | null {
  return typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : null
}
