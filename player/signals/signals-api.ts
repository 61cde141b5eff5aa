import { useQuery } from '@tanstack/react-query'
import type { HeldListView, HeldView, RepairListView, RepairView, SignalForm, SignalListView, SignalMadeView, SignalView, SuspensionForm, SuspensionListView, SuspensionView } from '../../server/contract/signals.js'
import { ask } from '../api/client.js'

const at = (id: string): string => encodeURIComponent(id)

/** The calls of the screens of lamps and of what is held. */
export const lamps = {
  held: async (settled: boolean) => (await ask<HeldListView>('GET', settled ? '/api/held?settled=1' : '/api/held')).held,
  settle: (incidentId: string, what: 'release' | 'dismiss', reason: string) => ask<unknown>('POST', `/api/incidents/${at(incidentId)}/${what}`, { reason }),
  repairs: async (closed: boolean) => (await ask<RepairListView>('GET', closed ? '/api/repairs?closed=1' : '/api/repairs')).repairs,
  closeRepair: (repairId: string, note: string) => ask<unknown>('POST', `/api/repairs/${at(repairId)}/close`, { note }),
  suspensions: async (ended: boolean) => (await ask<SuspensionListView>('GET', ended ? '/api/suspensions?ended=1' : '/api/suspensions')).suspensions,
  suspend: (cameraId: string, form: SuspensionForm) => ask<SuspensionView>('POST', `/api/cameras/${at(cameraId)}/suspensions`, form),
  endSuspension: (cameraId: string, id: string) => ask<unknown>('DELETE', `/api/cameras/${at(cameraId)}/suspensions/${at(id)}`),
  controllers: async () => (await ask<SignalListView>('GET', '/api/signals')).signals,
  addController: (form: SignalForm) => ask<SignalMadeView>('POST', '/api/signals', form),
  newControllerKey: (id: string) => ask<{ readonly key: string }>('POST', `/api/signals/${at(id)}/key`, {}),
  removeController: (id: string) => ask<unknown>('DELETE', `/api/signals/${at(id)}`),
}

/** Others decide meanwhile, and more is held: asked anew every few seconds. */
export const useHeld = (settled: boolean, enabled = true) => useQuery<readonly HeldView[]>({ queryKey: ['held', settled], queryFn: () => lamps.held(settled), enabled, refetchInterval: settled ? 15_000 : 5_000 })
export const useRepairs = (closed: boolean) => useQuery<readonly RepairView[]>({ queryKey: ['repairs', closed], queryFn: () => lamps.repairs(closed), refetchInterval: 10_000 })
export const useSuspensions = (ended: boolean) => useQuery<readonly SuspensionView[]>({ queryKey: ['suspensions', ended], queryFn: () => lamps.suspensions(ended), refetchInterval: 5_000 })
/** A lamp changes by the second. */
export const useControllers = (enabled: boolean) => useQuery<readonly SignalView[]>({ queryKey: ['controllers'], queryFn: lamps.controllers, enabled, refetchInterval: 2_000 })
