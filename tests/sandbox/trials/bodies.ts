import type { Played } from '../../../server/sandbox/trials/trial.js'

interface Body {
  readonly id: number
  readonly halfWidth: number
  readonly halfLength: number
  readonly pose: { readonly x: number; readonly z: number; readonly heading: number }
}

/** Mirrors and handlebars may touch: metres. */
const TOUCH_MAX = 0.15
const VISIBLE_MIN = 0.3
/** Two whose middles are farther apart touch in no way. */
const REACH_MAX = 12

/** Vehicles that are seen to be in one place at once: "7 and 12 at 4.2 s". */
export function whoDriveThroughEachOther({ show, frames, frameMs }: Played): readonly string[] {
  return frames.flatMap((seen, frame) => {
    const shown = new Set(seen.filter(({ visible }) => visible >= VISIBLE_MIN).map(({ id }) => id))
    const bodies = show.script.rides.flatMap(({ id, halfWidth, halfLength }): Body[] => {
      const pose = shown.has(id) ? show.poseAt(frame, id) : null
      return pose ? [{ id, halfWidth, halfLength, pose }] : []
    })
    return bodies.flatMap((a, i) => bodies.slice(i + 1).flatMap((b) => (sharedM(a, b) > TOUCH_MAX ? [`${a.id} and ${b.id} at ${(frame * frameMs) / 1000} s`] : [])))
  })
}

/** How far two turned rectangles reach into each other: the least of what they share along the axes of both. */
function sharedM(a: Body, b: Body): number {
  const [dx, dz] = [b.pose.x - a.pose.x, b.pose.z - a.pose.z]
  if (Math.hypot(dx, dz) > REACH_MAX) return 0
  const along = ({ pose: { heading }, halfLength, halfWidth }: Body, x: number, z: number): number => halfLength * Math.abs(Math.sin(heading) * x + Math.cos(heading) * z) + halfWidth * Math.abs(Math.cos(heading) * x - Math.sin(heading) * z)
  const axes = [a, b].flatMap(({ pose: { heading } }) => [[Math.sin(heading), Math.cos(heading)], [Math.cos(heading), -Math.sin(heading)]] as const)
  return Math.min(...axes.map(([x, z]) => along(a, x, z) + along(b, x, z) - Math.abs(dx * x + dz * z)))
}
