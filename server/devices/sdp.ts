/** What an RTSP DESCRIBE says of one video (RFC 8866, RFC 6184, RFC 7798): enough to choose it before a packet flows. */
export interface SdpVideo {
  /** Upper-case name of the RTP payload format: H264, H265, JPEG, MP4V-ES … */
  readonly encoding: string
  readonly payloadType: number
  readonly clockRate: number
  /** The `a=control` value, absolute or relative. */
  readonly control: string | null
  readonly fps: number | null
  /** Sequence parameter sets and friends, as sent beside the stream. */
  readonly parameterSets: readonly Buffer[]
}

export interface Sdp {
  readonly control: string | null
  readonly videos: readonly SdpVideo[]
  /** Kinds of all media (`audio`, `application`), for telling what is there when no video is. */
  readonly kinds: readonly string[]
}

/** Payload types that need no rtpmap (RFC 3551). */
const STATIC: Readonly<Record<number, string>> = { 26: 'JPEG', 31: 'H261', 32: 'MPV', 33: 'MP2T', 34: 'H263' }

export function readSdp(text: string): Sdp {
  const sections = text.split(/\r?\n(?=m=)/).slice(0, 33)
  const head = sections[0]?.startsWith('m=') ? '' : (sections.shift() ?? '')
  const media = sections.map((section) => section.split(/\r?\n/))
  return {
    control: valueOf(head.split(/\r?\n/), 'a=control:'),
    kinds: media.map((lines) => /^m=([a-z]+)/i.exec(lines[0] ?? '')?.[1]?.toLowerCase() ?? 'unknown'),
    videos: media.filter((lines) => /^m=video /i.test(lines[0] ?? '')).flatMap((lines) => readVideo(lines) ?? []),
  }
}

function readVideo(lines: readonly string[]): SdpVideo | null {
  const payloadType = Number(/^m=video \d+(?:\/\d+)? \S+ (\d{1,3})/i.exec(lines[0] ?? '')?.[1] ?? Number.NaN)
  if (!Number.isInteger(payloadType)) return null
  const mapped = lines.map((line) => /^a=rtpmap:(\d+) ([^/\s]+)\/(\d+)/i.exec(line)).find((match) => Number(match?.[1]) === payloadType)
  const format = lines.map((line) => /^a=fmtp:(\d+) (.*)$/i.exec(line)).find((match) => Number(match?.[1]) === payloadType)?.[2] ?? ''
  const fps = Number(valueOf(lines, 'a=framerate:') ?? valueOf(lines, 'a=x-framerate:') ?? Number.NaN)
  return {
    encoding: (mapped?.[2] ?? STATIC[payloadType] ?? `PT${payloadType}`).toUpperCase(),
    payloadType,
    clockRate: Number(mapped?.[3] ?? 90_000) || 90_000,
    control: valueOf(lines, 'a=control:'),
    fps: fps > 0 && fps <= 240 ? fps : null,
    parameterSets: ['sprop-parameter-sets', 'sprop-vps', 'sprop-sps', 'sprop-pps'].flatMap((name) => setsOf(format, name)),
  }
}

function setsOf(format: string, name: string): Buffer[] {
  const field = format.split(';').map((part) => part.trim()).find((part) => part.toLowerCase().startsWith(`${name}=`))
  return (field?.slice(name.length + 1) ?? '').split(',').slice(0, 8).map((text) => Buffer.from(text.replace(/^"|"$/g, ''), 'base64')).filter((bytes) => bytes.length > 0)
}

function valueOf(lines: readonly string[], prefix: string): string | null {
  return lines.find((line) => line.toLowerCase().startsWith(prefix))?.slice(prefix.length).trim() ?? null
}

/** Where to SETUP: `a=control` against the Content-Base (RFC 2326 C.1.1). Cameras expect plain joining, not RFC 3986 resolution: `rtsp://h/a?b` + `trackID=1` is `rtsp://h/a?b/trackID=1`. */
export function controlUri(contentBase: string, control: string | null): string {
  if (control === null || control === '*' || control === '') return contentBase
  if (/^rtsps?:\/\//i.test(control)) return control
  return `${contentBase.replace(/\/$/, '')}/${control.replace(/^\//, '')}`
}
