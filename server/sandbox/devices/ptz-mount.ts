import type { Clock } from '../../system/clock.js'

/** Where a moving camera looks: pan and tilt in -1..1, zoom in 0..1, home is the middle (ONVIF generic spaces). */
export interface Pose {
  readonly pan: number
  readonly tilt: number
  readonly zoom: number
}

export interface Preset {
  readonly token: string
  readonly name: string
  readonly pose: Pose
}

/** A pan-tilt-zoom mount. Its pose is computed from the clock when asked; nothing ticks. */
export interface PtzMount {
  pose(): Pose
  moving(): boolean
  /** Full speed crosses the range in four seconds. Stops by itself after `timeoutMs`. */
  moveOn(velocity: Partial<Pose>, timeoutMs: number): void
  moveTo(target: Partial<Pose>): void
  moveBy(change: Partial<Pose>): void
  stop(parts: { readonly panTilt: boolean; readonly zoom: boolean }): void
  presets(): readonly Preset[]
  /** Null when all places are taken. */
  savePreset(name: string, token?: string): Preset | null
  removePreset(token: string): boolean
  goToPreset(token: string): boolean
  goHome(): void
  setHome(): void
  /** True while the picture cannot be the one from home. */
  away(): boolean
}

const HOME: Pose = { pan: 0, tilt: 0, zoom: 0 }
const STILL: Pose = { pan: 0, tilt: 0, zoom: 0 }
const SPEED_PER_S = 0.5
const AWAY = 0.05
export const PRESETS_MAX = 32

export function makePtzMount(clock: Clock): PtzMount {
  let from: Pose = HOME
  let home: Pose = HOME
  let velocity: Pose = STILL
  let sinceMs = clock.monotonicMs()
  let untilMs = Infinity
  const presets = new Map<string, Preset>([['1', { token: '1', name: 'Home', pose: HOME }]])

  const pose = (): Pose => {
    const seconds = Math.max(0, Math.min(clock.monotonicMs(), untilMs) - sinceMs) / 1000
    return clamp({ pan: from.pan + velocity.pan * SPEED_PER_S * seconds, tilt: from.tilt + velocity.tilt * SPEED_PER_S * seconds, zoom: from.zoom + velocity.zoom * SPEED_PER_S * seconds })
  }
  const rest = (at: Pose): void => {
    from = clamp(at)
    velocity = STILL
    sinceMs = clock.monotonicMs()
    untilMs = Infinity
  }
  const moving = (): boolean => clock.monotonicMs() < untilMs && (velocity.pan !== 0 || velocity.tilt !== 0 || velocity.zoom !== 0)
  return {
    pose,
    moving,
    moveOn(wanted, timeoutMs) {
      rest(pose())
      velocity = { pan: unit(wanted.pan), tilt: unit(wanted.tilt), zoom: unit(wanted.zoom) }
      untilMs = clock.monotonicMs() + timeoutMs
    },
    // A real mount needs a second or two for this; we arrive at once and say so by IDLE.
    moveTo: (target) => rest({ ...pose(), ...target }),
    moveBy(change) {
      const at = pose()
      rest({ pan: at.pan + (change.pan ?? 0), tilt: at.tilt + (change.tilt ?? 0), zoom: at.zoom + (change.zoom ?? 0) })
    },
    stop({ panTilt, zoom }) {
      const keep = moving() ? velocity : STILL
      const deadlineMs = untilMs
      rest(pose())
      velocity = { pan: panTilt ? 0 : keep.pan, tilt: panTilt ? 0 : keep.tilt, zoom: zoom ? 0 : keep.zoom }
      untilMs = deadlineMs
    },
    presets: () => [...presets.values()],
    savePreset(name, token) {
      if (token !== undefined && !presets.has(token)) return null
      const free = token ?? Array.from({ length: PRESETS_MAX }, (_, index) => String(index + 1)).find((candidate) => !presets.has(candidate))
      if (free === undefined) return null
      const preset = { token: free, name: name === '' ? `Preset ${free}` : name, pose: pose() }
      presets.set(free, preset)
      return preset
    },
    removePreset: (token) => presets.delete(token),
    goToPreset(token) {
      const preset = presets.get(token)
      if (preset) rest(preset.pose)
      return preset !== undefined
    },
    goHome: () => rest(home),
    setHome() { home = pose() },
    away() {
      const at = pose()
      // The film shows the first home; a home that was set elsewhere is another view.
      return Math.abs(at.pan) > AWAY || Math.abs(at.tilt) > AWAY || at.zoom > AWAY
    },
  }
}

function clamp({ pan, tilt, zoom }: Pose): Pose {
  return { pan: unit(pan), tilt: unit(tilt), zoom: Math.max(0, unit(zoom)) }
}

function unit(value: number | undefined): number {
  return Math.max(-1, Math.min(1, value ?? 0))
}
