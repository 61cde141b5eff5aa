import { open } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { newId } from '../system/ids.js'
import { spanAnswer } from './byte-span.js'
import { notFound } from './problems.js'
import type { Answer, Body, ProblemDraft } from './route.js'

/** Writes answers of the media door: one head, one body, in one go. */
export interface MediaAnswers {
  give(request: IncomingMessage, response: ServerResponse, answer: Answer): void | Promise<void>
  refuse(response: ServerResponse, problem: ProblemDraft, requestId?: string): void
}

/**
 * A picture is no page: nothing may run from it, frame it, guess its type, keep it, or show it on another site. (What helmet
 * says besides concerns pages only.) Names and values in turn, as `writeHead` takes them fastest.
 */
const GUARDED = ['x-content-type-options', 'nosniff', 'cross-origin-resource-policy', 'same-origin', 'content-security-policy', "default-src 'none'; frame-ancestors 'none'", 'referrer-policy', 'no-referrer'] as const
const TLS_ONLY = ['strict-transport-security', 'max-age=31536000; includeSubDomains'] as const

export function makeMediaAnswers(secure: boolean): MediaAnswers {
  const guarded: readonly string[] = secure ? [...GUARDED, ...TLS_ONLY] : GUARDED
  // Routes give the same few header objects again and again; each is laid out once.
  const laidOut = new WeakMap<object, readonly string[]>()
  const layOut = (headers: Readonly<Record<string, string>>): readonly string[] => {
    const known = laidOut.get(headers)
    if (known) return known
    // Whatever the route says: what a browser kept could be seen after the sign-out (S4).
    const made = [...guarded, 'cache-control', 'no-store', ...Object.entries(headers).filter(([name]) => name !== 'cache-control').flat()]
    laidOut.set(headers, made)
    return made
  }
  const write = (response: ServerResponse, options: { readonly status: number; readonly headers: readonly string[]; readonly body: Body }): void => {
    response.writeHead(options.status, [...options.headers, 'content-length', String(bytesOf(options.body))])
    sendBody(response, options.body)
  }
  const refuse: MediaAnswers['refuse'] = (response, problem, requestId = newId<string>()) => {
    if (response.headersSent || response.destroyed) return
    const wait = problem.faults.find(({ field }) => field === 'retry_after_s')
    const headers = [...guarded, 'cache-control', 'no-store', 'content-type', 'application/problem+json', ...(wait ? ['retry-after', wait.reason] : [])]
    write(response, { status: problem.status, headers, body: JSON.stringify({ ...problem, requestId }) })
  }
  return {
    refuse,
    give(request, response, answer) {
      switch (answer.kind) {
        case 'problem':
          return refuse(response, answer.problem)
        case 'bytes':
          return write(response, { status: answer.status, headers: layOut(answer.headers), body: answer.body })
        case 'ranged': {
          const { status, headers, span } = spanAnswer(request.headers.range, answer.body.length)
          return write(response, { status, headers: [...layOut(answer.headers), ...headers.flat()], body: span && answer.body.subarray(span.from, span.to + 1) })
        }
        case 'json':
          return write(response, { status: answer.status ?? 200, headers: [...guarded, 'cache-control', 'no-store', 'content-type', 'application/json; charset=utf-8'], body: JSON.stringify(answer.value) })
        case 'file':
          return giveFile({ request, response, path: answer.path, headers: layOut(answer.headers), onMissing: () => refuse(response, notFound) })
      }
    },
  }
}

/** Ends the answer with this body; pieces leave together with the head, in one write to the system. */
export function sendBody(response: ServerResponse, body: Body): void {
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) return void response.end(body ?? undefined)
  response.cork()
  for (const piece of body) response.write(piece)
  response.end()
}

function bytesOf(body: Body): number {
  if (body === null) return 0
  if (typeof body === 'string') return Buffer.byteLength(body)
  return body instanceof Uint8Array ? body.length : body.reduce((sum, piece) => sum + piece.length, 0)
}

interface FileGift {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly headers: readonly string[]
  readonly onMissing: () => void
}

/** A file, or one span of its bytes. */
async function giveFile({ request, response, path, headers, onMissing }: FileGift): Promise<void> {
  const file = await open(path, 'r').catch((fault: NodeJS.ErrnoException) => (fault.code === 'ENOENT' ? null : Promise.reject(fault)))
  if (!file) return onMissing()
  try {
    const { size } = await file.stat()
    const { status, headers: own, span } = spanAnswer(request.headers.range, size)
    response.writeHead(status, [...headers, ...own.flat(), 'content-length', String(span ? span.to - span.from + 1 : 0)])
    if (!span) return void response.end()
    const { from, to } = span
    if (request.method === 'HEAD' || size === 0) return void response.end()
    await pipeline(file.createReadStream({ start: from, end: to, autoClose: false }), response).catch((fault: NodeJS.ErrnoException) => {
      // A viewer who leaves in the middle is no fault of ours.
      if (fault.code !== 'ERR_STREAM_PREMATURE_CLOSE' && fault.code !== 'ECONNRESET' && fault.code !== 'EPIPE') throw fault
    })
  } finally {
    await file.close()
  }
}
