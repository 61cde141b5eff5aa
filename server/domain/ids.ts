/** Ids are branded strings: a camera's can never be handed where a person's is wanted. All match `[a-z0-9-]{1,64}`. */
declare const brand: unique symbol
type Id<Name extends string> = string & { readonly [brand]: Name }

export type AreaId = Id<'area'>
export type PersonId = Id<'person'>
export type SignInId = Id<'sign-in'>
export type DeviceId = Id<'device'>
export type CameraId = Id<'camera'>
export type StreamId = Id<'stream'>
export type RuleId = Id<'rule'>
export type IncidentId = Id<'incident'>
export type AlertId = Id<'alert'>
export type EvidenceId = Id<'evidence'>
export type ReportId = Id<'report'>
export type LinkId = Id<'link'>
export type BookmarkId = Id<'bookmark'>
export type ExportId = Id<'export'>
export type RunId = Id<'run'>
export type HoldId = Id<'hold'>
export type WallId = Id<'wall'>
export type MeetingId = Id<'meeting'>
export type ModelId = Id<'model'>
export type UploadId = Id<'upload'>
export type TrialId = Id<'trial'>
export type BacktestId = Id<'backtest'>
export type SignalId = Id<'signal'>
export type LampFaultId = Id<'lamp-fault'>
export type RepairId = Id<'repair'>
export type SuspensionId = Id<'suspension'>

const SHAPE = /^[a-z0-9][a-z0-9-]{0,63}$/

export function isId(text: unknown): text is string {
  return typeof text === 'string' && SHAPE.test(text)
}

/** Trusts the text: for rows from our own database and for ids just made. */
export function asId<T extends string>(text: string): T {
  return text as T
}
