import { execFileSync } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { makeAddressGuard } from '../../server/devices/address-guard.js'
import { discover, hostsOf, servicesAt, type Discovery } from '../../server/devices/discovery.js'
import { readProbeMatches, writeProbe } from '../../server/devices/probe-message.js'
import { forkOurs } from '../../server/system/child.js'
import { systemClock } from '../../server/system/clock.js'

const guard = makeAddressGuard({ networks: ['127.0.0.0/8'] }, systemClock)
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})

/** Answers each probe with these texts; `{id}` becomes the probe's own message id. */
async function startResponder(texts: readonly string[], only?: RegExp): Promise<number> {
  const socket = createSocket('udp4')
  sockets.push(socket)
  socket.on('message', (bytes, from) => {
    const probe = bytes.toString('utf8')
    if (only && !only.test(probe)) return
    const id = /<a:MessageID>([^<]+)</.exec(probe)?.[1] ?? ''
    for (const text of texts) socket.send(text.replaceAll('{id}', id), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return socket.address().port
}

function match(epr: string, xaddrs: string, scopes = ''): string {
  return `<d:ProbeMatch><a:EndpointReference><a:Address>${epr}</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>${scopes}</d:Scopes><d:XAddrs>${xaddrs}</d:XAddrs></d:ProbeMatch>`
}

function matches(inner: string, relatesTo = '{id}'): string {
  return `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Header><a:RelatesTo>${relatesTo}</a:RelatesTo></s:Header><s:Body><d:ProbeMatches>${inner}</d:ProbeMatches></s:Body></s:Envelope>`
}

function ask(ports: readonly number[], listenMs = 5_000): Promise<Discovery> {
  return discover({ targets: ports.map((port) => ({ address: '127.0.0.1', port })), multicast: false, guard, clock: systemClock, listenMs })
}

test('a camera on loopback is found once, though it answers six questions, with its name and its own address', async () => {
  const port = await startResponder([matches(match('urn:uuid:1', 'http://127.0.0.1:8080/onvif/device_service http://10.0.0.9/onvif', 'onvif://www.onvif.org/name/C%E1%BA%A7u%20Gi%E1%BA%A5y onvif://www.onvif.org/hardware/M1 onvif://www.onvif.org/location/Hà%20Nội'))])
  expect((await ask([port])).found).toEqual([{ epr: 'urn:uuid:1', address: '127.0.0.1', via: 'unicast', name: 'Cầu Giấy', hardware: 'M1', location: 'Hà Nội', types: ['NetworkVideoTransmitter'], services: [{ url: 'http://127.0.0.1:8080/onvif/device_service', rewritten: false }] }])
})

test('a recorder that answers with twelve cameras in one datagram is twelve devices', async () => {
  const port = await startResponder([matches(Array.from({ length: 12 }, (_, i) => match(`urn:uuid:ch${i}`, `http://127.0.0.1:80${10 + i}/onvif`)).join(''))])
  expect((await ask([port])).found).toHaveLength(12)
})

test.each([['an NVT alone', /dn:NetworkVideoTransmitter/], ['a Device alone', /tds:Device/], ['a probe without types alone', /<d:Probe><\/d:Probe>/]])('a device that answers %s is found', async (_name, only) => {
  const port = await startResponder([matches(match('urn:uuid:x', 'http://127.0.0.1/onvif'))], only)
  expect((await ask([port])).found).toHaveLength(1)
})

test('garbage harms nobody: it is told, and the camera beside it is found', async () => {
  const strange = ['\0\x01\x02', '', '<a/>', '<Envelope/>', matches(''), matches('<d:ProbeMatch/>'), '<!DOCTYPE x []><x/>', matches(match('urn:uuid:evil', 'http://127.0.0.1/'), 'urn:uuid:not-ours'), `<s:Envelope>${'<a>'.repeat(5_000)}`]
  const [bad, good] = [await startResponder(strange), await startResponder([matches(match('urn:uuid:good', 'http://127.0.0.1/onvif'))])]
  const { found, faults } = await ask([bad, good])
  expect(found.map((one) => one.epr)).toEqual(['urn:uuid:good'])
  expect(faults.map((one) => one.where)).toEqual(expect.arrayContaining([`127.0.0.1:${bad}`]))
  expect(faults.map((one) => one.said).join('; ')).toMatch(/no SOAP envelope.*did not ask|did not ask.*no SOAP envelope/s)
})

test('a target outside the camera networks is not asked, and said', async () => {
  const { found, faults, asked } = await discover({ targets: [{ address: '192.0.2.7', port: 3702 }, { address: 'cam.lan', port: 3702 }, { address: '127.0.0.1', port: 0 }], sweeps: ['192.0.2.0/30'], multicast: false, guard, clock: systemClock, listenMs: 10 })
  expect({ found, asked }).toEqual({ found: [], asked: 0 })
  expect(faults.map((one) => one.where)).toEqual(['192.0.2.7:3702', 'cam.lan:3702', '127.0.0.1:0', '192.0.2.1:3702', '192.0.2.2:3702'])
})

test('a sweep that is none, or too large, is named and asks nobody', async () => {
  const { faults, asked } = await discover({ targets: [], sweeps: ['127.0.0.0/8', 'ward 7'], multicast: false, guard, clock: systemClock, listenMs: 10 })
  expect({ asked, faults }).toEqual({ asked: 0, faults: [{ where: '127.0.0.0/8', said: expect.stringContaining('larger than /22') }, { where: 'ward 7', said: expect.stringContaining('no CIDR block') }] })
})

test('an interface that cannot send is named, the others go on', async () => {
  const { faults } = await discover({ targets: [], multicast: true, interfaces: ['192.0.2.55'], guard, clock: systemClock, listenMs: 10 })
  expect(faults).toEqual([{ where: 'interface 192.0.2.55', said: expect.stringMatching(/EADDRNOTAVAIL/) }])
})

test.each([
  ['its own address', ['http://10.0.0.5:8080/onvif', 'http://192.168.1.1/onvif'], [{ url: 'http://10.0.0.5:8080/onvif', rewritten: false }]],
  ['0.0.0.0', ['http://0.0.0.0:8000/onvif'], [{ url: 'http://10.0.0.5:8000/onvif', rewritten: true }]],
  ['127.0.0.1', ['http://127.0.0.1/onvif'], [{ url: 'http://10.0.0.5/onvif', rewritten: true }]],
  ['the cloud’s metadata', ['http://169.254.169.254/latest'], [{ url: 'http://10.0.0.5/latest', rewritten: true }]],
  ['files, accounts and nonsense', ['file:///etc/passwd', 'http://a:b@10.0.0.5/', 'rtsp://10.0.0.5/', '::'], []],
])('a device at 10.0.0.5 that names %s', (_name, xaddrs, services) => {
  expect(servicesAt('10.0.0.5', xaddrs)).toEqual(services)
})

test('a sweep asks each host of a block, /22 at most', () => {
  expect(hostsOf('10.1.2.9/29')).toEqual(['10.1.2.9', '10.1.2.10', '10.1.2.11', '10.1.2.12', '10.1.2.13', '10.1.2.14'])
  expect(hostsOf('10.1.2.3')).toEqual(['10.1.2.3'])
  expect(hostsOf('10.1.0.0/22')).toHaveLength(1_022)
  expect(() => hostsOf('10.1.0.0/21')).toThrow('larger than /22')
  expect(() => hostsOf('fd00::/120')).toThrow('only IPv4')
})

test('our own probe is XML that says what it asks', () => {
  expect(writeProbe('urn:uuid:a&b', 'tds:Device')).toContain('<a:MessageID>urn:uuid:a&#38;b</a:MessageID>')
  expect(readProbeMatches(writeProbe('x', null))).toEqual({ ok: false, why: 'the answer is no ProbeMatches' })
})

/** Two network cards and no default route, made inside namespaces of this test: nothing leaves the machine. */
function mayMakeNamespaces(): boolean {
  try {
    execFileSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const multihomed = mayMakeNamespaces() ? test : test.skip

multihomed('multicast over two network cards finds both sides, where the system’s own choice would find none', async () => {
  const found = await new Promise<Discovery>((resolve, reject) => {
    const child = forkOurs(new URL('./two-cards-program', import.meta.url), { runId: 'test' })
    child.once('message', (message) => resolve(message as Discovery))
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}`)))
  })
  expect(found.found.map(({ epr, address, via }) => ({ epr, address, via }))).toEqual([
    { epr: 'urn:uuid:side-1', address: '10.77.1.2', via: 'multicast' },
    { epr: 'urn:uuid:side-2', address: '10.77.2.2', via: 'multicast' },
  ])
  expect(found.faults).toEqual([])
}, 60_000)
