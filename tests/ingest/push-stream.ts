import { spawn, type ChildProcess } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub, type MemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { openPushIntake, type PushIntake, type PushIntakeOptions } from '../../server/ingest/push-intake.js'
import type { SessionNews } from '../../server/ingest/session-news.js'
import { systemClock } from '../../server/system/clock.js'
import { hashOfPushKey, makePushKey } from '../../server/system/push-key.js'
import { silentLog } from '../../server/system/log.js'
import { closeAfterTest } from '../support/rtsp-server.js'
import { until } from '../support/until.js'

export const PUSHED = asId<StreamId>('cam-1-pushed')

export interface PushHouse {
  readonly intake: PushIntake
  readonly hub: MemoryPacketHub
  readonly key: string
  /** All that was told of the stream so far. */
  readonly told: readonly SessionNews[]
  port(): number
  news(): SessionNews | undefined
  is(state: SessionNews['state']): Promise<SessionNews>
  forgetNews(): void
}

/** An intake on a free port of loopback, with one camera that may push. */
export async function openPushHouse(part: Partial<PushIntakeOptions> & { readonly networks?: readonly string[]; readonly opens?: false } = {}): Promise<PushHouse> {
  const { networks = [], opens, ...options } = part
  const hub = openMemoryPacketHub()
  const told: SessionNews[] = []
  const key = makePushKey()
  const intake = openPushIntake({ hub, clock: systemClock, log: silentLog, ffmpeg: 'ffmpeg', runId: `test:${process.pid}`, enabled: true, host: '127.0.0.1', port: 0, backOffMsMin: 50, ...options, onSession: (_stream, news) => void told.push(news) })
  closeAfterTest(() => intake.close())
  intake.setPush(PUSHED, { keyHash: hashOfPushKey(key), networks })
  if (opens === undefined) await until('the RTMP port is open', () => intake.port() !== null)
  const house: PushHouse = {
    intake,
    hub,
    key,
    told,
    port: () => intake.port() ?? 0,
    news: () => intake.sessions().find(({ streamId }) => streamId === PUSHED),
    async is(state) {
      await until(`the pushed stream is ${state}; it was ${told.map((news) => `${news.state} (${news.fault?.name ?? ''}: ${news.fault?.words ?? ''})`).join(', ')}`, () => told.some((news) => news.state === state))
      return told.findLast((news) => news.state === state)!
    },
    forgetNews: () => void told.splice(0),
  }
  return house
}

/** A real encoder: ffmpeg that draws and pushes until it is ended. */
export function startEncoder(port: number, name: string, options: { readonly app?: string; readonly codec?: readonly string[]; readonly size?: string; readonly sound?: boolean } = {}): ChildProcess {
  const { app = 'live', size = '320x180', sound = false } = options
  const codec = options.codec ?? ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '25', '-pix_fmt', 'yuv420p']
  const drawn = ['-re', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25`, ...(sound ? ['-f', 'lavfi', '-i', 'sine=sample_rate=44100', '-c:a', 'aac'] : [])]
  const child = spawn('ffmpeg', ['-nostdin', '-v', 'error', ...drawn, ...codec, '-f', 'flv', `rtmp://127.0.0.1:${port}/${app}/${name}`], { stdio: ['ignore', 'ignore', 'ignore'] })
  closeAfterTest(async () => void child.kill('SIGKILL'))
  return child
}

export function ended(child: ChildProcess): Promise<number | null> {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve(child.exitCode) : new Promise((resolve) => child.once('exit', (code) => resolve(code)))
}

/** A socket to the RTMP port that never throws. */
export function dial(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('error', () => undefined)
    socket.once('connect', () => resolve(socket))
    socket.once('close', () => resolve(socket))
    closeAfterTest(async () => void socket.destroy())
  })
}

export function isClosed(socket: Socket): Promise<void> {
  socket.resume()
  return socket.destroyed ? Promise.resolve() : new Promise((resolve) => socket.once('close', () => resolve()))
}

/** What a client says before its commands: version 3, C1 and C2 of zeros (the simple handshake). */
export const HANDSHAKE = Buffer.concat([Buffer.from([3]), Buffer.alloc(1536), Buffer.alloc(1536)])

/** One AMF0 command as one RTMP message, cut into chunks of 128 bytes as a client must before it says otherwise. */
export function command(values: readonly (string | number | null | Readonly<Record<string, string>>)[], stream = 0): Buffer {
  const body = Buffer.concat(values.map(amf))
  const head = Buffer.alloc(12)
  head[0] = 3
  head.writeUIntBE(body.length, 4, 3)
  head[7] = 20
  head.writeUInt32LE(stream, 8)
  const chunks: Buffer[] = [head]
  for (let at = 0; at < body.length; at += 128) chunks.push(...(at > 0 ? [Buffer.from([0xc3])] : []), body.subarray(at, at + 128))
  return Buffer.concat(chunks)
}

function amf(value: string | number | null | Readonly<Record<string, string>>): Buffer {
  if (value === null) return Buffer.from([5])
  if (typeof value === 'number') {
    const number = Buffer.alloc(9)
    number.writeDoubleBE(value, 1)
    return number
  }
  if (typeof value === 'string') return Buffer.concat([Buffer.from([2]), text(value)])
  return Buffer.concat([Buffer.from([3]), ...Object.entries(value).flatMap(([name, held]) => [text(name), amf(held)]), Buffer.from([0, 0, 9])])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

export const connectTo = (app: string): Buffer => command(['connect', 1, { app, tcUrl: `rtmp://127.0.0.1/${encodeURIComponent(app)}`, type: 'nonprivate' }])
export const publish = (name: string): Buffer => command(['publish', 5, null, name, 'live'], 1)
export const play = (name: string): Buffer => command(['play', 5, null, name], 1)
