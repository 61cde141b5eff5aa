import type { AimVerdict } from '../domain/aim.js'
import type { CameraId } from '../domain/ids.js'
import { laneRuleId } from '../domain/rule-key.js'
import type { BoundPreset } from '../domain/seen.js'
import { foldWait, NO_WAITS, type WaitLine, type WaitState } from '../domain/wait-spells.js'
import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'

/** A bound rule as its lane runs it, and whether it may watch now. */
export interface BoundVerdict {
  readonly ruleId: string
  readonly preset: BoundPreset
  readonly verdict: AimVerdict
}

/** Tells in the history of rules when nobody looked: without it, a rule that found nothing cannot be told from one that waited. */
export interface WaitLog {
  /** Of all bound rules of a camera; those that are not among them any more are gone. */
  note(cameraId: CameraId, verdicts: readonly BoundVerdict[]): void
  /** What goes on is told as far as it went. */
  close(): Promise<void>
}

interface Kept {
  readonly ruleId: string
  readonly preset: string
  readonly state: WaitState
}

export function openWaitLog({ store, bus, clock, log }: { readonly store: Store; readonly bus: Bus; readonly clock: Clock; readonly log: Log }): WaitLog {
  const cameras = new Map<CameraId, ReadonlyMap<string, Kept>>()
  // One after the other: a history is read in its order.
  let writing: Promise<void> = Promise.resolve()

  const tell = (cameraId: CameraId, { ruleId, preset }: Kept, lines: readonly WaitLine[]): void => {
    if (lines.length === 0) return
    writing = writing.then(async () => {
      const camera = await store.cameras.get(cameraId)
      for (const { is, ...facts } of lines) bus.publish('changes.appended', { seq: await store.changes.append({ topic: 'camera', entityId: cameraId, areaId: camera?.areaId ?? null, what: is === 'spell' ? 'rule_waited' : 'rule_waited_often', by: null, atMs: clock.wallMs(), facts: { rule: ruleId, preset, ...facts } }) })
    }).catch((fault: unknown) => log.warn({ cameraId, ruleId, fault }, 'that a rule waited could not be told in its history'))
  }

  const note = (cameraId: CameraId, verdicts: readonly BoundVerdict[]): void => {
    const atMs = clock.wallMs()
    const before = cameras.get(cameraId) ?? new Map<string, Kept>()
    const after = new Map<string, Kept>()
    // The live version and one on trial are one rule; on one view they wait together.
    for (const { ruleId: laneId, preset, verdict } of verdicts) {
      const ruleId = laneRuleId(laneId)
      const key = JSON.stringify([ruleId, preset.at])
      if (after.has(key)) continue
      const [state, lines] = foldWait(before.get(key)?.state ?? NO_WAITS, verdict, atMs)
      const kept = { ruleId, preset: preset.name, state }
      after.set(key, kept)
      tell(cameraId, kept, lines)
    }
    for (const [key, kept] of before) if (!after.has(key)) tell(cameraId, kept, foldWait(kept.state, 'gone', atMs)[1])
    if (after.size > 0) cameras.set(cameraId, after)
    else cameras.delete(cameraId)
  }

  return {
    note,
    async close() {
      for (const cameraId of cameras.keys()) note(cameraId, [])
      await writing
    },
  }
}
