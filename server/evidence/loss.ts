/** Why an alert has no still or no clip: told in its change log, so that nobody waits for a picture that cannot come. */
export const LOSS_CODES = ['no_packets', 'tools_missing', 'disk_full', 'decode_failed', 'job_failed', 'timed_out', 'too_many', 'internal'] as const
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
  const said = fault instanceof Error ? fault.message : 'unknown fault'
  const code = fault instanceof Error && 'code' in fault ? fault.code : null
  if (code === 'ENOSPC' || code === 'EDQUOT' || /no space left/i.test(said)) return new Loss('disk_full', 'no space left on the evidence disk')
  return new Loss('internal', said)
}
