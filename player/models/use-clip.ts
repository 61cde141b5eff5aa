import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import { frameAt, type Looked } from './compare.js'

/** The clip's one player, and the second glass that shows the very same picture. */
export interface ClipPlayer {
  readonly video: RefObject<HTMLVideoElement | null>
  readonly twin: RefObject<HTMLCanvasElement | null>
  /** The judged picture on the glass. */
  readonly at: number
  readonly running: boolean
  run(): void
  /** Stands still on that picture. */
  show(frame: number): void
}

/** A moment inside the picture, so that rounding never shows the one before. */
const INSIDE_MS = 5

/** One player and not two: both glasses then show the same picture at the same moment, whatever the machine can do. */
export function useClip(frames: readonly Looked[]): ClipPlayer {
  const video = useRef<HTMLVideoElement>(null)
  const twin = useRef<HTMLCanvasElement>(null)
  const [at, setAt] = useState(0)
  const [running, setRunning] = useState(true)

  useEffect(() => {
    const player = video.current
    if (!player) return
    let asked = 0
    const draw = (_now: number, { mediaTime }: { readonly mediaTime: number }): void => {
      const glass = twin.current
      if (glass && player.videoWidth > 0) {
        if (glass.width !== player.videoWidth) [glass.width, glass.height] = [player.videoWidth, player.videoHeight]
        glass.getContext('2d')?.drawImage(player, 0, 0)
      }
      setAt(frameAt(frames, mediaTime * 1000))
      asked = player.requestVideoFrameCallback(draw)
    }
    asked = player.requestVideoFrameCallback(draw)
    const told = (): void => setRunning(!player.paused)
    player.addEventListener('play', told)
    player.addEventListener('pause', told)
    return () => {
      player.cancelVideoFrameCallback(asked)
      player.removeEventListener('play', told)
      player.removeEventListener('pause', told)
    }
  }, [frames])

  const run = useCallback(() => {
    const player = video.current
    if (player?.paused) void player.play().catch(() => setRunning(false))
    else player?.pause()
  }, [])
  const show = useCallback((frame: number) => {
    const player = video.current
    const wanted = frames[Math.min(frames.length - 1, Math.max(0, frame))]
    if (!player || !wanted) return
    player.pause()
    player.currentTime = (wanted.atMs + INSIDE_MS) / 1000
  }, [frames])
  return { video, twin, at, running, run, show }
}
