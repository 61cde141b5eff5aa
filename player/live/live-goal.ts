/**
 * How far behind the live edge a tile plays. The nearer, the sooner an operator sees; too near, and the picture stops whenever
 * the machine or the line takes a breath. So it begins near, steps back after each stop, and comes nearer again while calm.
 */
export interface LiveGoal {
  readonly goalMs: number
  /** When it last stopped or moved. */
  readonly sinceMs: number
}

/** A part and three quarters. Measured over ten seconds, twice: 405 ms glass to glass, 117 ms in the buffer at least, never dry; at 250 ms 47 ms. */
export const GOAL_MS_MIN = 350
export const GOAL_MS_MAX = 1_400
const STEP_BACK_MS = 150
const STEP_NEARER_MS = 50
const CALM_MS = 30_000

export function startGoal(atMs: number): LiveGoal {
  return { goalMs: GOAL_MS_MIN, sinceMs: atMs }
}

export function moveGoal(goal: LiveGoal, news: 'stopped' | 'plays', atMs: number): LiveGoal {
  if (news === 'stopped') return { goalMs: Math.min(GOAL_MS_MAX, goal.goalMs + STEP_BACK_MS), sinceMs: atMs }
  if (goal.goalMs === GOAL_MS_MIN || atMs - goal.sinceMs < CALM_MS) return goal
  return { goalMs: Math.max(GOAL_MS_MIN, goal.goalMs - STEP_NEARER_MS), sinceMs: atMs }
}
