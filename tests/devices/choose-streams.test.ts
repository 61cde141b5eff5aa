import { chooseStreams } from '../../server/devices/choose-streams.js'
import type { DeviceProfile } from '../../server/devices/onvif.js'
import { serviceUrl } from '../../server/devices/ladder.js'
import { verdictOf } from '../../server/devices/verdict.js'
import { TROUBLE_CODES } from '../../server/domain/trouble.js'
import { scrub } from '../../server/devices/secrets.js'

function profile(token: string, size: string, part: Partial<DeviceProfile> = {}): DeviceProfile {
  const [width = 0, height = 0] = size.split('x').map(Number)
  return { token, name: token, source: 's', codec: 'h264', width: width || null, height: height || null, fps: 15, bitrateKbps: null, url: `rtsp://c/${token}`, hostSaid: null, ...part }
}

test.each([
  ['the largest is main, the one nearest to 640 × 360 is sub', [profile('a', '640x480'), profile('b', '1920x1080'), profile('c', '352x288'), profile('d', '1280x720')], 'b', 'a'],
  ['one profile has no sub', [profile('a', '1920x1080')], 'a', null],
  ['a second profile at the same address is no sub', [profile('a', '1920x1080'), profile('b', '640x360', { url: 'rtsp://c/a' })], 'a', null],
  ['of two equal sizes main is the one that browsers show', [profile('a', '1920x1080', { codec: 'hevc' }), profile('b', '1920x1080'), profile('c', '640x360')], 'b', 'c'],
  ['of two equal subs too', [profile('a', '1920x1080'), profile('b', '640x360', { codec: 'mjpeg' }), profile('c', '640x360')], 'a', 'c'],
  ['a stream without an address is left out', [profile('a', '3840x2160', { url: null }), profile('b', '1920x1080'), profile('c', '704x576')], 'b', 'c'],
  ['of two equal sizes MPEG-4 comes last: it is transcoded', [profile('a', '704x576', { codec: 'mpeg4' }), profile('b', '704x576')], 'b', 'a'],
  ['an old device that tells no size is still used', [profile('a', ''), profile('b', '')], 'a', 'b'],
])('%s', (_name, profiles, main, sub) => {
  expect(chooseStreams(profiles).map((channel) => [channel.main.token, channel.sub?.token ?? null])).toEqual([[main, sub]])
})

test('each source of a recorder is a channel of its own', () => {
  const channels = chooseStreams([profile('a', '1920x1080', { source: '1' }), profile('b', '1920x1080', { source: '2' }), profile('c', '704x576', { source: '1' })])
  expect(channels.map((one) => [one.source, one.main.token, one.sub?.token ?? null])).toEqual([['1', 'a', 'c'], ['2', 'b', null]])
})

test.each([
  ['192.168.1.20', 'http://192.168.1.20/onvif/device_service'],
  [' 192.168.1.20:8000 ', 'http://192.168.1.20:8000/onvif/device_service'],
  ['https://cam.lan/', 'https://cam.lan/onvif/device_service'],
  ['http://10.0.0.5:8080/onvif/services', 'http://10.0.0.5:8080/onvif/services'],
])('people type %s and mean %s', (typed, url) => {
  expect(serviceUrl(typed)).toBe(url)
})

test('every trouble at every rung has a verdict', () => {
  const verdicts = TROUBLE_CODES.map((code) => [code, verdictOf('main_stream', code, { offersH264: false, legacyCodec: false })])
  expect(Object.fromEntries(verdicts)).toMatchObject({ unreachable: 'unreachable', auth: 'needs_settings', codec_unsupported: 'needs_adapter', onvif_fault: 'needs_adapter', invalid_media: 'needs_adapter' })
  expect(verdicts.every(([, verdict]) => typeof verdict === 'string')).toBe(true)
  expect(verdictOf('web', 'codec_unsupported', { offersH264: false, legacyCodec: false })).toBe('usable_by_transcoding')
  expect(verdictOf('main_stream', 'codec_unsupported', { offersH264: true, legacyCodec: true })).toBe('needs_settings')
  expect(verdictOf('main_stream', 'codec_unsupported', { offersH264: false, legacyCodec: true })).toBe('must_replace')
})

test('last words are cut, tidied and free of the password in each form', () => {
  const credentials = { user: 'u', password: 'pä/ss"w' }
  const said = `a\r\nb ${credentials.password} ${encodeURIComponent(credentials.password)} ${Buffer.from(`u:${credentials.password}`).toString('base64')} ${JSON.stringify(credentials.password)} ${'x'.repeat(900)}`
  const told = scrub(said, credentials)
  expect(told).toMatch(/^a b \*\*\* \*\*\* \*\*\* "\*\*\*" x+$/)
  expect(told).toHaveLength(200)
})
