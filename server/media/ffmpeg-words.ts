/**
 * The one file that reads ffmpeg's text (STYLE rule 8). Sentences are those of ffmpeg 5.1 (libavformat/rtsp.c,
 * libavutil/error.c); a line that nobody knows stays "unknown", and the caller then judges by what the gate and the
 * watchdog saw. Order matters: a named RTSP status beats the general sentence that follows it.
 */
export type FfmpegWord =
  | 'auth'
  | 'not_found'
  | 'transport'
  | 'refused'
  | 'unreachable'
  | 'timed_out'
  | 'no_video'
  | 'codec_unsupported'
  | 'invalid_media'
  | 'unknown'

const SENTENCES: readonly (readonly [RegExp, FfmpegWord])[] = [
  [/\b(401|403) (Unauthorized|Forbidden)|authorization failed|access denied/i, 'auth'],
  [/\b(404|410|454) |404 Not Found|Server returned 404|Stream not found/i, 'not_found'],
  [/\b461\b|Unsupported transport|Nonmatching transport/i, 'transport'],
  [/Connection refused/i, 'refused'],
  [/No route to host|Network is unreachable|Host is unreachable|Failed to resolve hostname|Name or service not known|Temporary failure in name resolution/i, 'unreachable'],
  [/Connection timed out|Operation timed out|Network timeout/i, 'timed_out'],
  [/Stream map '[^']*' matches no streams|does not contain any stream|Output file #0 does not contain/i, 'no_video'],
  [/Could not find tag for codec|codec not currently supported in container|Unknown encoder|Decoder \([^)]*\) not found|Unsupported codec/i, 'codec_unsupported'],
  [/Invalid data found when processing input|moov atom not found|Error splitting|Server returned 5\d\d|Server returned 400/i, 'invalid_media'],
]

/** Reads the last lines of stderr, newest meaning wins only among equals: the first sentence in the table that occurs. */
export function readWords(lines: readonly string[]): FfmpegWord {
  for (const [sentence, word] of SENTENCES) if (lines.some((line) => sentence.test(line))) return word
  return 'unknown'
}

/** ffmpeg's usual noise at the start of an RTSP session; not worth keeping as anyone's last words. */
const NOISE = /Timestamps are unset in a packet|Non-monotonous DTS|deprecated pixel format|Application provided invalid, non monotonically|\[Parsed_showinfo|^(frame|video)[=:] *\d/i

const URL = /\b[a-z][a-z0-9+.-]*:\/\/\S+/gi
const LINE_CHARS_MAX = 300

export interface LastWords {
  push(chunk: Uint8Array): void
  lines(): readonly string[]
}

/** Keeps the newest meaningful lines of stderr, bounded. Addresses are cut out whole: the gate's token is nobody's business. */
export function openLastWords(linesMax = 12): LastWords {
  const lines: string[] = []
  let rest = ''
  const decoder = new TextDecoder('utf-8', { fatal: false })
  const keep = (line: string): void => {
    const text = line.trim()
    if (text === '' || NOISE.test(text)) return
    lines.push(text.replace(URL, '<address>').slice(0, LINE_CHARS_MAX))
    if (lines.length > linesMax) lines.shift()
  }
  return {
    push(chunk) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/)
      rest = (parts.pop() ?? '').slice(-2_000)
      for (const part of parts) keep(part)
    },
    lines: () => (rest.trim() === '' ? [...lines] : [...lines, rest.trim().replace(URL, '<address>').slice(0, LINE_CHARS_MAX)]),
  }
}

const SHOWN = /\bn: *\d+ pts: *(-?\d+|NOPTS) /

/** The time stamp of one picture as the showinfo filter tells it (see decodeArgs): ticks, 'unknown', or null for another line. */
export function readShownPts(line: string): number | 'unknown' | null {
  const pts = SHOWN.exec(line)?.[1]
  if (pts === undefined) return null
  return pts === 'NOPTS' ? 'unknown' : Number(pts)
}

const LENGTH = /^\s*Duration: (\d+):(\d\d):(\d\d\.\d+)/

/** How long a file plays, from ffmpeg's own head of its input; null for another line, or when the file does not tell. */
export function readLengthMs(line: string): number | null {
  const [, hours, minutes, seconds] = LENGTH.exec(line) ?? []
  return seconds === undefined ? null : Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000)
}

const NOTED = /^frame:\d+ +pts:(-?\d+|NOPTS) /

/** The same as the metadata filter notes it (see decodeArgs). */
export function readNotedPts(line: string): number | 'unknown' | null {
  const pts = NOTED.exec(line)?.[1]
  if (pts === undefined) return null
  return pts === 'NOPTS' ? 'unknown' : Number(pts)
}
