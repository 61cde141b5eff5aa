/**
 * Every ffmpeg command line of the running server, built in one place from closed choices. The only text that comes from
 * outside is an address, and it passes `sourceAddress` first; a property test holds that no address can become an option,
 * a second input or a protocol of ffmpeg's own (concat:, file:, subfile,…). Credentials are not here at all: arguments are
 * readable in /proc by every user of the machine, so ingest/rtsp-gate adds them on the wire.
 */
declare const checked: unique symbol
export type SourceAddress = string & { readonly [checked]: true }

export type AddressFault = 'not_a_url' | 'scheme' | 'credentials' | 'no_host' | 'too_long'

const ADDRESS_CHARS_MAX = 2_000

/** Accepts a plain rtsp:// or rtsps:// address without user or password; everything else is a named refusal. */
export function sourceAddress(text: string): { readonly ok: SourceAddress } | { readonly fault: AddressFault } {
  if (text.length > ADDRESS_CHARS_MAX) return { fault: 'too_long' }
  // Blanks, control characters and bare non-ASCII are refused before URL mends them silently; percent-encoding is for those.
  if (/[^\x21-\x7e]/.test(text)) return { fault: 'not_a_url' }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return { fault: 'not_a_url' }
  if (scheme !== 'rtsp' && scheme !== 'rtsps') return { fault: 'scheme' }
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return { fault: 'not_a_url' }
  }
  if (url.username !== '' || url.password !== '' || /^rtsps?:\/\/[^/?#]*@/i.test(text)) return { fault: 'credentials' }
  if (url.hostname === '') return { fault: 'no_host' }
  return { ok: `${scheme}${text.slice(scheme.length)}` as SourceAddress }
}

export interface CopySource {
  readonly address: SourceAddress
  readonly transport: 'tcp' | 'udp'
  /**
   * `quick` starts in 0.2 s and relies on SPS/PPS in the SDP; `patient` reads half a second first (measured, 3 runs each).
   * Never `-fflags nobuffer` here: it throws the probed packets away, which are the first key packet.
   */
  readonly probe: 'quick' | 'patient'
}

const QUIET = ['-nostdin', '-hide_banner', '-loglevel', 'warning'] as const

/** Reads one RTSP stream and writes its video, not re-encoded, as fragmented MP4 with one picture a fragment to stdout. */
export function copyArgs(source: CopySource): readonly string[] {
  const probe = source.probe === 'quick' ? { analyze: '0', size: '32' } : { analyze: '500000', size: '500000' }
  return [
    ...QUIET,
    // Socket-level only: a camera that keeps RTCP alive but sends no picture does not trip it. Our own watchdog does.
    // Sound and metadata are not asked for: what a camera sends of them would only be thrown away.
    '-rtsp_transport', source.transport, '-timeout', '8000000', '-allowed_media_types', 'video',
    '-analyzeduration', probe.analyze, '-probesize', probe.size, '-flags', 'low_delay',
    '-i', source.address,
    '-map', '0:v:0', '-c', 'copy', '-video_track_timescale', '90000',
    '-movflags', '+frag_every_frame+empty_moov+default_base_moof', '-flush_packets', '1', '-f', 'mp4', 'pipe:1',
  ]
}

/** 16 kHz carries speech whole, and makes a frame of AAC 64 ms; at G.711's own 8 kHz it would be twice as late. */
const SOUND_HZ = 16_000

/**
 * Reads the sound alone of one RTSP stream, which is mostly G.711 that no browser plays, and writes it as AAC in fragmented MP4,
 * one frame a fragment, to stdout. The camera is asked for no picture.
 */
export function soundArgs(source: Pick<CopySource, 'address' | 'transport'>): readonly string[] {
  return [
    ...QUIET,
    '-rtsp_transport', source.transport, '-timeout', '8000000', '-allowed_media_types', 'audio',
    '-analyzeduration', '500000', '-probesize', '32', '-flags', 'low_delay', '-i', source.address,
    '-map', '0:a:0', '-c:a', 'aac', '-ac', '1', '-ar', String(SOUND_HZ), '-b:a', '32k',
    '-movflags', '+frag_every_frame+empty_moov+default_base_moof', '-flush_packets', '1', '-f', 'mp4', 'pipe:1',
  ]
}

/**
 * Reads the video of one RTMP push as FLV from stdin and writes it as `copyArgs` does. The sequence header comes first and says
 * all, so nothing is probed (measured: the same bytes as with half a second of probing).
 */
export function flvCopyArgs(): readonly string[] {
  return [
    ...QUIET,
    '-analyzeduration', '0', '-probesize', '32', '-flags', 'low_delay', '-f', 'flv', '-i', 'pipe:0',
    '-map', '0:v:0', '-c', 'copy', '-video_track_timescale', '90000',
    '-movflags', '+frag_every_frame+empty_moov+default_base_moof', '-flush_packets', '1', '-f', 'mp4', 'pipe:1',
  ]
}

/** The grey that the detector was trained to see where no picture is. */
const PAD_COLOUR = '0x727272'

/** A part of the picture, in 0..1 of it, that is to be seen once more: `height` rows below the whole, and as wide. */
export interface NearerPart {
  readonly height: number
  readonly part: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }
}

/**
 * Decodes fragmented MP4 from stdin to raw RGB on stdout: at most `fps` pictures a second, `width` x `height`, grey below
 * down to `paddedHeight`, and below that the `far` part, if any. Not the fps filter: it fills every pause with copies and forgets their times.
 * Before each picture its own time stamp is noted on descriptor `notesFd`; `readNotedPts` reads it. Not showinfo, which says as much on
 * stderr in nine pieces a picture, each of which wakes whoever listens. Choosing stands first: scaling pictures that are dropped later
 * costs 13 % (measured).
 */
export function decodeArgs({ far, ...options }: { readonly width: number; readonly height: number; readonly paddedHeight: number; readonly fps: number; readonly notesFd: number; readonly far?: NearerPart | null }): readonly string[] {
  for (const [name, value] of Object.entries({ ...options, ...(far ? { 'far.height': far.height } : {}) })) {
    if (!Number.isFinite(value) || value <= 0 || value > 10_000) throw new RangeError(`${name} must be a number between 0 and 10000, got ${value}`)
  }
  const { width, height, paddedHeight, fps, notesFd } = options
  // The filter notes only pictures of which there is something to tell.
  const note = `metadata=add:key=seen:value=1,metadata=print:file='pipe\\:${notesFd}':direct=1`
  const choose = `select='isnan(prev_selected_t)+not(eq(floor(t*${fps}),floor(prev_selected_t*${fps})))'`
  const fit = `scale=${Math.round(width)}:${Math.round(height)}:flags=fast_bilinear,format=rgb24,pad=${Math.round(width)}:${Math.round(paddedHeight)}:0:0:${PAD_COLOUR}`
  return [
    '-nostdin', '-hide_banner', '-nostats', '-loglevel', 'warning',
    // Our own time stamps come out as they went in; nothing is probed, since the init segment says it all.
    '-copyts', '-threads', '1', '-probesize', '32', '-analyzeduration', '0', '-f', 'mp4', '-i', 'pipe:0',
    '-an', '-vf', `${choose},${note},${far ? `split[all][one];[all]${fit}[whole];[one]${cutFilter(far, width)}[far];[whole][far]vstack` : fit}`, '-fps_mode', 'passthrough',
    // One thread for writing too: the raw video encoder otherwise holds each picture back until the next (measured: 200 ms).
    '-threads', '1', '-f', 'rawvideo', 'pipe:1',
  ]
}

function cutFilter({ part, height }: NearerPart, width: number): string {
  for (const [name, value] of Object.entries(part)) if (!(value >= 0 && value <= 1)) throw new RangeError(`far.part.${name} must be a share from 0 to 1, got ${value}`)
  const share = (value: number, of: string): string => `${value.toFixed(5)}*${of}`
  return `crop=${share(part.x2 - part.x1, 'iw')}:${share(part.y2 - part.y1, 'ih')}:${share(part.x1, 'iw')}:${share(part.y1, 'ih')},scale=${Math.round(width)}:${Math.round(height)}:flags=fast_bilinear,format=rgb24`
}

/** Pictures of any size brought to one, with their shape kept. Whoever looks at a copy and whoever makes it use the same words: so a mask lies where its picture lies. */
export function fitFilter({ width, height }: { readonly width: number; readonly height: number }): string {
  return `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p`
}

/**
 * Decodes a list of recorded pieces to raw RGB on stdout: a picture whenever `everyS` has gone by since the last one, fitted into
 * `picture` and scaled to `look`. Each is told on stderr as in decodeArgs, in milliseconds from the beginning of the list.
 */
export function lookArgs(options: { readonly list: string; readonly picture: { readonly width: number; readonly height: number }; readonly look: { readonly width: number; readonly height: number }; readonly everyS: number }): readonly string[] {
  const { list, picture, look, everyS } = options
  // Times of cameras are rounded: a picture that comes a millisecond early is wanted, too.
  const choose = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${(everyS - 0.002).toFixed(3)})'`
  return [
    '-nostdin', '-hide_banner', '-nostats', '-loglevel', 'info', '-protocol_whitelist', 'file,pipe', '-threads', '1', '-f', 'concat', '-i', list,
    '-map', '0:v:0', '-an', '-vf', `${choose},settb=1/1000,showinfo=checksum=0,${fitFilter(picture)},scale=${look.width}:${look.height}:flags=bilinear,format=rgb24`,
    '-fps_mode', 'passthrough', '-threads', '1', '-f', 'rawvideo', 'pipe:1',
  ]
}

/** The larger side of a transcoded picture is no use beyond this on a wall; what is smaller stays as it is. */
const TRANSCODED_HEIGHT_MAX = 720

/**
 * Decodes fragmented MP4 from stdin and writes H.264 as fragmented MP4, one picture a fragment, to stdout. A key picture every
 * two seconds, wherever the camera has its own; no picture is waited for (zerolatency, one thread a side: frame threads hold
 * pictures back). `t` of a forced key is the picture's own time, so that a slow camera gets its keys too.
 */
export function transcodeArgs(source: { readonly width: number; readonly height: number }): readonly string[] {
  const { width, height } = source
  for (const [name, value] of Object.entries({ width, height })) if (!Number.isInteger(value) || value <= 0 || value > 0xffff) throw new RangeError(`${name} must be a whole number of pixels, got ${value}`)
  const rows = Math.min(height, TRANSCODED_HEIGHT_MAX)
  // 4:2:0 has no odd sides.
  const even = (pixels: number): number => Math.max(2, Math.round(pixels / 2) * 2)
  const size = `${even((width * rows) / height)}:${even(rows)}`
  const kilobits = rows > 480 ? 2_500 : 1_000
  return [
    ...QUIET,
    '-threads', '1', '-flags', 'low_delay', '-probesize', '32', '-analyzeduration', '0', '-f', 'mp4', '-i', 'pipe:0',
    '-map', '0:v:0', '-vf', `scale=${size}:flags=fast_bilinear:out_range=tv,format=yuv420p`, '-fps_mode', 'passthrough',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-threads', '1', '-crf', '26', '-maxrate', `${kilobits}k`, '-bufsize', `${kilobits}k`,
    '-force_key_frames', 'expr:gte(t,n_forced*2)', '-g', '9999', '-video_track_timescale', '90000',
    '-movflags', '+frag_every_frame+empty_moov+default_base_moof', '-flush_packets', '1', '-f', 'mp4', 'pipe:1',
  ]
}

/**
 * What a person's clip may be. An uploaded "video" can be a list that names other files or hosts; such formats are not opened, and
 * nothing but plain files is read.
 */
const CLIP_SOURCE = ['-protocol_whitelist', 'file', '-format_whitelist', 'mov,matroska,webm,avi,mpegts,mpeg,flv,h264,hevc'] as const

/** Both name files that we named ourselves. */
export const TRIAL_CLIP_S_MAX = 60

/**
 * Makes of any clip one that every browser plays and both judges see alike: its first minute, H.264, no sound, at most 1280 wide. A
 * `cover` is a picture as large as the clip's own, laid over it from its first picture on to its last.
 */
export function trialClipArgs({ from, to, cover }: { readonly from: string; readonly to: string; readonly cover: string | null }): readonly string[] {
  const scaled = "scale='min(1280,iw)':-2:flags=bilinear,format=yuv420p"
  // A clip may begin before or after 0, where the cover stands; what came before it would be shown bare.
  const picture = cover === null ? ['-map', '0:v:0', '-vf', scaled] : ['-protocol_whitelist', 'file', '-i', `file:${cover}`, '-filter_complex', `[0:v:0]setpts=PTS-STARTPTS[bare];[bare][1:v:0]overlay=x=0:y=0:eof_action=repeat,${scaled}[covered]`, '-map', '[covered]']
  return [
    ...QUIET, '-y', ...CLIP_SOURCE, '-i', `file:${from}`,
    ...picture, '-t', String(TRIAL_CLIP_S_MAX), '-fps_mode', 'vfr', '-map_metadata', '-1',
    // Without B-frames the file's own times are the picture's times: no edit list shifts what the page shows.
    '-c:v', 'libx264', '-preset', 'veryfast', '-threads', '1', '-crf', '23', '-bf', '0', '-g', '50', '-movflags', '+faststart', '-f', 'mp4', `file:${to}`,
  ]
}

/**
 * Decodes a clip of ours to PPM pictures on stdout, at most `fps` a second, 640 wide as a lane sees its camera; each told on stderr
 * with its time in ms.
 */
export function clipFramesArgs({ file, fps }: { readonly file: string; readonly fps: number }): readonly string[] {
  return [
    '-nostdin', '-hide_banner', '-nostats', '-loglevel', 'info', '-threads', '1', '-protocol_whitelist', 'file', '-f', 'mp4', '-i', `file:${file}`,
    '-an', '-vf', `settb=1/1000,select='isnan(prev_selected_t)+not(eq(floor(t*${fps}),floor(prev_selected_t*${fps})))',showinfo=checksum=0,scale='min(640,iw)':-2:flags=fast_bilinear,format=rgb24`,
    '-fps_mode', 'passthrough', '-threads', '1', '-c:v', 'ppm', '-f', 'image2pipe', 'pipe:1',
  ]
}

/** Asks only whether ffmpeg is there, and which. */
export const VERSION_ARGS: readonly string[] = ['-hide_banner', '-version']
