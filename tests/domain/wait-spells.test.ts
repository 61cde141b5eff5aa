import type { AimVerdict, WaitWhy } from '../../server/domain/aim.js'
import { foldWait, NO_WAITS, type WaitLine } from '../../server/domain/wait-spells.js'

const MINUTE = 60_000
type News = readonly [minute: number, what: WaitWhy | 'fits' | 'gone']

/** What a history is told by news of those minutes. */
function told(news: readonly News[]): readonly WaitLine[] {
  let state = NO_WAITS
  return news.flatMap(([minute, what]) => {
    const verdict: AimVerdict | 'gone' = what === 'gone' ? 'gone' : what === 'fits' ? { fits: true } : { fits: false, why: what }
    const [next, lines] = foldWait(state, verdict, minute * MINUTE)
    state = next
    return lines
  })
}
const lines = (news: readonly News[]): readonly string[] => told(news).map((line) => (line.is === 'spell' ? `${line.fromMs / MINUTE}–${line.toMs / MINUTE} ${line.why}` : `${line.fromMs / MINUTE}–${line.toMs / MINUTE}: ${line.times} times, ${Math.round(line.totalMs / 1000)} s`))
/** Away from each of these minutes on, for so long. */
const rounds = (from: number, every: number, times: number, long: number): readonly News[] => Array.from({ length: times }, (_, at): readonly News[] => [[from + at * every, 'elsewhere'], [from + at * every + long, 'fits']]).flat()

test.each<[sentence: string, news: readonly News[], expected: readonly string[]]>([
  ['a rule that watches all the while has nothing to tell', [[0, 'fits'], [90, 'fits']], []],
  ['one spell is one line, when it is over', [[0, 'fits'], [10, 'elsewhere'], [20, 'elsewhere'], [39, 'fits']], ['10–39 elsewhere']],
  ['while it goes on nothing is told', [[0, 'elsewhere'], [500, 'elsewhere']], []],
  ['a turn on the way there and back is part of it, and no reason', [[0, 'moving'], [1, 'elsewhere'], [5, 'moving'], [6, 'fits']], ['0–6 elsewhere']],
  ['waiting for the first answer at a start is none', [[0, 'unasked'], [0.5, 'fits']], []],
  ['unless it never comes', [[0, 'unasked'], [3, 'silent'], [9, 'fits']], ['0–9 silent']],
  ['short ones are told together once an hour is over', [...rounds(0, 10, 3, 0.5), [61, 'fits']], ['0–20.5: 3 times, 90 s']],
  ['a camera on its rounds tells six in an hour, and the rest together', [...rounds(0, 4, 12, 2), [63, 'fits']], ['0–2 elsewhere', '4–6 elsewhere', '8–10 elsewhere', '12–14 elsewhere', '16–18 elsewhere', '20–22 elsewhere', '24–46: 6 times, 720 s']],
  ['the next hour is told anew', [...rounds(0, 4, 7, 2), ...rounds(70, 10, 1, 5)], ['0–2 elsewhere', '4–6 elsewhere', '8–10 elsewhere', '12–14 elsewhere', '16–18 elsewhere', '20–22 elsewhere', '24–26: 1 times, 120 s', '70–75 elsewhere']],
  ['what goes on when the rule goes, or the server stops, is told as far as it went', [[0, 'elsewhere'], [7, 'gone']], ['0–7 elsewhere']],
  ['and so are short ones', [...rounds(0, 2, 2, 0.5), [5, 'gone']], ['0–2.5: 2 times, 60 s']],
])('%s', (_sentence, news, expected) => expect(lines(news)).toEqual(expected))

test('a whole day of rounds, a spell every two minutes, stays below two hundred lines', () => {
  expect(told(rounds(0, 2, 720, 1.5)).length).toBeLessThan(200)
})
