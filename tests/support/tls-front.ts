import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { closeAfterTest } from './rtsp-server.js'

export function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version']).status === 0
}

/** TLS with a certificate of its own making in front of a plain port, as cameras that speak rtsps have it. */
export async function startTlsFront(port: number): Promise<{ readonly port: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-tls-'))
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=camera', '-days', '2', '-keyout', join(folder, 'k.pem'), '-out', join(folder, 'c.pem')], { stdio: 'ignore' })
  const sockets = new Set<Socket>()
  const server = createServer({ key: readFileSync(join(folder, 'k.pem')), cert: readFileSync(join(folder, 'c.pem')) }, (outer) => {
    const inner = connect(port, '127.0.0.1')
    for (const socket of [outer, inner]) sockets.add(socket.on('error', () => undefined))
    outer.pipe(inner).pipe(outer)
    outer.on('close', () => inner.destroy())
  })
  rmSync(folder, { recursive: true })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closeAfterTest(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  )
  return { port: (server.address() as AddressInfo).port }
}
