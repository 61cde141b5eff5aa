import { systemClock } from '../system/clock.js'
import { askAim } from './onvif-aim.js'
import { inspectDevice } from './onvif-inspect.js'
import { requestSchema, type OnvifReply, type OnvifRequest } from './onvif-messages.js'

/**
 * The process that alone meets the `onvif` library. A device can stop this one for minutes with a long attribute (the
 * library's regular expression: 400 kB took 15 s) or fill its memory; our parent then ends it and starts another.
 */
function say(reply: OnvifReply): void {
  process.send?.(reply)
}

async function answer(request: OnvifRequest): Promise<OnvifReply> {
  const { id, ask } = request
  if (ask.for === 'aim') {
    const asked = await askAim(request, ask, systemClock)
    return asked.ok ? { kind: 'aim', id, aim: asked.aim } : { kind: 'trouble', id, trouble: asked.trouble }
  }
  const inspected = await inspectDevice(request, systemClock)
  return inspected.ok ? { kind: 'report', id, report: inspected.report } : { kind: 'trouble', id, trouble: inspected.trouble }
}

process.on('message', (message: unknown) => {
  const request = requestSchema.parse(message)
  answer(request).then(
    say,
    (fault: unknown) => {
      const said = fault instanceof Error ? fault.name : 'unknown fault'
      say({ kind: 'trouble', id: request.id, trouble: { code: 'internal', tried: 'ONVIF', on: `${request.target.host}:${request.target.port}`, said } })
    },
  )
})
// Our parent is gone: nobody is left to answer.
process.on('disconnect', () => process.exit(0))
say({ kind: 'ready' })
