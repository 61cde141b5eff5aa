import { openLastWords, readWords } from '../../server/media/ffmpeg-words.js'

test.each([
  ['[rtsp @ 0x5] method DESCRIBE failed: 401 Unauthorized', 'auth'],
  ['rtsp://x/live: Server returned 403 Forbidden (access denied)', 'auth'],
  ['[rtsp @ 0x5] method DESCRIBE failed: 404 Not Found', 'not_found'],
  ['rtsp://x/nix: Server returned 404 Not Found', 'not_found'],
  ['[rtsp @ 0x5] method SETUP failed: 461 Unsupported transport', 'transport'],
  ['[rtsp @ 0x5] Nonmatching transport in server reply', 'transport'],
  ['[tcp @ 0x5] Connection to tcp://127.0.0.1:1?timeout=0 failed: Connection refused', 'refused'],
  ['rtsp://10.255.255.1/: No route to host', 'unreachable'],
  ['[tcp @ 0x5] Failed to resolve hostname cam.invalid: Name or service not known', 'unreachable'],
  ['rtsp://x/: Connection timed out', 'timed_out'],
  ["Stream map '0:v:0' matches no streams.", 'no_video'],
  ['[mp4 @ 0x5] Could not find tag for codec pcm_mulaw in stream #0, codec not currently supported in container', 'codec_unsupported'],
  ['rtsp://x/: Invalid data found when processing input', 'invalid_media'],
  ['something that nobody has seen before', 'unknown'],
] as const)('ffmpeg says %j', (line, word) => {
  expect(readWords([line])).toBe(word)
})

test('the named status wins over the general sentence that follows it', () => {
  expect(readWords(['[rtsp @ 0x5] method DESCRIBE failed: 401 Unauthorized', 'rtsp://x/: Invalid data found when processing input'])).toBe('auth')
})

test('last words are few, short, without noise and without any address', () => {
  const words = openLastWords(3)
  words.push(Buffer.from('[mp4 @ 0x1] Timestamps are unset in a packet for stream 0.\nfirst\nsecond\nthi'))
  words.push(Buffer.from(`rd\nrtsp://admin:secret@10.0.0.5:554/x: Connection refused\n${'x'.repeat(10_000)}`))
  const lines = words.lines()
  expect(lines.slice(0, 3)).toEqual(['second', 'third', '<address> Connection refused'])
  expect(lines.join('')).not.toMatch(/secret|10\.0\.0\.5/)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(300)
})
