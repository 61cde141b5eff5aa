import { makeAddressGuard, type Allowed } from '../../server/devices/address-guard.js'
import { systemClock } from '../../server/system/clock.js'

/** Devices made by hand are on this machine. */
export const LOOPBACK = makeAddressGuard({ networks: ['127.0.0.0/8'] }, systemClock)

/** A device's address as the guard allows it: what an ONVIF child is given. */
export async function targetOf(url: string): Promise<Allowed> {
  const verdict = await LOOPBACK.check(url, ['http'])
  if (!verdict.ok) throw new Error(verdict.trouble.said)
  return verdict
}
