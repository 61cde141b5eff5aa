import type { AreaId, PersonId } from './ids.js'
import type { Language } from './words.js'

/** Who sits in front of the screen (README: who uses it). */
export const ROLES = ['police', 'traffic', 'ioc', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** A person sees only the areas listed, with all that lie inside them. An administrator of the whole city lists the root. */
export interface Person {
  readonly id: PersonId
  readonly name: string
  readonly displayName: string
  readonly role: Role
  readonly areas: readonly AreaId[]
  readonly language: Language
  readonly disabled: boolean
}

/** What can be done. Every route, socket event and stream path names exactly one; the server refuses to start otherwise. */
export const PERMISSIONS = [
  'session.own', // see and change one's own sign-in and language
  'camera.view', // live picture, list, state
  'wall.push', // send a camera or a wall to a big screen
  'meeting.open', // give a meeting room a link to some cameras, for a while
  'camera.manage', // add, change, remove, discover, credentials
  'rule.manage', // zones and rules
  'rule.suspend', // say for some minutes that something lawful explains what a rule sees
  'alert.view',
  'alert.act', // claim, confirm, reject, resolve, note
  'held.settle', // release or dismiss what was kept apart
  'repair.close', // say that somebody has been there
  'signal.manage', // controllers of junctions and their keys
  'evidence.view',
  'recording.view', // the past: timeline, playback
  'recording.hold', // keep a span whatever the retention says
  'recording.export', // a copy leaves the system: with a reason, on record
  'recording.manage', // what is kept, and for how long
  'report.view',
  'report.act', // link, answer
  'people.manage',
  'model.manage', // bring, try, use and remove models
  'system.view', // health and figures
  'sandbox.fault', // switch faults of virtual cameras
] as const
export type Permission = (typeof PERMISSIONS)[number]

const RIGHTS: Readonly<Record<Role, readonly Permission[]>> = {
  police: ['session.own', 'camera.view', 'wall.push', 'meeting.open', 'rule.suspend', 'alert.view', 'alert.act', 'repair.close', 'evidence.view', 'recording.view', 'recording.hold', 'recording.export', 'report.view'],
  traffic: ['session.own', 'camera.view', 'rule.suspend', 'alert.view', 'alert.act', 'held.settle', 'repair.close', 'evidence.view', 'recording.view', 'recording.hold', 'recording.export'],
  ioc: ['session.own', 'camera.view', 'wall.push', 'meeting.open', 'alert.view', 'alert.act', 'repair.close', 'evidence.view', 'recording.view', 'report.view', 'report.act'],
  admin: [...PERMISSIONS],
}

export function rightsOf(role: Role): readonly Permission[] {
  return RIGHTS[role]
}

export function may(person: Pick<Person, 'role' | 'disabled'>, permission: Permission): boolean {
  return !person.disabled && RIGHTS[person.role].includes(permission)
}
