import { GOAL_MS_MAX, GOAL_MS_MIN, moveGoal, startGoal, type LiveGoal } from '../../player/live/live-goal.js'

/** `s` a stop, `.` ten seconds of playing. */
function live(drawing: string): LiveGoal {
  let goal = startGoal(0)
  drawing.split('').forEach((mark, at) => (goal = moveGoal(goal, mark === 's' ? 'stopped' : 'plays', at * 10_000)))
  return goal
}

test.each([
  ['a calm tile stays as near as can be', '.............', GOAL_MS_MIN],
  ['a stop steps back at once', '..s', GOAL_MS_MIN + 150],
  ['each further stop steps back again', '..sss', GOAL_MS_MIN + 450],
  ['but never so far that it is no longer live', 's'.repeat(40), GOAL_MS_MAX],
  ['half a minute of calm brings it a step nearer', '.s...', GOAL_MS_MIN + 100],
  ['and half a minute more another', '.s......', GOAL_MS_MIN + 50],
  ['in the end it is as near as at first', `.s${'.'.repeat(30)}`, GOAL_MS_MIN],
])('%s', (_why, drawing, goalMs) => {
  expect(live(drawing).goalMs).toBe(goalMs)
})
