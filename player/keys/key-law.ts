/**
 * The keyboard law. Vietnamese typing tools (Unikey, EVKey) hook the keyboard: they erase letters they compose and inject
 * characters without a scan code, so a second `a` or `d`, or a lone `w`, never arrives (screens, "Keys"). Hence: letters only
 * from the twelve that no Vietnamese typing method composes, matched by `code`; nothing on Backspace; off while composing.
 */
export const LETTERS = ['B', 'C', 'G', 'H', 'K', 'L', 'M', 'N', 'P', 'T', 'V'] as const
export type Letter = (typeof LETTERS)[number]

export type Key =
  | { readonly is: 'letter'; readonly letter: Letter }
  | { readonly is: 'digit'; readonly digit: number }
  | { readonly is: 'arrow'; readonly to: 'up' | 'down' | 'left' | 'right' }
  /** Ctrl with ← or →: ten seconds in the past. A kind of its own, so that no screen takes it for a bare arrow. */
  | { readonly is: 'leap'; readonly to: 'left' | 'right' }
  /** Ctrl+Z and Ctrl+Shift+Z outside fields: what was drawn, or decided a moment ago, is taken back. */
  | { readonly is: 'undo' | 'redo' }
  | { readonly is: 'space' | 'enter' | 'escape' | 'help' | 'search' | 'tab' }

/** What the browser tells about a press; the DOM's KeyboardEvent fits. */
export interface Press {
  readonly code: string
  readonly key: string
  readonly isComposing: boolean
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
}

const ARROWS: Readonly<Record<string, 'up' | 'down' | 'left' | 'right'>> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' }

/** `typing`: the focus is in a field. There only Escape is ours. Null: not a key of ours. */
export function readKey(press: Press, typing: boolean): Key | null {
  // Chromium reports key 229 as `Process` while a typing tool holds the press.
  if (press.isComposing || press.key === 'Process') return null
  if (press.ctrlKey && !press.altKey && !press.metaKey && !press.shiftKey && !typing && (press.code === 'ArrowLeft' || press.code === 'ArrowRight')) return { is: 'leap', to: press.code === 'ArrowLeft' ? 'left' : 'right' }
  if (press.ctrlKey && !press.altKey && !press.metaKey && !typing && press.code === 'KeyZ') return { is: press.shiftKey ? 'redo' : 'undo' }
  if (press.ctrlKey || press.altKey || press.metaKey) return null
  if (press.code === 'Escape') return { is: 'escape' }
  if (typing) return null
  if (press.key === '?') return { is: 'help' }
  if (press.key === '/') return { is: 'search' }
  if (press.code === 'Backquote') return { is: 'tab' }
  const arrow = ARROWS[press.code]
  if (arrow) return { is: 'arrow', to: arrow }
  if (press.code === 'Space') return { is: 'space' }
  if (press.code === 'Enter' || press.code === 'NumpadEnter') return { is: 'enter' }
  if (press.shiftKey) return null
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code)?.[1]
  if (digit !== undefined) return { is: 'digit', digit: Number(digit) }
  const letter = LETTERS.find((known) => press.code === `Key${known}`)
  return letter ? { is: 'letter', letter } : null
}

/** Long enough for two fingers, short enough that `1` alone does not feel slow. */
export const SECOND_KEY_MS_MAX = 900

/** Digits make a tile number. The first digit selects at once; a second one in time makes it 10 to 99 if there is such a tile. */
export function tileOf(first: number | null, digit: number, tiles: number): { readonly tile: number | null; readonly first: number | null } {
  const both = first === null ? 0 : first * 10 + digit
  if (both >= 10 && both <= tiles) return { tile: both, first: null }
  if (digit === 0 || digit > tiles) return { tile: null, first: null }
  return { tile: digit, first: digit * 10 <= tiles ? digit : null }
}
