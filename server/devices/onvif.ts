import type { Trouble } from '../domain/trouble.js'
import { forkOurs } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import type { Allowed } from './address-guard.js'
import { replySchema, requestSchema, type DeviceAim, type DeviceReport, type OnvifReply, type OnvifRequest } from './onvif-messages.js'
import type { Credentials } from './secrets.js'

export type { DeviceAim, DeviceProfile, DeviceReport } from './onvif-messages.js'

export interface OnvifOptions {
  readonly runId: string
  readonly log: Log
  readonly clock: Clock
  /** For one question as a whole; after it the child is killed and this request alone is lost. */
  readonly deadlineMs: number
  readonly childrenMax?: number
}
type Failed = { readonly ok: false; readonly trouble: Trouble }
export type DeviceAnswer = { readonly ok: true; readonly report: DeviceReport } | Failed
export type AimReply = { readonly ok: true; readonly aim: DeviceAim } | Failed
/** What is asked of a camera that turns. */
export type AimAsk = Omit<Extract<OnvifRequest['ask'], { readonly for: 'aim' }>, 'for'>

export interface Onvif {
  /** `target` comes from the address guard: the child connects to that literal address and nowhere else. */
  inspect(target: Allowed, credentials: Credentials | null): Promise<DeviceAnswer>
  /** Where it looks, and which presets it keeps. */
  aim(target: Allowed, credentials: Credentials | null, ask: AimAsk): Promise<AimReply>
  /** Process ids of the children alive now, for upkeep and tests. */
  pids(): readonly number[]
  close(): void
}

const MEMORY_MB_MAX = 96
/** Starting Node takes a second on a busy machine; that is not the device's time. */
const START_MS_MAX = 20_000
/** A single ONVIF call; a whole recorder has the deadline. */
const CALL_MS_MAX = 4_000
const WAITING_MAX = 256
const OTHER_ANSWER = 'the ONVIF process answered another question'

interface Job {
  readonly id: number
  readonly target: Allowed
  readonly credentials: Credentials | null
  readonly ask: OnvifRequest['ask']
  readonly settle: (answer: Answered) => void
}
/** The one that was asked for, or why there is none. */
type Answered = { readonly ok: true; readonly reply: Extract<OnvifReply, { readonly kind: 'report' | 'aim' }> } | Failed

export function openOnvif(options: OnvifOptions): Onvif {
  const idle: Child[] = []
  const all = new Set<Child>()
  const waiting: Job[] = []
  let nextId = 0
  let closed = false

  const pump = (): void => {
    while (!closed && waiting.length > 0) {
      const child = idle.pop() ?? (all.size < (options.childrenMax ?? 2) ? start() : null)
      const job = child ? waiting.shift() : undefined
      if (!child || !job) return
      child.take(job)
    }
  }
  const start = (): Child => {
    const child = startChild(options, {
      free: () => {
        idle.push(child)
        pump()
      },
      gone: () => {
        all.delete(child)
        const at = idle.indexOf(child)
        if (at >= 0) idle.splice(at, 1)
        pump()
      },
    })
    all.add(child)
    return child
  }

  const put = (target: Allowed, credentials: Credentials | null, ask: OnvifRequest['ask']): Promise<Answered> =>
    new Promise((settle) => {
      if (closed || waiting.length >= WAITING_MAX) return settle(troubled(target, 'internal', closed ? 'the server is stopping' : `more than ${WAITING_MAX} devices wait to be asked`))
      nextId += 1
      waiting.push({ id: nextId, target, credentials, ask, settle })
      pump()
    })

  return {
    async inspect(target, credentials) {
      const answered = await put(target, credentials, { for: 'report' })
      if (!answered.ok) return answered
      return answered.reply.kind === 'report' ? { ok: true, report: answered.reply.report } : troubled(target, 'internal', OTHER_ANSWER)
    },
    async aim(target, credentials, ask) {
      const answered = await put(target, credentials, { for: 'aim', ...ask })
      if (!answered.ok) return answered
      return answered.reply.kind === 'aim' ? { ok: true, aim: answered.reply.aim } : troubled(target, 'internal', OTHER_ANSWER)
    },
    pids: () => [...all].flatMap((child) => child.pid ?? []),
    close() {
      closed = true
      for (const job of waiting.splice(0)) job.settle(troubled(job.target, 'internal', 'the server is stopping'))
      for (const child of all) child.kill()
    },
  }
}

interface Child {
  readonly pid: number | undefined
  take(job: Job): void
  kill(): void
}

/** One child: one request in flight, a deadline for it, and death for whoever misses it. */
function startChild(options: OnvifOptions, tell: { readonly free: () => void; readonly gone: () => void }): Child {
  const { clock, log } = options
  const child = forkOurs(new URL('./onvif-child', import.meta.url), { runId: options.runId, memoryMb: MEMORY_MB_MAX })
  let job: Job | null = null
  let ready = false
  let last = { code: 'internal' as Trouble['code'], said: 'the ONVIF process ended' }
  let onTime = clock.after(START_MS_MAX, () => kill({ code: 'internal', said: `the ONVIF process did not start within ${START_MS_MAX} ms` }))

  const kill = (why?: typeof last): void => {
    if (why) last = why
    child.kill('SIGKILL')
  }
  const send = (): void => {
    if (!ready || !job) return
    const { id, target, credentials, ask } = job
    const request = requestSchema.parse({ id, target: { address: target.address, port: target.port, path: target.path, secure: target.scheme === 'https', host: target.host }, credentials, ask, callMs: Math.min(CALL_MS_MAX, Math.ceil(options.deadlineMs / 3)) })
    onTime = clock.after(options.deadlineMs, () => kill({ code: 'timed_out', said: `no end after ${options.deadlineMs} ms` }))
    // A child that died between two requests cannot be written to; its exit event settles the job.
    child.send(request, (fault) => fault && kill())
  }
  const hear = (reply: OnvifReply): void => {
    if (reply.kind === 'ready') {
      ready = true
      onTime()
      return send()
    }
    if (!job || reply.id !== job.id) return
    onTime()
    const { settle } = job
    job = null
    settle(reply.kind === 'trouble' ? { ok: false, trouble: reply.trouble } : { ok: true, reply })
    tell.free()
  }
  child.on('message', (message: unknown) => {
    const reply = replySchema.safeParse(message)
    if (reply.success) hear(reply.data)
    else kill({ code: 'internal', said: 'the ONVIF process answered out of form' })
  })
  child.on('error', (fault) => kill({ code: 'internal', said: fault.message }))
  child.on('exit', (code, signal) => {
    onTime()
    if (job) {
      log.warn({ code, signal, on: `${job.target.host}:${job.target.port}`, why: last.said }, 'the ONVIF process ended in mid-request; only this request is lost')
      job.settle(troubled(job.target, last.code, last.said))
      job = null
    }
    tell.gone()
  })

  return {
    get pid() {
      return child.pid
    },
    take(next) {
      job = next
      send()
    },
    kill: () => kill({ code: 'internal', said: 'the server is stopping' }),
  }
}

function troubled(target: Allowed, code: Trouble['code'], said: string): Failed {
  return { ok: false, trouble: { code, tried: 'ONVIF', on: `${target.host}:${target.port}${target.path}`, said } }
}
