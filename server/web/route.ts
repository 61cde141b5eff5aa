import type { ZodType } from 'zod'
import type { Meeting } from '../domain/meeting.js'
import type { Permission, Person } from '../domain/person.js'
import type { SignIn } from '../storage/store.js'
import type { Leaving } from '../system/leaving.js'
import type { Problem } from '../contract/problem.js'

/** Who asks. */
export interface Asker {
  readonly person: Person
  readonly signIn: SignIn
  /** Every area the person may see: the ones granted and all inside them. */
  readonly areas: ReadonlySet<string>
  /** A meeting room asks, in the name of the link's maker: it sees these cameras, where the maker may, and nothing else. */
  readonly guest?: { readonly meeting: Meeting; readonly cameras: ReadonlySet<string> }
}

export interface Asked<Body = unknown> {
  readonly asker: Asker | null
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Body
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly token: string | null
  readonly ip: string
  readonly requestId: string
  /** Fires when the client is gone. */
  readonly signal: AbortSignal
  /** The same, for what is asked many times a second: cheaper, and enough to be told. */
  readonly leaving: Leaving
}

export type Answer =
  | { readonly kind: 'json'; readonly status?: number; readonly value: unknown; readonly cookie?: Cookie }
  | { readonly kind: 'bytes'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Body }
  /** Of which one span may be asked for. */
  | { readonly kind: 'ranged'; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }
  | { readonly kind: 'file'; readonly path: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'problem'; readonly problem: ProblemDraft }
/** Bytes in pieces are sent one after the other as they are. */
export type Body = Uint8Array | readonly Uint8Array[] | string | null
export type ProblemDraft = Omit<Problem, 'requestId'>

export type Cookie = { readonly set: string; readonly maxAgeMs: number; /** Of a meeting room, and not of a sign-in. */ readonly room?: true } | { readonly clear: true }

/**
 * What a route touches, named by a path parameter. The door looks the thing up and checks its area before the route runs;
 * a foreign one answers exactly as one that does not exist (404), so that ids tell nothing.
 */
export type Scope = { readonly kind: 'camera' | 'stream' | 'alert' | 'incident' | 'evidence' | 'report' | 'link' | 'export' | 'meeting' | 'repair' | 'signal'; readonly param: string } | 'none'

/**
 * `anyone`: without sign-in (the door itself, health). `api_key`: another system, checked by the route with its own key.
 * `guest`: the browser of a meeting room, by a cookie that opens nothing else; a sign-in does not open these.
 */
export type Needs = Permission | 'anyone' | 'api_key' | 'guest'

export interface Route<Body = unknown> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly path: string
  readonly needs: Needs
  readonly scope: Scope
  /** Media: served by the lean door (media-door.ts), and only to who also shows a ticket to the camera of its scope. */
  readonly ticket?: true
  /** Parsed once, at the door; trusted after. */
  readonly form?: ZodType<Body>
  /** The body is bytes, at most so many, and comes as it is. */
  readonly bytesMax?: number
  act(asked: Asked<Body>): Promise<Answer>
}

/** Keeps the body's type tied to the form while routes of many forms share one list. */
export function route<Body>(declared: Route<Body>): Route {
  return declared as unknown as Route
}

export const json = (value: unknown, status = 200): Answer => ({ kind: 'json', status, value })
export const refuse = (problem: ProblemDraft): Answer => ({ kind: 'problem', problem })
