import { parseRule } from '../../../analytics/rules/parse-rule.js'
import { playTrial, truthOf } from '../../../server/sandbox/trials/draw-trial.js'
import { cameraTamper } from '../../../server/sandbox/trials/kinds/camera-tamper.js'
import { crowd } from '../../../server/sandbox/trials/kinds/crowd.js'
import { encroachment } from '../../../server/sandbox/trials/kinds/encroachment.js'
import { fight } from '../../../server/sandbox/trials/kinds/fight.js'
import { intrusion } from '../../../server/sandbox/trials/kinds/intrusion.js'
import { leftObject } from '../../../server/sandbox/trials/kinds/left-object.js'
import { loitering } from '../../../server/sandbox/trials/kinds/loitering.js'
import { modelClass } from '../../../server/sandbox/trials/kinds/model-class.js'
import { racing } from '../../../server/sandbox/trials/kinds/racing.js'
import { removedObject } from '../../../server/sandbox/trials/kinds/removed-object.js'
import { roadGathering } from '../../../server/sandbox/trials/kinds/road-gathering.js'
import { weaving } from '../../../server/sandbox/trials/kinds/weaving.js'
import { TRIAL_SEEDS, type Trial } from '../../../server/sandbox/trials/trial.js'

/** How many events each street is meant to show, whoever drives by. */
const MEANT: readonly (readonly [Trial, number])[] = [
  [intrusion, 2], [loitering, 2], [crowd, 1], [roadGathering, 1], [encroachment, 2], [racing, 2], [weaving, 2], [fight, 2], [modelClass, 3], [leftObject, 1], [removedObject, 1], [cameraTamper, 3],
]
/** Places are shares of the picture: a small one tells them as well. */
const SMALL = { tone: 'day', width: 320, height: 180 } as const

const CASES = MEANT.flatMap(([trial, events]) => TRIAL_SEEDS.map((seed) => [trial.id, seed, events, trial] as const))

test.each(CASES)('%s, seed %i: what is meant to happen is seen to happen, %i times, and its rule can be set', (_, seed, events, trial) => {
  const played = playTrial(trial, { ...SMALL, seed })
  const found = trial.happenings(played)
  expect(found.map(({ note }) => note)).toHaveLength(events)
  for (const { fromMs, toMs } of found) {
    expect(fromMs).toBeGreaterThanOrEqual(0)
    expect(toMs).toBeGreaterThan(fromMs)
    expect(toMs).toBeLessThanOrEqual(trial.lengthMs)
  }
  expect((truthOf(trial, played)['rules'] as unknown[]).map((rule) => parseRule(rule))).toEqual([{ ok: expect.objectContaining({ kind: trial.kind }) }])
})
