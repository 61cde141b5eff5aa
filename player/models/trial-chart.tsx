import type { PointerEvent, ReactElement } from 'react'
import { useWords } from '../words/words.js'
import { countsOf, linePoints, type Looked } from './compare.js'

const WIDTH = 600
const HEIGHT = 80

/** Objects of each picture, one line a model: whole and dashed, since colour alone says nothing. A click goes there. */
export function TrialChart({ frames, models, at, onSeek }: { readonly frames: readonly Looked[]; readonly models: readonly string[]; readonly at: number; readonly onSeek: (frame: number) => void }): ReactElement {
  const { t } = useWords()
  const counts = models.map((_, model) => countsOf(frames, model))
  const most = Math.max(1, ...counts.flat())
  const x = frames.length > 1 ? (at / (frames.length - 1)) * WIDTH : 0
  const seek = (event: PointerEvent<SVGSVGElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    onSeek(Math.round(Math.min(1, Math.max(0, (event.clientX - left) / width)) * (frames.length - 1)))
  }
  return (
    <figure className="chart">
      <figcaption>
        <span>{t('trial.chart')}</span>
        {models.map((name, model) => <span key={name} className="legend"><svg width={28} height={8} aria-hidden="true"><line className={`line-${model}`} x1={0} y1={4} x2={28} y2={4} /></svg>{name} · {t('trial.now', { count: counts[model]?.[at] ?? 0 })}</span>)}
      </figcaption>
      <div className="plot">
        <span className="most">{most}</span>
        <svg viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`} preserveAspectRatio="none" role="img" aria-label={t('trial.chart')} onPointerDown={seek}>
          {counts.map((line, model) => <polyline key={models[model]} className={`line-${model}`} points={linePoints(line, { width: WIDTH, height: HEIGHT, most })} />)}
          <line className="hand" x1={x} y1={-2} x2={x} y2={HEIGHT + 2} />
        </svg>
      </div>
    </figure>
  )
}
