import { useEffect } from 'react'
import { create } from 'zustand'
import { fetchStill } from '../api/client.js'
import { useHere } from '../api/here.js'
import { keep, kept } from '../ui/choices.js'
import { judgeLink, kbpsOf, showsStills, WIDE, type LinkWidth, type PicturesChoice } from './thin-link.js'

const PLACE = 'vonglau.pictures'
const CHOICES = ['auto', 'live', 'stills'] as const

/** What this browser shows of cameras, and how wide its way to the server was lately. */
export const usePictures = create<{ readonly choice: PicturesChoice; readonly link: LinkWidth }>(() => ({ choice: CHOICES.find((one) => one === kept(PLACE)) ?? 'auto', link: WIDE }))

export function choosePictures(choice: PicturesChoice): void {
  keep(PLACE, choice)
  usePictures.setState({ choice })
}

export function useStills(): boolean {
  return usePictures(({ choice, link }) => showsStills(choice, link))
}

/** A wall that plays fetches one small still this often, for its measure alone: some 10 KB. */
const PROBE_MS = 30_000
const FIRST_PROBE_MS = 8_000

/** Measures the way to the server by the stills that come over it. The browser's network part takes the times, so that a busy page does not look like a thin link. */
export function useLinkWidth(cameraId: string | null): void {
  const stills = useStills()
  useEffect(() => {
    const watcher = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        // Those that stand in while tiles join are images: they come all at once, while the page opens, and tell how busy the machine is.
        if (!(entry instanceof PerformanceResourceTiming) || !entry.name.includes('/still.jpg') || entry.initiatorType !== 'fetch') continue
        const kbps = kbpsOf(entry.encodedBodySize, entry.responseEnd - entry.responseStart)
        if (kbps !== null) usePictures.setState(({ link }) => ({ link: judgeLink(link, kbps, performance.now()) }))
      }
    })
    watcher.observe({ type: 'resource' })
    return () => watcher.disconnect()
  }, [])
  useEffect(() => {
    // Stills measure themselves; and nothing is measured while the server is away.
    if (stills || cameraId === null) return
    const gone = new AbortController()
    // A probe that fails tells nothing about width; the next one may.
    const probe = (): void => void (useHere.getState().link.is === 'up' && document.visibilityState === 'visible' && fetchStill(cameraId, gone.signal).catch(() => null))
    const first = setTimeout(probe, FIRST_PROBE_MS)
    const timer = setInterval(probe, PROBE_MS)
    return () => {
      gone.abort()
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [stills, cameraId])
}
