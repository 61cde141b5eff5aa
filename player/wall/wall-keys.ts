import type { Key } from '../keys/key-law.js'
import { SECOND_KEY_MS_MAX, tileOf } from '../keys/key-law.js'
import { LAYOUT_ACROSS, LAYOUTS, type Layout } from './layout.js'

/** What a key means on the wall. Two-key commands (G, M, V, then a digit) are remembered for as long as two fingers need. */
export type WallDeed =
  | { readonly do: 'pick'; readonly tile: number }
  | { readonly do: 'layout'; readonly layout: Layout }
  | { readonly do: 'push'; readonly screen: number }
  | { readonly do: 'swap'; readonly tile: number }
  | { readonly do: 'walk'; readonly to: 'before' | 'after' | 'turn' }
  | { readonly do: 'enlarge' | 'claim' | 'replay' | 'bookmark' | 'tour' | 'kiosk' | 'neighbours' | 'walls' | 'listen' | 'meeting' | 'back' | 'wait' }

export interface KeyState {
  readonly first: { readonly digit: number; readonly atMs: number } | null
  readonly asked: { readonly letter: 'G' | 'M' | 'V'; readonly atMs: number } | null
}

export const NO_KEYS: KeyState = { first: null, asked: null }

export interface KeySight {
  readonly layout: Layout
  readonly tiles: number
  readonly selected: number | null
  readonly walking: boolean
  /** The wall is being put together. */
  readonly composing: boolean
}

/** Pure: the same keys at the same times always mean the same. Null: not a key of the wall. */
export function readWallKey(state: KeyState, key: Key, sight: KeySight, atMs: number): readonly [KeyState, WallDeed | null] {
  const asked = state.asked && atMs - state.asked.atMs < SECOND_KEY_MS_MAX ? state.asked.letter : null
  if (key.is === 'digit') {
    if (asked === 'G') {
      const layout = LAYOUTS[key.digit - 1]
      return [NO_KEYS, layout ? { do: 'layout', layout } : { do: 'wait' }]
    }
    if (asked === 'M') return [NO_KEYS, key.digit > 0 ? { do: 'push', screen: key.digit } : { do: 'wait' }]
    const first = state.first && atMs - state.first.atMs < SECOND_KEY_MS_MAX ? state.first.digit : null
    const read = tileOf(first, key.digit, sight.tiles)
    const kept: KeyState = { first: read.first === null ? null : { digit: read.first, atMs }, asked: null }
    if (read.tile === null) return [kept, { do: 'wait' }]
    return [kept, asked === 'V' ? { do: 'swap', tile: read.tile } : { do: 'pick', tile: read.tile }]
  }
  switch (key.is) {
    case 'arrow':
      if (sight.walking && key.to !== 'down') return [NO_KEYS, { do: 'walk', to: key.to === 'left' ? 'before' : key.to === 'right' ? 'after' : 'turn' }]
      return [NO_KEYS, { do: 'pick', tile: step(sight, key.to) }]
    case 'enter':
      return [NO_KEYS, sight.selected === null ? null : { do: 'enlarge' }]
    case 'space':
      return [NO_KEYS, { do: 'tour' }]
    case 'escape':
      return [NO_KEYS, { do: 'back' }]
    case 'letter':
      return letter(key.letter, sight, atMs)
    default:
      return [NO_KEYS, null]
  }
}

function letter(name: Extract<Key, { is: 'letter' }>['letter'], sight: KeySight, atMs: number): readonly [KeyState, WallDeed | null] {
  switch (name) {
    case 'G':
    case 'M':
      return [{ first: null, asked: { letter: name, atMs } }, { do: 'wait' }]
    case 'V':
      return sight.composing ? [{ first: null, asked: { letter: name, atMs } }, { do: 'wait' }] : [NO_KEYS, null]
    case 'L':
      return [NO_KEYS, { do: 'neighbours' }]
    case 'T':
      return [NO_KEYS, { do: 'claim' }]
    case 'P':
      return [NO_KEYS, { do: 'replay' }]
    case 'B':
      return [NO_KEYS, { do: 'bookmark' }]
    case 'K':
      return [NO_KEYS, { do: 'kiosk' }]
    case 'H':
      return [NO_KEYS, { do: 'listen' }]
    case 'N':
      return [NO_KEYS, { do: 'walls' }]
    case 'C':
      return [NO_KEYS, { do: 'meeting' }]
    default:
      return [NO_KEYS, null]
  }
}

/** The tile one step away; at the border one stays. */
function step({ selected, layout, tiles }: KeySight, to: 'up' | 'down' | 'left' | 'right'): number {
  if (selected === null) return 1
  const across = LAYOUT_ACROSS[layout]
  const by = to === 'left' ? -1 : to === 'right' ? 1 : to === 'up' ? -across : across
  return Math.min(tiles, Math.max(1, selected + by))
}
