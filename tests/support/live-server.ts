import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { join } from 'node:path'
import { asId, type StreamId } from '../../server/domain/ids.js'
import type { Live } from '../../server/live/open-live.js'

/** The smallest web server around `live`: what a test or a measurement of the player needs, and no sign-in. */
export interface LiveServer {
  readonly url: string
  close(): Promise<void>
}

export async function serveLive(live: Live, pages: Readonly<Record<string, { readonly type: string; readonly body: string | Uint8Array }>>): Promise<LiveServer> {
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x')
    const page = pages[url.pathname]
    if (page) return void response.writeHead(200, { 'content-type': page.type }).end(page.body)
    const [, stream, file] = /^\/live\/([a-z0-9-]+)\/([^/]+)$/.exec(url.pathname) ?? []
    if (stream === undefined || file === undefined) return void response.writeHead(404).end()
    const left = new AbortController()
    response.on('close', () => left.abort())
    const query = { msn: url.searchParams.get('_HLS_msn') ?? undefined, part: url.searchParams.get('_HLS_part') ?? undefined }
    void live.answer(asId<StreamId>(stream), { file, ...query, signal: left.signal }).then(({ status, headers, body }) => {
      if (!response.destroyed) response.writeHead(status, headers).end(typeof body === 'string' ? body : Buffer.concat(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** The player's own driver, as a script for a bare page: `vonglau.openLiveTile`; or another entry under its own name. */
export async function bundleDriver(root: string, { entry, name } = { entry: 'player/live/live-driver.ts', name: 'vonglau' }): Promise<string> {
  const made = await build({ entryPoints: [join(root, entry)], bundle: true, write: false, format: 'iife', globalName: name, target: 'es2022', logLevel: 'silent',
    // As the player is built (config/tooling/vite.config.ts).
    alias: { 'hls.js': 'hls.js/light' },
  })
  return made.outputFiles[0]?.text ?? ''
}
