import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { takeOne } from '../../server/devices/rtsp-wire.js'
import { watchRtp } from '../../server/devices/rtp-picture.js'
import { controlUri, readSdp } from '../../server/devices/sdp.js'
import { readSps } from '../../server/media/sps.js'
import { hasFfmpeg } from '../support/rtsp-server.js'

const SIZES = ['176x144', '352x288', '640x360', '642x358', '704x576', '1280x720', '1920x1080', '2592x1944'].map((size) => ({ size }))
const withFfmpeg = hasFfmpeg() ? test : test.skip

const START = Buffer.from([0, 0, 1])

/** The parameter set of a real encoder, from one picture of Annex B. */
function encode(size: string, args: readonly string[], format: 'h264' | 'hevc', type: (first: number) => boolean): Buffer {
  const bytes = execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `color=gray:s=${size}:r=15`, '-frames:v', '1', ...args, '-f', format, 'pipe:1'], { maxBuffer: 16 << 20, stdio: ['ignore', 'pipe', 'ignore'] })
  const starts: number[] = []
  for (let at = bytes.indexOf(START); at >= 0; at = bytes.indexOf(START, at + 3)) starts.push(at + 3)
  const at = starts.find((start) => type(bytes[start] ?? 0))!
  const next = starts.find((start) => start > at) ?? bytes.length + 3
  return bytes.subarray(at, next - 3)
}

withFfmpeg.each(SIZES)('x264 at $size tells its size and 15 pictures a second', ({ size }) => {
  const sps = encode(size, ['-c:v', 'libx264', '-preset', 'ultrafast'], 'h264', (first) => (first & 31) === 7)
  expect(readSps('h264', sps)).toEqual({ width: Number(size.split('x')[0]), height: Number(size.split('x')[1]), fps: 15 })
})

withFfmpeg.each([['interlaced', '1920x1080', ['-flags', '+ildct+ilme', '-x264opts', 'tff=1']], ['High 4:2:2', '642x358', ['-pix_fmt', 'yuv422p', '-profile:v', 'high422']], ['High 4:4:4', '642x358', ['-pix_fmt', 'yuv444p']], ['scaling lists', '720x576', ['-x264opts', 'cqm=jvt']]] as [string, string, string[]][])('x264 %s at %s too', (_name, size, args) => {
  const sps = encode(size, ['-c:v', 'libx264', ...args], 'h264', (first) => (first & 31) === 7)
  expect(readSps('h264', sps)).toMatchObject({ width: Number(size.split('x')[0]), height: Number(size.split('x')[1]) })
})

withFfmpeg.each([{ size: '640x360' }, { size: '1920x1080' }, { size: '642x358' }])('x265 at $size tells its size', ({ size }) => {
  const sps = encode(size, ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'], 'hevc', (first) => ((first >> 1) & 63) === 33)
  expect(readSps('h265', sps)).toEqual({ width: Number(size.split('x')[0]), height: Number(size.split('x')[1]), fps: null })
})

test('whatever bytes come, reading a parameter set, a packet or an answer ends in a value', () => {
  const watch = watchRtp({ encoding: 'H265', payloadType: 96, clockRate: 90_000 })
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0x67, 0x42), (bytes, first) => {
      void readSps('h264', Uint8Array.from([first, ...bytes]))
      void readSps('h265', Uint8Array.from([first, ...bytes]))
      watch.see(Uint8Array.from([0x80, 96, ...bytes]))
      watch.see(bytes)
      void takeOne(Buffer.from(bytes))
      void readSdp(Buffer.from(bytes).toString('latin1'))
    }),
    { numRuns: 2_000 },
  )
})

test('an answer is taken whole or not at all, wherever the network cuts it', () => {
  const whole = Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 1\r\ncontent-length: 4\r\nWWW-Authenticate: Basic\r\nWWW-Authenticate: Digest\r\n\r\nbody$\0\0\x02hi')
  const first = takeOne(whole)
  expect(first).toMatchObject({ kind: 'reply', reply: { status: 200, reason: 'OK', body: 'body' } })
  if (first.kind !== 'reply') throw new Error('no reply')
  expect(first.reply.headers.get('www-authenticate')).toEqual(['Basic', 'Digest'])
  expect(takeOne(whole.subarray(first.used))).toEqual({ kind: 'packet', used: 6, channel: 0, bytes: Buffer.from('hi') })
  for (let cut = 0; cut < first.used; cut += 1) expect(takeOne(whole.subarray(0, cut)).kind).toBe('more')
})

test.each([
  ['rtsp://c/live', null, 'rtsp://c/live'],
  ['rtsp://c/live', '*', 'rtsp://c/live'],
  ['rtsp://c/live/', 'track1', 'rtsp://c/live/track1'],
  ['rtsp://c/live', '/track1', 'rtsp://c/live/track1'],
  ['rtsp://c/cam?channel=1&subtype=0', 'trackID=1', 'rtsp://c/cam?channel=1&subtype=0/trackID=1'],
  ['rtsp://c/live', 'rtsp://other/live/t1', 'rtsp://other/live/t1'],
])('the control of %s with %s is %s', (contentBase, control, uri) => {
  expect(controlUri(contentBase, control)).toBe(uri)
})

test('a description of sound, two pictures and metadata', () => {
  const read = readSdp(['v=0', 's=x', 'a=control:rtsp://c/all', 'm=audio 0 RTP/AVP 8', 'a=control:a', 'm=video 0 RTP/AVP 98', 'a=rtpmap:98 H265/90000', 'a=fmtp:98 sprop-vps=QAE=;sprop-sps=QgE=;sprop-pps=RAE=', 'a=framerate:12.5', 'a=control:v', 'm=video 0 RTP/AVP 26', 'm=application 0 RTP/AVP 107'].join('\n'))
  expect(read).toMatchObject({ control: 'rtsp://c/all', kinds: ['audio', 'video', 'video', 'application'], videos: [{ encoding: 'H265', payloadType: 98, fps: 12.5, control: 'v' }, { encoding: 'JPEG', payloadType: 26, control: null }] })
  expect(read.videos[0]?.parameterSets.map((set) => set.toString('hex'))).toEqual(['4001', '4201', '4401'])
})
