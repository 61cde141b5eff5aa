import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { forkOurs } from '../../server/system/child.js'
import { pause, systemClock } from '../../server/system/clock.js'
import { makeFigure, median, quantile, type Figure } from './figure.js'
import type { DoorAsked, DoorTold, Guest } from './held-door.js'
import { cpuSecondsOf } from './process-tree.js'

/**
 * LL-HLS blocking abuse (T20): thousands of requests that wait for a picture which does not come, then all at once for one
 * that does; what they cost in memory, how soon they are let go, and whether a viewer of another camera notices.
 */
export interface HeldPlan {
  /** All that the server holds, over three cameras of at most 2,000 each. */
  readonly held: number
  readonly rounds: number
}

const SIGN_INS = 60
const CAMERAS = 3
const START_MS_MAX = 60_000
const TIMEOUT_MS = 30_000
/** Requests counted for the cost of one. */
const ASKED = 6_000

export async function measureHeld(plan: HeldPlan, say: (line: string) => void): Promise<readonly Figure[]> {
  const rounds: Round[] = []
  for (let round = 0; round < plan.rounds; round += 1) {
    say(`${plan.held} held playlist requests, round ${round + 1} of ${plan.rounds}`)
    rounds.push(await withDoor((door) => measureRound(door, plan.held)))
  }
  const usual = (of: (round: Round) => number): number => median(rounds.map(of))
  return [
    makeFigure('live.held.memory', `MB more with ${plan.held} requests held`, usual(({ memoryMb }) => memoryMb), { bar: 100 }),
    makeFigure('live.held.release', `ms from the picture to the last of ${plan.held} answers`, usual(({ releaseMs }) => releaseMs), { bar: 500 }),
    makeFigure('live.held.refusal', 'ms until one more is told to come again', usual(({ refusalMs }) => refusalMs), { bar: 50 }),
    makeFigure('live.held.viewer_p99', 'ms, p99 from asking for a list to having it, viewer of another camera meanwhile', usual(({ viewerMsP99 }) => viewerMsP99), { bar: 1_000 }),
    makeFigure('live.held.files', 'file descriptors more than before, 10 s after all have gone', usual(({ files }) => files), { bar: 5 }),
    makeFigure('live.request_cpu', 'µs of server CPU for a list or a part of 100 KB, 16 connections', usual(({ requestUs }) => requestUs)),
  ]
}

interface Round {
  readonly memoryMb: number
  readonly releaseMs: number
  readonly refusalMs: number
  readonly viewerMsP99: number
  readonly files: number
  readonly requestUs: number
}

interface Door {
  readonly pid: number
  readonly port: number
  readonly still: readonly string[]
  readonly filming: string
  readonly guests: readonly Guest[]
  film(pictures: number): Promise<void>
}

async function measureRound(door: Door, count: number): Promise<Round> {
  const requestUs = await costOfOne(door)
  const viewer = watch(door)
  await pause(systemClock, 2_000)
  // A camera that stood still for 6 s has no list for who comes new; two segments give it one again.
  await door.film(100)
  const lists = await Promise.all(door.still.map((stream) => nextListOf(door, stream)))
  const [memoryMb, files] = [residentMbOf(door.pid), filesOf(door.pid)]
  // One place is the viewer's own: what is measured is that abuse below the bound does not touch those who watch.
  const all = Array.from({ length: count - 1 }, (_, index) => ({ stream: index % CAMERAS, guest: door.guests[index % (SIGN_INS - 1)]! }))
  const sockets = await inParts(all, 250, ({ stream, guest }) => ask(door, lists[stream]!, guest[door.still[stream]!]!))
  await pause(systemClock, 500)
  const heldMb = residentMbOf(door.pid) - memoryMb
  const refusedMs: number[] = []
  for (let index = 0; index < 10; index += 1) refusedMs.push(await timeRefused(door, lists[0]!))
  const viewerMsP99 = quantile(viewer.reloadsMs, 0.99)
  const answered = Promise.all(sockets.map(({ first }) => first))
  const fromMs = systemClock.monotonicMs()
  await door.film(6)
  const heard = await answered
  const releaseMs = systemClock.monotonicMs() - fromMs
  const odd = heard.filter((status) => status !== '200').length
  if (odd > 0) throw new Error(`${odd} of ${heard.length} held requests were not answered with a list: ${[...new Set(heard)].join(', ')}`)
  viewer.stop()
  for (const { socket } of sockets) socket.destroy()
  for (let waitedMs = 0; waitedMs < 10_000 && filesOf(door.pid) - files > 5; waitedMs += 100) await pause(systemClock, 100)
  return { memoryMb: heldMb, releaseMs, refusalMs: quantile(refusedMs, 0.9), viewerMsP99, files: Math.max(0, filesOf(door.pid) - files), requestUs }
}

/** Lists that are there and newest parts in turn, as fast as they come. */
async function costOfOne(door: Door): Promise<number> {
  const stream = door.filming
  const guest = door.guests[0]![stream]!
  const run = async (count: number): Promise<void> => {
    const links = Array.from({ length: 16 }, () => openLink(door.port))
    await Promise.all(
      links.map(async (link) => {
        for (let index = 0; index < count / 32; index += 1) {
          const list = await link.get(`/live/${stream}/media.m3u8`, guest)
          const part = [...list.matchAll(/#EXT-X-PART:.*URI="([^"]+)"/g)].at(-1)?.[1]
          if (part === undefined) throw new Error(`no part in the list: ${list.slice(0, 200)}`)
          await link.get(`/live/${stream}/${part}`, guest)
        }
        link.close()
      }),
    )
  }
  await run(ASKED)
  const from = cpuSecondsOf([door.pid])
  await run(ASKED)
  return ((cpuSecondsOf([door.pid]) - from) * 1e6) / ASKED
}

/** A viewer as hls.js is one, of the camera that films. */
function watch(door: Door): { readonly reloadsMs: number[]; stop(): void } {
  const reloadsMs: number[] = []
  const guest = door.guests[SIGN_INS - 1]![door.filming]!
  const link = openLink(door.port)
  let watching = true
  const go = async (): Promise<void> => {
    let wish = ''
    while (watching) {
      const fromMs = systemClock.monotonicMs()
      const list = await link.get(`/live/${door.filming}/media.m3u8${wish}`, guest)
      if (wish !== '') reloadsMs.push(systemClock.monotonicMs() - fromMs)
      const [, msn, part] = /PRELOAD-HINT:TYPE=PART,URI="part-(\d+)-(\d+)/.exec(list) ?? []
      if (msn === undefined) throw new Error(`the viewer was refused: ${list.slice(0, 200)}`)
      wish = `?_HLS_msn=${msn}&_HLS_part=${part}`
    }
  }
  const going = go().finally(() => link.close())
  going.catch((fault: unknown) => reloadsMs.push(Infinity) && process.stderr.write(`the viewer ended: ${String(fault)}\n`))
  return { reloadsMs, stop: () => (watching = false) }
}

/** The list with the part that is not there yet. */
async function nextListOf(door: Door, stream: string): Promise<string> {
  const link = openLink(door.port)
  const list = await link.get(`/live/${stream}/media.m3u8`, door.guests[0]![stream]!)
  link.close()
  const [, msn, part] = /PRELOAD-HINT:TYPE=PART,URI="part-(\d+)-(\d+)/.exec(list) ?? []
  if (msn === undefined) throw new Error(`no list to begin with: ${list.slice(0, 200)}`)
  return `/live/${stream}/media.m3u8?_HLS_msn=${msn}&_HLS_part=${part}`
}

async function timeRefused(door: Door, list: string): Promise<number> {
  const fromMs = systemClock.monotonicMs()
  // The viewer holds one most of the time; whoever comes while it does not is held, and holds the last place.
  const { first, socket } = await ask(door, list, door.guests[SIGN_INS - 1]![door.still[0]!]!)
  const status = await Promise.race([first, pause(systemClock, 1_000).then(() => 'held')])
  const ms = systemClock.monotonicMs() - fromMs
  if (status === 'held') return 0
  socket.destroy()
  if (status !== '503') throw new Error(`one request too many was answered with ${status}`)
  return ms
}

function head(path: string, headers: Readonly<Record<string, string>>): string {
  return `GET ${path} HTTP/1.1\r\nhost: bench\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

/** One request on a socket of its own, and the status of what comes back. A bare socket: a client of Node's would cost us more than it costs the server. */
function ask({ port }: Door, path: string, headers: Readonly<Record<string, string>>): Promise<{ readonly socket: Socket; readonly first: Promise<string> }> {
  const socket = connect(port, '127.0.0.1')
  const first = new Promise<string>((resolve) => {
    socket.once('data', (bytes) => resolve(bytes.toString('latin1', 9, 12)))
    socket.once('error', (fault) => resolve(fault.message))
    socket.once('close', () => resolve('closed'))
  })
  return new Promise((resolve) => socket.once('connect', () => socket.write(head(path, headers), () => resolve({ socket, first }))))
}

/** One connection kept alive; answers one after the other. */
function openLink(port: number): { get(path: string, headers: Readonly<Record<string, string>>): Promise<string>; close(): void } {
  const socket = connect(port, '127.0.0.1').setNoDelay(true)
  let heard = ''
  let wanted: ((body: string) => void) | null = null
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text
    const bodyAt = heard.indexOf('\r\n\r\n') + 4
    const length = /content-length: (\d+)/.exec(heard.slice(0, Math.max(0, bodyAt)))?.[1]
    if (bodyAt < 4 || length === undefined || heard.length < bodyAt + Number(length)) return
    const body = heard.slice(bodyAt)
    heard = ''
    wanted?.(body)
  })
  return {
    get: (path, headers) =>
      new Promise((resolve, reject) => {
        wanted = resolve
        socket.once('error', reject)
        socket.write(head(path, headers), () => socket.off('error', reject))
      }),
    close: () => socket.destroy(),
  }
}

async function inParts<T, R>(all: readonly T[], size: number, act: (one: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = []
  for (let at = 0; at < all.length; at += size) done.push(...(await Promise.all(all.slice(at, at + size).map(act))))
  return done
}

function residentMbOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? NaN) / 1024
}

function filesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

async function withDoor(act: (door: Door) => Promise<Round>): Promise<Round> {
  const child = forkOurs(new URL('./held-door', import.meta.url), { runId: `bench:${process.pid}` })
  const hear = <Kind extends DoorTold['tell']>(asked: DoorAsked, kind: Kind): Promise<Extract<DoorTold, { readonly tell: Kind }>> =>
    new Promise((resolve, reject) => {
      const late = systemClock.after(kind === 'running' ? START_MS_MAX : TIMEOUT_MS, () => reject(new Error(`the measured door did not say ${kind}`)))
      child.once('message', (told: DoorTold) => {
        late()
        if (told.tell === kind) resolve(told as Extract<DoorTold, { readonly tell: Kind }>)
        else reject(new Error(`the measured door said ${told.tell}, not ${kind}`))
      })
      child.send(asked)
    })
  try {
    const running = await hear({ ask: 'run', still: CAMERAS, signIns: SIGN_INS }, 'running')
    return await act({ ...running, pid: child.pid ?? 0, port: Number(new URL(running.url).port), film: async (pictures) => void (await hear({ ask: 'film', pictures }, 'filmed')) })
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
}
