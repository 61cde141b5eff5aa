import { join } from 'node:path'
import type { Claim } from '../../server/commands/judge-score.js'
import type { AlertView } from '../../server/contract/alerts.js'
import type { StreamId } from '../../server/domain/ids.js'
import type { PacketHub } from '../../server/flow/packet-hub.js'
import { MATERIAL } from './clip-frames.js'

/** A real junction in Hanoi, as a camera would send it, and what people saw there. */
export const CLIP = join(MATERIAL, 'videos/hanoi_ly_thuong_kiet_16h30.mp4')
export const TRUTH = join(MATERIAL, 'labels/events/hanoi_ly_thuong_kiet_16h30.json')
export const SECONDS = 64
/** The clip's rate is 6.02; the server plays whole frames a second. */
export const FPS = 6

/** When a stream's first picture from now on came: a camera that has just begun to send begins with the clip's. */
export async function firstPacketAtMs(hub: PacketHub, streamId: StreamId, from: 'last_key' | 'next_key' = 'last_key'): Promise<number> {
  const reader = hub.subscribe(streamId, { from, capacity: 64, whenFull: 'skip_to_key' })
  for await (const packet of reader) {
    reader.close()
    return packet.atMs
  }
  throw new Error('the stream ended before its first packet')
}

/** Waits for the camera's own pictures, not for a clock. */
export async function mediaPassed(hub: PacketHub, streamId: StreamId, untilMs: number): Promise<void> {
  const reader = hub.subscribe(streamId, { from: 'next_key', capacity: 256, whenFull: 'skip_to_key' })
  for await (const packet of reader) if (packet.atMs >= untilMs) break
  reader.close()
}

/** An alert as the judge reads a claim, in the clip's own seconds. */
export function claimOf(alert: AlertView, startedAtMs: number): Claim {
  const second = (ms: number): number => ((ms - startedAtMs) / 1000) * (FPS / 6.02)
  const steps = alert.witnesses.map(({ box }) => ({ atMs: second(alert.openedAtMs) * 1000, at: { x: (box.x1 + box.x2) / 2, y: box.y2 }, box }))
  const first = { ruleId: alert.ruleId, kind: 'red_light', episode: alert.id, phase: 'began', atMs: second(alert.openedAtMs) * 1000, sinceMs: second(alert.sinceMs) * 1000, witnesses: alert.witnesses, reason: { code: 'red_light', class: 'two_wheeler', redForMs: 0, yellowMs: null } } as const
  return { ruleId: alert.ruleId, episode: alert.id, sinceS: second(alert.sinceMs), beganS: second(alert.openedAtMs), endedS: second(alert.lastSeenAtMs), class: alert.witnesses[0]?.class ?? '', steps, first }
}
