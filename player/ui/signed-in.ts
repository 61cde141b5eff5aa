import { createContext, useContext } from 'react'
import type { Me } from '../../server/contract/sign-in.js'

/** Who sits here. Set by the shell, which shows nothing before it is known. */
export const SignedIn = createContext<Me | null>(null)

export function useSignedIn(): Me {
  const me = useContext(SignedIn)
  if (!me) throw new Error('A screen that needs a signed-in person stands outside the shell')
  return me
}

/** The names are the server's (server/domain/person.ts); what is absent is not shown, and the server refuses it anyway. */
export type Permission = 'camera.view' | 'wall.push' | 'meeting.open' | 'camera.manage' | 'rule.manage' | 'rule.suspend' | 'alert.view' | 'alert.act' | 'held.settle' | 'repair.close' | 'signal.manage' | 'evidence.view' | 'recording.view' | 'recording.hold' | 'recording.manage' | 'recording.export' | 'report.view' | 'report.act' | 'people.manage' | 'model.manage' | 'sandbox.fault'

export function may(me: Me, permission: Permission): boolean {
  return me.permissions.includes(permission)
}
