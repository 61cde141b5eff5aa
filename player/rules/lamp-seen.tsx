import type { ReactElement } from 'react'
import type { LampLookView } from '../../server/contract/rules.js'
import { useLampLook } from '../api/queries.js'
import { useWords } from '../words/words.js'
import type { Drawing } from './drawing.js'
import { faultOf, type LampOrder } from './shape.js'

/** `none`: no lamp is drawn, or nobody may ask. */
export type LampSeen = LampLookView['state'] | 'asking' | 'no_picture' | 'none'

/** What the drawn lamp shows now. A box in the hand is not asked about: it would be asked at every pixel of its way. */
export function useLampSeen(cameraId: string, { shapes, dragged }: Pick<Drawing, 'shapes' | 'dragged'>, edits: boolean): LampSeen {
  const lamp = shapes.find((shape) => shape.is === 'lamp')
  const [a, b] = [lamp?.points[0], lamp?.points[1]]
  const drawn = edits && lamp && a && b && faultOf(lamp) === null
  const look = useLampLook(cameraId, drawn && !dragged ? { x1: Math.min(a.x, b.x), y1: Math.min(a.y, b.y), x2: Math.max(a.x, b.x), y2: Math.max(a.y, b.y), order: lamp.order } : null)
  if (!drawn) return 'none'
  return look.isError ? 'no_picture' : (look.data?.state ?? 'asking')
}

const LIT = ['red', 'yellow', 'green'] as const

/** The head as it is seen: which lamp is lit, by place, hue and word. */
export function LampSeenLine({ seen, order }: { readonly seen: LampSeen; readonly order: LampOrder }): ReactElement | null {
  const { t } = useWords()
  if (seen === 'none') return null
  const head = order === 'single' ? LIT.filter((colour) => colour === seen) : LIT
  const across = order !== 'vertical'
  const places = Math.max(1, head.length)
  return (
    <div className="lamp-seen" role="status" data-lamp={seen}>
      <svg width={across ? places * 18 : 18} height={across ? 18 : places * 18} aria-hidden="true">
        {Array.from({ length: places }, (_, at) => <circle key={at} className={head[at] === seen ? `lit ${seen}` : 'out'} cx={across ? at * 18 + 9 : 9} cy={across ? 9 : at * 18 + 9} r={7} />)}
      </svg>
      <span>{t(`lamp_seen.${seen}`)}</span>
    </div>
  )
}
