import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import type { ModelView } from '../../server/contract/models.js'
import { number } from '../words/measures.js'
import { useWords, type Words } from '../words/words.js'

/** Names that their makers gave, the same in every language. */
export const FAMILIES: Readonly<Record<string, string>> = { eyes: 'Eyes', yolox: 'YOLOX', yolov8: 'YOLOv8', picodet: 'PicoDet', rtdetr: 'RT-DETR' }

export function speedOf({ frameMs }: Pick<ModelView, 'frameMs'>, { t, language }: Pick<Words, 't' | 'language'>): string {
  return frameMs === null ? t('models.speed_own') : t('models.speed_words', { ms: number(frameMs, language, 1) })
}

export function ModelList({ models, current }: { readonly models: readonly ModelView[]; readonly current: string | null }): ReactElement {
  const words = useWords()
  const { t } = words
  return (
    <ol className="rows">
      {models.map((model) => (
        <li key={model.id} className={model.id === current ? 'sel' : ''} data-model={model.id}>
          <Link to="/models/$modelId" params={{ modelId: model.id }}>
            <div className="grow"><b className="cut">{model.name}</b><span className="cut">{FAMILIES[model.format] ?? model.format} · {model.input.width}×{model.input.height} · {model.licence}</span></div>
            <div className="r">
              {model.inUse ? <b data-in-use>{t('models.in_use')}</b> : model.broken ? <b className="fault">{t('models.broken')}</b> : null}
              {model.builtIn ? <span>{t('models.built_in')}</span> : null}
            </div>
          </Link>
        </li>
      ))}
    </ol>
  )
}
