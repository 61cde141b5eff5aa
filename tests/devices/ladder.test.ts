import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { makeAddressGuard } from '../../server/devices/address-guard.js'
import { discover } from '../../server/devices/discovery.js'
import { inspectCamera, type InspectInput, type Inspection } from '../../server/devices/ladder.js'
import { openOnvif, type Onvif } from '../../server/devices/onvif.js'
import { startDiscoveryResponder } from '../../server/sandbox/devices/discovery-responder.js'
import { startVirtualCamera, type VirtualCamera, type VirtualCameraSpec } from '../../server/sandbox/devices/virtual-camera.js'
import { systemClock as clock } from '../../server/system/clock.js'
import { silentLog as log } from '../../server/system/log.js'
import { hasFfmpeg, hasRtspServer, makeClip, startRtspServer } from '../support/rtsp-server.js'
import * as animals from '../zoo/animals.js'
import { rtspReply, sdp, startRtspDevice } from '../zoo/rtsp-device.js'
import { startSoapDevice, type Animal } from '../zoo/soap-device.js'

const withFfmpeg = hasFfmpeg() ? test : test.skip
const guard = makeAddressGuard({ networks: ['127.0.0.0/8'] }, clock)
const ACCOUNT = { user: 'quan&tri', password: 'Mật-khẩu & <bí> "mật" 42' }
let onvif: Onvif
let camera: VirtualCamera | null = null

beforeAll(async () => {
  onvif = openOnvif({ runId: 'test', log, clock, deadlineMs: 20_000 })
  if (hasFfmpeg()) camera = await startVirtualCamera({ spec: specOf(), clock, log, ffmpeg: null, runId: 'test' })
})
afterAll(async () => {
  onvif.close()
  await camera?.close()
})
afterEach(() => camera?.setFault('none'))

function film(width: number, height: number): VirtualCameraSpec['main'] {
  const folder = join(tmpdir(), 'vonglau-test-clips')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `film-${width}x${height}.h264`)
  if (!existsSync(file)) {
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=s=${width}x${height}:r=10`, '-t', '3', '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '10', '-pix_fmt', 'yuv420p', '-f', 'h264', `${file}.${process.pid}`])
    execFileSync('mv', [`${file}.${process.pid}`, file])
  }
  return { file, width, height }
}

function specOf(): VirtualCameraSpec {
  return { id: 'c1', name: 'Cầu Giấy', vendor: 'Sông Hậu', model: 'SH-20', firmware: '5.10', serial: '12345678901234567890', ...ACCOUNT, location: 'Hà Nội', onvifPort: 0, rtspPort: 0, fps: 10, main: film(1280, 720), sub: film(640, 360), variants: {}, ptz: true }
}

function climb(input: InspectInput, streamMs = 10_000): Promise<Inspection> {
  return inspectCamera(input, { guard, onvif, clock, reachMs: 5_000, streamMs })
}

function told(inspection: Inspection): string {
  return inspection.rungs.map(({ rung, ok, trouble }) => (ok ? rung : `${rung}!${trouble?.code}`)).join(' ')
}

withFfmpeg('a virtual camera is found by unicast and climbs the whole ladder', async () => {
  const responder = await startDiscoveryResponder({ cameras: [camera!], bind: { address: '127.0.0.1', port: 0 }, clock, log })
  const { found } = await discover({ targets: [responder], multicast: false, guard, clock, listenMs: 5_000 })
  await responder.close()
  expect(found).toMatchObject([{ name: 'Cầu Giấy', services: [{ url: camera!.onvifUrl }] }])
  const inspection = await climb({ kind: 'onvif', address: found[0]!.services[0]!.url, ...ACCOUNT })
  expect(told(inspection)).toBe('reach onvif sign_in main_stream sub_stream web clock')
  expect(inspection).toMatchObject({
    verdict: 'usable',
    identity: { manufacturer: 'Sông Hậu', firmware: '5.10', serial: '12345678901234567890' },
    suggested: { main: { url: camera!.rtspUrl('main'), codec: 'h264', width: 1280, height: 720, fps: 10 }, sub: { url: camera!.rtspUrl('sub'), codec: 'h264', width: 640, height: 360, fps: 10 } },
    ptz: true,
    events: true,
  })
})

withFfmpeg('the same by its RTSP addresses', async () => {
  const inspection = await climb({ kind: 'rtsp', mainUrl: camera!.rtspUrl('main'), subUrl: camera!.rtspUrl('sub'), ...ACCOUNT })
  expect(told(inspection)).toBe('reach sign_in main_stream sub_stream web')
  expect(inspection).toMatchObject({ verdict: 'usable', suggested: { main: { width: 1280 }, sub: { width: 640 } } })
})

withFfmpeg('each fault of a virtual camera stops at its own rung, with a remedy in both languages', async () => {
  const rows: string[] = []
  for (const fault of ['drop', 'stall', 'wrong_password', 'clock_skew'] as const) {
    await camera!.setFault(fault)
    const inspection = await climb({ kind: 'onvif', address: camera!.onvifUrl, ...ACCOUNT }, fault === 'stall' ? 1_500 : undefined)
    rows.push(`${fault}: ${told(inspection)} = ${inspection.verdict}`)
    const broken = inspection.rungs.find((rung) => !rung.ok)
    expect(broken?.said.vi.length).toBeGreaterThan(20)
    expect(broken?.said.en.length).toBeGreaterThan(20)
  }
  expect(rows).toEqual([
    'drop: reach!refused = needs_settings',
    'stall: reach onvif sign_in main_stream!timed_out = unreachable',
    'wrong_password: reach onvif sign_in!auth = needs_settings',
    'clock_skew: reach onvif sign_in main_stream sub_stream web clock!clock_skew = needs_settings',
  ])
})

const zoo: readonly { readonly name: string; readonly animal: Animal; readonly rungs: string; readonly verdict: string }[] = [
  { name: 'a wrong password', animal: animals.DENIES_QUIETLY, rungs: 'reach onvif sign_in!auth', verdict: 'needs_settings' },
  { name: 'a device without profiles', animal: animals.WITHOUT_PROFILES, rungs: 'reach onvif sign_in main_stream!no_stream', verdict: 'needs_settings' },
  { name: 'a device that speaks something else', animal: animals.WITH_DOCTYPE, rungs: 'reach onvif!onvif_fault', verdict: 'needs_adapter' },
  { name: 'a device whose streams have no address', animal: { ...animals.HEALTHY, GetStreamUri: () => animals.streamAnswer('') }, rungs: 'reach onvif sign_in main_stream!no_stream', verdict: 'needs_settings' },
  { name: 'a device whose stream port is closed', animal: { ...animals.HEALTHY, GetStreamUri: () => animals.streamAnswer('rtsp://127.0.0.1:9/x') }, rungs: 'reach onvif sign_in main_stream!refused', verdict: 'needs_settings' },
]

test.each(zoo)('$name: $rungs', async ({ animal, rungs, verdict }) => {
  const device = await startSoapDevice(animal)
  try {
    const inspection = await climb({ kind: 'onvif', address: device.url, ...ACCOUNT })
    expect([told(inspection), inspection.verdict]).toEqual([rungs, verdict])
  } finally {
    await device.close()
  }
})

test('a legacy codec over RTSP must be replaced, a foreign one adapted, sound alone set up', async () => {
  const rows: unknown[] = []
  for (const media of [['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H263-1998/90000'], ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 X-SECRET/90000'], ['m=audio 0 RTP/AVP 0']]) {
    const device = await startRtspDevice({ answers: { DESCRIBE: () => rtspReply('200 OK', {}, sdp(media)) } })
    const inspection = await climb({ kind: 'rtsp', mainUrl: device.url(), ...ACCOUNT })
    rows.push([told(inspection), inspection.verdict])
    await device.close()
  }
  expect(rows).toEqual([['reach main_stream!codec_unsupported', 'must_replace'], ['reach main_stream!codec_unsupported', 'needs_adapter'], ['reach main_stream!no_video', 'needs_settings']])
})

;(hasRtspServer() && hasFfmpeg() ? test : test.skip)('a sub stream that is missing stops there; a main stream without a sub is usable', async () => {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip({ size: '320x180', fps: 25 }), fps: 25 } } })
  try {
    const missing = await climb({ kind: 'rtsp', mainUrl: server.url('/main'), subUrl: server.url('/sub'), user: '', password: '' })
    expect([told(missing), missing.verdict]).toEqual(['reach sign_in main_stream sub_stream!not_found', 'needs_settings'])
    const alone = await climb({ kind: 'rtsp', mainUrl: server.url('/main'), user: '', password: '' })
    expect([told(alone), alone.verdict]).toEqual(['reach sign_in main_stream sub_stream web', 'usable'])
  } finally {
    await server.close()
  }
})

withFfmpeg('MPEG-4 part 2 alone is usable by transcoding', async () => {
  const device = await startRtspDevice({
    answers: {
      DESCRIBE: () => rtspReply('200 OK', {}, sdp(['m=video 0 RTP/AVP 96', 'a=rtpmap:96 MP4V-ES/90000', 'a=framerate:10'])),
      SETUP: () => rtspReply('200 OK', { Session: '1' }),
      PLAY: (_asked, socket) => {
        setImmediate(() => socket.write(Buffer.from([0x24, 0, 0, 16, 0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 1, 0xb6])))
        return rtspReply('200 OK')
      },
    },
  })
  const inspection = await climb({ kind: 'rtsp', mainUrl: device.url(), ...ACCOUNT })
  expect([told(inspection), inspection.verdict, inspection.suggested.main?.codec]).toEqual(['reach sign_in main_stream sub_stream web!codec_unsupported', 'usable_by_transcoding', 'mpeg4'])
  await device.close()
})

withFfmpeg('Motion JPEG alone is usable by transcoding', async () => {
  const device = await startRtspDevice({
    answers: {
      DESCRIBE: () => rtspReply('200 OK', {}, sdp(['m=video 0 RTP/AVP 26', 'a=framerate:10'])),
      SETUP: () => rtspReply('200 OK', { Session: '1' }),
      PLAY: (_asked, socket) => {
        setImmediate(() => socket.write(Buffer.from([0x24, 0, 0, 23, 0x80, 26, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 1, 80, 160, 90, 1, 2, 3])))
        return rtspReply('200 OK')
      },
    },
  })
  const inspection = await climb({ kind: 'rtsp', mainUrl: device.url(), ...ACCOUNT })
  expect([told(inspection), inspection.verdict, inspection.suggested.main]).toEqual(['reach sign_in main_stream sub_stream web!codec_unsupported', 'usable_by_transcoding', { url: device.url(), token: null, codec: 'mjpeg', width: 1280, height: 720, fps: 10 }])
  await device.close()
})

test.each(['rtsp://169.254.169.254/x', 'file:///etc/passwd', 'rtsp://a:b@127.0.0.1/x', '-i x', ''])('the address %j climbs nothing', async (mainUrl) => {
  const inspection = await climb({ kind: 'rtsp', mainUrl, ...ACCOUNT })
  expect(told(inspection)).toMatch(/^reach!(address_forbidden|invalid_address)$/)
})

withFfmpeg('no password, whatever it is, stands in any answer, right or wrong', async () => {
  const leaky = await startRtspDevice({
    answers: { DESCRIBE: ({ head, before }) => (before % 2 === 0 ? rtspReply('401 Unauthorized', { 'WWW-Authenticate': 'Basic realm="x"' }) : rtspReply(`401 ${head.replace(/[\r\n]+/g, ' ')}`)) },
  })
  const secret = fc.string({ minLength: 6, maxLength: 30, unit: 'grapheme' }).map((text) => `§${text}§`)
  await fc.assert(
    fc.asyncProperty(secret, fc.constantFrom('onvif', 'rtsp', 'leaky', 'address'), async (password, where) => {
      const input: InspectInput =
        where === 'onvif' ? { kind: 'onvif', address: camera!.onvifUrl, user: 'u', password }
        : where === 'address' ? { kind: 'onvif', address: `http://u:${encodeURIComponent(password)}@127.0.0.1/`, user: 'u', password }
        : { kind: 'rtsp', mainUrl: where === 'rtsp' ? camera!.rtspUrl('main') : leaky.url(), user: 'u', password }
      const answer = JSON.stringify(await climb(input))
      for (const form of [password, encodeURIComponent(password), Buffer.from(`u:${password}`).toString('base64'), JSON.stringify(password).slice(1, -1)]) expect(answer).not.toContain(form)
    }),
    { numRuns: 40 },
  )
  expect(JSON.stringify(await climb({ kind: 'onvif', address: camera!.onvifUrl, ...ACCOUNT }))).not.toContain('Mật-khẩu')
  await leaky.close()
})
