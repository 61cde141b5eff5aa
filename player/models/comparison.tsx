import { useState, type ReactElement } from 'react'
import { trialClipUrl } from '../api/client.js'
import { useKeys } from '../keys/use-keys.js'
import { className } from '../ui/drawn.js'
import { Segments } from '../ui/pieces.js'
import { number } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { rowsOf, tally, type Done } from './compare.js'
import { SeenBoxes } from './seen-boxes.js'
import { TrialChart } from './trial-chart.js'
import { useClip } from './use-clip.js'

/** The same clip before each model: side by side, or one at a time where the screen is narrow. */
export function Comparison({ trialId, done, names }: { readonly trialId: string; readonly done: Done; readonly names: readonly string[] }): ReactElement {
  const { t } = useWords()
  const { frames, size } = done
  const { video, twin, at, running, run, show } = useClip(frames)
  const [front, setFront] = useState(names.length - 1)
  const now = frames[at]
  useKeys((key) => {
    if (key.is === 'space') return run(), true
    if (key.is === 'arrow' && (key.to === 'left' || key.to === 'right')) return show(at + (key.to === 'right' ? 1 : -1)), true
    if (key.is === 'letter' && key.letter === 'V' && names.length > 1) return setFront((front + 1) % names.length), true
    return false
  })
  return (
    <div className="comparison" data-frame={at} data-running={running}>
      {names.length > 1 ? <div className="narrow"><Segments label={t('trial.shown')} value={String(front)} options={names.map((name, model) => [String(model), name])} onPick={(picked) => setFront(Number(picked))} /></div> : null}
      <div className={names.length > 1 ? 'glasses two' : 'glasses'}>
        {names.map((name, model) => (
          <figure key={name} className={model === front ? 'front' : ''} data-glass={model} data-boxes={now?.found[model]?.length ?? 0}>
            <figcaption><b className="cut">{name}</b><span className="cut">{tally(now?.found[model] ?? []).map(([of, count]) => `${className(of, t)} ${count}`).join(' · ')}</span></figcaption>
            <div className="frame" style={{ aspectRatio: `${size.width} / ${size.height}` }}>
              {model === 0 ? <video ref={video} src={trialClipUrl(trialId)} autoPlay loop muted playsInline onClick={run} /> : <canvas ref={twin} onClick={run} />}
              <SeenBoxes size={size} seen={now?.found[model] ?? []} />
            </div>
          </figure>
        ))}
      </div>
      <div className="bar steps-bar">
        <button type="button" className="btn sm" onClick={() => show(at - 1)} aria-label={t('trial.before')}><kbd>←</kbd></button>
        <button type="button" className="btn sm" onClick={run} data-do="run"><kbd>{t('key.space')}</kbd>{t(running ? 'trial.pause' : 'trial.run')}</button>
        <button type="button" className="btn sm" onClick={() => show(at + 1)} aria-label={t('trial.after')}><kbd>→</kbd></button>
        <span className="text2 nowrap">{at + 1}/{frames.length}</span>
      </div>
      <TrialChart frames={frames} models={names} at={at} onSeek={show} />
      <Summary done={done} names={names} />
    </div>
  )
}

export function Summary({ done, names }: { readonly done: Pick<Done, 'summaries'>; readonly names: readonly string[] }): ReactElement {
  const { t, language } = useWords()
  const { summaries } = done
  return (
    <table className="summary">
      <thead><tr><th>{t('trial.per_frame')}</th>{names.map((name) => <th key={name}>{name}</th>)}</tr></thead>
      <tbody>
        {rowsOf(done).map((row) => <tr key={row.class}><th>{className(row.class, t)}</th>{row.perFrame.map((count, model) => <td key={names[model]}>{number(count, language, 1)}</td>)}</tr>)}
        <tr className="rule"><th>{t('trial.ms')}</th>{summaries.map((one, model) => <td key={names[model]}>{number(one.frameMs, language, 1)}</td>)}</tr>
        <tr><th>{t('trial.frames')}</th>{summaries.map((one, model) => <td key={names[model]}>{one.frames}</td>)}</tr>
      </tbody>
    </table>
  )
}
