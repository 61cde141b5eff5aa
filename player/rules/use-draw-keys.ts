import type { Spot } from '../../server/contract/cameras.js'
import type { Key } from '../keys/key-law.js'
import { useKeys } from '../keys/use-keys.js'
import type { Drawing, DrawingDeed } from './drawing.js'
import type { Tool } from './tools.js'

/** An arrow moves what is chosen by this share of the picture (4 pixels of full HD), and the pen by ten times as much. */
const NUDGE = 0.002
const PEN_STEP = 0.02
const CENTRE: Spot = { x: 0.5, y: 0.5 }
const WAYS = { up: { x: 0, y: -1 }, down: { x: 0, y: 1 }, left: { x: -1, y: 0 }, right: { x: 1, y: 0 } } as const

interface DrawKeys {
  readonly tools: readonly Tool[]
  readonly drawing: Drawing
  /** Where the keyboard's hand is, once arrows moved it. */
  readonly pen: Spot | null
  readonly edits: boolean
  readonly act: (deed: DrawingDeed) => void
  readonly setPen: (pen: Spot | null) => void
  /** Esc with nothing in hand. */
  readonly leave: () => void
}

/** Everything that a mouse draws, by keys: a letter takes the tool, arrows move, Space sets a point, Enter closes, Esc gives up. */
export function useDrawKeys(keys: DrawKeys): void {
  useKeys((key) => {
    if (keys.edits && takeKey(key, keys)) return true
    if (key.is !== 'escape') return false
    keys.leave()
    return true
  })
}

function takeKey(key: Key, { tools, drawing, pen, act, setPen }: DrawKeys): boolean {
  const { open, chosen } = drawing
  const done = (deed: DrawingDeed): true => {
    act(deed)
    return true
  }
  if (key.is === 'undo' || key.is === 'redo') return done({ do: key.is })
  if (key.is === 'letter') {
    if (key.letter === 'G' && chosen) return done({ do: 'remove' })
    const tool = tools.find((one) => one.key === key.letter)
    return tool ? (setPen(null), done(tool.deed)) : false
  }
  if (key.is === 'arrow') {
    const way = WAYS[key.to]
    if (open) {
      const from = pen ?? open.points.at(-1) ?? CENTRE
      setPen({ x: Math.min(1, Math.max(0, from.x + way.x * PEN_STEP)), y: Math.min(1, Math.max(0, from.y + way.y * PEN_STEP)) })
      return true
    }
    return chosen ? done({ do: 'nudge', by: { x: way.x * NUDGE, y: way.y * NUDGE } }) : false
  }
  if (key.is === 'space' && open) return done({ do: 'add', at: pen ?? CENTRE })
  if (key.is === 'enter' && open) return done({ do: 'close' })
  if (key.is === 'escape' && (open || chosen)) return done({ do: 'cancel' })
  return false
}
