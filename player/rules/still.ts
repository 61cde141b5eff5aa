import { useEffect, useState } from 'react'
import { fetchStill } from '../api/client.js'

/** A person draws on one picture: a new one now and then, so that its age stays small, but not one that jumps under the hand. */
const STILL_MS = 15_000
/** A camera that has just come back has one soon. */
const RETRY_MS = 3_000

export interface RuleStill {
  readonly url: string
  readonly takenAtMs: number
}

/** The camera's newest still, whole. `missing`: it was asked for and there is none. */
export function useRuleStill(cameraId: string): { readonly still: RuleStill | null; readonly missing: boolean } {
  const [still, setStill] = useState<RuleStill | null>(null)
  const [missing, setMissing] = useState(false)
  useEffect(() => {
    const gone = new AbortController()
    let timer: ReturnType<typeof setTimeout> | null = null
    const next = async (): Promise<void> => {
      // The server away, or no picture of now: what is shown stays and grows old.
      const found = await fetchStill(cameraId, gone.signal, 'whole').catch(() => null)
      if (gone.signal.aborted) return
      setMissing(found === null)
      if (found) setStill({ url: URL.createObjectURL(found.picture), takenAtMs: found.takenAtMs })
      timer = setTimeout(() => void next(), found ? STILL_MS : RETRY_MS)
    }
    void next()
    return () => {
      gone.abort()
      if (timer) clearTimeout(timer)
    }
  }, [cameraId])
  useEffect(() => () => {
    if (still) URL.revokeObjectURL(still.url)
  }, [still])
  return { still, missing }
}
