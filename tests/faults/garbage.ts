import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { FLOOD_BOUNDS } from '../../server/ingest/flood-guard.js'
import { openRtspGate, type GateFact } from '../../server/ingest/rtsp-gate.js'
import { MediaFault } from '../../server/media/fault.js'
import { sourceAddress } from '../../server/media/ffmpeg-args.js'
import { openFragmenter } from '../../server/media/fragmenter.js'
import { pause, systemClock } from '../../server/system/clock.js'
import { startChild } from '../../server/system/child.js'
import { rssMb } from './processes.js'
import { seeded } from './seeded.js'

/** T8: seeded garbage. A case is one session's worth of bytes, spoilt; its seed brings it back. */
export interface Garbage {
  readonly cases: number
  /** Cases that ended in a named fault; the others passed, because what was spoilt was picture and no frame. */
  readonly named: number
  /** Seeds of cases that ended in anything but a named fault. */
  readonly broken: readonly string[]
  readonly rssGrownMb: number
}

/** A real fragmented MP4 of some seconds, as ffmpeg hands it to us. */
export async function realFragments(clip: string): Promise<Buffer> {
  const child = startChild('ffmpeg', ['-nostdin', '-v', 'error', '-i', clip, '-an', '-c', 'copy', '-video_track_timescale', '90000', '-movflags', '+frag_every_frame+empty_moov+default_base_moof', '-f', 'mp4', 'pipe:1'], { runId: `faults:${process.pid}` })
  child.stdin.end()
  child.stderr.resume()
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

type Spoiler = (bytes: Buffer, chance: () => number) => Buffer

/** Ways to spoil bytes, as links and cameras do: changed, lost, doubled, cut off, swapped, and sizes that lie. */
const SPOILERS: readonly Spoiler[] = [
  (bytes, chance) => changed(bytes, chance, 1 + Math.floor(chance() * 20)),
  (bytes, chance) => changed(bytes, chance, 200),
  (bytes, chance) => cutOut(bytes, at(bytes, chance), Math.floor(chance() * 500)),
  (bytes, chance) => bytes.subarray(0, at(bytes, chance)),
  (bytes, chance) => {
    const from = at(bytes, chance)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(Math.max(0, from - Math.floor(chance() * 2_000)))])
  },
  (bytes, chance) => {
    const lying = Buffer.from(bytes)
    const where = Math.min(at(bytes, chance), bytes.length - 4)
    lying.writeUInt32BE([0, 1, 7, 0x7fff_ffff, 0xffff_ffff][Math.floor(chance() * 5)] ?? 0, Math.max(0, where))
    return lying
  },
  (bytes, chance) => Buffer.from(Array.from({ length: Math.min(bytes.length, 4_000) }, () => Math.floor(chance() * 256))),
]

function at(bytes: Buffer, chance: () => number): number {
  // Half of them in the first kilobyte, where the boxes and heads are that decide.
  return Math.floor(chance() * (chance() < 0.5 ? Math.min(1_024, bytes.length) : bytes.length))
}

function changed(bytes: Buffer, chance: () => number, count: number): Buffer {
  const copy = Buffer.from(bytes)
  for (let done = 0; done < count; done += 1) copy[at(copy, chance)] = Math.floor(chance() * 256)
  return copy
}

function cutOut(bytes: Buffer, from: number, count: number): Buffer {
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + count)])
}

export function spoilt(bytes: Buffer, seed: number): Buffer {
  const chance = seeded(seed)
  const spoil = SPOILERS[Math.floor(chance() * SPOILERS.length)] as Spoiler
  return spoil(bytes, chance)
}

/** Spoilt fMP4 into the fragmenter, in pieces of any size. */
export function garbageInFragments(real: Buffer, plan: { readonly cases: number; readonly firstSeed: number }): Garbage {
  const head = real.subarray(0, Math.min(real.length, 40_000))
  const before = settledRss()
  let named = 0
  const broken: string[] = []
  for (let seed = plan.firstSeed; seed < plan.firstSeed + plan.cases; seed += 1) {
    const bytes = spoilt(head, seed)
    const chance = seeded(seed ^ 0x5eed)
    const fragmenter = openFragmenter()
    try {
      let lastTicks = -1
      for (let from = 0; from < bytes.length; ) {
        const size = 1 + Math.floor(chance() * 8_000)
        for (const news of fragmenter.push(bytes.subarray(from, from + size), seed)) {
          if (news.kind !== 'packet') continue
          // Our time line only grows, whatever they claim (T10).
          if (news.packet.decodeTime <= lastTicks || !(news.packet.durationTicks > 0)) broken.push(`fMP4 seed ${seed}: a packet at ${news.packet.decodeTime} after ${lastTicks}`)
          lastTicks = news.packet.decodeTime
        }
        from += size
      }
    } catch (fault) {
      if (fault instanceof MediaFault) named += 1
      else broken.push(`fMP4 seed ${seed}: ${String(fault)}`)
    }
  }
  return { cases: plan.cases, named, broken, rssGrownMb: settledRss() - before }
}

/** What a healthy camera says in one session: its answers, then media. */
function healthySession(chance: () => number): readonly Buffer[] {
  const answer = (cseq: number, headers: readonly string[], body = ''): Buffer => Buffer.from(['RTSP/1.0 200 OK', `CSeq: ${cseq}`, ...headers, ...(body ? [`Content-Length: ${body.length}`] : []), '', body].join('\r\n'))
  const sdp = 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAH9oBQBbsBEAAAAMAQAAADIPGDKg=,aM48gA==\r\na=control:track1\r\n'
  const frames = Array.from({ length: 12 }, (_, index) => {
    const size = 20 + Math.floor(chance() * 1_200)
    const frame = Buffer.alloc(4 + size, index)
    frame.writeUInt32BE(0x2400_0000 + size, 0)
    frame.writeUInt32BE(0x8060_0000 + index, 4)
    frame[16] = index % 3 === 0 ? 0x7c : 0x41
    return frame
  })
  return [answer(1, ['Public: OPTIONS, DESCRIBE, SETUP, PLAY']), answer(2, ['Content-Type: application/sdp', 'Content-Base: rtsp://127.0.0.1/x/'], sdp), answer(3, ['Transport: RTP/AVP/TCP;unicast;interleaved=0-1', 'Session: 12;timeout=60']), Buffer.concat([answer(4, ['Session: 12', 'RTP-Info: url=rtsp://127.0.0.1/x/track1;seq=1']), ...frames])]
}

const REQUESTS = ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY']

/** Spoilt RTSP, SDP and RTP through the real gate, on real sockets: one session a case. */
export async function garbageThroughGate(plan: { readonly cases: number; readonly firstSeed: number; readonly atOnce: number }): Promise<Garbage> {
  const before = settledRss()
  const gate = await openRtspGate(systemClock, FLOOD_BOUNDS)
  const camera = await openSpoiltCamera()
  const outcome = { named: 0, broken: [] as string[] }
  const catchOut = (fault: unknown): void => void outcome.broken.push(`RTSP: ${String(fault)}`)
  process.on('uncaughtException', catchOut)
  let seed = plan.firstSeed
  const work = async (): Promise<void> => {
    while (seed < plan.firstSeed + plan.cases) {
      const own = seed
      seed += 1
      camera.next.push(own)
      const facts = await oneSession(gate, camera.port)
      if (facts.some(({ kind }) => kind === 'garbage')) outcome.named += 1
    }
  }
  await Promise.all(Array.from({ length: plan.atOnce }, work))
  await camera.close()
  await gate.close()
  // What a late callback would throw comes now.
  await pause(systemClock, 50)
  process.off('uncaughtException', catchOut)
  return { cases: plan.cases, named: outcome.named, broken: outcome.broken, rssGrownMb: settledRss() - before }
}

interface SpoiltCamera {
  readonly port: number
  /** Seeds of the sessions to come. */
  readonly next: number[]
  close(): Promise<void>
}

async function openSpoiltCamera(): Promise<SpoiltCamera> {
  const next: number[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const seed = next.shift() ?? 0
    const chance = seeded(seed)
    const answers = healthySession(chance)
    const bad = Math.floor(chance() * answers.length)
    let asked = 0
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      for (const _ of chunk.toString('latin1').matchAll(/\r\n\r\n/g)) {
        const answer = answers[asked] ?? Buffer.alloc(0)
        socket.write(asked === bad ? spoilt(answer, seed) : answer)
        asked += 1
      }
      if (asked >= answers.length || asked > bad) socket.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    next,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** Asks as ffmpeg does, in one go, and reads until the gate has ended it. */
function oneSession(gate: Awaited<ReturnType<typeof openRtspGate>>, cameraPort: number): Promise<readonly GateFact[]> {
  const address = sourceAddress(`rtsp://127.0.0.1:${cameraPort}/x`)
  if (!('ok' in address)) throw new Error('the address of the spoilt camera is none')
  const facts: GateFact[] = []
  const pass = gate.admit({ address: address.ok, login: { user: 'u', password: 'p' }, withinMs: () => 40, onFact: (fact) => facts.push(fact) })
  const { port } = new URL(pass.address)
  return new Promise((resolve) => {
    const client = connect({ host: '127.0.0.1', port: Number(port) }, () => {
      client.write(REQUESTS.map((method, index) => `${method} ${pass.address} RTSP/1.0\r\nCSeq: ${index + 1}\r\n\r\n`).join(''))
    })
    const late = systemClock.after(5_000, () => client.destroy())
    client.on('data', () => undefined).on('error', () => undefined)
    client.on('close', () => {
      late()
      pass.close()
      resolve(facts)
    })
  })
}

/** After a collection where the process may force one; otherwise as it is. */
function settledRss(): number {
  const collect = (globalThis as { readonly gc?: () => void }).gc
  collect?.()
  return rssMb()
}
