import type { PersonId } from '../domain/ids.js'
import { diffRules } from '../domain/rule-diff.js'
import type { RuleDeed } from '../domain/rule-life.js'
import { shownVersion, type RuleStanding } from '../domain/rule-standing.js'
import type { Rule } from '../domain/seen.js'

/** What the second person reads where the camera page asked for no word of its own: true, and no praise. */
export const PLAIN_WAIVER = 'Sửa ở trang camera, chưa thử lại trên bản ghi'

/**
 * The camera page puts a whole rule and whether it is to watch. A person's changed rule is a version and a proposal, and what is live
 * stays live; the system's own (the sandbox city) goes live at once. Switching is resting and resuming; to switch on what was never
 * approved is to propose it.
 */
export function planPut(standing: RuleStanding, { body, enabled, waiver, by }: { readonly body: Rule; readonly enabled: boolean; readonly waiver: string | undefined; readonly by: PersonId | null }, says: { readonly shown: Rule; readonly newest: Rule }): readonly RuleDeed[] {
  const isShown = diffRules(says.shown, body).length === 0
  const isNewest = diffRules(says.newest, body).length === 0
  const isSaved = !isShown && !isNewest
  const version = isSaved ? standing.newest + 1 : isShown ? shownVersion(standing) : standing.newest
  const isWanted = standing.live !== version && (!isShown || (enabled && standing.live === null))
  const deeds: RuleDeed[] = []
  if (isSaved) deeds.push({ do: 'save', body, over: says.newest })
  if (isWanted) deeds.push(by === null ? { do: 'put_live', version } : { do: 'propose', version, on: { waiver: waiver ?? PLAIN_WAIVER } })
  if (enabled === standing.resting) deeds.push({ do: enabled ? 'resume' : 'rest' })
  return deeds
}
