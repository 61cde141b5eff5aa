import { connect } from 'node:net'
import type { Clock } from '../system/clock.js'
import type { Trouble } from '../domain/trouble.js'
import type { Allowed } from './address-guard.js'

/** Whether anything listens there. Null when it does; a closed port and a dead host are different troubles with different remedies. */
export function reach(target: Allowed, clock: Clock, deadlineMs: number): Promise<Trouble | null> {
  const on = `${target.host}:${target.port}`
  return new Promise((settle) => {
    const socket = connect({ host: target.address, port: target.port })
    const end = (trouble: Trouble | null): void => {
      onTime()
      socket.destroy()
      settle(trouble)
    }
    const onTime = clock.after(deadlineMs, () => end({ code: 'unreachable', tried: 'TCP connect', on, said: `no answer within ${deadlineMs} ms` }))
    socket.once('connect', () => end(null))
    socket.once('error', (fault) => end({ code: 'code' in fault && fault.code === 'ECONNREFUSED' ? 'refused' : 'unreachable', tried: 'TCP connect', on, said: fault.message }))
  })
}
