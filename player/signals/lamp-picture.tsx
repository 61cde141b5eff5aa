import { useState, type ReactElement } from 'react'
import { stillUrl } from '../api/client.js'
import { USUAL_SIZE, type Size } from '../ui/drawn.js'
import { useWords } from '../words/words.js'
import { lampOf } from './lamp-source.js'

/** Which lamp of the street it is: the still of the moment, else the camera's last one, with its box, and a ring around it because lamps are small. */
export function LampPicture({ cameraId, lamp, picture = stillUrl(cameraId), says }: { readonly cameraId: string; readonly lamp: unknown; readonly picture?: string; readonly says: string }): ReactElement {
  const { t } = useWords()
  const [size, setSize] = useState<Size>(USUAL_SIZE)
  const [missing, setMissing] = useState(false)
  const { box } = lampOf(lamp)
  if (missing) return <div className="frame lamp-picture"><div className="gone"><b>{t('evidence.no_still')}</b></div></div>
  return (
    <div className="frame lamp-picture">
      <img src={picture} alt={t('repair.picture')} loading="lazy" onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => setSize({ width, height })} onError={() => setMissing(true)} />
      {box ? (
        <svg className="drawn" viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
          <rect className="lamp" x={box.x1 * size.width} y={box.y1 * size.height} width={(box.x2 - box.x1) * size.width} height={(box.y2 - box.y1) * size.height} />
          <circle className="lamp" cx={((box.x1 + box.x2) / 2) * size.width} cy={((box.y1 + box.y2) / 2) * size.height} r={Math.max(size.height * 0.09, ((box.y2 - box.y1) * size.height) * 0.9)} />
        </svg>
      ) : null}
      <div className="tag">{says}</div>
    </div>
  )
}
