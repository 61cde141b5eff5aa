import { useEffect, useRef, type ReactElement } from 'react'
import type { TimelineView } from '../../server/contract/recordings.js'
import { columnsOf } from './address.js'
import { thereAt } from './past.js'
import { PastTileView } from './past-tile-view.js'
import type { Playing } from './use-past.js'

interface TilesProps {
  readonly cameras: readonly { readonly id: string; readonly name: string }[]
  readonly playing: Playing
  readonly timelineOf: (cameraId: string) => TimelineView | null
  readonly watermark: string
  readonly label: string
  readonly onRemove: (cameraId: string) => void
}

/** The grid of one to nine cameras. */
export function PastTiles({ cameras, playing, timelineOf, watermark, label, onRemove }: TilesProps): ReactElement {
  const columns = columnsOf(cameras.length)
  const rows = Math.ceil(cameras.length / columns)
  return (
    <section className="past-tiles" aria-label={label} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))` }}>
      {cameras.map(({ id, name }, at) => {
        const timeline = timelineOf(id)
        const { state } = playing
        return (
          <PastTileView key={id} number={at + 1} name={name} picture={state.tiles[id] ?? { is: 'opening' }} there={timeline && thereAt(timeline, state.atMs)} playing={state.playing && !state.waiting} expiredBeforeMs={timeline?.expiredBeforeMs ?? null} watermark={watermark} onRemove={() => onRemove(id)}>
            <PastVideo cameraId={id} name={name} attach={playing.attach} />
          </PastTileView>
        )
      })}
    </section>
  )
}

function PastVideo({ cameraId, name, attach }: { readonly cameraId: string; readonly name: string; readonly attach: Playing['attach'] }): ReactElement {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => (video.current ? attach(cameraId, video.current) : undefined), [attach, cameraId])
  return <video ref={video} muted playsInline disableRemotePlayback aria-label={name} data-camera={cameraId} />
}
