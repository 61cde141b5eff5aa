import type { Key } from '../keys/key-law.js'

export type PlaybackDeed = 'run' | 'frame_back' | 'frame_on' | 'leap_back' | 'leap_on' | 'slower' | 'faster' | 'mark_before' | 'mark_after' | 'bookmark' | 'cut' | 'go_to' | 'hold' | 'report' | 'zoom_in' | 'zoom_out' | 'drop'

const LETTERS: Readonly<Partial<Record<string, PlaybackDeed>>> = { K: 'slower', L: 'faster', P: 'mark_before', N: 'mark_after', B: 'bookmark', C: 'cut', T: 'go_to', H: 'hold', G: 'report' }
const ARROWS = { left: 'frame_back', right: 'frame_on', up: 'zoom_in', down: 'zoom_out' } as const

/** The keys of the screen (screens, "Xem lại"); null: not one of them. */
export function deedOf(key: Key): PlaybackDeed | null {
  switch (key.is) {
    case 'space':
      return 'run'
    case 'arrow':
      return ARROWS[key.to]
    case 'leap':
      return key.to === 'left' ? 'leap_back' : 'leap_on'
    case 'letter':
      return LETTERS[key.letter] ?? null
    case 'escape':
      return 'drop'
    default:
      return null
  }
}
