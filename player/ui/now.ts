import { useEffect, useState } from 'react'
import { useHere } from '../api/here.js'

/** The server's time, ticking. All ages on the screens are told by it, so a browser with a wrong clock tells no wrong age. */
export function useNow(everyMs = 1000): number {
  const offsetMs = useHere((here) => here.offsetMs)
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now + offsetMs
}
