import { waitLines } from '../../player/rules/waited.js'

const line = (seq: number, what: string, facts: Record<string, string | number>) => ({ seq, what, facts })

test('of a rule’s history those lines tell when it waited, newest first; what a newer server tells without its times is left out', () => {
  expect(waitLines([
    line(3, 'rule_save', { rule: 'r', version: 1 }),
    line(5, 'rule_waited', { rule: 'r', preset: 'Home', why: 'silent', fromMs: 10, toMs: 70 }),
    line(9, 'rule_waited_often', { rule: 'r', preset: 'Home', times: 4, totalMs: 90, fromMs: 100, toMs: 400 }),
    line(7, 'rule_waited', { rule: 'r', preset: 'Home', why: 'a reason of tomorrow', fromMs: 80, toMs: 90 }),
    line(8, 'rule_waited', { rule: 'r', preset: 'Home', why: 'silent' }),
  ])).toEqual([
    { seq: 9, fromMs: 100, toMs: 400, preset: 'Home', why: null, times: 4, totalMs: 90 },
    { seq: 7, fromMs: 80, toMs: 90, preset: 'Home', why: 'elsewhere', times: 1, totalMs: 10 },
    { seq: 5, fromMs: 10, toMs: 70, preset: 'Home', why: 'silent', times: 1, totalMs: 60 },
  ])
})
