import type { IncomingMessage, ServerResponse } from 'node:http'
import { TICKET_HEADER } from '../contract/tickets.js'
import type { CameraId, SignInId } from '../domain/ids.js'
import { may, type Permission } from '../domain/person.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import { makeLeaving } from '../system/leaving.js'
import type { Log } from '../system/log.js'
import type { Access } from './access.js'
import { COOKIE, cookieOf, ROOM_COOKIE } from './cookie.js'
import type { Guests } from './guests.js'
import { makeMediaAnswers, type MediaAnswers } from './media-answer.js'
import { forbidden, internal, notFound, signInNeeded, ticketRefused, tooManyHeld } from './problems.js'
import type { Asked, Asker, ProblemDraft, Route } from './route.js'
import type { SignIns } from './sign-in.js'
import type { Tickets } from './tickets.js'

/**
 * The door for pictures, in front of Express. A wall asks for some hundred playlists and parts a second, so nothing is done
 * here that such a request does not need: no body is parsed, no header is made that says nothing, what was believed a moment
 * ago is believed. The order of the questions is that of http.ts: sign-in, permission, area, and then the ticket.
 */
export interface MediaDoor {
  /** Takes the request if its path is media; answers it in its own time. */
  takes(request: IncomingMessage, response: ServerResponse): boolean
  /** Requests that are being answered or held now. */
  readonly inFlight: number
  close(): void
}

export interface MediaDoorOptions {
  /** Those with `ticket: true`. */
  readonly routes: readonly Route[]
  readonly signIns: SignIns
  readonly guests: Guests
  readonly access: Access
  readonly tickets: Tickets
  readonly clock: Clock
  readonly log: Log
  readonly secure: boolean
}

/**
 * Requests one sign-in may have open at once (S23). A tile holds two, its list and the part that the list hints at: a wall of
 * 5 × 5 holds 50, and the same sign-in may fill a second screen; 20 more are for tiles that are just being replaced. The eight
 * of the first plan would have stopped a wall of 2 × 3.
 */
export const HELD_PER_SIGN_IN_MAX = 120
/** An answer that took longer is asked again whether it may still be given: rights may have gone while it was held (S2, S5). */
const ASK_AGAIN_MS = 1_000
/** Held requests of somebody who may no longer see are ended this often; with what is believed, within 4 s. */
const SWEEP_MS = 2_000

interface Flight {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
  readonly token: string | null
  readonly response: ServerResponse
  readonly signInId: SignInId
  readonly sinceMs: number
  leave(): void
}

type Entry = { readonly asker: Asker; readonly cameraId: CameraId } | { readonly refused: ProblemDraft }

export function openMediaDoor(options: MediaDoorOptions): MediaDoor {
  const { clock, log, signIns, guests, access, tickets } = options
  const answers = makeMediaAnswers(options.secure)
  const paths = options.routes.map((declared) => ({ declared, words: declared.path.split('/') }))
  const firsts = new Set(paths.map(({ words }) => words[1]))
  const flights = new Set<Flight>()
  const open = new Map<SignInId, number>()

  async function enter(route: Route, params: Readonly<Record<string, string>>, token: string | null): Promise<Entry> {
    const asker = await (route.needs === 'guest' ? guests : signIns).who(token)
    if (!asker) return { refused: signInNeeded }
    if (route.needs !== 'guest' && !may(asker.person, route.needs as Permission)) return { refused: forbidden }
    const cameraId = await access.shown(asker, route.scope, params)
    return cameraId ? { asker, cameraId } : { refused: notFound }
  }

  async function serve(route: Route, params: Readonly<Record<string, string>>, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = cookieOf(request.headers.cookie, route.needs === 'guest' ? ROOM_COOKIE : COOKIE)
    const entry = await enter(route, params, token)
    if ('refused' in entry) return answers.refuse(response, entry.refused)
    const { asker, cameraId } = entry
    const signInId = asker.signIn.id
    const verdict = tickets.check(request.headers[TICKET_HEADER] as string | undefined, { personId: asker.person.id, signInId, cameraId })
    if (verdict.is !== 'good') return answers.refuse(response, ticketRefused(verdict.is))
    const already = open.get(signInId) ?? 0
    if (already >= HELD_PER_SIGN_IN_MAX) return answers.refuse(response, tooManyHeld)
    open.set(signInId, already + 1)
    const asked = makeAsked({ request, response, asker, params, token })
    const flight: Flight = { route, params, token, response, signInId, sinceMs: clock.monotonicMs(), leave: asked.leave }
    flights.add(flight)
    try {
      await answerIn(flight, asked.asked, { request, answers })
    } finally {
      flights.delete(flight)
      const left = (open.get(signInId) ?? 1) - 1
      if (left > 0) open.set(signInId, left)
      else open.delete(signInId)
    }
  }

  async function answerIn(flight: Flight, asked: Asked, { request, answers }: { readonly request: IncomingMessage; readonly answers: MediaAnswers }): Promise<void> {
    const { route, response } = flight
    const answer = await route.act(asked)
    if (response.headersSent || response.destroyed) return
    if (clock.monotonicMs() - flight.sinceMs > ASK_AGAIN_MS) {
      const again = await enter(route, flight.params, flight.token)
      if ('refused' in again) return answers.refuse(response, again.refused)
    }
    await answers.give(request, response, answer)
  }

  /** What is held for somebody whose sign-in or right has gone is ended now, and not when a picture comes. */
  async function sweep(): Promise<void> {
    const oldMs = clock.monotonicMs() - ASK_AGAIN_MS
    for (const flight of flights) {
      if (flight.sinceMs > oldMs || flight.response.headersSent) continue
      const again = await enter(flight.route, flight.params, flight.token)
      if (!('refused' in again) || flight.response.headersSent) continue
      answers.refuse(flight.response, again.refused)
      flight.leave()
    }
  }

  const stop = clock.every(SWEEP_MS, () => void sweep().catch((fault: unknown) => log.error({ fault }, 'held requests could not be asked again; tried again in two seconds')))

  return {
    takes(request, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return false
      const url = request.url ?? ''
      const cut = url.indexOf('?')
      const words = (cut < 0 ? url : url.slice(0, cut)).split('/')
      if (!firsts.has(words[1])) return false
      const found = paths.find((path) => fits(path.words, words))
      if (!found) return false
      serve(found.declared, paramsOf(found.words, words), request, response).catch((fault: unknown) => {
        const requestId = newId<string>()
        log.error({ requestId, path: found.declared.path, fault }, 'a media route failed')
        if (response.headersSent) response.destroy()
        else answers.refuse(response, internal, requestId)
      })
      return true
    },
    get inFlight() {
      return flights.size
    },
    close: stop,
  }
}

function fits(path: readonly string[], words: readonly string[]): boolean {
  return path.length === words.length && path.every((word, index) => word.startsWith(':') || word === words[index])
}

function paramsOf(path: readonly string[], words: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {}
  for (let index = 0; index < path.length; index += 1) {
    const word = path[index]!
    if (word.startsWith(':')) params[word.slice(1)] = words[index]!
  }
  return params
}

/** Most answers are there at once: what only a held one needs is made when it is asked for. */
function makeAsked({ request, response, asker, params, token }: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly asker: Asker; readonly params: Readonly<Record<string, string>>; readonly token: string | null }): { readonly asked: Asked; leave(): void } {
  let gone: ReturnType<typeof makeLeaving> | null = null
  let signal: AbortSignal | null = null
  let query: URLSearchParams | null = null
  let requestId: string | null = null
  return {
    leave: () => gone?.leave(),
    asked: {
      asker,
      params,
      get query() {
        return (query ??= new URLSearchParams(request.url?.split('?')[1] ?? ''))
      },
      body: undefined,
      headers: request.headers as Record<string, string | undefined>,
      token,
      ip: request.socket.remoteAddress ?? '',
      get requestId() {
        return (requestId ??= newId())
      },
      get signal() {
        if (signal) return signal
        const aborting = new AbortController()
        this.leaving.addEventListener('abort', () => aborting.abort())
        if (this.leaving.aborted) aborting.abort()
        return (signal = aborting.signal)
      },
      get leaving() {
        if (gone) return gone
        const leaving = (gone = makeLeaving())
        if (response.destroyed) leaving.leave()
        // Nobody left who was answered.
        else response.once('close', () => void (response.writableEnded || leaving.leave()))
        return leaving
      },
    },
  }
}
