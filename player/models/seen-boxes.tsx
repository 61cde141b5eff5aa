import type { ReactElement } from 'react'
import type { SeenView } from '../../server/contract/models.js'
import { className, type Size } from '../ui/drawn.js'
import { number } from '../words/measures.js'
import { useWords } from '../words/words.js'

/** Smaller ones stand close together, and their labels would hide what they name. */
const LABELLED_HEIGHT_MIN = 0.1

/** What a model saw in one picture, laid exactly over it; far objects have a box and no label. */
export function SeenBoxes({ size: { width, height }, seen }: { readonly size: Size; readonly seen: readonly SeenView[] }): ReactElement {
  const { t, language } = useWords()
  const text = height * 0.032
  return (
    <svg className="drawn" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
      {seen.map(({ class: name, score, box }, at) => {
        const [x, y] = [box.x1 * width, box.y1 * height]
        const label = `${className(name, t)} ${number(score, language, 2)}`
        const above = y > text * 1.3
        return (
          <g key={at}>
            <rect className="witness" x={x} y={y} width={(box.x2 - box.x1) * width} height={(box.y2 - box.y1) * height} />
            {box.y2 - box.y1 >= LABELLED_HEIGHT_MIN ? <text className="name" x={Math.min(x, width - label.length * text * 0.56)} y={above ? y - text * 0.35 : y + text} fontSize={text}>{label}</text> : null}
          </g>
        )
      })}
    </svg>
  )
}
