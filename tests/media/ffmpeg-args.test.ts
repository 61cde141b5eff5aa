import fc from 'fast-check'
import { copyArgs, fitFilter, lookArgs, soundArgs, sourceAddress, transcodeArgs, type SourceAddress } from '../../server/media/ffmpeg-args.js'

const address = (text: string): SourceAddress => {
  const checked = sourceAddress(text)
  if ('fault' in checked) throw new Error(checked.fault)
  return checked.ok
}

test('the command line for copying, as we read it in review', () => {
  expect(copyArgs({ address: address('rtsp://127.0.0.1:4000/token'), transport: 'tcp', probe: 'quick' }).join(' ')).toBe(
    '-nostdin -hide_banner -loglevel warning -rtsp_transport tcp -timeout 8000000 -allowed_media_types video -analyzeduration 0 -probesize 32 -flags low_delay' +
      ' -i rtsp://127.0.0.1:4000/token -map 0:v:0 -c copy -video_track_timescale 90000' +
      ' -movflags +frag_every_frame+empty_moov+default_base_moof -flush_packets 1 -f mp4 pipe:1',
  )
})

test('the command line for sound: no picture is asked for, and AAC comes out whatever came in', () => {
  expect(soundArgs({ address: address('rtsp://127.0.0.1:4000/token'), transport: 'udp' }).join(' ')).toBe(
    '-nostdin -hide_banner -loglevel warning -rtsp_transport udp -timeout 8000000 -allowed_media_types audio -analyzeduration 500000 -probesize 32 -flags low_delay' +
      ' -i rtsp://127.0.0.1:4000/token -map 0:a:0 -c:a aac -ac 1 -ar 16000 -b:a 32k' +
      ' -movflags +frag_every_frame+empty_moov+default_base_moof -flush_packets 1 -f mp4 pipe:1',
  )
})

test('the command line for transcoding, as we read it in review: never larger than 720 lines, never with an odd side, key pictures every two seconds', () => {
  const asked = (width: number, height: number): string => transcodeArgs({ width, height }).join(' ')
  expect(asked(1920, 1080)).toBe(
    '-nostdin -hide_banner -loglevel warning -threads 1 -flags low_delay -probesize 32 -analyzeduration 0 -f mp4 -i pipe:0 -map 0:v:0' +
      ' -vf scale=1280:720:flags=fast_bilinear:out_range=tv,format=yuv420p -fps_mode passthrough' +
      ' -c:v libx264 -preset ultrafast -tune zerolatency -threads 1 -crf 26 -maxrate 2500k -bufsize 2500k' +
      ' -force_key_frames expr:gte(t,n_forced*2) -g 9999 -video_track_timescale 90000' +
      ' -movflags +frag_every_frame+empty_moov+default_base_moof -flush_packets 1 -f mp4 pipe:1',
  )
  const sizes = [[640, 360], [3840, 2160], [704, 576], [1080, 1920], [641, 361]] as const
  expect(sizes.map(([width, height]) => /scale=(\d+:\d+):/.exec(asked(width, height))?.[1])).toEqual(['640:360', '1280:720', '704:576', '406:720', '642:362'])
  for (const height of [0, -1, 0.5, Number.NaN, 70_000]) expect(() => asked(640, height)).toThrow(RangeError)
})

test('the command line for looking at an export, as we read it in review: fitted by the very words of the copy', () => {
  const line = lookArgs({ list: '/drafts/e1/pieces.ffconcat', picture: { width: 1920, height: 1080 }, look: { width: 1216, height: 684 }, everyS: 0.1 }).join(' ')
  expect(line).toBe(
    '-nostdin -hide_banner -nostats -loglevel info -protocol_whitelist file,pipe -threads 1 -f concat -i /drafts/e1/pieces.ffconcat -map 0:v:0 -an' +
      " -vf select='isnan(prev_selected_t)+gte(t-prev_selected_t,0.098)',settb=1/1000,showinfo=checksum=0" +
      ',scale=1920:1080:force_original_aspect_ratio=decrease,pad=1920:1080:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p,scale=1216:684:flags=bilinear,format=rgb24' +
      ' -fps_mode passthrough -threads 1 -f rawvideo pipe:1',
  )
  expect(line).toContain(fitFilter({ width: 1920, height: 1080 }))
})

test.each([
  ['rtsp://10.0.0.5/Streaming/Channels/101', { ok: 'rtsp://10.0.0.5/Streaming/Channels/101' }],
  ['RTSP://cam.local:8554/a?x=1&y=2', { ok: 'rtsp://cam.local:8554/a?x=1&y=2' }],
  ['rtsps://[fe80::1]:322/s', { ok: 'rtsps://[fe80::1]:322/s' }],
  ['rtsp://admin:secret@10.0.0.5/', { fault: 'credentials' }],
  ['rtsp://admin@10.0.0.5/', { fault: 'credentials' }],
  ['rtsp://@10.0.0.5/', { fault: 'credentials' }],
  ['http://10.0.0.5/', { fault: 'scheme' }],
  ['concat:/etc/passwd', { fault: 'not_a_url' }],
  ['file:///etc/passwd', { fault: 'scheme' }],
  ['-i', { fault: 'not_a_url' }],
  ['', { fault: 'not_a_url' }],
  ['rtsp:///path', { fault: 'no_host' }],
  ['rtsp://host/a b', { fault: 'not_a_url' }],
  ['rtsp://host/a\r\nSETUP', { fault: 'not_a_url' }],
  ['\nrtsp://host/', { fault: 'not_a_url' }],
  [`rtsp://host/${'a'.repeat(2_000)}`, { fault: 'too_long' }],
])('address %j', (text, verdict) => {
  expect(sourceAddress(text)).toEqual(verdict)
})

test('no text of a user becomes an option, a second argument, or carries a password', () => {
  const hostile = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `rtsp://${text}`),
    fc.tuple(fc.constantFrom('-', '--', 'rtsp://-', 'rtsp:// -', 'file:', 'pipe:', 'tcp://', 'rtsp://u:p@', 'rtsp://h/\n-'), fc.string()).map(([start, rest]) => start + rest),
  )
  const shape = copyArgs({ address: address('rtsp://h/'), transport: 'tcp', probe: 'quick' })
  const soundShape = soundArgs({ address: address('rtsp://h/'), transport: 'tcp' })
  fc.assert(
    fc.property(hostile, (text) => {
      const checked = sourceAddress(text)
      if ('fault' in checked) return
      const args = copyArgs({ address: checked.ok, transport: 'tcp', probe: 'quick' })
      const at = shape.indexOf('-i') + 1
      expect(args.toSpliced(at, 1)).toEqual(shape.toSpliced(at, 1))
      expect(args[at]).toMatch(/^rtsps?:\/\/[\x21-\x7e]+$/)
      const sound = soundArgs({ address: checked.ok, transport: 'tcp' })
      expect([sound.length, sound[sound.indexOf('-i') + 1]]).toEqual([soundShape.length, args[at]])
      expect(new URL(args[at] as string)).toMatchObject({ username: '', password: '' })
    }),
    { numRuns: 5_000 },
  )
})
