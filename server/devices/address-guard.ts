import { lookup } from 'node:dns/promises'
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Clock } from '../system/clock.js'
import type { Trouble } from '../domain/trouble.js'

/**
 * Decides where the server may connect on a person's or a device's word (OWASP: server-side request forgery). A host must
 * resolve only into the configured camera networks; the answer carries the literal IP to connect to, so that a name which
 * changes its mind between check and connect (DNS rebinding) gains nothing. Ask again before each reconnect.
 */
export interface AddressRules {
  /** CIDR blocks of the camera networks. Loopback counts only when a block lies inside 127.0.0.0/8 or is ::1. */
  readonly networks: readonly string[]
  /** Our own addresses, never a camera's; by default all of this machine's except loopback. */
  readonly own?: readonly string[]
  readonly resolve?: (host: string) => Promise<readonly string[]>
}

export interface Allowed {
  readonly ok: true
  readonly scheme: Scheme
  /** The literal IP to connect to. */
  readonly address: string
  readonly family: 4 | 6
  readonly port: number
  /** Host as written, for the wire (Host header, digest) and for people. */
  readonly host: string
  readonly path: string
  /** scheme://host:port/path, without credentials. */
  readonly url: string
}
export type Verdict = Allowed | { readonly ok: false; readonly trouble: Trouble }
export type Scheme = 'rtsp' | 'rtsps' | 'http' | 'https'

export interface AddressGuard {
  check(url: string, schemes: readonly Scheme[]): Promise<Verdict>
  /** For discovery: whether this literal address may be spoken to. */
  allows(address: string): boolean
}

const PORT_OF: Readonly<Record<Scheme, number>> = { rtsp: 554, rtsps: 322, http: 80, https: 443 }

/** Services of servers, not of cameras: nobody's camera listens here, and a stray HTTP POST can hurt them. */
const PORTS_NEVER: ReadonlySet<number> = new Set([0, 7, 19, 21, 22, 23, 25, 53, 110, 111, 135, 139, 143, 389, 445, 465, 587, 636, 993, 995, 1433, 1521, 2049, 2375, 2376, 2379, 3306, 3389, 5432, 5900, 5984, 6379, 9042, 9200, 10250, 11211, 27017])

/** Never a camera, whatever the settings say: unspecified, link-local with cloud metadata, multicast, reserved, and IPv6 forms that hide an IPv4. */
const NEVER: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'], ['169.254.0.0', 16, 'ipv4'], ['192.0.0.0', 24, 'ipv4'], ['224.0.0.0', 4, 'ipv4'], ['240.0.0.0', 4, 'ipv4'],
  ['100.100.100.200', 32, 'ipv4'], ['168.63.129.16', 32, 'ipv4'],
  ['::', 128, 'ipv6'], ['fe80::', 10, 'ipv6'], ['ff00::', 8, 'ipv6'], ['64:ff9b::', 96, 'ipv6'], ['2002::', 16, 'ipv6'], ['2001::', 32, 'ipv6'], ['fd00:ec2::254', 128, 'ipv6'],
]

const RESOLVE_MS_MAX = 5_000
const URL_CHARS_MAX = 2_048

export function makeAddressGuard(rules: AddressRules, clock: Clock): AddressGuard {
  const networks = blockList(rules.networks.map(parseCidr))
  const loopback = blockList(rules.networks.map(parseCidr).filter(isLoopback))
  const never = blockList(NEVER)
  const own = new Set(rules.own ?? ownAddresses())
  const resolve = rules.resolve ?? resolveHost

  const faultOf = (written: string): string | null => {
    const address = plain(written)
    const kind = isIPv4(address) ? 'ipv4' : 'ipv6'
    if (never.check(address, kind)) return `${address} is never a camera (link-local, metadata, multicast or reserved)`
    if (isLoopback([address, kind === 'ipv4' ? 32 : 128, kind])) return loopback.check(address, kind) ? null : `${address} is this machine itself`
    if (own.has(address)) return `${address} is this machine itself`
    return networks.check(address, kind) ? null : `${address} lies outside the camera networks of the settings`
  }

  return {
    allows: (address) => isIP(address) !== 0 && faultOf(address) === null,
    async check(text, schemes) {
      const read = readUrl(text, schemes)
      if ('why' in read) return refuse(read.on, read.why, 'invalid_address')
      const on = `${read.host}:${read.port}`
      if (PORTS_NEVER.has(read.port)) return refuse(on, `port ${read.port} belongs to another service, not to a camera`)
      const literal = read.host.replace(/^\[|\]$/g, '')
      const addresses = isIP(literal) ? [literal] : await within(clock, resolve(read.host))
      const [first] = addresses ?? []
      if (!addresses || first === undefined) return { ok: false, trouble: { code: 'unreachable', tried: 'name lookup', on, said: 'the name has no address' } }
      for (const address of addresses) {
        const fault = isIP(address) ? faultOf(address) : 'the name server answered no IP address'
        if (fault) return refuse(on, fault)
      }
      const address = plain(first)
      return { ok: true, ...read, address, family: isIPv4(address) ? 4 : 6, url: `${read.scheme}://${on}${read.path}` }
    },
  }
}

function refuse(on: string, said: string, code: 'address_forbidden' | 'invalid_address' = 'address_forbidden'): Verdict {
  return { ok: false, trouble: { code, tried: 'address check', on, said } }
}

type Read = { readonly scheme: Scheme; readonly host: string; readonly port: number; readonly path: string }

/** Reads a URL the strict way. Hosts that mean something other than they show (octal, decimal, mapped, `@`) are refused, not interpreted. */
function readUrl(text: string, schemes: readonly Scheme[]): Read | { readonly on: string; readonly why: string } {
  const on = safeName(text)
  if (text.length > URL_CHARS_MAX) return { on, why: `the address is longer than ${URL_CHARS_MAX} characters` }
  if (/[^\x21-\x7e]|[\\#"<>^`{|}]/.test(text)) return { on, why: 'the address holds a space, a control or non-ASCII character, a backslash or #' }
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/?]*)([/?].*)?$/i.exec(text)
  const scheme = schemes.find((known) => known === parts?.[1]?.toLowerCase())
  if (!parts || !scheme) return { on, why: `write it as ${schemes.map((known) => `${known}://host:port/path`).join(' or ')}` }
  const authority = parts[2] ?? ''
  if (authority.includes('@')) return { on, why: 'put user name and password in their own fields, not in the address' }
  const hostPort = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?$/i.exec(authority)
  if (!hostPort) return { on, why: 'the host name is not one' }
  const host = (hostPort[1] ?? '').toLowerCase()
  const port = hostPort[2] === undefined ? PORT_OF[scheme] : Number(hostPort[2])
  if (port > 65_535) return { on, why: 'the port lies above 65535' }
  if (!hostIsPlain(host)) return { on, why: 'write the IP address in its plain form (192.168.1.20) or a full host name' }
  const path = parts[3] ?? '/'
  return { scheme, host, port, path: path.startsWith('?') ? `/${path}` : path }
}

function hostIsPlain(host: string): boolean {
  if (host.startsWith('[')) return isIPv6(host.slice(1, -1))
  if (isIPv4(host)) return true
  const labels = host.split('.')
  // A last label of digits (or 0x…) would be read as an IPv4 number by some resolvers: 0177.1, 2130706433, 127.1, 0x7f.1.
  const last = labels.at(-1) ?? ''
  return host.length <= 253 && labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label)) && !/^(\d+|0x[0-9a-f]*)$/.test(last)
}

/** The part of a refused text that may be told: what follows an `@` and nothing of a path. */
function safeName(text: string): string {
  const authority = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#\\]*)/i.exec(text.slice(0, 300))?.[1] ?? ''
  return authority.slice(authority.lastIndexOf('@') + 1).replace(/[^\x21-\x7e]/g, '?').slice(0, 100) || '(empty)'
}

/** ::ffff:10.0.0.1 is 10.0.0.1 in disguise: judge what it means. */
function plain(address: string): string {
  const written = address.toLowerCase().replace(/%.*$/, '')
  if (isIPv4(written)) return written
  const canonical = new URL(`http://[${written}]`).hostname.slice(1, -1)
  const mapped = /^::(?:ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical)
  if (!mapped) return canonical
  const [high, low] = [Number.parseInt(mapped[1] ?? '0', 16), Number.parseInt(mapped[2] ?? '0', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

type Block = readonly [string, number, 'ipv4' | 'ipv6']

/** A broken network in the settings must stop the start, not open a door. */
export function parseCidr(text: string): Block {
  const [address = '', bits, ...rest] = text.split('/')
  const kind = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : null
  const size = bits === undefined ? (kind === 'ipv4' ? 32 : 128) : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (!kind || rest.length > 0 || !(size <= (kind === 'ipv4' ? 32 : 128))) throw new Error(`camera network "${text}" is no CIDR block; write it like 10.20.0.0/16`)
  return [address, size, kind]
}

function blockList(blocks: readonly Block[]): BlockList {
  const list = new BlockList()
  for (const [address, bits, kind] of blocks) list.addSubnet(address, bits, kind)
  return list
}

function isLoopback([address, bits, kind]: Block): boolean {
  return kind === 'ipv4' ? address.startsWith('127.') && bits >= 8 : plain(address) === '::1'
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).filter((one) => !one.internal).map((one) => one.address))
}

async function resolveHost(host: string): Promise<readonly string[]> {
  const answers = await lookup(host, { all: true, verbatim: true })
  return answers.map((answer) => answer.address)
}

/** A name server that never answers must not hold the caller; the late answer is dropped. */
function within<T>(clock: Clock, answer: Promise<T>): Promise<T | null> {
  return new Promise((settle) => {
    const cancel = clock.after(RESOLVE_MS_MAX, () => settle(null))
    answer.then(
      (value) => {
        cancel()
        settle(value)
      },
      () => {
        cancel()
        settle(null)
      },
    )
  })
}
