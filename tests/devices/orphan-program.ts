import { makeAddressGuard } from '../../server/devices/address-guard.js'
import { openOnvif } from '../../server/devices/onvif.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'

/** A server that asks one device and tells its child's pid: `orphan-program <url>`. */
const onvif = openOnvif({ runId: 'test', log: silentLog, clock: systemClock, deadlineMs: 60_000, childrenMax: 1 })
const target = await makeAddressGuard({ networks: ['127.0.0.0/8'] }, systemClock).check(process.argv[2] ?? '', ['http'])
if (!target.ok) throw new Error(target.trouble.said)
void onvif.inspect(target, { user: 'u', password: 'p' })
process.send?.(onvif.pids()[0])
