import { useEffect, useState } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import { api } from '../api/client.js'
import { tell } from '../api/here.js'
import { part } from '../api/part.js'
import type { SoundState } from '../live/live-driver.js'
import { useWords } from '../words/words.js'

const driver = part(import('../live/live-driver.js'))

export interface Hearing {
  /** The one camera that is heard: two at once are none. */
  readonly cameraId: string | null
  readonly state: SoundState
  /** Listens to this camera, or no more to it. */
  readonly toggle: (camera: Pick<CameraView, 'id' | 'name'> & Partial<Pick<CameraView, 'sound'>>) => void
}

/** The sound of one camera of the wall, for as long as somebody wants to hear it and the camera is there. */
export function useSound(cameras: readonly CameraView[]): Hearing {
  const { t, pick } = useWords()
  const [wanted, setWanted] = useState<string | null>(null)
  const [state, setState] = useState<SoundState>('joining')
  const camera = cameras.find(({ id }) => id === wanted) ?? null
  const playlist = camera?.sound?.playlist ?? null
  const cameraId = playlist ? wanted : null

  useEffect(() => {
    if (!playlist) return
    let open = true
    let close = (): void => {}
    void driver.then(({ openLiveSound }) => {
      if (!open) return
      const audio = new Audio()
      const sound = openLiveSound(audio, playlist, (now) => open && setState(now))
      close = () => sound.close()
    })
    return () => {
      open = false
      close()
    }
  }, [playlist])

  // Why there is none is known to the server alone.
  useEffect(() => {
    if (state !== 'lost' || cameraId === null) return
    let open = true
    void api.camera(cameraId).then(
      ({ sound }) => { if (open && sound?.trouble) tell(pick(sound.trouble.state), 'bad') },
      () => undefined, // The picture's own tile says that the server is away.
    )
    return () => { open = false }
  }, [state, cameraId, pick])

  return {
    cameraId,
    state,
    toggle(next) {
      if (!next.sound) return tell(t('sound.not_let', { name: next.name }), 'bad')
      setState('joining')
      setWanted(wanted === next.id ? null : next.id)
    },
  }
}
