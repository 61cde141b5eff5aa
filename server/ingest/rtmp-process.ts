import type { Readable } from 'node:stream'
import { forkOurs, MEDIA_PIPE_FD } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { openFrameReader, type MediaFrame } from './media-frames.js'
import { saidSchema, type RtmpOrder, type RtmpSaid, type TurnedAway } from './rtmp-messages.js'

export interface RtmpProcessOptions {
  readonly clock: Clock
  readonly log: Log
  readonly runId: string
  readonly host: string
  readonly port: number
  readonly backOffMsMin?: number
  onListening(port: number): void
  /** It is not listening, and why; it is tried again. */
  onShut(why: string): void
  onFrame(frame: MediaFrame): void
}

/** The process that takes pushes, kept alive: ended when it hangs, started again with back-off when it ends. */
export interface RtmpProcess {
  order(order: RtmpOrder): void
  /** Its process id while one runs, for tests. */
  pid(): number | null
  turnedAway(): TurnedAway | null
  close(): Promise<void>
}

const MEMORY_MB_MAX = 192
/** Starting Node takes a second, and on a machine with a load of 26 on two cores took over twenty: killed then, it would never start. */
const START_MS_MAX = 60_000
/** It speaks every second; one that does not is busy with something that will not end. */
const SILENT_MS_MAX = 10_000
const BACK_OFF_MS_MIN = 1_000
const BACK_OFF_MS_MAX = 30_000
/** So long without a fault, and the ladder is back at its foot. */
const RECOVERED_MS = 30_000
const LOG_EVERY_MS = 10_000

export function keepRtmpProcess(options: RtmpProcessOptions): RtmpProcess {
  const { clock, log } = options
  let child: ReturnType<typeof forkOurs> | null = null
  let listening = false
  let streams: RtmpOrder | null = null
  let attempts = 0
  let startedMs = 0
  let cancelWatch = (): void => undefined
  let cancelRetry = (): void => undefined
  let closing: (() => void) | null = null
  let away: TurnedAway | null = null
  let loggedAway = ''
  let loggedMs = Number.NEGATIVE_INFINITY

  function start(): void {
    startedMs = clock.monotonicMs()
    const one = forkOurs(new URL('./rtmp-child', import.meta.url), { runId: options.runId, memoryMb: MEMORY_MB_MAX, mediaPipe: true })
    child = one
    const read = openFrameReader()
    const watch = (ms: number): void => {
      cancelWatch()
      cancelWatch = clock.after(ms, () => {
        log.warn({ ms }, 'the RTMP process is silent and is ended')
        one.kill('SIGKILL')
      })
    }
    watch(START_MS_MAX)
    one.on('message', (message: unknown) => {
      const said = saidSchema.safeParse(message)
      if (!said.success) return void one.kill('SIGKILL')
      watch(SILENT_MS_MAX)
      hear(said.data)
    })
    const pipe = one.stdio[MEDIA_PIPE_FD] as Readable
    pipe.on('error', () => undefined)
    pipe.on('data', (chunk: Buffer) => {
      try {
        for (const frame of read(chunk)) options.onFrame(frame)
      } catch (fault) {
        if (!(fault instanceof RangeError || fault instanceof SyntaxError)) throw fault
        log.error({ words: fault.message }, 'the RTMP process speaks out of form and is ended')
        one.kill('SIGKILL')
      }
    })
    one.on('error', (fault) => log.error({ fault }, 'the RTMP process cannot be started'))
    // `close` comes when its pipe was read to the end: what it published before it died is not lost.
    one.on('close', (code, signal) => onGone(code, signal))
  }

  function hear(said: RtmpSaid): void {
    if (said.kind === 'ready') {
      if (streams) send(streams)
      send({ kind: 'open', host: options.host, port: options.port })
    } else if (said.kind === 'listening') {
      listening = true
      log.info({ host: options.host, port: said.port }, 'encoders may push by RTMP')
      options.onListening(said.port)
    } else if (said.kind === 'shut') {
      options.onShut(said.code === 'EADDRINUSE' ? `port ${options.port} is used by another program` : `port ${options.port} cannot be opened: ${said.code}`)
      child?.kill('SIGKILL')
    } else noteAway(said.turnedAway)
  }

  /** A thousand refusals are one line. */
  function noteAway(now: TurnedAway): void {
    away = now
    const key = JSON.stringify(now)
    if (key === loggedAway || Object.values(now).every((count) => count === 0) || clock.monotonicMs() - loggedMs < LOG_EVERY_MS) return
    loggedAway = key
    loggedMs = clock.monotonicMs()
    log.warn({ turnedAway: now }, 'RTMP connections were turned away')
  }

  function onGone(code: number | null, signal: NodeJS.Signals | null): void {
    cancelWatch()
    child = null
    if (closing) return closing()
    if (listening) {
      log.warn({ code, signal }, 'the RTMP process ended; it is started again')
      options.onShut('the process that takes RTMP ended and is being started again')
    }
    listening = false
    attempts = clock.monotonicMs() - startedMs >= RECOVERED_MS ? 0 : attempts + 1
    cancelRetry = clock.after(Math.min(BACK_OFF_MS_MAX, (options.backOffMsMin ?? BACK_OFF_MS_MIN) * 2 ** Math.min(10, Math.max(0, attempts - 1))), start)
  }

  function send(order: RtmpOrder): void {
    // One that died between two orders cannot be written to; its end is heard of.
    child?.send(order, (fault) => fault && undefined)
  }

  start()
  return {
    order(order) {
      if (order.kind === 'streams') streams = order
      send(order)
    },
    pid: () => child?.pid ?? null,
    turnedAway: () => away,
    close() {
      cancelRetry()
      return new Promise((resolve) => {
        closing = resolve
        if (child) child.kill('SIGKILL')
        else resolve()
      })
    },
  }
}
