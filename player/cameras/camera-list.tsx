import { Link } from '@tanstack/react-router'
import { useMemo, type ReactElement } from 'react'
import { codecName } from '../words/codec-name.js'
import type { CameraView } from '../../server/contract/cameras.js'
import { CameraSymbol } from '../ui/symbol.js'
import { worstOf } from '../wall/picture.js'
import { found, span } from '../words/measures.js'
import { useWords, type Words } from '../words/words.js'

/** By area, as a contractor and a ward see them. */
export function byArea(cameras: readonly CameraView[]): readonly (readonly [area: string, cameras: readonly CameraView[]])[] {
  const areas = new Map<string, CameraView[]>()
  for (const camera of [...cameras].sort((a, b) => a.areaName.localeCompare(b.areaName, 'vi') || a.name.localeCompare(b.name, 'vi'))) {
    const group = areas.get(camera.areaName)
    if (group) group.push(camera)
    else areas.set(camera.areaName, [camera])
  }
  return [...areas]
}

export function matchesCamera(camera: CameraView, asked: string): boolean {
  return found(asked, [camera.name, camera.place.street, camera.areaName, ...camera.rules.map((rule) => rule.name)])
}

/** "ONVIF · H.264 · 2 quy tắc"; what is cut off at the end may not be that some of them see nothing. */
export function summary(camera: CameraView, { t }: Pick<Words, 't'>): string {
  const codec = camera.streams.find((stream) => stream.role === 'main')?.codec ?? camera.streams[0]?.codec
  const waiting = camera.rules.filter(({ waits }) => waits).length
  const [count, first] = [camera.rules.length, waiting > 0 ? t('cameras.rules_wait', { count: waiting, of: camera.rules.length }) : null]
  return [first, { onvif: 'ONVIF', rtsp: 'RTSP', push: 'RTMP' }[camera.origin], codec ? codecName(codec) : null, count > 0 && !first ? t('cameras.rule_count', { count }) : null].filter(Boolean).join(' · ')
}

export function CameraList({ cameras, current, now, search }: { readonly cameras: readonly CameraView[]; readonly current: string | null; readonly now: number; readonly search: { readonly state?: 'fault' } }): ReactElement {
  const words = useWords()
  const { t, pick, language } = words
  const areas = useMemo(() => byArea(cameras), [cameras])
  return (
    <div className="rows">
      {areas.map(([area, list]) => (
        <section key={area} aria-label={area}>
          <div className="gh"><h2>{area}</h2><span>{list.length}</span></div>
          <ol>
            {list.map((camera) => {
              const worst = worstOf(camera.streams, camera.enabled)
              const bad = worst.state === 'stalled' || worst.state === 'waiting'
              return (
                <li key={camera.id} className={camera.id === current ? 'sel' : ''} data-camera={camera.id} data-state={worst.state}>
                  <Link to="/cameras/$cameraId" params={{ cameraId: camera.id }} search={search}>
                    <CameraSymbol state={worst.state} />
                    <div className="grow"><b className="cut">{camera.name}</b><span className="cut">{summary(camera, words)}</span></div>
                    <div className={bad ? 'r fault' : 'r'}><b>{bad && worst.trouble ? pick(worst.trouble.state) : t(`camera.state.${worst.state}`)}</b>{bad ? <span>{span(now - worst.sinceMs, language)}</span> : null}</div>
                  </Link>
                </li>
              )
            })}
          </ol>
        </section>
      ))}
    </div>
  )
}
