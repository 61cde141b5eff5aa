import { useCallback, useEffect, useState, type ReactElement } from 'react'
import type { AlertView } from '../../server/contract/alerts.js'
import type { CameraView } from '../../server/contract/cameras.js'
import { stillUrl } from '../api/client.js'
import { useNow } from '../ui/now.js'
import { Drawn, USUAL_SIZE, type Size } from '../ui/drawn.js'
import { pictureOf, poorOf, saidOf, type Picture } from './picture.js'
import { Tile } from './tile.js'
import { streamFor, useLive } from './use-live.js'

interface LiveTileProps {
  readonly number: number
  readonly camera: CameraView
  /** Tiles play the sub stream; an enlarged one the main stream. */
  readonly big: boolean
  readonly spotlight: boolean
  readonly alert: AlertView | null
  readonly selected: boolean
  readonly watermark: string | null
  readonly onPick: () => void
  readonly onEnlarge: () => void
  readonly onPicture: (cameraId: string, is: Picture['is'] | null) => void
}

export function LiveTile(props: LiveTileProps): ReactElement {
  const { camera, alert, onPicture } = props
  const stream = streamFor(camera, props.big ? 'main' : 'sub')
  const { watch, keep, seen, size } = useLive(camera.enabled && stream ? stream.playlist : null)
  const now = useNow()
  const said = stream ? saidOf(stream) : null
  const picture = pictureOf(seen, said, camera.enabled)
  useEffect(() => {
    onPicture(camera.id, picture.is)
    return () => onPicture(camera.id, null)
  }, [onPicture, camera.id, picture.is])
  const rule = props.spotlight && alert ? camera.rules.filter((one) => one.id === alert.ruleId) : []
  const drawnSize: Size = size ?? (stream?.width && stream.height ? { width: stream.width, height: stream.height } : USUAL_SIZE)
  return (
    <Tile {...props} name={camera.name} picture={picture} now={now} via={stream?.playing === 'transcoded' ? stream.codec : null} poor={poorOf(said)}>
      {picture.is === 'joining' ? <LastStill cameraId={camera.id} /> : null}
      <canvas ref={keep} className="kept" aria-hidden="true" />
      <video ref={watch} className="live" muted playsInline disableRemotePlayback aria-label={camera.name} />
      {rule.length && picture.is === 'playing' ? <Drawn size={drawnSize} rules={rule} names /> : null}
    </Tile>
  )
}

/** While the stream joins: the last still, dimmed, if there is one. */
function LastStill({ cameraId }: { readonly cameraId: string }): ReactElement | null {
  const [missing, setMissing] = useState(false)
  const miss = useCallback(() => setMissing(true), [])
  return missing ? null : <img src={stillUrl(cameraId)} alt="" onError={miss} />
}
