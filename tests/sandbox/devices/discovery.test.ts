import { fileURLToPath } from 'node:url'
import { systemClock } from '../../../server/system/clock.js'
import { runToEnd } from '../../../server/system/child.js'
import { silentLog } from '../../../server/system/log.js'
import { startDiscoveryResponder, type DiscoveryResponder } from '../../../server/sandbox/devices/discovery-responder.js'
import type { VirtualCamera } from '../../../server/sandbox/devices/virtual-camera.js'
import { find, probeMessage } from './finder.js'
import { FFMPEG, makeFilms, openCamera, type Films } from './films.js'

const withFfmpeg = FFMPEG ? test : test.skip

let films: Films
let cameras: VirtualCamera[] = []
let responder: DiscoveryResponder

beforeAll(async () => {
  if (!FFMPEG) return
  films = await makeFilms()
  cameras = await Promise.all([1, 2, 3].map((number) => openCamera(films, { id: `cam-${number}`, serial: `0926110000000000000${number}`, name: `Cổng ${number}`, model: number === 3 ? 'VL-PTZ' : 'VL-Dome' })))
  responder = await startDiscoveryResponder({ cameras, bind: { address: '127.0.0.1', port: 0 }, clock: systemClock, log: silentLog })
})
afterAll(async () => {
  await responder?.close()
  await Promise.all(cameras.map((camera) => camera.close()))
})

const RFC3986 = 'http://schemas.xmlsoap.org/ws/2005/04/discovery/rfc3986'
const PROBES: readonly (readonly [string, string, readonly string[]])[] = [
  ['for video transmitters', '<d:Types>dn:NetworkVideoTransmitter</d:Types>', ['cam-1', 'cam-2', 'cam-3']],
  ['for ONVIF devices', '<d:Types>tds:Device</d:Types>', ['cam-1', 'cam-2', 'cam-3']],
  ['for both types at once', '<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types>', ['cam-1', 'cam-2', 'cam-3']],
  ['for anything', '', ['cam-1', 'cam-2', 'cam-3']],
  ['for empty types and scopes', '<d:Types/><d:Scopes/>', ['cam-1', 'cam-2', 'cam-3']],
  ['for printers', '<d:Types>wprt:PrintDeviceType</d:Types>', []],
  ['for a hardware by scope', '<d:Scopes>onvif://www.onvif.org/hardware/VL-PTZ</d:Scopes>', ['cam-3']],
  ['for a name by scope, host in capitals', `<d:Scopes MatchBy="${RFC3986}">onvif://WWW.ONVIF.ORG/name/${encodeURIComponent('Cổng 2')}</d:Scopes>`, ['cam-2']],
  ['for half a word of a scope', '<d:Scopes>onvif://www.onvif.org/hardware/VL</d:Scopes>', []],
  ['for a scope by a rule nobody knows', '<d:Scopes MatchBy="urn:own-rule">onvif://www.onvif.org/hardware/VL-PTZ</d:Scopes>', []],
]
withFfmpeg.each(PROBES)('a probe %s finds its cameras, each by its own answer', async (_name, inner, expected) => {
  const found = await find({ address: '127.0.0.1', port: responder.port, inner, wanted: expected.length })
  expect(found.map((device) => device.address).sort()).toEqual(cameras.filter((camera) => expected.includes(camera.id)).map((camera) => camera.onvifUrl).sort())
  for (const device of found) expect([device.relatesTo, device.endpoint]).toEqual(['ours', expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/)])
})

withFfmpeg.each([
  ['garbage', '\u0000\u0001nonsense'],
  ['XML that is cut off', probeMessage('urn:uuid:1', '').slice(0, 300)],
  ['a document type', `<!DOCTYPE x>${probeMessage('urn:uuid:1', '')}`],
  ['a probe without identity', probeMessage('', '')],
  ['an answer instead of a question', probeMessage('urn:uuid:1', '').replaceAll('Probe', 'ProbeMatches')],
  ['a message of 40 kB', probeMessage('urn:uuid:1', `<d:Types>${' '.repeat(40_000)}</d:Types>`)],
])('%s gets no answer and does no harm', async (_name, message) => {
  expect(await find({ address: '127.0.0.1', port: responder.port, inner: '', message, wanted: 0 })).toEqual([])
})

withFfmpeg('the identity of a camera is the same after a restart, and a dead camera is not found', async () => {
  const again = await openCamera(films, { id: 'cam-1', serial: '09261100000000000001' })
  expect(again.facts.uuid).toBe(cameras[0]?.facts.uuid)
  await again.close()
  await cameras[1]?.setFault('drop')
  expect(await find({ address: '127.0.0.1', port: responder.port, inner: '', wanted: 2 })).toHaveLength(2)
  await cameras[1]?.setFault('none')
})

/**
 * Multicast happens only in here: a network namespace of its own, with a second one behind a virtual cable for the camera.
 * Both vanish with their processes, which a process namespace holds together; nothing reaches a real interface.
 */
const mayUnshare = process.getuid?.() === 0 && (await runToEnd('unshare', ['-n', '-p', '--fork', '--kill-child', '--mount-proc', 'ip', 'link', 'set', 'lo', 'up'], { timeoutMs: 5000 }).then(({ code }) => code === 0, () => false))
const inNamespace = mayUnshare && FFMPEG ? test : test.skip
inNamespace('in network namespaces, a multicast probe crosses the cable and finds the camera, also by npm onvif (needs root)', async () => {
  const script = fileURLToPath(new URL('in-namespace.ts', import.meta.url))
  const wiring = `set -e
    ip link set lo up
    unshare -n sleep 60 & CAMERA=$!
    while [ "$(readlink /proc/$CAMERA/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
    ip link add cable0 type veth peer name cable1 netns $CAMERA
    ip addr add 10.77.0.1/24 dev cable0; ip link set cable0 up; ip route add 224.0.0.0/4 dev cable0
    nsenter -t $CAMERA -n sh -c 'ip link set lo up; ip addr add 10.77.0.2/24 dev cable1; ip link set cable1 up; ip route add 224.0.0.0/4 dev cable1'
    nsenter -t $CAMERA -n node --import tsx "$0" device "$1" & DEVICE=$!
    CODE=0; node --import tsx "$0" finder || CODE=$?
    kill $DEVICE $CAMERA
    exit $CODE`
  const { stdout, stderr, code } = await runToEnd('unshare', ['-n', '-p', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', wiring, script, JSON.stringify({ main: films.main, sub: films.sub })], { timeoutMs: 25_000 })
  expect([code, stderr]).toEqual([0, expect.anything()])
  const [byOurs, byNpm] = stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown)
  expect(byOurs).toEqual([{ address: expect.stringMatching(/^http:\/\/10\.77\.0\.2:\d+\/onvif\/device_service$/), from: '10.77.0.2', answers: 200 }])
  expect(byNpm).toEqual([expect.stringMatching(/^http:\/\/10\.77\.0\.2:/)])
})
