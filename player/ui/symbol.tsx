import type { ReactElement } from 'react'
import type { PriorityView } from '../../server/contract/alerts.js'
import { useWords } from '../words/words.js'

const SHAPES: Readonly<Record<PriorityView, { readonly path: string; readonly letter: string; readonly y: number; readonly size: number }>> = {
  critical: { path: 'M12 .8 23.2 12 12 23.2 .8 12z', letter: 'K', y: 16.3, size: 12.5 },
  high: { path: 'M12 1.2 23.4 22H.6z', letter: 'C', y: 19, size: 11.5 },
  medium: { path: 'M2.5 2.5h19v19h-19z', letter: 'B', y: 16.4, size: 12.5 },
  low: { path: 'M12 1.5a10.5 10.5 0 1 1 0 21 10.5 10.5 0 0 1 0-21z', letter: 'T', y: 16.4, size: 12.5 },
}

/** Symbols grow with the text size a person chose, as all else does. */
const rem = (px: number): string => `${px / 16}rem`

/** Shape, letter and colour say the same. Filled: nobody has taken it. Outline: somebody has. Only an unclaimed critical one blinks. */
export function PrioritySymbol({ priority, taken, size = 24, quiet = false }: { readonly priority: PriorityView; readonly taken: boolean; readonly size?: number; readonly quiet?: boolean }): ReactElement {
  const { t } = useWords()
  const shape = SHAPES[priority]
  const colour = `var(--${priority})`
  const blinks = priority === 'critical' && !taken && !quiet
  return (
    <svg className={blinks ? 'sym blink' : 'sym'} width={rem(size)} height={rem(size)} viewBox="0 0 24 24" role="img" aria-label={`${t(`priority.${priority}`)}, ${t(taken ? 'alert.taken' : 'alert.untaken')}`}>
      <path d={shape.path} fill={taken ? 'none' : colour} stroke={taken ? colour : 'none'} strokeWidth={2} {...(taken ? { transform: 'translate(1.1 1.1) scale(.91)' } : {})} />
      <text x={12} y={shape.y} textAnchor="middle" fontSize={shape.size} fontWeight={600} fill={taken ? colour : 'var(--ink)'}>{shape.letter}</text>
    </svg>
  )
}

export function FaultSymbol({ size = 22, open = false }: { readonly size?: number; readonly open?: boolean }): ReactElement {
  const { t } = useWords()
  return (
    <svg className="sym" width={rem(size)} height={rem(size)} viewBox="0 0 24 24" role="img" aria-label={t('fault.device')}>
      <path d="M7 2h10l6 10-6 10H7L1 12z" fill={open ? 'none' : 'var(--fault)'} stroke="var(--fault)" strokeWidth={1.6} />
      <text x={12} y={16.6} textAnchor="middle" fontSize={13} fontWeight={600} fill={open ? 'var(--fault)' : 'var(--ink)'}>!</text>
    </svg>
  )
}

/** The watchtower. */
export function Mark({ height = 34 }: { readonly height?: number }): ReactElement {
  return (
    <svg width={rem((height * 30) / 34)} height={rem(height)} viewBox="0 0 30 34" aria-hidden="true">
      <path d="M1 10 15 1l14 9-3 1H4zM6 11v6h18v-6M4 17h22l-2 2H6zM8 19 5 33M22 19l3 14M9.5 25.5h11" fill="none" stroke="currentColor" strokeWidth={2} strokeLinejoin="round" strokeLinecap="round" />
    </svg>
  )
}

/** The state of a camera in a list: shape first, colour second. */
export function CameraSymbol({ state }: { readonly state: 'connecting' | 'live' | 'stalled' | 'waiting' | 'off' }): ReactElement {
  if (state === 'stalled' || state === 'waiting') return <FaultSymbol size={18} open={state === 'stalled'} />
  return (
    <svg className="sym" width={rem(18)} height={rem(18)} viewBox="0 0 18 18" aria-hidden="true">
      {state === 'live' ? <circle cx={9} cy={9} r={5} fill="var(--text2)" /> : null}
      {state === 'connecting' ? <circle cx={9} cy={9} r={6} fill="none" stroke="var(--text2)" strokeWidth={2} strokeDasharray="3 2.6" /> : null}
      {state === 'off' ? <path d="M4 4l10 10M14 4 4 14" stroke="var(--text2)" strokeWidth={2.2} strokeLinecap="round" /> : null}
    </svg>
  )
}
