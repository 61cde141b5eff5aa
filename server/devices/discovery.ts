import { randomUUID } from 'node:crypto'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Clock } from '../system/clock.js'
import { pause } from '../system/clock.js'
import { parseCidr, type AddressGuard } from './address-guard.js'
import { PROBE_TYPES, readProbeMatches, scopeValue, writeProbe, type ProbeMatch } from './probe-message.js'

/**
 * WS-Discovery, our own: the library's dies of one malformed datagram and loses all but one camera of an NVR (measured).
 * Unicast asks known addresses (a demo on loopback, or an administrator's CIDR); multicast asks every IPv4 interface by
 * itself, because with two network cards the system's choice silently finds half.
 */
export interface DiscoverRequest {
  readonly targets: readonly { readonly address: string; readonly port: number }[]
  /** Blocks to ask address by address, at most /22 each; typed in by an administrator, never widened by us. */
  readonly sweeps?: readonly string[]
  readonly multicast: boolean
  readonly guard: AddressGuard
  readonly clock: Clock
  readonly listenMs?: number
  /** Local IPv4 addresses to send multicast from; by default each interface's. */
  readonly interfaces?: readonly string[]
}

export interface FoundDevice {
  readonly epr: string
  /** Who answered; every address below points to it. */
  readonly address: string
  readonly via: 'unicast' | 'multicast'
  readonly name: string | null
  readonly hardware: string | null
  readonly location: string | null
  readonly types: readonly string[]
  /** ONVIF service addresses, only ever at the sender; `rewritten` when the device named another host. */
  readonly services: readonly { readonly url: string; readonly rewritten: boolean }[]
}

export interface Discovery {
  readonly found: readonly FoundDevice[]
  /** What could not be asked or read, by interface, target or sender. */
  readonly faults: readonly { readonly where: string; readonly said: string }[]
  readonly asked: number
}

const GROUP = '239.255.255.250'
const PORT = 3702
const LISTEN_MS = 2_500
/** UDP loses: each question goes out twice. */
const REPEATS = 2
const REPEAT_MS = 300
const BURST = 32
const BURST_MS = 20
const SWEEP_HOSTS_MAX = 1_024
const FOUND_MAX = 2_048
const FAULTS_MAX = 64
/** After the last expected answer a little more is listened: an NVR may answer in several datagrams. */
const GRACE_MS = 150

interface Question {
  readonly socket: Socket
  readonly address: string
  readonly port: number
  readonly via: 'unicast' | 'multicast'
  readonly where: string
}

export async function discover(request: DiscoverRequest): Promise<Discovery> {
  const { clock } = request
  const hearing = makeHearing(request.guard)
  const sockets: Socket[] = []
  const open = async (bindTo: string | undefined, via: 'unicast' | 'multicast', where: string): Promise<Socket | null> => {
    const socket = createSocket('udp4')
    sockets.push(socket)
    socket.on('message', (bytes, from) => hearing.hear(bytes, from, via))
    const opened = await bind(socket, bindTo, (said) => hearing.fault(where, said))
    return opened ? socket : null
  }
  try {
    const questions = [...(await unicastQuestions(request, open, hearing.fault)), ...(await multicastQuestions(request, open, hearing.fault))]
    const pending = new Set(questions.filter((one) => one.via === 'unicast').map((one) => `${one.address}:${one.port}`))
    const everyone = !request.multicast && !request.sweeps?.length ? answered(hearing, pending) : new Promise<never>(() => undefined)
    await ask(questions, clock, hearing)
    await Promise.race([pause(clock, request.listenMs ?? LISTEN_MS), everyone.then(() => pause(clock, GRACE_MS))])
    return { found: hearing.found(), faults: hearing.faults, asked: questions.length }
  } finally {
    for (const socket of sockets) socket.close()
  }
}

type Open = (bindTo: string | undefined, via: 'unicast' | 'multicast', where: string) => Promise<Socket | null>
type Fault = (where: string, said: string) => void

async function unicastQuestions(request: DiscoverRequest, open: Open, fault: Fault): Promise<Question[]> {
  const swept = (request.sweeps ?? []).flatMap((cidr) => {
    try {
      return hostsOf(cidr).map((address) => ({ address, port: PORT }))
    } catch (problem) {
      fault(cidr, problem instanceof Error ? problem.message : 'not a block of addresses')
      return []
    }
  })
  const wanted = [...request.targets, ...swept]
  const targets = wanted.filter(({ address, port }) => {
    const allowed = isIPv4(address) && request.guard.allows(address) && Number.isInteger(port) && port > 0 && port < 65_536
    if (!allowed) fault(`${address}:${port}`, 'not an IPv4 address inside the camera networks of the settings')
    return allowed
  })
  if (targets.length === 0) return []
  const socket = await open(undefined, 'unicast', 'unicast')
  return socket ? targets.map((target) => ({ ...target, socket, via: 'unicast', where: `${target.address}:${target.port}` })) : []
}

async function multicastQuestions(request: DiscoverRequest, open: Open, fault: Fault): Promise<Question[]> {
  if (!request.multicast) return []
  const locals = request.interfaces ?? Object.values(networkInterfaces()).flatMap((list) => (list ?? []).filter((one) => one.family === 'IPv4' && !one.internal).map((one) => one.address))
  const questions = await Promise.all(
    locals.map(async (local): Promise<Question[]> => {
      const socket = await open(local, 'multicast', `interface ${local}`)
      if (!socket) return []
      try {
        socket.setMulticastInterface(local)
        socket.setMulticastTTL(1)
      } catch (problem) {
        fault(`interface ${local}`, problem instanceof Error ? problem.message : 'cannot send multicast')
        return []
      }
      return [{ socket, address: GROUP, port: PORT, via: 'multicast', where: `interface ${local}` }]
    }),
  )
  if (locals.length === 0) fault('multicast', 'this machine has no IPv4 network interface')
  return questions.flat()
}

function bind(socket: Socket, address: string | undefined, fault: (said: string) => void): Promise<boolean> {
  return new Promise((settle) => {
    // The listener stays for the socket's whole life: an ICMP refusal arrives as an error later on.
    socket.on('error', (problem) => {
      fault(problem.message)
      settle(false)
    })
    socket.bind({ port: 0, ...(address === undefined ? {} : { address }) }, () => settle(true))
  })
}

/** Sends each question in each of its three forms, twice, never more than a small burst at a time. */
async function ask(questions: readonly Question[], clock: Clock, hearing: Hearing): Promise<void> {
  for (let round = 0; round < REPEATS; round += 1) {
    const letters = questions.flatMap((question) => PROBE_TYPES.map((type) => ({ question, type })))
    for (let at = 0; at < letters.length; at += BURST) {
      if (at > 0) await pause(clock, BURST_MS)
      for (const { question, type } of letters.slice(at, at + BURST)) {
        const probe = Buffer.from(writeProbe(hearing.newMessageId(), type))
        question.socket.send(probe, question.port, question.address, (problem) => {
          if (problem) hearing.fault(question.where, problem.message)
        })
      }
    }
    if (round + 1 < REPEATS) await pause(clock, REPEAT_MS)
  }
}

interface Hearing {
  readonly faults: readonly { readonly where: string; readonly said: string }[]
  readonly fault: Fault
  newMessageId(): string
  hear(bytes: Buffer, from: RemoteInfo, via: 'unicast' | 'multicast'): void
  onHeard(listen: (from: string) => void): void
  found(): FoundDevice[]
}

function makeHearing(guard: AddressGuard): Hearing {
  const asked = new Set<string>()
  const devices = new Map<string, FoundDevice>()
  const faults: { where: string; said: string }[] = []
  let tell: (from: string) => void = () => undefined
  const fault: Fault = (where, said) => {
    if (faults.length < FAULTS_MAX && !faults.some((one) => one.where === where && one.said === said)) faults.push({ where, said: said.slice(0, 200) })
  }
  return {
    faults,
    fault,
    newMessageId() {
      const id = `urn:uuid:${randomUUID()}`
      asked.add(id)
      return id
    },
    hear(bytes, from, via) {
      const where = `${from.address}:${from.port}`
      if (!guard.allows(from.address)) return fault(where, 'answered from outside the camera networks of the settings')
      const read = readProbeMatches(bytes.toString('utf8'))
      if (!read.ok) return fault(where, read.why)
      if (read.relatesTo === null || !asked.has(read.relatesTo)) return fault(where, 'answered a question that we did not ask')
      for (const match of read.matches) {
        const device = describe(match, from.address, via)
        const known = devices.get(device.epr)
        if (known || devices.size >= FOUND_MAX) continue
        devices.set(device.epr, device)
      }
      tell(where)
    },
    onHeard(listen) {
      tell = listen
    },
    found: () => [...devices.values()].toSorted((a, b) => a.address.localeCompare(b.address, 'en', { numeric: true }) || a.epr.localeCompare(b.epr)),
  }
}

function describe(match: ProbeMatch, sender: string, via: 'unicast' | 'multicast'): FoundDevice {
  return {
    epr: match.epr,
    address: sender,
    via,
    name: scopeValue(match.scopes, 'name'),
    hardware: scopeValue(match.scopes, 'hardware'),
    location: scopeValue(match.scopes, 'location'),
    types: match.types.map((type) => type.replace(/^.*:/, '')),
    services: servicesAt(sender, match.xaddrs),
  }
}

/**
 * A device may name any host; we would POST there. Addresses at the sender are kept; where none is, the first is turned to
 * the sender (behind NAT, or 0.0.0.0 and 127.0.0.1 from careless firmware); all others are dropped.
 */
export function servicesAt(sender: string, xaddrs: readonly string[]): FoundDevice['services'] {
  const urls = xaddrs.flatMap((text) => {
    const url = URL.canParse(text) ? new URL(text) : null
    return url && (url.protocol === 'http:' || url.protocol === 'https:') && !url.username && !url.password ? [url] : []
  })
  const own = urls.filter((url) => url.hostname === sender)
  if (own.length > 0) return own.slice(0, 4).map((url) => ({ url: url.href, rewritten: false }))
  return urls.slice(0, 1).map((url) => {
    url.hostname = sender
    return { url: url.href, rewritten: true }
  })
}

/** Settles when every unicast target has answered at least once. */
function answered(hearing: Hearing, pending: Set<string>): Promise<void> {
  return new Promise((settle) => {
    hearing.onHeard((from) => {
      pending.delete(from)
      if (pending.size === 0) settle()
    })
  })
}

/** The host addresses of a block, without network and broadcast. Throws for a block that is too large or no IPv4. */
export function hostsOf(cidr: string): string[] {
  const [address, bits, kind] = parseCidr(cidr)
  if (kind !== 'ipv4') throw new Error(`sweep "${cidr}": only IPv4 blocks can be asked address by address`)
  if (2 ** (32 - bits) > SWEEP_HOSTS_MAX) throw new Error(`sweep "${cidr}" is larger than /22: split it, so that the network is not flooded`)
  const start = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - bits)
  const first = start - (start % size)
  const all = Array.from({ length: size }, (_, i) => first + i)
  return (bits >= 31 ? all : all.slice(1, -1)).map((value) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255].join('.'))
}
