import { useCallback, useEffect, useState } from 'react'
import { fetchStill } from '../api/client.js'
import { useVisible } from './use-live.js'

/** How often a still is asked for. The next one waits for the last, so a link too thin for that carries fewer, and ages tell it. */
const STILL_MS = 5_000

export interface ShownStill {
  readonly url: string
  readonly takenAtMs: number
}

/** The newest still of a camera, asked for again and again while it can be seen. */
export function useStill(cameraId: string | null): { readonly watch: (element: HTMLElement | null) => void; readonly still: ShownStill | null } {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const [still, setStill] = useState<ShownStill | null>(null)
  const visible = useVisible(element)
  const watch = useCallback((found: HTMLElement | null) => setElement(found), [])
  useEffect(() => {
    if (!cameraId || !visible) return
    const gone = new AbortController()
    let timer: ReturnType<typeof setTimeout> | null = null
    const next = async (): Promise<void> => {
      // The server away, or no picture of now: what is shown stays and grows old.
      const found = await fetchStill(cameraId, gone.signal).catch(() => null)
      if (gone.signal.aborted) return
      if (found) setStill({ url: URL.createObjectURL(found.picture), takenAtMs: found.takenAtMs })
      timer = setTimeout(() => void next(), STILL_MS)
    }
    void next()
    return () => {
      gone.abort()
      if (timer) clearTimeout(timer)
    }
  }, [cameraId, visible])
  useEffect(() => () => {
    if (still) URL.revokeObjectURL(still.url)
  }, [still])
  return { watch, still }
}
