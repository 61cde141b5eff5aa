import { isAt } from '../domain/aim.js'
import type { Pose, Rule } from '../domain/seen.js'
import { standThrough, type Stand } from '../domain/stand.js'
import { isWithin, unwatchedSpans, type TimeSpan } from '../domain/unwatched.js'

/** Which rules could look at what a camera that turns showed, picture by picture in order of time: as a lane is told while it happens. */
export interface RulesByView {
  /** `rules` is null where they are those of the picture before; `turned`: the camera stands at another place than it was last known to. */
  at(atMs: number): { readonly rules: readonly Rule[] | null; readonly turned: boolean }
}

export function openRulesByView(rules: readonly Rule[], stands: readonly Stand[], span: TimeSpan): RulesByView {
  const each = rules.map((rule) => ({ rule, away: rule.preset ? unwatchedSpans(rule.preset, stands, span) : [] }))
  let shown: string | null = null
  let place: Pose | null = null
  return {
    at(atMs) {
      const looking = each.filter(({ away }) => !isWithin(away, atMs)).map(({ rule }) => rule)
      const names = looking.map(({ id }) => id).join(' ')
      const same = names === shown
      shown = names
      const at = standThrough(stands, { fromMs: atMs, toMs: atMs })?.at ?? null
      const turned = at !== null && place !== null && !isAt(at, place)
      place = at ?? place
      return { rules: same ? null : looking, turned }
    },
  }
}
