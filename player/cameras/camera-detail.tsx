import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type ReactElement } from 'react'
import type { CameraView, RuleView, StreamView, TroubleView } from '../../server/contract/cameras.js'
import { api } from '../api/client.js'
import { tell } from '../api/here.js'
import { Drawn, USUAL_SIZE } from '../ui/drawn.js'
import { Confirm, Refusal } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { HATCH_AGE_MS_MIN, pictureOf, saidOf, worstOf } from '../wall/picture.js'
import { streamFor, useLive } from '../wall/use-live.js'
import { clock, number, pictureAge, span } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { vi, type WordKey } from '../words/vi.js'
import { codecName } from '../words/codec-name.js'
import { CameraHead } from './camera-head.js'
import { EditCamera } from './edit-camera.js'
import { PushKey } from './push-camera.js'

/** One camera: is it well, what does it send, what does it watch for. */
export function CameraDetail({ camera, now }: { readonly camera: CameraView; readonly now: number }): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const worst = worstOf(camera.streams, camera.enabled)
  return (
    <>
      <section className="mid panel" aria-label={camera.name} data-camera={camera.id}>
        <CameraHead camera={camera} />
        {worst.trouble ? <TroubleNote trouble={worst.trouble} since={worst.sinceMs} now={now} /> : null}
        <PictureWithRules key={camera.id} camera={camera} />
        <Streams streams={camera.streams} now={now} />
      </section>
      <aside className="act panel" aria-label={t('cameras.settings')}>
        <Rules camera={camera} edits={may(me, 'rule.manage')} />
        {camera.sandbox && may(me, 'sandbox.fault') ? <SandboxFaults camera={camera} fault={camera.sandbox.fault} faults={camera.sandbox.faults} /> : null}
        <Place camera={camera} />
        {camera.origin === 'push' && may(me, 'camera.manage') ? <PushKey key={camera.id} camera={camera} /> : null}
        {may(me, 'camera.manage') ? <Manage camera={camera} /> : null}
      </aside>
    </>
  )
}

/** What is wrong, the cheapest next step, and the other side's last words for whoever repairs it. */
export function TroubleNote({ trouble, since, now }: { readonly trouble: TroubleView; readonly since: number | null; readonly now: number }): ReactElement {
  const { t, pick, language } = useWords()
  return (
    <div className="trouble" role="status" data-trouble={trouble.code}>
      <b>{pick(trouble.state)}</b>{since === null ? null : <span className="text2"> · {t('cameras.since', { time: clock(since), age: span(now - since, language) })}</span>}
      <p>{pick(trouble.next)}</p>
      <p className="mono text3">{[trouble.tried, trouble.on, trouble.said].filter(Boolean).join(' · ')}</p>
    </div>
  )
}

function PictureWithRules({ camera }: { readonly camera: CameraView }): ReactElement {
  const { t, pick, language } = useWords()
  const stream = streamFor(camera, 'main')
  const { watch, keep, seen, size } = useLive(camera.enabled && stream ? stream.playlist : null)
  const picture = pictureOf(seen, stream ? saidOf(stream) : null, camera.enabled)
  const drawnSize = size ?? (stream?.width && stream.height ? { width: stream.width, height: stream.height } : USUAL_SIZE)
  const live = picture.is === 'playing'
  return (
    <div className={`tile livepic ${picture.is} ${picture.is === 'lost' && picture.ageMs >= HATCH_AGE_MS_MIN ? 'hatched' : ''}`} data-state={picture.is}>
      <div className="frame">
        {live || picture.is === 'lost' || picture.is === 'behind' ? null : <LastStill cameraId={camera.id} />}
        <canvas ref={keep} className="kept" aria-hidden="true" />
        <video ref={watch} className="live" muted playsInline aria-label={camera.name} />
        <Drawn size={drawnSize} rules={camera.rules} names now />
        <div className="hatch" />
        {picture.is === 'lost' ? <div className="old"><b>{t('tile.old', { time: pictureAge(picture.ageMs, language) })}</b></div> : null}
        {picture.is === 'behind' ? <div className="late"><b>{t('tile.late', { age: pictureAge(picture.ageMs, language) })}</b></div> : null}
        <div className="tag" hidden={picture.is === 'lost' || picture.is === 'behind'}>{live ? <><i className="dot" />{t('evidence.live')} · {pictureAge(picture.ageMs, language)}</> : picture.is === 'waiting' ? <>{picture.trouble ? pick(picture.trouble.state) : t('tile.gone')}</> : t(picture.is === 'off' ? 'tile.off' : 'tile.joining')}</div>
      </div>
    </div>
  )
}

/** Rules are drawn on the last still when nothing plays. */
function LastStill({ cameraId }: { readonly cameraId: string }): ReactElement | null {
  const [missing, setMissing] = useState(false)
  return missing ? null : <img src={`/api/cameras/${encodeURIComponent(cameraId)}/still.jpg`} alt="" onError={() => setMissing(true)} />
}

export function Streams({ streams, now }: { readonly streams: readonly StreamView[]; readonly now: number }): ReactElement {
  const { t, language, pick } = useWords()
  return (
    <table className="streams">
      <caption className="unseen">{t('cameras.streams')}</caption>
      <thead><tr><th>{t('cameras.stream')}</th><th>{t('cameras.codec')}</th><th>{t('cameras.size')}</th><th>{t('cameras.rate')}</th><th>{t('cameras.newest')}</th><th>{t('cameras.state')}</th></tr></thead>
      <tbody>
        {streams.map((stream) => (
          <tr key={stream.id} data-stream={stream.role}>
            <td><b>{t(`stream.${stream.role}`)}</b></td>
            <td>{stream.codec ? codecName(stream.codec) : '–'}{stream.playing === 'transcoded' ? <span className="text3"> {t('stream.transcoded')}</span> : null}</td>
            <td>{stream.width && stream.height ? `${stream.width} × ${stream.height}` : '–'}</td>
            <td>{stream.fps ? `${number(stream.fps, language)} ${t('cameras.per_second')}` : '–'}{stream.clockRate === null ? null : <span className="fault"> {t('stream.clock_rate', { rate: number(stream.clockRate, language, 1) })}</span>}</td>
            <td>{stream.newestAtMs === null ? '–' : pictureAge(now - stream.newestAtMs, language)}</td>
            <td className={stream.trouble ? 'fault' : ''}>{stream.trouble ? pick(stream.trouble.state) : t(`camera.state.${stream.state}`)} <span className="text3">{span(now - stream.stateSinceMs, language)}</span></td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function useCameraChange() {
  const queries = useQueryClient()
  return useMutation({ mutationFn: (act: () => Promise<unknown>) => act(), onSettled: () => queries.invalidateQueries({ queryKey: ['cameras'] }) })
}

export function kindWords(kind: string, t: (key: WordKey) => string): string {
  const key = `kind.${kind}`
  return key in vi ? t(key as WordKey) : kind
}

export function Rules({ camera, edits }: { readonly camera: CameraView; readonly edits: boolean }): ReactElement {
  const { t, pick } = useWords()
  const change = useCameraChange()
  const turn = (rule: RuleView): void => change.mutate(() => api.putRule(camera.id, rule.id, rule.rule, !rule.enabled))
  return (
    <div className="blk">
      <div className="hd"><span>{t('cameras.rules')}</span><span className="text3">{camera.rules.length || ''}</span></div>
      {camera.rules.length ? null : <p className="text3">{t('cameras.no_rules')}</p>}
      <ul className="rules">
        {camera.rules.map((rule, at) => (
          <li key={rule.id} data-rule={rule.kind}>
            <span className="n">{at + 1}</span>
            <div className="grow"><b>{rule.name}</b><span className="text2">{kindWords(rule.kind, t)}{rule.alone ? <em data-alone> · {t('rule.alone')}</em> : null}</span>{rule.waits ? <p className="small" data-rule-waits>{pick(rule.waits)}</p> : null}</div>
            {edits ? <button type="button" role="switch" aria-checked={rule.enabled} className="btn sm" disabled={change.isPending} onClick={() => turn(rule)}>{t(rule.enabled ? 'cameras.watching' : 'cameras.resting')}</button> : <span className="text2">{t(rule.enabled ? 'cameras.watching' : 'cameras.resting')}</span>}
          </li>
        ))}
      </ul>
      <Refusal fault={change.error} />
    </div>
  )
}

function SandboxFaults({ camera, fault, faults }: { readonly camera: CameraView; readonly fault: string; readonly faults: readonly string[] }): ReactElement {
  const { t } = useWords()
  const change = useCameraChange()
  return (
    <div className="blk">
      <div className="hd"><span>{t('sandbox.title')}</span></div>
      <p className="text3 small">{t('sandbox.why')}</p>
      <div className="faults" role="group" aria-label={t('sandbox.title')}>
        {faults.map((one) => {
          const key = `sandbox.${one}`
          return <button key={one} type="button" className="btn sm" aria-pressed={one === fault} disabled={change.isPending} onClick={() => change.mutate(() => api.sandboxFault(camera.id, one))} data-fault={one}>{key in vi ? t(key as WordKey) : one}</button>
        })}
      </div>
      <Refusal fault={change.error} />
    </div>
  )
}

function Place({ camera }: { readonly camera: CameraView }): ReactElement {
  const { t, language } = useWords()
  const { place } = camera
  return (
    <div className="blk">
      <div className="hd"><span>{t('cameras.place')}</span></div>
      <dl className="facts">
        <dt>{t('cameras.street')}</dt><dd>{place.street || '–'}</dd>
        <dt>{t('cameras.point')}</dt><dd>{number(place.latitude, language, 5)}; {number(place.longitude, language, 5)}</dd>
        <dt>{t('cameras.heading')}</dt><dd>{t('cameras.heading_words', { degrees: Math.round(place.heading), reach: Math.round(place.reachM) })}</dd>
      </dl>
    </div>
  )
}

function Manage({ camera }: { readonly camera: CameraView }): ReactElement {
  const { t } = useWords()
  const navigate = useNavigate()
  const change = useCameraChange()
  const [asking, setAsking] = useState<'nothing' | 'off' | 'remove' | 'edit' | 'sound'>('nothing')
  const done = { onSuccess: () => setAsking('nothing') }
  const remove = (): void => change.mutate(() => api.removeCamera(camera.id), { onSuccess: () => { tell(t('cameras.removed', { name: camera.name })); void navigate({ to: '/cameras' }) } })
  return (
    <div className="blk two manage">
      <button type="button" className="btn" onClick={() => setAsking('edit')} data-do="edit">{t('cameras.edit')}</button>
      {camera.enabled ? <button type="button" className="btn" onClick={() => setAsking('off')} data-do="off">{t('cameras.turn_off')}</button> : <button type="button" className="btn main" disabled={change.isPending} onClick={() => change.mutate(() => api.changeCamera(camera.id, { enabled: true }))} data-do="on">{t('cameras.turn_on')}</button>}
      {camera.origin === 'push' ? null : <button type="button" className="btn" disabled={change.isPending} onClick={() => (camera.sound ? change.mutate(() => api.changeCamera(camera.id, { sound: false })) : setAsking('sound'))} data-do="sound">{t(camera.sound ? 'cameras.sound_off' : 'cameras.sound_on')}</button>}
      <button type="button" className="btn" onClick={() => setAsking('remove')} data-do="remove">{t('cameras.remove')}</button>
      <Refusal fault={asking === 'nothing' ? change.error : null} />
      {asking === 'edit' ? <EditCamera camera={camera} onClose={() => setAsking('nothing')} /> : null}
      {asking === 'off' ? <Confirm title={t('cameras.turn_off')} text={t('cameras.turn_off_why', { name: camera.name })} act={t('cameras.turn_off')} busy={change.isPending} onClose={() => setAsking('nothing')} onAct={() => change.mutate(() => api.changeCamera(camera.id, { enabled: false }), done)} /> : null}
      {asking === 'sound' ? <Confirm title={t('cameras.sound_on')} text={t('cameras.sound_why', { name: camera.name })} act={t('cameras.sound_on')} busy={change.isPending} onClose={() => setAsking('nothing')} onAct={() => change.mutate(() => api.changeCamera(camera.id, { sound: true }), done)} /> : null}
      {asking === 'remove' ? <Confirm title={t('cameras.remove')} text={t('cameras.remove_why', { name: camera.name })} act={t('cameras.remove')} busy={change.isPending} onClose={() => setAsking('nothing')} onAct={remove} /> : null}
    </div>
  )
}
