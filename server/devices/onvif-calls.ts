import { createHash, randomBytes } from 'node:crypto'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'
import { Cam } from 'onvif'
import type { TroubleCode } from '../domain/trouble.js'
import type { Clock } from '../system/clock.js'
import type { OnvifRequest } from './onvif-messages.js'
import { escapeXml, parseXml, XML_BYTES_MAX, type XmlNode } from './xml.js'

/**
 * One device through the `onvif` library, with the guards that the library lacks (0.8.3; each was measured or read in its
 * source): a deadline for the whole answer, not only for silence; a cap on its size; a name that may hold `&`; a password
 * that may hold "ữ"; and answers read from the raw XML, because the library turns firmware "5.10" into the number 5.1.
 */
export interface OnvifCalls {
  readonly cam: GuardedCam
  /** The library asks a subscription's address past our agent: hand it over first. */
  readonly agent: HttpAgent
  call(tried: string, run: (cam: GuardedCam, done: Done) => void): Promise<Called>
  close(): void
}
export type Called = { readonly ok: true; readonly root: XmlNode } | { readonly ok: false; readonly code: TroubleCode; readonly tried: string; readonly said: string }
type Done = (fault: unknown) => void

/** The parts of the library's object that its types do not name. */
export interface Guarded {
  timeShift: number | undefined
  useWSSecurity: boolean
  username: string
  media2Support: boolean | undefined
  uri: Readonly<Record<string, unknown>> | undefined
  events: { readonly subscription?: { readonly subscriptionReference?: { readonly address?: { agent?: HttpAgent } } } } | undefined
  _envelopeHeader(open?: boolean): string
  _passwordDigest(): { passdigest: string; nonce: string; timestamp: string }
}

export type GuardedCam = Omit<Cam, keyof Guarded> & Guarded

class CallFault extends Error {
  constructor(
    readonly code: TroubleCode,
    message: string,
  ) {
    super(message)
  }
}

export function openCalls(request: OnvifRequest, clock: Clock): OnvifCalls {
  let now: InHand = { sockets: 0, fail: () => undefined }
  const agent = boundedAgent(request.target.secure, clock, () => now)
  const cam = makeCam(request, agent)
  let raw = { xml: '', status: 0 }
  cam.on('rawResponse', (xml: string, status: number) => {
    raw = { xml, status }
  })
  // Without a listener an `error` event would end the process.
  cam.on('error', () => undefined)

  return {
    cam,
    agent,
    async call(tried, run) {
      raw = { xml: '', status: 0 }
      let onTime = (): void => undefined
      try {
        await new Promise<void>((resolve, reject) => {
          now = { sockets: 0, fail: reject }
          onTime = clock.after(request.callMs, () => reject(new CallFault('timed_out', `no complete answer within ${request.callMs} ms`)))
          // Errors of the library's own reading are weighed below, against the raw answer.
          run(cam, (fault) => (raw.xml === '' && fault ? reject(fault instanceof Error ? fault : new Error('the library gave up')) : resolve()))
        })
      } catch (fault) {
        agent.destroy() // the library's timeout leaves its socket open
        return { ok: false, tried, ...classify(fault) }
      } finally {
        onTime()
      }
      return { tried, ...readAnswer(raw.xml, raw.status) }
    },
    close: () => agent.destroy(),
  }
}

/** The call that a socket was opened for: a socket that closes late speaks of its own call, not of the next. */
interface InHand {
  sockets: number
  readonly fail: (fault: CallFault) => void
}

const BROKEN_OFF_MS = 20

/** Every socket counts what it receives; the library would keep 262 MB of answer in memory (measured). */
function boundedAgent(secure: boolean, clock: Clock, current: () => InHand): HttpAgent {
  const agent = secure ? new HttpsAgent({ keepAlive: false, maxSockets: 2, rejectUnauthorized: false }) : new HttpAgent({ keepAlive: false, maxSockets: 2 })
  const opened = agent as unknown as { createConnection(options: unknown, made: unknown): Socket }
  const create = opened.createConnection.bind(agent)
  opened.createConnection = (options, made) => {
    const socket = create(options, made)
    const call = current()
    let received = 0
    call.sockets += 1
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received <= XML_BYTES_MAX) return
      call.fail(new CallFault('onvif_fault', `the answer is larger than ${XML_BYTES_MAX} bytes`))
      socket.destroy()
    })
    socket.on('close', () => {
      call.sockets -= 1
      // The library never calls back when an answer breaks off; where it does, or opens a second socket for digest, that comes first.
      clock.after(BROKEN_OFF_MS, () => call.sockets === 0 && call.fail(new CallFault('hung_up', 'the device closed the connection in mid-answer')))
    })
    return socket
  }
  return agent
}

function makeCam(request: OnvifRequest, agent: HttpAgent): GuardedCam {
  const { target, credentials } = request
  const cam = new Cam({
    hostname: target.address,
    port: target.port,
    path: target.path,
    timeout: request.callMs,
    autoconnect: false,
    // All services are asked at the address that passed the guard, whatever host the device names.
    preserveAddress: true,
    useSecure: target.secure,
    secureOpts: { rejectUnauthorized: false },
    agent,
    ...(credentials ? { username: credentials.user, password: credentials.password } : {}),
  }) as unknown as GuardedCam
  if (credentials) {
    const header = cam._envelopeHeader.bind(cam)
    // Escaped only inside XML: HTTP digest hashes the name as it is.
    cam._envelopeHeader = (open) => {
      cam.username = escapeXml(credentials.user)
      const text = header(open)
      cam.username = credentials.user
      return text
    }
    cam._passwordDigest = () => passwordDigest(credentials.password, new Date(process.uptime() * 1000 + (cam.timeShift ?? 0)))
  }
  return cam
}

/** WS-UsernameToken 1.0: Base64(SHA-1(nonce + created + password)) with the password in UTF-8; the library hashes only its low bytes. */
export function passwordDigest(password: string, created: Date, nonce: Buffer = randomBytes(16)): { passdigest: string; nonce: string; timestamp: string } {
  const timestamp = created.toISOString()
  return { passdigest: createHash('sha1').update(nonce).update(timestamp, 'utf8').update(password, 'utf8').digest('base64'), nonce: nonce.toString('base64'), timestamp }
}

/** What the device really said, whatever the library made of it. */
export function readAnswer(xml: string, status: number): { readonly ok: true; readonly root: XmlNode } | { readonly ok: false; readonly code: TroubleCode; readonly said: string } {
  const parsed = parseXml(xml)
  const fault = parsed.ok ? faultIn(xml) : null
  if (status === 401 || status === 403 || (fault !== null && NOT_AUTHORIZED.test(fault))) return { ok: false, code: 'auth', said: fault ?? `HTTP ${status}` }
  if (fault !== null) return { ok: false, code: 'onvif_fault', said: fault }
  if (!parsed.ok) return { ok: false, code: 'onvif_fault', said: status >= 400 ? `HTTP ${status}` : parsed.why }
  if (!/<(?:[\w.-]+:)?Body[\s/>]/.test(xml)) return { ok: false, code: 'onvif_fault', said: status >= 400 ? `HTTP ${status}` : 'the answer is no SOAP message' }
  return { ok: true, root: parsed.root }
}

const NOT_AUTHORIZED = /not\s*authorized|unauthorized|failedauthentication|invalidsecurity|authentication|account\s*(is\s*)?locked/i

/** Codes and reason of a SOAP fault in one line. */
function faultIn(xml: string): string | null {
  const body = /<(?:[\w.-]+:)?Fault[\s>]([\s\S]{0,4000})/.exec(xml)?.[1]
  if (body === undefined) return null
  const words = [...body.matchAll(/<(?:[\w.-]+:)?(?:Value|Text|faultcode|faultstring)(?:\s[^>]{0,200})?>([^<]{0,200})</g)].map((match) => (match[1] ?? '').trim()).filter(Boolean)
  return words.slice(0, 6).join(' · ') || 'SOAP fault'
}

function classify(fault: unknown): { readonly code: TroubleCode; readonly said: string } {
  if (fault instanceof CallFault) return { code: fault.code, said: fault.message }
  const said = fault instanceof Error ? fault.message : 'unknown fault'
  const code = fault instanceof Error && 'code' in fault ? String(fault.code) : ''
  if (code === 'ECONNREFUSED') return { code: 'refused', said }
  if (['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN'].includes(code)) return { code: 'unreachable', said }
  if (code === 'ECONNRESET' || code === 'EPIPE') return { code: 'hung_up', said }
  if (code === 'ETIMEDOUT' || /timeout/i.test(said)) return { code: 'timed_out', said }
  if (/digest|401|auth/i.test(said)) return { code: 'auth', said }
  return { code: 'onvif_fault', said }
}
