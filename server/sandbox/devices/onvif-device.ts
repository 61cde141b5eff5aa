import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Log } from '../../system/log.js'
import { ROLES, SNAPSHOT_PATH, SUBSCRIPTION_PATH, type DeviceFacts, type StreamRole } from './device-facts.js'
import { answerDevice } from './device-service.js'
import type { DigestGate } from './digest-gate.js'
import type { EventDesk } from './event-desk.js'
import { answerEvents } from './event-service.js'
import { answerMedia } from './media-service.js'
import type { PtzMount } from './ptz-mount.js'
import { answerPtz } from './ptz-service.js'
import type { Snapshot } from './snapshot.js'
import { malformed, NOT_AUTHORIZED, notSupported, NS, statusOf, writeEnvelope, writeFault, type Answer, type Call, type Refusal } from './soap.js'
import type { TokenGate } from './username-token.js'
import { child, readXml, type XmlElement } from './xml-tree.js'

/** The HTTP side of one virtual camera: ONVIF services over SOAP, and stills. */
export interface OnvifDevice {
  readonly port: number
  /** `mute` hears and answers nothing; `down` resets what is open and refuses what comes. */
  setOutage(outage: 'none' | 'mute' | 'down'): Promise<void>
  close(): Promise<void>
}

export interface OnvifDeviceOptions {
  readonly address: string
  readonly port: number
  readonly facts: DeviceFacts
  readonly tokens: TokenGate
  readonly gate: DigestGate
  /** Null for a camera that cannot move. */
  readonly mount: PtzMount | null
  readonly events: EventDesk
  readonly snapshot: (role: StreamRole) => Promise<Snapshot>
  readonly log: Log
}

const BODY_BYTES_MAX = 256 << 10
const CONNECTIONS_MAX = 128
/** What a client may ask before it can sign in: without the device's time it could not make a valid token (Core 5.9.2, PRE_AUTH). */
const OPEN_TO_ALL = new Set(['GetSystemDateAndTime', 'GetServices', 'GetServiceCapabilities', 'GetCapabilities', 'GetHostname', 'GetWsdlUrl'])

export async function startOnvifDevice(options: OnvifDeviceOptions): Promise<OnvifDevice> {
  const sockets = new Set<Socket>()
  let mute = false
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    if (mute) return void request.resume()
    answerHttp(options, request, response).catch((error: unknown) => {
      options.log.error({ error }, 'a virtual camera could not answer an HTTP request')
      if (response.headersSent) response.destroy()
      else sendXml(response, 500, writeFault({ kind: 'fault', side: 'Receiver', codes: ['ter:Action'], reason: 'Internal error' }))
    })
  }
  const open = (port: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer({ maxHeaderSize: 16 << 10, requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 15_000 }, serve)
      server.maxConnections = CONNECTIONS_MAX
      server.on('connection', (socket) => {
        sockets.add(socket)
        socket.on('close', () => sockets.delete(socket))
      })
      server.once('error', (cause) => reject(new Error(`ONVIF port ${port} on ${options.address} cannot be opened: choose another onvifPort, or 0 for a free one`, { cause })))
      server.listen({ port, host: options.address }, () => resolve(server))
    })

  let server: Server | null = await open(options.port)
  const bound = server.address()
  const port = bound !== null && typeof bound === 'object' ? bound.port : options.port
  const shut = async (): Promise<void> => {
    const old = server
    server = null
    const closed = old ? new Promise<void>((resolve) => old.close(() => resolve())) : undefined
    for (const socket of sockets) socket.resetAndDestroy()
    await closed
  }
  return {
    port,
    async setOutage(outage) {
      mute = outage === 'mute'
      if (outage === 'down') await shut()
      else server ??= await open(port)
    },
    close: shut,
  }
}

async function answerHttp(options: OnvifDeviceOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  if (path.startsWith(SNAPSHOT_PATH)) return answerSnapshot(options, path, request, response)
  if (!path.startsWith('/onvif/')) return sendPlain(response, 404, 'Not Found')
  if (request.method !== 'POST') return sendPlain(response.setHeader('Allow', 'POST'), 405, 'Method Not Allowed')
  const body = await readBody(request)
  if (body === null) return sendPlain(response.setHeader('Connection', 'close'), 413, 'Payload Too Large')
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const answer = await answerSoap(options, { text: body, path, request, response, gone: gone.signal })
  if (gone.signal.aborted) return
  if (answer.kind === 'done') sendXml(response, 200, writeEnvelope(answer.body, answer.action))
  else sendXml(response, statusOf(answer), writeFault(answer))
}

interface Asked {
  readonly text: string
  readonly path: string
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly gone: AbortSignal
}

async function answerSoap(options: OnvifDeviceOptions, asked: Asked): Promise<Answer> {
  const read = readXml(asked.text)
  if (!read.ok) return malformed(read.reason)
  const { root } = read
  const argument = child(root, 'Body')?.children[0]
  if (root.name !== 'Envelope' || root.namespace !== NS.soap) return malformed(`expected a SOAP 1.2 envelope (${NS.soap})`)
  if (!argument) return malformed('the SOAP body holds no operation')
  const refusal = OPEN_TO_ALL.has(argument.name) ? null : identify(options, asked, child(root, 'Header'))
  if (refusal) return refusal
  const call: Call = { service: argument.namespace, operation: argument.name, argument, origin: options.facts.origin(), path: asked.path, gone: asked.gone }
  return dispatch(options, call)
}

/** WS-Security first; without a token, HTTP digest. A wrong token is 400, a missing sign-in 401 with a challenge (Core 5.9.1). */
function identify({ tokens, gate }: OnvifDeviceOptions, { request, response }: Asked, header: XmlElement | undefined): Refusal | null {
  const token = tokens.check(header)
  if (token === 'ok') return null
  if (token !== 'absent') return NOT_AUTHORIZED
  const digest = gate.check({ authorization: request.headers.authorization, method: 'POST', uri: request.url ?? '' })
  if (digest === 'ok') return null
  response.setHeader('WWW-Authenticate', gate.challenge(digest === 'stale'))
  return { ...NOT_AUTHORIZED, httpStatus: 401 }
}

function dispatch({ facts, mount, events }: OnvifDeviceOptions, call: Call): Answer | Promise<Answer> {
  // The namespace of the operation says which service is meant; as on most devices, any of our addresses will do.
  switch (call.service) {
    case NS.device:
      return answerDevice(facts, call)
    case NS.media:
      return answerMedia(facts, call)
    case NS.ptz:
      return mount ? answerPtz(facts, mount, call) : notSupported(call.operation)
    case NS.events:
      return answerEvents(facts, events, call)
    case NS.notification:
      return call.path.startsWith(SUBSCRIPTION_PATH) ? answerEvents(facts, events, call) : notSupported(call.operation)
    default:
      return notSupported(call.operation)
  }
}

async function answerSnapshot({ gate, snapshot }: OnvifDeviceOptions, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET') return sendPlain(response.setHeader('Allow', 'GET'), 405, 'Method Not Allowed')
  const verdict = gate.check({ authorization: request.headers.authorization, method: 'GET', uri: request.url ?? '' })
  if (verdict !== 'ok') return sendPlain(response.setHeader('WWW-Authenticate', gate.challenge(verdict === 'stale')), 401, 'Unauthorized')
  const role = ROLES.find((candidate) => path === `${SNAPSHOT_PATH}${candidate}.jpg`)
  if (!role) return sendPlain(response, 404, 'Not Found')
  const result = await snapshot(role)
  if (result.kind === 'unavailable') return sendPlain(response, 503, result.reason)
  response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': result.jpeg.length, 'Cache-Control': 'no-store' })
  response.end(result.jpeg)
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > BODY_BYTES_MAX) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function sendXml(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'Content-Type': 'application/soap+xml; charset=utf-8', 'Content-Length': Buffer.byteLength(xml) })
  response.end(xml)
}

function sendPlain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${text}\n`)
}
