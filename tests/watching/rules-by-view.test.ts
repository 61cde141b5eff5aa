import type { Pose, Rule } from '../../server/domain/seen.js'
import { openRulesByView } from '../../server/watching/rules-by-view.js'
import { PLAIN } from '../support/plain-rule.js'

const [BRIDGE, MARKET]: readonly Pose[] = [{ pan: 0.4, tilt: 0, zoom: 0 }, { pan: -0.4, tilt: 0, zoom: 0 }]
const rule = (id: string, at?: Pose): Rule => ({ ...PLAIN, id, name: id, kind: 'intrusion', zone: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }], dwellMsMin: 0, anchor: 'feet', ...(at ? { preset: { token: id, name: id, at } } : {}) }) as Rule
const stand = (fromMs: number, toMs: number, at: Pose) => ({ fromMs, toMs, at, preset: null })

/** For each picture: the rules that look from it on, or `=` where nothing changed; `!` before it: the camera was turned. */
function told(stands: Parameters<typeof openRulesByView>[1], at: readonly number[]): readonly string[] {
  const byView = openRulesByView([rule('bridge', BRIDGE), rule('market', MARKET), rule('anywhere')], stands, { fromMs: 0, toMs: 1_000 })
  return at.map((atMs) => {
    const { rules, turned } = byView.at(atMs)
    return `${turned ? '!' : ''}${rules ? rules.map(({ id }) => id).join(' ') : '='}`
  })
}

test('where nobody knows where the camera stood, every rule looks, as at a recording from before it was kept', () => {
  expect(told([], [0, 500, 999])).toEqual(['bridge market anywhere', '=', '='])
})

test('each rule looks while its view was shown; in between none that is bound, and at the other place what was learned of places goes', () => {
  expect(told([stand(0, 300, BRIDGE!), stand(400, 600, MARKET!), stand(700, 1_000, BRIDGE!)], [0, 200, 350, 400, 500, 650, 750])).toEqual(['bridge anywhere', '=', 'anywhere', '!market anywhere', '=', 'anywhere', '!bridge anywhere'])
})
