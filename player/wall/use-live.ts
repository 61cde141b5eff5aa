import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import type { CameraView, StreamView } from '../../server/contract/cameras.js'
import { serverNowMs } from '../api/here.js'
import { part } from '../api/part.js'
import type { Size } from '../ui/drawn.js'
import type { TileState } from '../live/tile-state.js'
import type { Seen } from './picture.js'

export function streamFor(camera: Pick<CameraView, 'streams'>, role: 'main' | 'sub'): StreamView | null {
  return camera.streams.find((stream) => stream.role === role) ?? camera.streams[0] ?? null
}

interface Live {
  /** Give this to the `<video>`. */
  readonly watch: (video: HTMLVideoElement | null) => void
  /** And this to the `<canvas>` under it: it holds the last picture when the driver begins anew and the video is empty. */
  readonly keep: RefObject<HTMLCanvasElement | null>
  readonly seen: Seen
  readonly size: Size | null
}

/** hls.js is larger than the rest of the player: it comes in its own file, asked for at once and waited for only here. */
const driver = part(import('../live/live-driver.js'))

/** Plays while the picture can be seen: on screen, in a visible page. A wall in a background tab costs the server nothing. */
export function useLive(url: string | null): Live {
  const [video, setVideo] = useState<HTMLVideoElement | null>(null)
  const [seen, setSeen] = useState<Seen>({ is: 'joining' })
  const [size, setSize] = useState<Size | null>(null)
  const keep = useRef<HTMLCanvasElement>(null)
  const visible = useVisible(video)
  const watch = useCallback((element: HTMLVideoElement | null) => setVideo(element), [])
  useEffect(() => {
    if (!video || !url || !visible) return
    let open = true
    let close = (): void => {}
    setSeen({ is: 'joining' })
    forget(keep.current)
    let was: Seen['is'] = 'joining'
    const measure = (): void => setSize(video.videoWidth ? { width: video.videoWidth, height: video.videoHeight } : null)
    video.addEventListener('resize', measure)
    const told = (state: TileState): void => {
      if (!open) return
      if (state.is === 'lost' && was !== 'lost') keepPicture(video, keep.current)
      was = state.is
      setSeen(state)
    }
    void driver.then(({ openLiveTile }) => {
      if (!open) return
      // By the server's clock, so that a browser with a wrong clock neither dims a fresh picture nor trusts an old one.
      const tile = openLiveTile(video, url, { onState: told, serverNowMs })
      close = () => tile.close()
    })
    return () => {
      open = false
      video.removeEventListener('resize', measure)
      close()
    }
  }, [video, url, visible])
  return { watch, keep, seen, size }
}

/** A lost tile shows its last picture, grey: where a car stood is worth more than a black square. */
export function keepPicture(video: HTMLVideoElement, canvas: HTMLCanvasElement | null): void {
  if (!canvas || !video.videoWidth || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  canvas.getContext('2d')?.drawImage(video, 0, 0)
}

export function forget(canvas: HTMLCanvasElement | null): void {
  if (canvas) canvas.width = canvas.height = 0
}

export function useVisible(element: Element | null): boolean {
  const [onScreen, setOnScreen] = useState(false)
  const [pageShown, setPageShown] = useState(() => document.visibilityState === 'visible')
  useEffect(() => {
    if (!element) return
    const watcher = new IntersectionObserver((entries) => setOnScreen(entries.some((entry) => entry.isIntersecting)), { rootMargin: '64px' })
    watcher.observe(element)
    return () => watcher.disconnect()
  }, [element])
  useEffect(() => {
    const turn = (): void => setPageShown(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', turn)
    return () => document.removeEventListener('visibilitychange', turn)
  }, [])
  return onScreen && pageShown
}
