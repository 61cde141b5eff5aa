import { randomBytes } from 'node:crypto'
import type { Clock } from '../../system/clock.js'
import type { Credentials } from './digest-gate.js'
import type { Topic } from './event-desk.js'
import { SKEW_MS, variantOf, type Fault, type FaultOptions, type Variant } from './fault.js'
import type { PtzMount } from './ptz-mount.js'
import type { Timeline } from './timeline.js'

/** The state a virtual camera is in: its fault and all that follows from it. The servers ask; only `change` changes. */
export interface Condition {
  readonly fault: Fault
  /** Frame at which the picture froze. */
  readonly frozenAt: number | null
  readonly outage: 'none' | 'mute' | 'down'
  credentials(): Credentials
  deviceWallMs(): number
  /** Which film is to be shown instead of the good one. */
  variant(): Variant | null
  /** What the camera would say about itself by events. */
  events(inMotion: boolean): Readonly<Record<Topic, boolean>>
  /** True when the password is another one than before. */
  change(fault: Fault, options: FaultOptions): boolean
}

export function makeCondition({ sticker, clock, timeline, mount }: { readonly sticker: Credentials; readonly clock: Clock; readonly timeline: Timeline; readonly mount: PtzMount | null }): Condition {
  let fault: Fault = 'none'
  let frozenAt: number | null = null
  let outage: Condition['outage'] = 'none'
  let credentials = sticker
  let skewMs = 0
  // A mount that looks elsewhere cannot show the street of the good film; the turned one stands for any other view.
  const variant = (): Variant | null => variantOf(fault) ?? (mount?.away() ? 'turned' : null)
  return {
    get fault() { return fault },
    get frozenAt() { return frozenAt },
    get outage() { return outage },
    credentials: () => credentials,
    deviceWallMs: () => clock.wallMs() + skewMs,
    variant,
    events(inMotion) {
      const shown = variant()
      const motion = inMotion && shown === null && frozenAt === null && fault !== 'stall'
      return { motion, motionAlarm: motion, tamper: variantOf(fault) !== null, sceneChange: shown === 'covered' || shown === 'turned', tooBlurry: shown === 'blurred', tooDark: shown === 'black' || shown === 'covered' }
    },
    change(wanted, options) {
      const passwordChanges = (wanted === 'wrong_password') !== (fault === 'wrong_password')
      if (passwordChanges) credentials = wanted === 'wrong_password' ? { user: sticker.user, password: randomBytes(12).toString('base64url') } : sticker
      outage = wanted === 'drop' ? 'down' : wanted === 'stall' && options.silent === true ? 'mute' : 'none'
      frozenAt = wanted === 'freeze' ? timeline.frameNow() : null
      skewMs = wanted === 'clock_skew' ? (options.skewMs ?? SKEW_MS) : 0
      fault = wanted
      return passwordChanges
    },
  }
}
