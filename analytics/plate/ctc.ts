import { ALPHABET, type LetterSeen } from './plate.js'

/** Steps along a strip, and the halves of a two-row plate's strip: the upper row comes first. */
const STEPS = 48

/**
 * The letters of one strip from the reader's answer: `shares` is STEPS rows of 1 + ALPHABET numbers, 0 standing for "no letter
 * here" (connectionist temporal classification, Graves et al. 2006, best path). A letter is told at the step that is surest
 * of it, with what that step thinks of all other letters.
 */
export function lettersOf(shares: Float32Array, rows: 1 | 2): readonly LetterSeen[] {
  const wide = ALPHABET.length + 1
  const letters: LetterSeen[] = []
  let last = 0
  let best: { readonly at: number; readonly share: number } | null = null
  const tell = (): void => {
    if (!best) return
    const step = shares.subarray(best.at * wide + 1, (best.at + 1) * wide)
    const sum = step.reduce((a, b) => a + b, 0) || 1
    letters.push({ shares: Array.from(step, (share) => share / sum), row: rows === 2 && best.at >= STEPS / 2 ? 1 : 0 })
    best = null
  }
  for (let at = 0; at < STEPS; at += 1) {
    let top = 0
    for (let k = 1; k < wide; k += 1) if (shares[at * wide + k]! > shares[at * wide + top]!) top = k
    if (top !== last) tell()
    const share = shares[at * wide + top]!
    if (top !== 0 && (!best || share > best.share)) best = { at, share }
    last = top
  }
  tell()
  return letters
}
