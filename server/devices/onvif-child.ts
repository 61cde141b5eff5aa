import { systemClock } from '../system/clock.js'
import { inspectDevice } from './onvif-inspect.js'
import { requestSchema, type OnvifReply } from './onvif-messages.js'

/**
 * The process that alone meets the `onvif` library. A device can stop this one for minutes with a long attribute (the
 * library's regular expression: 400 kB took 15 s) or fill its memory; our parent then ends it and starts another.
 */
function say(reply: OnvifReply): void {
  process.send?.(reply)
}

process.on('message', (message: unknown) => {
  const request = requestSchema.parse(message)
  inspectDevice(request, systemClock).then(
    (inspected) => say(inspected.ok ? { kind: 'report', id: request.id, report: inspected.report } : { kind: 'trouble', id: request.id, trouble: inspected.trouble }),
    (fault: unknown) => {
      const said = fault instanceof Error ? fault.name : 'unknown fault'
      say({ kind: 'trouble', id: request.id, trouble: { code: 'internal', tried: 'ONVIF', on: `${request.target.host}:${request.target.port}`, said } })
    },
  )
})
// Our parent is gone: nobody is left to answer.
process.on('disconnect', () => process.exit(0))
say({ kind: 'ready' })
