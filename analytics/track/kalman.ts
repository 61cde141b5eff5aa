import type { Box } from '../geometry/box.js'

/**
 * Constant velocity in one quantity, with its own uncertainty. ByteTrack's eight-dimensional filter never couples its
 * four quantities (centre x, centre y, aspect, height), so four of these are the same filter without matrices.
 */
export interface Motion {
  readonly value: number
  /** Per second: frames come at 5, 6 or 30 a second and at uneven times, so a speed per frame would mean nothing. */
  readonly speed: number
  readonly varValue: number
  readonly covariance: number
  readonly varSpeed: number
}

/** What is known of a box: centre in frame heights (x too, so that distances are round), width over height, height. */
export interface BoxMotion {
  readonly cx: Motion
  readonly cy: Motion
  readonly aspect: Motion
  readonly h: Motion
}

/** All in heights of the object itself, as in ByteTrack; tuned on TUD-Campus, TUD-Stadtmitte and the Hanoi clip. */
const MEASURED_STD = 0.06
const START_SPEED_STD = 1.5
const ACCELERATION_STD = 2
const ASPECT_STD = 0.1
const ASPECT_DRIFT_STD = 0.2
const HEIGHT_SPEED_STD = 0.3

export function startMotion(box: Box, frameAspect: number): BoxMotion {
  const { cx, cy, aspect, h } = measure(box, frameAspect)
  return {
    cx: { value: cx, speed: 0, varValue: (2 * MEASURED_STD * h) ** 2, covariance: 0, varSpeed: (START_SPEED_STD * h) ** 2 },
    cy: { value: cy, speed: 0, varValue: (2 * MEASURED_STD * h) ** 2, covariance: 0, varSpeed: (START_SPEED_STD * h) ** 2 },
    aspect: { value: aspect, speed: 0, varValue: ASPECT_STD ** 2, covariance: 0, varSpeed: 1e-4 },
    h: { value: h, speed: 0, varValue: (2 * MEASURED_STD * h) ** 2, covariance: 0, varSpeed: (HEIGHT_SPEED_STD * h) ** 2 },
  }
}

/** As it was last seen, with the speed between the two newest sightings: what the filter made of all those before is forgotten. */
export function startMoving(before: Box, last: Box, seconds: number, frameAspect: number): BoxMotion {
  const [from, start] = [measure(before, frameAspect), startMotion(last, frameAspect)]
  return { ...start, cx: { ...start.cx, speed: (start.cx.value - from.cx) / seconds }, cy: { ...start.cy, speed: (start.cy.value - from.cy) / seconds } }
}

export function predict(motion: BoxMotion, span: Span): BoxMotion {
  const h = Math.max(motion.h.value, 1e-6)
  return {
    cx: drift(motion.cx, span, ACCELERATION_STD * h),
    cy: drift(motion.cy, span, ACCELERATION_STD * h),
    aspect: drift(motion.aspect, span, ASPECT_DRIFT_STD),
    h: drift(motion.h, span, HEIGHT_SPEED_STD * h),
  }
}

/** `doubt`: how many times as large as usual the error of that box may be, as a variance. */
export function correct(motion: BoxMotion, box: Box, frameAspect: number, doubt = 1): BoxMotion {
  const { cx, cy, aspect, h } = measure(box, frameAspect)
  const noise = doubt * (MEASURED_STD * h) ** 2
  return {
    cx: weigh(motion.cx, cx, noise),
    cy: weigh(motion.cy, cy, noise),
    aspect: weigh(motion.aspect, aspect, doubt * ASPECT_STD ** 2),
    h: weigh(motion.h, h, noise),
  }
}

/** A lost object is not followed out of the world: its speed fades, its size stays. */
export function calm(motion: BoxMotion, share: number): BoxMotion {
  return { cx: slowed(motion.cx, share), cy: slowed(motion.cy, share), aspect: slowed(motion.aspect, 0), h: slowed(motion.h, 0) }
}

function slowed({ value, speed, varValue, covariance, varSpeed }: Motion, share: number): Motion {
  return { value, speed: speed * share, varValue, covariance, varSpeed }
}

export function boxOf(motion: BoxMotion, frameAspect: number): Box {
  const h = Math.max(motion.h.value, 1e-4)
  const w = (h * Math.max(motion.aspect.value, 0.05)) / frameAspect
  const cx = motion.cx.value / frameAspect
  return { x1: cx - w / 2, y1: motion.cy.value - h / 2, x2: cx + w / 2, y2: motion.cy.value + h / 2 }
}

function measure(box: Box, frameAspect: number): { cx: number; cy: number; aspect: number; h: number } {
  const h = Math.max(box.y2 - box.y1, 1e-6)
  return { cx: ((box.x1 + box.x2) / 2) * frameAspect, cy: (box.y1 + box.y2) / 2, aspect: ((box.x2 - box.x1) * frameAspect) / h, h }
}

/** A stretch of time with its powers, which are the same for every quantity of everybody. */
export interface Span {
  readonly seconds: number
  readonly squared: number
  readonly cubed: number
  readonly fourth: number
}

export function spanOf(seconds: number): Span {
  return { seconds, squared: seconds ** 2, cubed: seconds ** 3, fourth: seconds ** 4 }
}

/** White acceleration noise over a span. */
function drift(m: Motion, { seconds, squared, cubed, fourth }: Span, accelerationStd: number): Motion {
  const q = accelerationStd * accelerationStd
  return {
    value: m.value + m.speed * seconds,
    speed: m.speed,
    varValue: m.varValue + 2 * m.covariance * seconds + m.varSpeed * squared + (q * fourth) / 4,
    covariance: m.covariance + m.varSpeed * seconds + (q * cubed) / 2,
    varSpeed: m.varSpeed + q * squared,
  }
}

function weigh(m: Motion, measured: number, noise: number): Motion {
  const total = m.varValue + noise
  const gain = m.varValue / total
  const speedGain = m.covariance / total
  const surprise = measured - m.value
  return {
    value: m.value + gain * surprise,
    speed: m.speed + speedGain * surprise,
    varValue: (1 - gain) * m.varValue,
    covariance: (1 - gain) * m.covariance,
    varSpeed: m.varSpeed - speedGain * m.covariance,
  }
}
