import { keepPreviousData, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ExportForm, ExportView, HoldExtensionForm, HoldForm, HoldView, SpanView, TimelineView } from '../../server/contract/recordings.js'
import type { Refused } from '../api/client.js'
import { part } from '../api/part.js'
import { past } from './playback-api.js'
import type { Speed } from './play-clock.js'
import { askFor } from './scale.js'
import type { PlayState, SharedPlayer } from './shared-player.js'

/** hls.js is larger than the rest of the player: it comes in its own file. */
const driver = part(Promise.all([import('./shared-player.js'), import('./playback-driver.js')]))

const NEWER_MS = 5_000
const LONG_AGO_MS = 60_000

export interface Timelines {
  readonly of: (cameraId: string) => TimelineView | null
  readonly list: readonly TimelineView[]
  readonly error: unknown
  readonly dataUpdatedAt: number
  readonly refetch: () => void
}

/** The lanes of the cameras shown, read again every few seconds while the present is in view. */
export function useTimelines(cams: readonly string[], view: SpanView, nowMs: number): Timelines {
  const asked = askFor(view)
  const answers = useQueries({
    queries: cams.map((cameraId) => ({
      queryKey: ['timeline', cameraId, asked.fromMs, asked.toMs],
      queryFn: () => past.timeline(cameraId, asked.fromMs, asked.toMs),
      placeholderData: keepPreviousData,
      refetchInterval: asked.toMs > nowMs ? NEWER_MS : LONG_AGO_MS,
    })),
  })
  const list = answers.flatMap(({ data }) => (data ? [data] : []))
  return {
    of: (cameraId) => answers[cams.indexOf(cameraId)]?.data ?? null,
    list,
    error: answers.find(({ error }) => error)?.error ?? null,
    dataUpdatedAt: Math.min(...answers.map(({ dataUpdatedAt }) => dataUpdatedAt)),
    refetch: () => void Promise.all(answers.map((one) => one.refetch())),
  }
}

/** What the clock needs to know around its moment, whatever the lanes show: where there is a picture, and where none. */
export function useSurroundings(cams: readonly string[], atMs: number, nowMs: number): Timelines {
  const HOUR = 3_600_000
  const hour = Math.floor(atMs / HOUR) * HOUR
  return useTimelines(cams, useMemo(() => ({ fromMs: hour - HOUR, toMs: hour + 2 * HOUR }), [hour]), nowMs)
}

export interface Playing {
  readonly state: PlayState
  readonly player: SharedPlayer | null
  /** Give this to the `<video>` of a camera. */
  readonly attach: (cameraId: string, video: HTMLVideoElement) => () => void
}

/** The one player of this screen, without React inside; it is made once and told of every change. */
export function usePlayer(first: { readonly atMs: number; readonly speed: Speed }): Playing {
  const [state, setState] = useState<PlayState>({ ...first, playing: false, waiting: false, tiles: {}, jumped: null, atEnd: false })
  const [player, setPlayer] = useState<SharedPlayer | null>(null)
  const begin = useRef(first)
  useEffect(() => {
    let open = true
    let made: SharedPlayer | null = null
    void driver.then(([{ openSharedPlayer }, { openList }]) => {
      if (!open) return
      made = openSharedPlayer({ ...begin.current, openList, onState: setState })
      setPlayer(made)
    })
    return () => {
      open = false
      made?.close()
      setPlayer(null)
    }
  }, [])
  const attach = useCallback((cameraId: string, video: HTMLVideoElement) => player?.attach(cameraId, video) ?? ((): void => undefined), [player])
  return { state, player, attach }
}

export const useRecordingState = (enabled: boolean) => useQuery({ queryKey: ['recording-state'], queryFn: past.state, enabled, staleTime: 60_000 })

/** Holds of any camera that somebody must decide on this week. */
export const useEndingHolds = () => useQuery({ queryKey: ['ending-holds'], queryFn: past.endingHolds, refetchInterval: LONG_AGO_MS })

const RUNNING_MS = 1_000
const RESTING_MS = 30_000

export const useExports = (enabled: boolean) =>
  useQuery({
    queryKey: ['exports'],
    queryFn: past.exports,
    enabled,
    refetchInterval: ({ state }) => (state.data?.some((one: ExportView) => one.state === 'running' || one.state === 'queued') ? RUNNING_MS : RESTING_MS),
  })

/** Deeds of this screen; each refreshes what it changed. */
export function usePastDeeds() {
  const queries = useQueryClient()
  const again = (...keys: readonly string[]) => () => Promise.all(keys.map((key) => queries.invalidateQueries({ queryKey: [key] })))
  return {
    bookmark: useMutation<unknown, Refused, { readonly cameraId: string; readonly atMs: number; readonly note: string; readonly tags: string[] }>({ mutationFn: ({ cameraId, ...form }) => past.bookmark(cameraId, form), onSuccess: again('timeline') }),
    removeBookmark: useMutation<unknown, Refused, { readonly cameraId: string; readonly id: string }>({ mutationFn: ({ cameraId, id }) => past.removeBookmark(cameraId, id), onSuccess: again('timeline') }),
    hold: useMutation<HoldView, Refused, HoldForm & { readonly cameraId: string }>({ mutationFn: ({ cameraId, ...form }) => past.hold(cameraId, form), onSuccess: again('timeline', 'ending-holds') }),
    extendHold: useMutation<HoldView, Refused, HoldExtensionForm & { readonly hold: HoldView }>({ mutationFn: ({ hold, ...form }) => past.extendHold(hold.cameraId, hold.id, form), onSuccess: again('timeline', 'ending-holds') }),
    endHold: useMutation<unknown, Refused, HoldView>({ mutationFn: ({ cameraId, id }) => past.endHold(cameraId, id), onSuccess: again('timeline', 'ending-holds') }),
    export: useMutation<ExportView, Refused, ExportForm & { readonly cameraId: string }>({ mutationFn: ({ cameraId, ...form }) => past.export(cameraId, form), onSuccess: again('exports') }),
    endExport: useMutation<unknown, Refused, string>({ mutationFn: past.endExport, onSuccess: again('exports') }),
  }
}
