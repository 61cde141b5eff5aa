import { readSps, type PictureSize } from '../media/sps.js'

/** Looks into the first packets of a picture: proof that it flows, its size where the SDP kept silent, its true rate. */
export interface RtpWatch {
  /** Takes one RTP packet (RFC 3550); other payload types and broken ones are ignored. */
  see(packet: Uint8Array): void
  readonly pictures: number
  readonly size: PictureSize | null
  /** Median of the steps between pictures; null until five steps were seen. */
  readonly fps: number | null
}

const STEPS_MIN = 5

export function watchRtp(stream: { readonly encoding: string; readonly payloadType: number; readonly clockRate: number }): RtpWatch {
  let pictures = 0
  let lastTime: number | null = null
  let size: PictureSize | null = null
  const steps: number[] = []
  return {
    get pictures() {
      return pictures
    },
    get size() {
      return size
    },
    get fps() {
      const middle = steps.toSorted((a, b) => a - b)[steps.length >> 1]
      return steps.length >= STEPS_MIN && middle ? Math.round((stream.clockRate / middle) * 100) / 100 : null
    },
    see(packet) {
      const rtp = readRtp(packet)
      if (!rtp || rtp.payloadType !== stream.payloadType) return
      if (rtp.time !== lastTime) {
        pictures += 1
        // Time wraps at 2^32; a step back or of more than 10 s is a new start, not a slow camera.
        const step = lastTime === null ? 0 : (rtp.time - lastTime) >>> 0
        if (step > 0 && step < stream.clockRate * 10) steps.push(step)
        lastTime = rtp.time
      }
      size ??= sizeIn(stream.encoding, rtp.payload)
    },
  }
}

function readRtp(packet: Uint8Array): { readonly payloadType: number; readonly time: number; readonly payload: Uint8Array } | null {
  const first = packet[0] ?? 0
  if (packet.length < 12 || first >> 6 !== 2) return null
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  let start = 12 + 4 * (first & 15)
  if ((first & 16) !== 0) {
    if (packet.length < start + 4) return null
    start += 4 + 4 * view.getUint16(start + 2)
  }
  return start > packet.length ? null : { payloadType: (packet[1] ?? 0) & 127, time: view.getUint32(4), payload: packet.subarray(start) }
}

function sizeIn(encoding: string, payload: Uint8Array): PictureSize | null {
  if (encoding === 'JPEG') {
    const [width, height] = [(payload[6] ?? 0) * 8, (payload[7] ?? 0) * 8] // RFC 2435 3.1.5; 0 means larger than 2040
    return width > 0 && height > 0 ? { width, height, fps: null } : null
  }
  if (encoding !== 'H264' && encoding !== 'H265') return null
  for (const nal of nalsIn(encoding, payload)) {
    const size = readSps(encoding === 'H264' ? 'h264' : 'h265', nal)
    if (size) return size
  }
  return null
}

/** Single NAL units and aggregates (STAP-A, RFC 6184 5.7.1; AP, RFC 7798 4.4.2); parameter sets are too small to be fragmented. */
function* nalsIn(encoding: 'H264' | 'H265', payload: Uint8Array): Generator<Uint8Array> {
  const aggregate = encoding === 'H264' ? ((payload[0] ?? 0) & 31) === 24 : (((payload[0] ?? 0) >> 1) & 63) === 48
  if (!aggregate) return yield payload
  for (let at = encoding === 'H264' ? 1 : 2; at + 2 < payload.length; ) {
    const length = ((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0)
    yield payload.subarray(at + 2, at + 2 + length)
    at += 2 + length
  }
}
