/**
 * A small traffic model on a closed timeline. Everyone follows a path, keeps its distance to whoever is ahead in its strip
 * (the intelligent-driver model, Treiber et al. 2000) and stops for red unless the script says otherwise. Arrivals repeat
 * every loop; the model first runs whole loops unseen, so that the recorded loop ends as it began.
 */

// Names of the module's own: in a test's vm context every look at a global such as Math costs a call.
const { abs, atan2, cos, hypot, max, min, round, sin, sqrt } = Math

export interface Path {
  readonly id: string
  readonly points: readonly (readonly [x: number, z: number])[]
  /** Distance along the path of the stop line, with the approach whose colour it obeys. */
  readonly stop?: { readonly at: number; readonly approach: 'own' | 'cross' }
  /** Paths of one group see each other. */
  readonly group: string
}

export interface Ride {
  readonly id: number
  readonly path: string
  readonly arriveMs: number
  readonly speed: number
  /** Metres right of the path. */
  readonly lateral: number
  readonly halfWidth: number
  readonly halfLength: number
  readonly nimble: boolean
  readonly runsRed: boolean
  readonly halt?: { readonly at: number; readonly dwellMs: number; readonly lateral: number }
  /** From side to side of its way, a whole swing each so many metres. */
  readonly sway?: { readonly amplitudeM: number; readonly periodM: number }
  /** Heeds nobody ahead, is stopped dead by whom it runs into, and stays there for so long. */
  readonly crash?: { readonly stayMs: number }
}

export interface Pose {
  readonly x: number
  readonly z: number
  readonly heading: number
  readonly lean: number
  readonly braking: boolean
  /** Distance along the path, for the truth. */
  readonly along: number
}

export type Colour = 'red' | 'yellow' | 'green'
export type Phases = (approach: 'own' | 'cross', atMs: number) => Colour

export interface Plan {
  readonly paths: readonly Path[]
  readonly rides: readonly Ride[]
  readonly phases: Phases
  readonly loopMs: number
  readonly frameMs: number
}

interface Going {
  readonly ride: Ride
  readonly path: Track
  along: number
  speed: number
  accel: number
  haltLeftMs: number
  crashLeftMs: number
  lateral: number
}

const STEP_MS = 40
const WARM_LOOPS = 2

/** Poses by frame: for each frame of the loop, who is where. */
export function runTraffic(plan: Plan): readonly ReadonlyMap<number, Pose>[] {
  const tracks = new Map(plan.paths.map((path) => [path.id, makeTrack(path)]))
  const frames: Map<number, Pose>[] = []
  const frameCount = round(plan.loopMs / plan.frameMs)
  let going: Going[] = []
  const startMs = -WARM_LOOPS * plan.loopMs
  const arrivals = plan.rides.toSorted((a, b) => a.arriveMs - b.arriveMs)
  for (let atMs = startMs; atMs < plan.loopMs; atMs += STEP_MS) {
    const loopAt = ((atMs % plan.loopMs) + plan.loopMs) % plan.loopMs
    if (atMs >= 0) {
      const frame = round(atMs / plan.frameMs)
      if (abs(frame * plan.frameMs - atMs) < STEP_MS / 2 && frame < frameCount && frames.length === frame) frames.push(new Map(going.map((one) => [one.ride.id, poseOf(one)])))
    }
    for (const ride of arrivals) {
      if (ride.arriveMs < loopAt || ride.arriveMs >= loopAt + STEP_MS) continue
      const path = tracks.get(ride.path)
      if (path && !going.some((one) => one.ride.id === ride.id)) going.push({ ride, path, along: 0, speed: ride.speed, accel: 0, haltLeftMs: ride.halt?.dwellMs ?? 0, crashLeftMs: ride.crash?.stayMs ?? 0, lateral: ride.lateral })
    }
    for (const one of going) one.accel = wish(one, going, plan.phases, loopAt)
    for (const one of going) advance(one, going)
    going = going.filter((one) => one.along < one.path.length)
  }
  return frames
}

function advance(one: Going, going: readonly Going[]): void {
  const dt = STEP_MS / 1000
  const hasHit = one.crashLeftMs < (one.ride.crash?.stayMs ?? 0)
  if (one.crashLeftMs > 0 && (hasHit || going.some((other) => touches(one, other)))) {
    one.speed = 0
    one.crashLeftMs -= STEP_MS
    return
  }
  one.speed = max(0, one.speed + one.accel * dt)
  one.along += one.speed * dt
  const halt = one.ride.halt
  if (!halt) return
  if (one.haltLeftMs > 0 && one.along > halt.at - 1.2 && one.speed < 0.06) {
    one.speed = 0
    one.haltLeftMs -= STEP_MS
  }
  const near = one.haltLeftMs > 0 ? max(0, 1 - abs(halt.at - one.along) / 16) : max(0, 1 - (one.along - halt.at) / 14)
  const smooth = near * near * (3 - 2 * near)
  one.lateral = one.ride.lateral + (halt.lateral - one.ride.lateral) * smooth
}

/** Whether its front is at the rear of the other, in the same strip. */
function touches(one: Going, other: Going): boolean {
  const gap = other.along - one.along
  return other !== one && other.path === one.path && gap > 0 && gap < one.ride.halfLength + other.ride.halfLength && abs(other.lateral - one.lateral) < one.ride.halfWidth + other.ride.halfWidth
}

/** Acceleration in m/s2 by the gap to the nearest thing ahead. */
function wish(one: Going, going: readonly Going[], phases: Phases, atMs: number): number {
  const most = one.ride.nimble ? 2.4 : 1.7
  let accel = most * (1 - (one.speed / one.ride.speed) ** 4)
  if (one.crashLeftMs > 0) return accel
  for (const other of going) {
    if (other === one || other.path.path.group !== one.path.path.group) continue
    const gap = other.along - one.along
    if (gap <= 0 || gap > 60) continue
    if (other.path !== one.path && max(one.along, other.along) > min(one.path.shared, other.path.shared)) continue
    if (abs(other.lateral - one.lateral) > other.ride.halfWidth + one.ride.halfWidth + 0.2) continue
    accel = min(accel, follow(one, gap - other.ride.halfLength - one.ride.halfLength, other.speed, most))
  }
  const stop = one.path.path.stop
  if (stop && !one.ride.runsRed) {
    const gap = stop.at - one.along - one.ride.halfLength - 0.3
    const colour = phases(stop.approach, atMs)
    const canStop = gap > (one.speed * one.speed) / (2 * 3.4)
    if (gap > -0.4 && (colour === 'red' || (colour === 'yellow' && canStop))) accel = min(accel, follow(one, gap, 0, most))
  }
  if (one.ride.halt && one.haltLeftMs > 0) accel = min(accel, follow(one, one.ride.halt.at - one.along + 0.9, 0, most))
  return max(-7, accel)
}

function follow(one: Going, gap: number, ahead: number, most: number): number {
  const calm = one.ride.nimble ? 2.6 : 2.2
  const keep = one.ride.nimble ? 0.7 : 1.3
  const want = keep + max(0, one.speed * (one.ride.nimble ? 0.7 : 1) + (one.speed * (one.speed - ahead)) / (2 * sqrt(most * calm)))
  const close = want / max(0.15, gap)
  return most * (1 - (one.speed / one.ride.speed) ** 4 - close * close)
}

interface Track {
  readonly path: Path
  readonly length: number
  /** Paths of a group share their first metres; after the bend they part. */
  readonly shared: number
  readonly at: (along: number) => { readonly x: number; readonly z: number; readonly heading: number }
}

export function makeTrack(path: Path): Track {
  const marks: number[] = [0]
  for (let i = 1; i < path.points.length; i += 1) marks.push(marks[i - 1]! + hypot(path.points[i]![0] - path.points[i - 1]![0], path.points[i]![1] - path.points[i - 1]![1]))
  const length = marks.at(-1) ?? 0
  const place = (along: number) => {
    const s = max(0, min(length, along))
    let i = 1
    while (i < marks.length - 1 && marks[i]! < s) i += 1
    const [a, b] = [path.points[i - 1]!, path.points[i]!]
    const t = (s - marks[i - 1]!) / (marks[i]! - marks[i - 1]! || 1)
    return { x: a[0] + (b[0] - a[0]) * t, z: a[1] + (b[1] - a[1]) * t }
  }
  return {
    path, length, shared: (path.stop?.at ?? 0) + 2,
    at: (along) => {
      const here = place(along)
      const behind = place(along - 1.2)
      const ahead = place(along + 1.2)
      return { ...here, heading: atan2(ahead.x - behind.x, ahead.z - behind.z) }
    },
  }
}

function poseOf(one: Going): Pose {
  const { x, z, heading } = one.path.at(one.along)
  const later = one.path.at(one.along + 2).heading
  const bend = atan2(sin(later - heading), cos(later - heading))
  const tremble = one.ride.nimble && one.speed > 1 ? sin(one.along * 0.21 + one.ride.id) * 0.12 : 0
  const swing = swingOf(one)
  const side = one.lateral + tremble + swing.side
  return {
    x: x + cos(heading) * side,
    z: z - sin(heading) * side,
    heading: heading + tremble * 0.12 + swing.heading,
    lean: one.ride.nimble ? max(-0.35, min(0.35, bend * one.speed * 0.12 + swing.heading * 0.6)) : 0,
    braking: one.accel < -0.7 || one.speed < 0.15,
    along: one.along,
  }
}

/** How far a weaving ride is beside its way, and how far it is turned from it. */
function swingOf({ along, ride: { sway } }: Going): { readonly side: number; readonly heading: number } {
  if (!sway) return { side: 0, heading: 0 }
  const turn = (2 * Math.PI) / sway.periodM
  return { side: sway.amplitudeM * sin(along * turn), heading: atan2(sway.amplitudeM * turn * cos(along * turn), 1) }
}
