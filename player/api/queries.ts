import { keepPreviousData, useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { AlertView, AlertWhole, DeedForm } from '../../server/contract/alerts.js'
import type { CameraView } from '../../server/contract/cameras.js'
import type { LampLookQuery } from '../../server/contract/rules.js'
import type { Me } from '../../server/contract/sign-in.js'
import { openAlerts, put } from './alert-book.js'
import { api, type Refused } from './client.js'
import { changeBook, useHere } from './here.js'
import { betterClock, type ServerClock } from './server-clock.js'

export const useMe = (): UseQueryResult<Me> => useQuery({ queryKey: ['me'], queryFn: api.me, retry: false, staleTime: 60_000 })
export const useCameras = (): UseQueryResult<readonly CameraView[]> => useQuery({ queryKey: ['cameras'], queryFn: api.cameras, refetchInterval: 30_000 })
/** One camera in view: its newest packet is told by the second, so it is asked again and again while somebody looks. */
export const useCamera = (id: string | null) => useQuery({ queryKey: ['cameras', id], queryFn: () => api.camera(id ?? ''), enabled: id !== null, refetchInterval: 2_000 })
export const useAreas = () => useQuery({ queryKey: ['areas'], queryFn: api.areas, staleTime: 300_000 })
export const useAlert = (id: string | null) => useQuery({ queryKey: ['alert', id], queryFn: () => api.alert(id ?? ''), enabled: id !== null })
export const useReports = (enabled = true) => useQuery({ queryKey: ['reports'], queryFn: api.reports, enabled, refetchInterval: 60_000 })
export const useReport = (id: string | null) => useQuery({ queryKey: ['report', id], queryFn: () => api.report(id ?? ''), enabled: id !== null })
export const usePeople = () => useQuery({ queryKey: ['people'], queryFn: api.people })

/** Those of which there is a clip to look at again, newest first. */
export const useAlertsWithClip = (enabled: boolean) => useQuery({ queryKey: ['alerts', 'with-clip'], queryFn: async () => (await api.alerts('all')).alerts.filter(({ evidence }) => evidence.some(({ kind }) => kind === 'clip')).sort((a, b) => b.raisedAtMs - a.raisedAtMs), enabled })

export const useRuleKinds = () => useQuery({ queryKey: ['rule-kinds'], queryFn: api.ruleKinds, staleTime: Infinity })
/** Another person may approve meanwhile. */
export const useRules = (cameraId: string) => useQuery({ queryKey: ['rules', cameraId], queryFn: () => api.rules(cameraId), refetchInterval: 10_000 })
/** What a lamp drawn there shows now: asked while somebody draws it. Nothing is asked of a box that is none (null). */
export const useLampLook = (cameraId: string, region: LampLookQuery | null) => useQuery({ queryKey: ['lamp', cameraId, region], queryFn: () => api.lamp(cameraId, region!), enabled: region !== null, refetchInterval: 2_000, retry: false, placeholderData: keepPreviousData })
/** Where a camera that turns looks, and its presets: asked while somebody edits a rule, and once of a camera that cannot turn. */
export const usePresets = (cameraId: string, enabled: boolean) => useQuery({ queryKey: ['presets', cameraId], queryFn: () => api.presets(cameraId), enabled, retry: false, refetchInterval: ({ state: { data } }) => (data?.is === 'fixed' ? false : 5_000) })
/** What became of a rule, also when it did not watch: a line comes when that is over. */
export const useRuleLog = ({ cameraId, ruleId }: { readonly cameraId: string; readonly ruleId: string }) => useQuery({ queryKey: ['rule-log', cameraId, ruleId], queryFn: () => api.ruleLog(cameraId, ruleId), refetchInterval: 30_000 })
export const useFindings = ({ cameraId, ruleId, mode }: { readonly cameraId: string; readonly ruleId: string; readonly mode: 'live' | 'shadow' }) => useQuery({ queryKey: ['findings', cameraId, ruleId, mode], queryFn: () => api.findings(cameraId, ruleId, mode), refetchInterval: 10_000 })
export const usePrecision = (cameraId: string, ruleId: string) => useQuery({ queryKey: ['precision', cameraId, ruleId], queryFn: () => api.precision(cameraId, ruleId), refetchInterval: 30_000 })

export const useModels = (enabled: boolean) => useQuery({ queryKey: ['models'], queryFn: api.models, enabled, refetchInterval: 30_000 })
/** Asked by the half second while it runs; what is done does not change any more. */
export const useTrial = (id: string | null) =>
  useQuery({ queryKey: ['trial', id], queryFn: () => api.trial(id ?? ''), enabled: id !== null, retry: false, refetchInterval: ({ state: { data } }) => (data && ['done', 'failed'].includes(data.state.is) ? false : 500), staleTime: Infinity, refetchOnWindowFocus: false })

export const useWalls = () => useQuery({ queryKey: ['walls'], queryFn: api.walls, refetchInterval: 60_000 })
/** The socket tells when a screen changes; asked now and then in case it did not. */
export const useScreens = () => useQuery({ queryKey: ['screens'], queryFn: api.screens, refetchInterval: 30_000 })

/** Links to meeting rooms: only who may make them asks. */
export const useMeetings = (enabled: boolean) => useQuery({ queryKey: ['meetings'], queryFn: api.meetings, enabled, refetchInterval: 10_000 })

/** Ages are shown in tenths of a second. */
const CLOCK_ERROR_MS_MAX = 100
let known: ServerClock | null = null

/** Polled, because it must speak when nothing else can. It brings the server's time, too. */
export const useSystem = () =>
  useQuery({
    queryKey: ['system'],
    queryFn: async () => {
      const askedAtMs = Date.now()
      const system = await api.system()
      if (system) {
        known = betterClock(known, { askedAtMs, heardAtMs: Date.now(), serverMs: system.nowMs })
        useHere.setState({ offsetMs: known.offsetMs })
      }
      return system
    },
    // Under load the first answers are long under way: asked again soon until one came quickly.
    refetchInterval: () => (known && known.errorMs <= CLOCK_ERROR_MS_MAX ? 20_000 : 2_000),
  })

export function useOpenAlerts(): { readonly alerts: readonly AlertView[]; readonly seeded: boolean } {
  const book = useHere((here) => here.book)
  return useMemo(() => ({ alerts: openAlerts(book), seeded: book.seeded }), [book])
}

/** One deed at one alert. The version is the one the person saw; the answer is known at once, before the push comes. */
export function useDeed() {
  const queries = useQueryClient()
  return useMutation<AlertWhole, Refused, { readonly alertId: string; readonly form: DeedForm }>({
    mutationFn: ({ alertId, form }) => api.deed(alertId, form),
    onSuccess: (whole) => {
      changeBook((book) => put(book, whole, 0))
      queries.setQueryData(['alert', whole.id], whole)
    },
    onError: (_fault, { alertId }) => void queries.invalidateQueries({ queryKey: ['alert', alertId] }),
  })
}
