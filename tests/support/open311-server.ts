import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Feedback } from '../../server/feedback/feedback.js'

/** A server on loopback that a test fills with behaviour. */
export interface LocalServer {
  readonly url: string
  /** Every request that came, oldest first. */
  readonly seen: readonly { readonly method: string; readonly url: string; readonly body: string }[]
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void
  close(): Promise<void>
}

export async function startLocalServer(answer: LocalServer['answer']): Promise<LocalServer> {
  const seen: { method: string; url: string; body: string }[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8')
      seen.push({ method: request.method ?? '', url: request.url ?? '', body })
      local.answer(request, body, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const local: LocalServer = {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/open311`,
    seen,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return local
}

/** Our own endpoint behind a bare HTTP server, as any other system meets it. */
export function serveFeedback(feedback: Feedback): LocalServer['answer'] {
  return (request, body, response) => {
    const url = new URL(request.url ?? '/', 'http://local')
    const path = url.pathname.replace(/^\/open311\//, '')
    feedback.open311({ method: request.method === 'POST' ? 'post' : 'get', path, query: url.searchParams, form: new URLSearchParams(body) }).then(
      (answer) => response.writeHead(answer.status, { 'content-type': answer.mediaType }).end(answer.body),
      () => response.writeHead(500).end(),
    )
  }
}
