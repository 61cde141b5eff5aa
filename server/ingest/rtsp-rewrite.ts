import { headerOf, type RtspMessage, withHeaders } from './rtsp-message.js'

/**
 * The gate's address and the camera's stand for each other:
 *
 *   rtsp://127.0.0.1:PORT/TOKEN            the camera's address as it was entered, path and query too (cheap cameras put a password there)
 *   rtsp://127.0.0.1:PORT/TOKEN/a/b?c      rtsp://camera:554/a/b?c   (what an answer named)
 */
export interface AddressPair {
  readonly gate: string
  /** As entered, without userinfo. */
  readonly camera: string
}

const ABSOLUTE = /^rtsps?:\/\/[^/?#\s]*/i

function originOf(address: string): string {
  return ABSOLUTE.exec(address)?.[0] ?? ''
}

/** What ffmpeg asked of the gate, as it is asked of the camera. */
export function toCamera(uri: string, pair: AddressPair): string {
  if (uri === pair.gate) return pair.camera
  if (uri.startsWith(`${pair.gate}/`)) return originOf(pair.camera) + uri.slice(pair.gate.length)
  return uri === '*' ? uri : pair.camera
}

/** An address that the camera named, whatever host it believes to have (NAT, wrong DHCP), as ffmpeg shall ask for it. */
export function toGate(uri: string, pair: AddressPair): string {
  const origin = ABSOLUTE.exec(uri)?.[0]
  if (origin === undefined) return uri
  const rest = uri.slice(origin.length)
  return pair.gate + (rest === '' ? '/' : rest)
}

/** Headers and SDP of an answer, with every address turned to the gate. `peer` is the camera's IP, where UDP packets come from. */
export function rewriteAnswer(answer: RtspMessage, pair: AddressPair, options: { readonly describe: boolean; readonly peer: string | null }): RtspMessage {
  const changes: Record<string, string> = {}
  for (const name of ['Content-Base', 'Content-Location', 'Location'] as const) {
    const value = headerOf(answer, name.toLowerCase())
    if (value !== undefined) changes[name] = toGate(value, pair)
  }
  // Without a base ffmpeg would put track names behind our token instead of behind the camera's path.
  if (options.describe && changes['Content-Base'] === undefined && changes['Content-Location'] === undefined) changes['Content-Base'] = `${toGate(pair.camera, pair)}/`
  const rtpInfo = headerOf(answer, 'rtp-info')
  if (rtpInfo !== undefined) changes['RTP-Info'] = rtpInfo.replace(/url="?(rtsps?:\/\/[^;,"\s]*)"?/gi, (_, url: string) => `url=${toGate(url, pair)}`)
  const transport = headerOf(answer, 'transport')
  // Over UDP ffmpeg sends its reports to the host it asked, which is the gate, unless the answer names the source.
  if (transport !== undefined && options.peer !== null && /client_port=/i.test(transport)) changes['Transport'] = `${transport.replace(/;source=[^;]*/i, '')};source=${options.peer}`
  const body = options.describe ? rewriteSdp(answer.body, pair) : answer.body
  return withHeaders({ ...answer, body }, changes)
}

function rewriteSdp(body: Buffer, pair: AddressPair): Buffer {
  return Buffer.from(body.toString('latin1').replace(/^(a=control:)(rtsps?:\/\/\S*)/gim, (_, name: string, url: string) => name + toGate(url, pair)), 'latin1')
}

/** Payload types whose pictures come in pieces that may be joined (rtp-merger.ts). */
export function fragmentedIn(sdp: string): readonly (readonly [payloadType: number, codec: 'H264' | 'H265'])[] {
  return [...sdp.matchAll(/^a=rtpmap:(\d+) (H264|H265)\/90000/gim)].map(([, type, codec]) => [Number(type), codec?.toUpperCase() as 'H264' | 'H265'] as const)
}

/** What the SDP offers to look at: encoding names of its video media (RFC 8866 rtpmap; static type 26 is JPEG), in order. */
export function videoCodecsOf(sdp: string): readonly string[] {
  const codecs: string[] = []
  for (const media of mediaOf(sdp)) {
    const types = /^m=video \S+ \S+ ([\d ]+)/.exec(media)?.[1]
    if (types === undefined) continue
    const mapped = /^a=rtpmap:\d+ ([A-Za-z0-9._-]+)\//m.exec(media)?.[1]
    codecs.push((mapped ?? (types.split(' ').includes('26') ? 'JPEG' : 'unknown')).toUpperCase())
  }
  return codecs
}

export function offersSound(sdp: string): boolean {
  return mediaOf(sdp).some((media) => media.startsWith('m=audio '))
}

function mediaOf(sdp: string): readonly string[] {
  return sdp.split(/^(?=m=)/m)
}
