import type { Observation, SignalReport } from '../domain/seen.js'
import type { SessionNews } from '../domain/camera.js'
import type { AlertId, CameraId, IncidentId, RepairId, RuleId } from '../domain/ids.js'
import type { SeenBy } from '../domain/incident.js'

/**
 * What travels on the control plane. A message is a nudge: everything that matters was stored first, and a listener that
 * slept asks the store for what follows its cursor. Media never travels here.
 */
export interface Topics {
  /** The observation carries its rule's own id; `seenBy` is which version of it. */
  'observation.seen': { readonly cameraId: CameraId; readonly observation: Observation; readonly seenBy: SeenBy }
  /** Stored and committed; `opened` once an incident. */
  'incident.changed': { readonly incidentId: IncidentId; readonly cameraId: CameraId; readonly opened: boolean; readonly ended: boolean }
  /** What was held calls people after all; stored. */
  'incident.released': { readonly incidentId: IncidentId; readonly cameraId: CameraId }
  /** How far the lamp of a rule can be trusted. The report carries its rule's own id. */
  'lamp.reported': { readonly cameraId: CameraId; readonly report: SignalReport; readonly seenBy: SeenBy }
  /** Somebody must go and look at a lamp; stored. */
  'repair.opened': { readonly repairId: RepairId; readonly cameraId: CameraId }
  'alert.raised': { readonly alertId: AlertId; readonly incidentId: IncidentId; readonly cameraId: CameraId }
  /** Something was appended to the change log up to this `seq`. */
  'changes.appended': { readonly seq: number }
  'session.changed': { readonly cameraId: CameraId; readonly news: SessionNews }
  /** A camera or its streams were added, changed or removed. */
  'camera.changed': { readonly cameraId: CameraId }
  /** A rule got a version, or which of its versions watches was decided; stored. */
  'rule.changed': { readonly cameraId: CameraId; readonly ruleId: RuleId }
  /** A camera that turns came to a preset to which a rule is bound, or left it. Nothing is stored: it is asked anew after a start. */
  'aim.changed': { readonly cameraId: CameraId }
  /** What a big screen shows was stored. */
  'screen.changed': { readonly number: number }
}

export interface Bus {
  publish<Name extends keyof Topics>(topic: Name, message: Topics[Name]): void
  /** A listener that throws or rejects is reported and keeps its subscription. */
  subscribe<Name extends keyof Topics>(topic: Name, listen: (message: Topics[Name]) => void | Promise<void>): () => void
}
