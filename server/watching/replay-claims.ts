import type { Observation } from '../../analytics/rules/observation.js'
import type { BacktestClaim, SeenBox } from '../domain/backtest.js'
import type { ReplaySpan } from '../domain/replay.js'
import { splitObservation } from '../domain/rule-key.js'

/** A draft that claims more than every seven seconds is not read claim by claim; how many there were is counted all the same. */
const CLAIMS_MAX = 500
/** Of a crowd, enough to know it again. */
const BOXES_MAX = 8
/** A claim that holds is repeated once a second: one whose last word is older than this was over before the hour was. */
const HELD_MS = 2_000

export interface ClaimFold {
  take(observations: readonly Observation[]): void
  /** Sorted by time, then by version and by what they say: the same words make the same list. */
  end(): { readonly claims: readonly BacktestClaim[]; readonly counts: Readonly<Record<string, number>> }
}

/** Makes of what a watch says, word by word, one claim for each episode. What began before the span was told by whoever looked at the time before. */
export function openClaims({ fromMs, toMs }: ReplaySpan): ClaimFold {
  const open = new Map<string, BacktestClaim & { readonly over: boolean }>()
  const counts: Record<string, number> = {}

  const begin = (said: Observation): void => {
    const { seenBy } = splitObservation(said)
    const version = seenBy.ruleVersion ?? 0
    counts[version] = (counts[version] ?? 0) + 1
    if (counts[version] > CLAIMS_MAX) return
    const { sinceMs, atMs, witnesses, reason } = said
    open.set(said.episode, { version, sinceMs: Math.round(sinceMs), beganMs: Math.round(atMs), untilMs: Math.round(atMs), cut: false, class: witnesses[0]?.class ?? null, boxes: witnesses.slice(0, BOXES_MAX).map(boxOf), reason, over: false })
  }
  return {
    take(observations) {
      for (const said of observations) {
        const known = open.get(said.episode)
        if (known) open.set(said.episode, { ...known, untilMs: Math.round(said.atMs), over: said.phase === 'ended' })
        // What the eyes doubt as they claim calls nobody, live or here.
        else if (said.phase === 'began' && said.doubt === undefined && said.atMs >= fromMs && said.atMs < toMs) begin(said)
      }
    },
    end() {
      const claims = [...open.values()].map(({ over, ...claim }) => ({ ...claim, cut: !over && claim.untilMs >= toMs - HELD_MS }))
      return { claims: claims.toSorted(inOrder), counts }
    },
  }
}

function inOrder(a: BacktestClaim, b: BacktestClaim): number {
  return a.sinceMs - b.sinceMs || a.beganMs - b.beganMs || a.version - b.version || compareText(JSON.stringify(a.boxes), JSON.stringify(b.boxes))
}

/** By the letters' numbers: a language's own order would change with the machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A thousandth of the picture is less than a pixel of what the model saw. */
function boxOf({ box, atMs, trackId }: Observation['witnesses'][number]): SeenBox {
  const at = (part: number): number => Math.round(part * 1000) / 1000
  return { atMs: Math.round(atMs), track: trackId, box: { x1: at(box.x1), y1: at(box.y1), x2: at(box.x2), y2: at(box.y2) } }
}
