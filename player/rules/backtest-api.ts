import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { BacktestForm, BacktestResultView, BacktestsView, BacktestView } from '../../server/contract/rules.js'
import { ask, type Refused } from '../api/client.js'
import { past } from '../playback/playback-api.js'
import { BACKTEST_DAYS_MAX, DAY_MS } from './backtest-span.js'

const all = (cameraId: string, ruleId: string): string => `/api/cameras/${encodeURIComponent(cameraId)}/rules/${encodeURIComponent(ruleId)}/backtests`
const one = (cameraId: string, ruleId: string, id: string): string => `${all(cameraId, ruleId)}/${encodeURIComponent(id)}`

/** While one runs it is asked for often enough that its bar moves; what is over changes only by what people judge. */
const RUNNING_MS = 2_000
const RESTING_MS = 30_000

export function isOver({ state }: Pick<BacktestView, 'state'>): boolean {
  return state !== 'queued' && state !== 'running'
}

export interface BacktestPlace {
  readonly cameraId: string
  readonly ruleId: string
}

/** Newest first. Only who may manage rules asks. */
export const useBacktests = ({ cameraId, ruleId }: BacktestPlace, enabled: boolean) =>
  useQuery({
    queryKey: ['backtests', cameraId, ruleId],
    queryFn: async () => (await ask<BacktestsView>('GET', all(cameraId, ruleId))).backtests,
    enabled,
    refetchInterval: ({ state: { data } }) => (data?.some((test) => !isOver(test)) ? RUNNING_MS : RESTING_MS),
  })

export const useBacktest = ({ cameraId, ruleId }: BacktestPlace, id: string, enabled = true) =>
  useQuery({
    queryKey: ['backtest', cameraId, ruleId, id],
    queryFn: () => ask<BacktestResultView>('GET', one(cameraId, ruleId, id)),
    enabled,
    refetchInterval: ({ state: { data } }) => (data && isOver(data) ? RESTING_MS : RUNNING_MS),
  })

/** What is recorded of as long a time as a back-test may reach back. */
export const useRecordedDays = (cameraId: string, nowMs: number) =>
  useQuery({ queryKey: ['timeline', cameraId, 'backtest'], queryFn: () => past.timeline(cameraId, nowMs - BACKTEST_DAYS_MAX * DAY_MS, nowMs), staleTime: RESTING_MS })

export function useBacktestDeeds({ cameraId, ruleId }: BacktestPlace) {
  const queries = useQueryClient()
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: ['backtests', cameraId, ruleId] })
  return {
    begin: useMutation<BacktestView, Refused, BacktestForm>({
      mutationFn: (form) => ask('POST', all(cameraId, ruleId), form),
      onSuccess: (begun) => {
        queries.setQueryData<readonly BacktestView[]>(['backtests', cameraId, ruleId], (known = []) => [begun, ...known])
        void again()
      },
    }),
    cancel: useMutation<unknown, Refused, string>({
      mutationFn: (id) => ask('DELETE', one(cameraId, ruleId, id)),
      // It may have ended a moment ago: the page then shows its result.
      onSettled: (_answer, _fault, id) => {
        void queries.invalidateQueries({ queryKey: ['backtest', cameraId, ruleId, id] })
        void again()
      },
    }),
  }
}
