import { lettersOf } from '../../../analytics/plate/ctc.js'
import { settle } from '../../../analytics/plate/grammar.js'
import { ALPHABET, type LetterSeen, type PlateSeen } from '../../../analytics/plate/plate.js'
import { vote, type Look } from '../../../analytics/plate/vote.js'
import { allWindows, pictureWindows, vehicleWindows } from '../../../analytics/plate/windows.js'

/** Letters as a reader might see them: "8|B" is an eight of which it is 60 % sure, and 35 % a B; "/" begins the second row. */
function seen(text: string): readonly LetterSeen[] {
  let row: 0 | 1 = 0
  const letters: LetterSeen[] = []
  for (const part of text.split(' ')) {
    if (part === '/') {
      row = 1
      continue
    }
    const [first = '', second] = part.split('|')
    const shares = Array.from(ALPHABET, (letter) => (letter === first ? (second ? 0.6 : 0.97) : letter === second ? 0.35 : 0.0005))
    letters.push({ shares, row })
  }
  return letters
}

const spaced = (text: string): string => Array.from(text).join(' ')
const plate = (text: string, rows: 1 | 2 = 2, more: Partial<PlateSeen> = {}): PlateSeen => ({
  corners: [{ x: 0.4, y: 0.4 }, { x: 0.5, y: 0.4 }, { x: 0.5, y: 0.5 }, { x: 0.4, y: 0.5 }], score: 0.9, rows, widthPx: 70, letters: seen(text), colour: 'white', colourShare: 0.9, ...more,
})
const look = (text: string | null, expectedPx = 60): Look => ({ plate: text === null ? null : plate(text), expectedPx })

describe('the grammar', () => {
  test.each([
    ['a car of today, one row', spaced('30A33918'), 1, '30A33918', '30A-339.18'],
    ['a car with four digits, one row', spaced('30A3391'), 1, '30A3391', '30A-3391'],
    ['a car, two rows', '3 0 G / 7 0 5 1 6', 2, '30G70516', '30G-705.16'],
    ['an old motorbike, five digits', '5 9 G 1 / 6 3 1 8 8', 2, '59G163188', '59G1-631.88'],
    ['an old motorbike, four digits', '2 9 V 5 / 2 1 0 8', 2, '29V52108', '29V5-2108'],
    ['a motorbike since 2023', '5 9 A B / 1 2 3 4 5', 2, '59AB12345', '59AB-123.45'],
    ['an electric motorbike', '2 9 M Đ / 1 2 3 4 5', 2, '29MĐ12345', '29MĐ-123.45'],
    ['a diplomat', spaced('80NG12345'), 1, '80NG12345', '80NG-123.45'],
  ] as const)('%s', (_, text, rows, wanted, shown) => {
    const said = settle(seen(text), rows)
    expect(said).toMatchObject({ text: wanted, shown, wellFormed: true })
    expect(said.shares).toHaveLength(wanted.length)
  })

  test.each([
    ['a B where only digits stand is an 8', '3 0 A / B|8 3 9 1 8', 2, '30A83918'],
    ['an 8 where only letters stand is a B', '3 0 8|B / 3 3 9 1 8', 2, '30B33918'],
    ['a D that should be a 0', 'D|0 1|7 A / 3 3 9 1 8', 2, '01A33918'],
    ['a G may not be a motorbike’s second letter; a digit may', '5 9 A G|6 / 6 3 1 8 8', 2, '59A663188'],
  ] as const)('settles by place: %s', (_, text, rows, wanted) => {
    expect(settle(seen(text), rows).text).toBe(wanted)
  })

  test('what follows no pattern is told as it was seen, and never as well formed', () => {
    expect(settle(seen(spaced('ABCDE')), 1)).toMatchObject({ text: 'ABCDE', wellFormed: false, province: null })
    expect(settle(seen('1 2 3 4 / 5 6 7 8 9'), 2)).toMatchObject({ text: '123456789', wellFormed: false })
    expect(settle([], 1)).toMatchObject({ text: '', wellFormed: false })
  })

  test('province, series and number are told apart', () => {
    expect(settle(seen('2 9 S 1 / 7 5 9 0 2'), 2)).toMatchObject({ province: '29', series: 'S1', number: '75902' })
    expect(settle(seen('T M / 1 2 3 4'), 2)).toMatchObject({ province: null, series: 'TM', number: '1234' })
  })
})

describe('several looks at one vehicle', () => {
  test('most looks win over one that misread', () => {
    const verdict = vote([look('5 9 G 1 / 6 3 1 8 8'), look('5 9 G 1 / 6 3 1 8 8'), look('5 9 G 1 / 6 3 7|1 8 8')])
    expect(verdict).toMatchObject({ kind: 'read', agree: 2, looks: 3, rows: 2 })
    expect(verdict.kind === 'read' && verdict.plate.text).toBe('59G163188')
  })

  test('a look that lost a letter does not shift the others', () => {
    const verdict = vote([look('5 9 G 1 / 6 3 1 8 8'), look('5 9 G 1 / 6 3 8 8'), look('5 9 G 1 / 6 3 1 8 8')])
    expect(verdict.kind === 'read' && verdict.plate.text).toBe('59G163188')
  })

  test('unsure looks together are surer than each', () => {
    const one = vote([look('5 9 G 1 / 6|8 3 1 8 8')])
    const three = vote([look('5 9 G 1 / 6|8 3 1 8 8'), look('5 9 G 1 / 6|8 3 1 8 8'), look('5 9 G 1 / 6|8 3 1 8 8')])
    const least = (verdict: typeof one): number => (verdict.kind === 'read' ? Math.min(...verdict.plate.shares) : 0)
    expect(least(three)).toBeGreaterThan(least(one))
  })

  test('looks that contradict each other are no reading: a wrong plate accuses a stranger', () => {
    expect(vote([look('5 9 G 1 / 6 3 1 8 8'), look('5 9 G 1 / 6 3 1 8 9')]).kind).toBe('unreadable')
  })

  test('the surest look is named, so that its crop can be shown', () => {
    const verdict = vote([look(null), look('5 9 G 1 / 6|8 3 1 8 8'), look('5 9 G 1 / 6 3 1 8 8')])
    expect(verdict).toMatchObject({ kind: 'read', best: 2 })
  })

  test('no plate is told only after several good looks; far vehicles prove nothing', () => {
    expect(vote([look(null), look(null), look(null), look(null)])).toEqual({ kind: 'none', looks: 4 })
    expect(vote([look(null, 12), look(null, 12), look(null, 12), look(null, 12), look(null)])).toEqual({ kind: 'too_few', looks: 1 })
  })

  test('a plate that is there and cannot be read is neither missing nor guessed', () => {
    expect(vote([look('5 9'), look(null), look(null), look(null), look(null)])).toMatchObject({ kind: 'unreadable', looks: 1 })
  })
})

describe('letters from the steps of a strip', () => {
  const STEPS = 48
  const strip = (at: Readonly<Record<number, string>>): Float32Array => {
    const wide = ALPHABET.length + 1
    const shares = new Float32Array(STEPS * wide)
    for (let step = 0; step < STEPS; step += 1) {
      const letter = at[step]
      shares[step * wide + (letter ? ALPHABET.indexOf(letter) + 1 : 0)] = 0.9
    }
    return shares
  }
  const textOf = (letters: readonly LetterSeen[]): string => letters.map(({ shares }) => ALPHABET[shares.indexOf(Math.max(...shares))]).join('')

  test('a letter that lasts several steps is one; the same letter after a pause is another', () => {
    expect(textOf(lettersOf(strip({ 3: '3', 4: '3', 8: '3', 12: 'Đ' }), 1))).toBe('33Đ')
  })

  test('letters of the right half stand in the lower row, but only on plates of two rows', () => {
    expect(lettersOf(strip({ 10: '5', 30: '6' }), 2).map(({ row }) => row)).toEqual([0, 1])
    expect(lettersOf(strip({ 10: '5', 30: '6' }), 1).map(({ row }) => row)).toEqual([0, 0])
  })

  test('an empty strip has no letters', () => {
    expect(lettersOf(strip({}), 1)).toEqual([])
  })
})

describe('windows', () => {
  test('a vehicle’s window is a square around its longer side', () => {
    const [window] = vehicleWindows([{ x1: 0.25, y1: 0.2, x2: 0.5, y2: 0.6 }], { width: 800, height: 500 })
    expect(window!.x).toBeCloseTo(300)
    expect(window!.y).toBeCloseTo(200)
    expect(window!.side).toBeCloseTo(230)
  })

  test.each([[1920, 1080], [640, 480], [200, 150]])('every spot of a frame of %i x %i lies well inside some window', (width, height) => {
    const windows = allWindows({ width, height })
    for (let x = 0; x <= width; x += 20) for (let y = 0; y <= height; y += 20) expect(windows.some((one) => Math.max(Math.abs(x - one.x), Math.abs(y - one.y)) <= one.side * 0.5)).toBe(true)
  })

  test('a picture no larger than a finder looks at is seen once; a larger one whole, and in parts without a gap', () => {
    expect(pictureWindows({ width: 640, height: 480 }, 640)).toEqual([{ x: 320, y: 240, side: 640 }])
    const [whole, ...parts] = pictureWindows({ width: 1920, height: 1080 }, 640)
    expect(whole).toEqual({ x: 960, y: 540, side: 1920 })
    for (let x = 0; x <= 1920; x += 20) for (let y = 0; y <= 1080; y += 20) expect(parts.some((one) => Math.max(Math.abs(x - one.x), Math.abs(y - one.y)) <= 320)).toBe(true)
  })
})
