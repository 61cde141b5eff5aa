import type { MediaFile } from './media-file.js'
import { PAYLOAD_TYPE } from './rtp-packets.js'

/** SDP (RFC 4566) of one stream, with what RFC 6184 8.1 wants a decoder to know before the first packet. Pure. */
export function describeStream(options: { readonly film: MediaFile; readonly fps: number; readonly sessionId: number; readonly address: string; readonly width: number; readonly height: number }): string {
  const { film, fps, sessionId, address, width, height } = options
  const profile = film.sps.subarray(1, 4).toString('hex').toUpperCase()
  const sets = `${film.sps.toString('base64')},${film.pps.toString('base64')}`
  const last = film.units.at(-1)
  const bytes = (last?.offset ?? 0) + (last?.length ?? 0)
  const kilobits = Math.ceil((bytes * 8 * fps) / film.units.length / 1000)
  return [
    'v=0',
    `o=- ${sessionId} 1 IN IP4 ${address}`,
    's=Media Presentation',
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`,
    `b=AS:${kilobits}`,
    `a=rtpmap:${PAYLOAD_TYPE} H264/90000`,
    `a=fmtp:${PAYLOAD_TYPE} packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${sets}`,
    `a=framerate:${fps}`,
    `a=x-dimensions:${width},${height}`,
    'a=control:trackID=1',
    'a=recvonly',
    '',
  ].join('\r\n')
}
