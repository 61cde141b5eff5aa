import { createRequire } from 'node:module'
import { systemClock } from '../../../server/system/clock.js'
import { silentLog } from '../../../server/system/log.js'
import { startDiscoveryResponder } from '../../../server/sandbox/devices/discovery-responder.js'
import { soap } from './clients.js'
import { find } from './finder.js'
import { openCamera, type Films } from './films.js'

/** Runs inside a network namespace that discovery.test.ts made: once as the camera, once as who looks for it. */
const [role, filmsJson = '{}'] = process.argv.slice(2)

if (role === 'device') {
  const films = JSON.parse(filmsJson) as Pick<Films, 'main' | 'sub'>
  const camera = await openCamera({ ...films, variants: {} }, { address: '10.77.0.2' })
  await startDiscoveryResponder({ cameras: [camera], bind: { address: '0.0.0.0', port: 3702, multicastInterfaces: ['10.77.0.2'] }, clock: systemClock, log: silentLog })
} else {
  const found = await find({ address: '239.255.255.250', port: 3702, inner: '<d:Types>dn:NetworkVideoTransmitter</d:Types>', wanted: 1, multicastFrom: '10.77.0.1', timeoutMs: 15_000 })
  const told = await Promise.all(found.map(async ({ address, from }) => ({ address, from, answers: (await soap(address, '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>')).status })))
  process.stdout.write(`${JSON.stringify(told)}\n`)

  interface NpmFound { readonly probeMatches: { readonly probeMatch: { readonly XAddrs: string } } }
  const { Discovery } = createRequire(import.meta.url)('onvif') as { Discovery: { on(event: 'error', hear: () => void): void; probe(options: object, done: (error: unknown, found: readonly NpmFound[]) => void): void } }
  Discovery.on('error', () => undefined)
  Discovery.probe({ timeout: 700, resolve: false }, (_error, all) => {
    process.stdout.write(`${JSON.stringify(all.map((one) => one.probeMatches.probeMatch.XAddrs))}\n`)
    process.exit(0)
  })
}
