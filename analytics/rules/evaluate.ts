import type { Track } from '../track/track.js'
import { crowd, NO_CROWD } from './crowd.js'
import { illegalStop, NO_STANDS } from './illegal-stop.js'
import { intrusion, NO_INTRUSIONS } from './intrusion.js'
import { lineCrossing, NO_CROSSINGS } from './line-crossing.js'
import type { Observation } from './observation.js'
import { NO_RED_LIGHTS, redLight } from './red-light.js'
import type { Rule } from './rule.js'
import type { RuleStep, Scene } from './scene.js'
import { NO_WRONG_WAYS, wrongWay } from './wrong-way.js'

/** A rule with what it remembers, whatever its kind: asked with the next frame, it answers what it is then and says. */
export interface RuleMemory {
  step(tracks: readonly Track[], scene: Scene): readonly [RuleMemory, readonly Observation[]]
}

/** The only place that knows every kind: a new kind is a file, a line here, and its shape in rule.ts and parse-rule.ts. */
export function firstState(rule: Rule): RuleMemory {
  switch (rule.kind) {
    case 'line_crossing': return remember(lineCrossing, rule, NO_CROSSINGS)
    case 'intrusion': return remember(intrusion, rule, NO_INTRUSIONS)
    case 'wrong_way': return remember(wrongWay, rule, NO_WRONG_WAYS)
    case 'illegal_stop': return remember(illegalStop, rule, NO_STANDS)
    case 'red_light': return remember(redLight, rule, NO_RED_LIGHTS)
    case 'crowd': return remember(crowd, rule, NO_CROWD)
  }
}

function remember<R extends Rule, State>(step: RuleStep<R, State>, rule: R, state: State): RuleMemory {
  return {
    step(tracks, scene) {
      const [next, said] = step(rule, state, tracks, scene)
      return [remember(step, rule, next), said]
    },
  }
}
