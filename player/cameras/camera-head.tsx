import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import { worstOf } from '../wall/picture.js'
import { useWords } from '../words/words.js'

const ORIGIN_WORDS = { onvif: 'cameras.by_onvif', rtsp: 'cameras.by_rtsp', push: 'cameras.by_push' } as const

/** Which camera this is, how it is, and its pages. */
export function CameraHead({ camera }: { readonly camera: CameraView }): ReactElement {
  const { t } = useWords()
  const worst = worstOf(camera.streams, camera.enabled)
  const bad = worst.state === 'stalled' || worst.state === 'waiting'
  const params = { cameraId: camera.id }
  // Which page is open is told by the address alone: one page's path begins with the other's.
  const exactly = { exact: true, includeSearch: false }
  return (
    <>
      <div className="tt">
        <div className="grow"><h2>{camera.name}</h2><p>{[camera.areaName, camera.place.street, t(ORIGIN_WORDS[camera.origin])].filter(Boolean).join(' · ')}</p></div>
        <span className={bad ? 'verdict fault' : 'verdict'}>{t(`camera.state.${worst.state}`)}</span>
      </div>
      <nav className="pages" aria-label={t('camera.tabs')}>
        <Link to="/cameras/$cameraId" params={params} activeOptions={exactly}>{t('camera.tab.overview')}</Link>
        <Link to="/cameras/$cameraId/rules" params={params} activeOptions={exactly} data-tab="rules">{t('camera.tab.rules')}</Link>
      </nav>
    </>
  )
}
