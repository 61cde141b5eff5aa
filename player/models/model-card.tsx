import { Link } from '@tanstack/react-router'
import type { ReactElement, ReactNode } from 'react'
import type { EvaluationView, ModelView, WidthView } from '../../server/contract/models.js'
import { className } from '../ui/drawn.js'
import { bytes, day, moment, number } from '../words/measures.js'
import { useWords, type Words } from '../words/words.js'
import { FAMILIES, speedOf } from './model-list.js'

const CLASSES_SHOWN = 8
/** What our rules know stands first; a model of eighty classes has many that no street needs. */
const STREET: ReadonlySet<string> = new Set(['person', 'two_wheeler', 'car', 'bus', 'truck'])
const isStreet = (name: string): boolean => STREET.has(name)

/** What one must know of a model before trusting it. `children`: what can be done with it. */
export function ModelCard({ model, runsOn, now, children }: { readonly model: ModelView; readonly runsOn: 'cpu' | 'cuda' | null; readonly now: number; readonly children?: ReactNode }): ReactElement {
  const words = useWords()
  const { t, pick, language } = words
  const known = [...model.classes].sort((a, b) => Number(isStreet(b)) - Number(isStreet(a)))
  const named = known.slice(0, CLASSES_SHOWN).map((name) => className(name, t)).join(', ')
  const more = model.classes.length - CLASSES_SHOWN
  return (
    <section className="panel mid" aria-label={model.name} data-card={model.id}>
      <div className="tt">
        <Link to="/models" className="btn sm narrow" aria-label={t('models.list')}>‹</Link>
        <div className="grow"><h2>{model.name}</h2><p>{[model.builtIn ? t('models.built_in') : null, model.inUse ? t('models.in_use') : null, model.inUse && runsOn ? t(`models.runs_on.${runsOn}`) : null, model.inUse && model.width ? widthWords(model.width, words) : null].filter(Boolean).join(' · ')}</p></div>
        {model.inUse ? <span className="verdict wide">{t('models.in_use')}</span> : null}
      </div>
      {model.broken ? <div className="trouble" role="alert"><b>{pick(model.broken.said)}</b> {pick(model.broken.next)} <span className="mono">{model.broken.reason}</span></div> : null}
      {model.lacks.length > 0 ? <p className="lacks" data-lacks>{t('models.lacks', { classes: model.lacks.map((name) => className(name, t)).join(', ') })}</p> : null}
      {children ? <div className="deeds">{children}</div> : null}
      <dl className="facts">
        <dt>{t('models.family')}</dt><dd>{FAMILIES[model.format] ?? model.format}</dd>
        <dt>{t('models.classes')}</dt><dd>{named}{more > 0 ? ` ${t('models.more_classes', { count: more })}` : ''}</dd>
        <dt>{t('models.input')}</dt><dd>{model.input.width}×{model.input.height}</dd>
        <dt>{t('models.speed')}</dt><dd>{speedOf(model, words)}</dd>
        <dt>{t('models.licence')}</dt><dd>{model.licence}</dd>
        {model.attribution ? <><dt>{t('models.attribution')}</dt><dd>{model.attribution}</dd></> : null}
        {model.addedBy && model.addedAtMs !== null ? <><dt>{t('models.came')}</dt><dd>{t('models.came_words', { who: model.addedBy, when: day(model.addedAtMs) })}</dd></> : null}
        <dt>{t('models.size')}</dt><dd>{bytes(model.bytes, language)}</dd>
        <dt>{t('models.hash')}</dt><dd className="mono">{model.sha256}</dd>
      </dl>
      <h3 className="hd">{t('models.evaluations')}</h3>
      {model.evaluations.length > 0 ? <ul className="tried">{model.evaluations.map((one) => <Evaluation key={`${one.atMs} ${one.clip}`} evaluation={one} now={now} />)}</ul> : <p className="text2 calm">{t('models.no_evaluations')}</p>}
    </section>
  )
}

/** In how many bits our own network computes here. Only words that name a figure show it. */
function widthWords({ is, gain, agreement }: WidthView, { t, language }: Pick<Words, 't' | 'language'>): string {
  return t(`models.width.${is}`, { gain: number(gain ?? 1, language, 1), percent: number((agreement ?? 0) * 100, language) })
}

function Evaluation({ evaluation, now }: { readonly evaluation: EvaluationView; readonly now: number }): ReactElement {
  const { t, language } = useWords()
  const objects = Object.values(evaluation.objects).reduce((sum, count) => sum + count, 0)
  return (
    <li>
      <b className="cut">{evaluation.clip}</b>
      <span>{t('models.evaluation', { frames: evaluation.frames, ms: number(evaluation.frameMs, language, 1), objects: number(objects / evaluation.frames, language, 1) })}</span>
      <time>{moment(evaluation.atMs, now)}</time>
    </li>
  )
}
