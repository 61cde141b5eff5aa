import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import express, { type NextFunction, type Request, type Response } from 'express'
import helmet from 'helmet'
import { may, PERMISSIONS } from '../domain/person.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { newId } from '../system/ids.js'
import { openFilesMax } from '../system/open-files.js'
import type { Access } from './access.js'
import { spanAnswer } from './byte-span.js'
import { COOKIE, cookieOf, ROOM_COOKIE, ROOM_PATH } from './cookie.js'
import type { Guests } from './guests.js'
import { sendBody } from './media-answer.js'
import { openMediaDoor } from './media-door.js'
import { badFormOf, badJson, forbidden, foreignOrigin, internal, notFound, pieceTooLarge, signInNeeded, tooLarge } from './problems.js'
import { readBytes } from './raw-body.js'
import type { Answer, Asked, Asker, ProblemDraft, Route } from './route.js'
import type { SignIns } from './sign-in.js'
import type { Tickets } from './tickets.js'

export interface HttpOptions {
  readonly routes: readonly Route[]
  readonly signIns: SignIns
  readonly guests: Guests
  readonly access: Access
  readonly tickets: Tickets
  readonly clock: Clock
  readonly log: Log
  /** The built player; null serves the API only. */
  readonly playerFolder: string | null
  /** Cookies are Secure and browsers told to stay on TLS when people reach us by https. */
  readonly secure: boolean
}

const BODY_BYTES_MAX = 256 * 1024

/** A route that declares no permission, or one that does not exist, is a mistake that must not start. */
export function checkDeclared(routes: readonly Route[]): void {
  const seen = new Set<string>()
  for (const { method, path, needs, scope, ticket } of routes) {
    const name = `${method.toUpperCase()} ${path}`
    if (needs !== 'anyone' && needs !== 'api_key' && needs !== 'guest' && !PERMISSIONS.includes(needs)) throw new Error(`${name} declares no permission: give it one of ${PERMISSIONS.join(', ')}`)
    if (scope !== 'none' && !path.includes(`:${scope.param}`)) throw new Error(`${name} is scoped by :${scope.param}, which its path does not have`)
    const named = /:(cameraId|streamId|alertId|incidentId|evidenceId|reportId|linkId|exportId|meetingId|repairId|signalId)\b/.exec(path)?.[1]
    // Another system has no area: its own key says what it may name.
    if (named && scope === 'none' && needs !== 'api_key') throw new Error(`${name} names :${named} but does not say whose area to check: give it a scope`)
    // Media that opened without a ticket would be media that opens from a copied address (S4).
    if (!ticket && MEDIA.test(path)) throw new Error(`${name} gives media but asks for no ticket: declare ticket: true`)
    if (ticket && (method !== 'get' || needs === 'anyone' || needs === 'api_key' || scope === 'none' || (scope.kind !== 'camera' && scope.kind !== 'stream'))) throw new Error(`${name} asks for a ticket: it must be a get that needs a permission and is scoped by a camera or a stream`)
    // The room's cookie goes nowhere else, and in the room nothing but pictures can be named.
    if ((needs === 'guest') !== (path.startsWith(`${ROOM_PATH}/`) && needs !== 'anyone')) throw new Error(`${name} is for a meeting room's guest or lies below ${ROOM_PATH}/, and not both`)
    if (needs === 'guest' && scope !== 'none' && scope.kind !== 'camera' && scope.kind !== 'stream') throw new Error(`${name} would give a guest a ${scope.kind}: guests see cameras alone`)
    if (seen.has(name)) throw new Error(`${name} is declared twice`)
    seen.add(name)
  }
}

const MEDIA = /^\/(room\/)?(live|playback|sound)\//

/** A client that trickles its headers or body, or does not read what it asked for, is let go (T20, T21). */
export interface Patience {
  readonly headersMs: number
  readonly requestMs: number
  /** Neither byte came nor went for so long: a client that does not read, or one that has nothing more to ask. */
  readonly silentMs: number
  /** How often Node looks for those who are too slow; its own default of 30 s would make 10 s into 40. */
  readonly lookMs: number
}

/** Whoever opens thousands of connections must not take the files that the database and the media tools need (T21: 200 at least). */
function connectionsMax(): number {
  const filesMax = openFilesMax()
  return Math.max(1, filesMax - Math.max(200, Math.floor(filesMax / 4)))
}

/** Node's own keep-alive timer is set and taken back for every answer, a tenth of what a part costs; silence alone ends a connection here. */
const KEEP_ALIVE_BY_SILENCE = 0

const PATIENCE: Patience = { headersMs: 10_000, requestMs: 30_000, silentMs: 65_000, lookMs: 2_000 }

export function makeHttp(options: HttpOptions, patience: Patience = PATIENCE): { readonly server: Server } {
  checkDeclared(options.routes)
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', false)
  app.use(helmet(helmetOptions(options.secure)))
  app.use(express.json({ limit: BODY_BYTES_MAX, strict: true }))
  app.use(express.urlencoded({ limit: BODY_BYTES_MAX, extended: false }))
  for (const declared of options.routes.filter(({ ticket }) => !ticket)) app[declared.method](declared.path, (request, response) => serve(declared, options, request, response))
  if (options.playerFolder) servePlayer(app, options.playerFolder)
  app.use((_request, response) => tell(response, notFound, newId()))
  app.use((fault: { type?: string; status?: number } & Error, _request: Request, response: Response, _next: NextFunction) => {
    const requestId = newId()
    if (fault.type === 'entity.too.large') return tell(response, tooLarge, requestId)
    if (fault.type === 'entity.parse.failed' || fault.status === 400) return tell(response, badJson, requestId)
    options.log.error({ requestId, fault }, 'a request failed before its route')
    return tell(response, internal, requestId)
  })
  const media = openMediaDoor({ ...options, routes: options.routes.filter(({ ticket }) => ticket) })
  const server = createServer({ connectionsCheckingInterval: patience.lookMs, headersTimeout: patience.headersMs, requestTimeout: patience.requestMs, keepAliveTimeout: KEEP_ALIVE_BY_SILENCE }, (request, response) => {
    if (!media.takes(request, response)) app(request, response)
  })
  server.timeout = patience.silentMs
  server.maxConnections = connectionsMax()
  server.once('close', () => media.close())
  return { server }
}

async function serve(declared: Route, { signIns, guests, access, log, secure }: HttpOptions, request: Request, response: Response): Promise<void> {
  const requestId = newId()
  try {
    const isGuest = declared.needs === 'guest'
    const token = cookieOf(request.headers.cookie, isGuest ? ROOM_COOKIE : COOKIE)
    const asker = declared.needs === 'anyone' && !token ? null : await (isGuest ? guests : signIns).who(token)
    const refused = await refusal(declared, { access, asker, request })
    if (refused) return tell(response, refused, requestId)
    const bytes = declared.bytesMax === undefined ? undefined : await readBytes(request, declared.bytesMax)
    if (bytes === null) return tell(response, pieceTooLarge, requestId)
    const form = declared.form?.safeParse(request.body ?? {})
    if (form && !form.success) return tell(response, badFormOf(form.error), requestId)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const asked: Asked = {
      asker,
      params: request.params as Record<string, string>,
      query: new URLSearchParams(request.originalUrl.split('?')[1] ?? ''),
      body: bytes ?? (form ? form.data : request.body),
      headers: request.headers as Record<string, string | undefined>,
      token,
      ip: request.socket.remoteAddress ?? '',
      requestId,
      signal: gone.signal,
      leaving: gone.signal,
    }
    send(await declared.act(asked), response, { requestId, secure })
  } catch (fault) {
    log.error({ requestId, path: declared.path, fault }, 'a route failed')
    if (!response.headersSent) tell(response, internal, requestId)
    else response.destroy()
  }
}

async function refusal(declared: Route, { access, asker, request }: { readonly access: Access; readonly asker: Asker | null; readonly request: Request }): Promise<ProblemDraft | null> {
  if (declared.needs !== 'api_key' && declared.method !== 'get' && !fromOurselves(request)) return foreignOrigin
  if (declared.needs === 'anyone' || declared.needs === 'api_key') return null
  if (!asker) return signInNeeded
  if (declared.needs !== 'guest' && !may(asker.person, declared.needs)) return forbidden
  return (await access.scope(asker, declared.scope, request.params as Record<string, string>)) ? null : notFound
}

/** A write must come from our own page: browsers cannot set this header across sites without asking, and say where they are. */
function fromOurselves(request: Request): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const origin = request.headers.origin
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host !== request.headers.host) return false
  return request.headers['x-vonglau'] === '1'
}

function send(answer: Answer, response: Response, { requestId, secure }: { readonly requestId: string; readonly secure: boolean }): void {
  switch (answer.kind) {
    case 'problem':
      return tell(response, answer.problem, requestId)
    case 'json':
      if (answer.cookie) {
        const shared = { httpOnly: true, sameSite: 'strict', secure, path: '/' } as const
        if ('set' in answer.cookie) response.cookie(answer.cookie.room ? ROOM_COOKIE : COOKIE, answer.cookie.set, { ...shared, path: answer.cookie.room ? ROOM_PATH : '/', maxAge: answer.cookie.maxAgeMs })
        else response.clearCookie(COOKIE, shared)
      }
      response.setHeader('cache-control', 'no-store')
      response.status(answer.status ?? 200).json(answer.value)
      return
    case 'bytes':
      response.status(answer.status)
      for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value)
      sendBody(response, answer.body)
      return
    case 'ranged': {
      const { status, headers, span } = spanAnswer(response.req.headers.range, answer.body.length)
      response.status(status)
      for (const [name, value] of [...Object.entries(answer.headers), ...headers]) response.setHeader(name, value)
      sendBody(response, span && answer.body.subarray(span.from, span.to + 1))
      return
    }
    case 'file':
      for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value)
      response.sendFile(answer.path, { acceptRanges: true, cacheControl: false, etag: false, lastModified: false, dotfiles: 'allow' })
  }
}

function tell(response: Response, problem: ProblemDraft, requestId: string): void {
  response.setHeader('cache-control', 'no-store')
  const wait = problem.faults.find(({ field }) => field === 'retry_after_s')
  if (wait) response.setHeader('retry-after', wait.reason)
  response.status(problem.status).type('application/problem+json').send(JSON.stringify({ ...problem, requestId }))
}

/** The player: files with a hash in their name never change; every other path is the one page, which routes by itself. */
function servePlayer(app: express.Express, folder: string): void {
  app.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '365d', fallthrough: false }))
  app.use(express.static(folder, { index: false, maxAge: '1h' }))
  app.get(/^\/(?!api\/|live\/|playback\/|sound\/|room\/|open311\/|socket\.io\/|evidence\/).*/, (_request, response) => {
    response.setHeader('cache-control', 'no-cache')
    response.sendFile(join(folder, 'index.html'))
  })
}

function helmetOptions(secure: boolean): Parameters<typeof helmet>[0] {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // React writes widths and positions as style attributes; no style element is ever inline.
        styleSrc: ["'self'"],
        styleSrcAttr: ["'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
  }
}
