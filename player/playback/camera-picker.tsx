import { useState, type ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import { Empty, Modal } from '../ui/pieces.js'
import { found } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { TILES_MAX } from './address.js'

interface PickerProps {
  readonly cameras: readonly CameraView[]
  readonly picked: readonly string[]
  readonly onToggle: (cameraId: string) => void
}

/** All cameras this person may see, found by name, street or area; the order of choosing is the order of tiles. */
export function CameraPicker({ cameras, picked, onToggle }: PickerProps): ReactElement {
  const { t } = useWords()
  const [asked, setAsked] = useState('')
  const shown = cameras.filter(({ name, areaName, place }) => found(asked, [name, areaName, place.street]))
  const full = picked.length >= TILES_MAX
  return (
    <div className="picker">
      <p className="text2">{t(full ? 'playback.pick_full' : 'playback.pick_next', { count: TILES_MAX })}</p>
      <input className="in" type="search" value={asked} placeholder={t('playback.search')} aria-label={t('playback.search')} onChange={(event) => setAsked(event.target.value)} />
      {shown.length ? (
        <ul>
          {shown.map((camera) => {
            const at = picked.indexOf(camera.id)
            return <li key={camera.id}><label><input type="checkbox" checked={at >= 0} disabled={at < 0 && full} onChange={() => onToggle(camera.id)} data-pick={camera.id} /><b className="cut grow">{camera.name}</b><span className="text3 cut">{camera.place.street || camera.areaName}</span>{at >= 0 ? <kbd>{at + 1}</kbd> : null}</label></li>
          })}
        </ul>
      ) : <Empty title={t('playback.nothing_found', { asked })} />}
    </div>
  )
}

export function PickerModal({ onClose, ...props }: PickerProps & { readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  return (
    <Modal title={t('playback.pick')} onClose={onClose}>
      <CameraPicker {...props} />
      <div className="do"><button type="button" className="btn main" onClick={onClose} data-do="picked">{t('do.close')}</button></div>
    </Modal>
  )
}
