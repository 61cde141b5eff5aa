import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import { useHere } from '../api/here.js'
import { part } from '../api/part.js'
import type { LiveSwap } from '../live/live-swap.js'
import type { TileState } from '../live/tile-state.js'
import type { Size } from '../ui/drawn.js'
import type { Seen } from './picture.js'
import { forget, keepPicture, useVisible } from './use-live.js'

interface Swapped {
  /** Give this to the element that holds the videos. */
  readonly watch: (place: HTMLElement | null) => void
  /** And this to the canvas under it: the last picture of a tile that was lost. */
  readonly keep: RefObject<HTMLCanvasElement | null>
  readonly seen: Seen
  /** Where the picture on the glass comes from: still the small stream while the large one joins. */
  readonly shown: string | null
  readonly size: Size | null
}

/** hls.js is larger than the rest of the player: it comes in its own file, asked for at once and waited for only here. */
const drivers = part(Promise.all([import('../live/live-swap.js'), import('../live/live-driver.js')]))

/** A tile of the wall: plays while it can be seen, and changes its stream or its player without a black moment. */
export function useSwap(url: string | null, label: string): Swapped {
  const [place, setPlace] = useState<HTMLElement | null>(null)
  const [seen, setSeen] = useState<Seen>({ is: 'joining' })
  const [shown, setShown] = useState<string | null>(null)
  const [size, setSize] = useState<Size | null>(null)
  const [swap, setSwap] = useState<LiveSwap | null>(null)
  const keep = useRef<HTMLCanvasElement>(null)
  const visible = useVisible(place)
  const watch = useCallback((element: HTMLElement | null) => setPlace(element), [])
  const on = place !== null && visible && url !== null
  useEffect(() => {
    if (!on) return
    let open = true
    let opened: LiveSwap | null = null
    let was: Seen['is'] = 'joining'
    setSeen({ is: 'joining' })
    forget(keep.current)
    const told = (state: TileState, from: string, video: HTMLVideoElement): void => {
      if (!open) return
      if (state.is === 'lost' && was !== 'lost') keepPicture(video, keep.current)
      was = state.is
      setSeen(state)
      setShown(from)
      if (video.videoWidth) setSize((known) => (known?.width === video.videoWidth && known.height === video.videoHeight ? known : { width: video.videoWidth, height: video.videoHeight }))
    }
    void drivers.then(([{ openLiveSwap }, { openLiveTile }]) => {
      if (!open) return
      // By the server's clock, so that a browser with a wrong clock neither dims a fresh picture nor trusts an old one.
      opened = openLiveSwap({ place, openTile: openLiveTile, label, serverNowMs: () => Date.now() + useHere.getState().offsetMs, onState: told, onSwapped: (why) => { place.dataset['swapped'] = `${Number(place.dataset['swapped']?.split(' ')[0] ?? 0) + 1} ${why}` } })
      setSwap(opened)
    })
    return () => {
      open = false
      setSwap(null)
      opened?.close()
    }
  }, [on, place, label])
  useEffect(() => {
    if (swap && url) swap.show(url)
  }, [swap, url])
  return { watch, keep, seen, shown, size }
}
