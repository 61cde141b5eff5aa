import { useCallback, useEffect, useState, type ReactElement } from 'react'
import type { AlertView } from '../../server/contract/alerts.js'
import type { CameraView } from '../../server/contract/cameras.js'
import { stillUrl } from '../api/client.js'
import { useNow } from '../ui/now.js'
import { Drawn, USUAL_SIZE, type Size } from '../ui/drawn.js'
import { pictureOf, poorOf, saidOf, stillPictureOf, type Picture } from './picture.js'
import { Tile, type TileSound } from './tile.js'
import { streamFor } from './use-live.js'
import { useStill } from './use-still.js'
import { useSwap } from './use-swap.js'

/** What a tile needs of a camera; a meeting room is told no more. */
export type TileCamera = Pick<CameraView, 'id' | 'name' | 'enabled' | 'streams' | 'rules'> & Partial<Pick<CameraView, 'sound'>>

export interface CameraTileProps {
  readonly number: number
  readonly camera: TileCamera
  /** Tiles play the sub stream; an enlarged one the main stream. */
  readonly big: boolean
  readonly spotlight: boolean
  readonly urgent: boolean
  readonly alert: AlertView | null
  readonly selected: boolean
  readonly watermark: string | null
  readonly sound?: TileSound | null
  readonly onPick: () => void
  readonly onEnlarge: () => void
  readonly onPicture: (cameraId: string, is: Picture['is'] | null) => void
}

/** One camera's tile: live, or stills where the link is thin. */
export function CameraTile({ stills, ...props }: CameraTileProps & { readonly stills: boolean }): ReactElement {
  return stills ? <StillTile {...props} /> : <LiveTile {...props} />
}

function LiveTile(props: CameraTileProps): ReactElement {
  const { camera } = props
  const stream = streamFor(camera, props.big ? 'main' : 'sub')
  const { watch, keep, seen, shown, size } = useSwap(camera.enabled && stream ? stream.playlist : null, camera.name)
  const now = useNow()
  const said = stream ? saidOf(stream) : null
  const picture = pictureOf(seen, said, camera.enabled)
  useTellPicture(props, picture)
  const drawnSize: Size = size ?? (stream?.width && stream.height ? { width: stream.width, height: stream.height } : USUAL_SIZE)
  const glass = camera.streams.find((one) => one.playlist === shown) ?? null
  return (
    <Tile {...props} name={camera.name} picture={picture} now={now} role={glass?.role ?? null} via={glass?.playing === 'transcoded' ? glass.codec : null} poor={poorOf(said)}>
      {picture.is === 'joining' ? <LastStill cameraId={camera.id} /> : null}
      <canvas ref={keep} className="kept" aria-hidden="true" />
      <div ref={watch} className="videos" />
      <SeenRule {...props} size={drawnSize} shows={picture.is === 'playing'} />
    </Tile>
  )
}

function StillTile(props: CameraTileProps): ReactElement {
  const { camera } = props
  const { watch, still } = useStill(camera.enabled ? camera.id : null)
  const now = useNow()
  const stream = streamFor(camera, 'sub')
  const picture = stillPictureOf(still?.takenAtMs ?? null, { said: stream ? saidOf(stream) : null, enabled: camera.enabled, nowMs: now })
  useTellPicture(props, picture)
  return (
    <Tile {...props} name={camera.name} picture={picture} now={now} role={null}>
      <div ref={watch} className="videos">{still && picture.is !== 'waiting' && picture.is !== 'off' ? <img src={still.url} alt={camera.name} /> : null}</div>
      <SeenRule {...props} size={USUAL_SIZE} shows={picture.is === 'still'} />
    </Tile>
  )
}

function useTellPicture({ camera, onPicture }: CameraTileProps, picture: Picture): void {
  useEffect(() => {
    onPicture(camera.id, picture.is)
    return () => onPicture(camera.id, null)
  }, [onPicture, camera.id, picture.is])
}

/** In the spotlight: where the rule looks that spoke. */
function SeenRule({ camera, alert, urgent, size, shows }: CameraTileProps & { readonly size: Size; readonly shows: boolean }): ReactElement | null {
  const rule = urgent && alert ? camera.rules.filter((one) => one.id === alert.ruleId) : []
  return rule.length && shows ? <Drawn size={size} rules={rule} names now /> : null
}

/** While the stream joins: the last still, dimmed, if there is one. */
function LastStill({ cameraId }: { readonly cameraId: string }): ReactElement | null {
  const [missing, setMissing] = useState(false)
  const miss = useCallback(() => setMissing(true), [])
  return missing ? null : <img src={stillUrl(cameraId)} alt="" onError={miss} />
}
