import { NAL, nalType } from './access-units.js'

/**
 * H.264 in RTP (RFC 6184, packetization-mode 1) and the few RTCP packets that a camera sends (RFC 3550). Pure.
 * An RTP packet is at most 1400 bytes, which leaves room for VPN and PPPoE headers below an Ethernet MTU of 1500.
 */
export interface Payload {
  /** FU-A indicator and header or an aggregated STAP-A prefix; empty for a single NAL unit packet. */
  readonly head: Buffer
  readonly body: Buffer
  /** Last packet of its picture. */
  readonly marker: boolean
}

export const RTP_HEADER_BYTES = 12
export const PAYLOAD_TYPE = 96
const PACKET_BYTES_MAX = 1400
const PAYLOAD_BYTES_MAX = PACKET_BYTES_MAX - RTP_HEADER_BYTES
const STAP_A = 24
const FU_A = 28
const NOTHING = Buffer.alloc(0)

export function packetize(nals: readonly Buffer[]): readonly Payload[] {
  const payloads: Payload[] = []
  const small = nals.filter((nal) => nalType(nal) === NAL.sps || nalType(nal) === NAL.pps)
  const stap = small.length > 1 ? aggregate(small) : null
  if (stap && stap.length <= PAYLOAD_BYTES_MAX) payloads.push({ head: NOTHING, body: stap, marker: false })
  for (const nal of nals) {
    if (stap && stap.length <= PAYLOAD_BYTES_MAX && small.includes(nal)) continue
    if (nal.length <= PAYLOAD_BYTES_MAX) payloads.push({ head: NOTHING, body: nal, marker: false })
    else payloads.push(...fragment(nal))
  }
  const last = payloads.pop()
  return last ? [...payloads, { ...last, marker: true }] : []
}

/** STAP-A (RFC 6184 5.7.1): the parameter sets travel in one packet, so that losing it loses them together. */
function aggregate(nals: readonly Buffer[]): Buffer {
  const importance = Math.max(...nals.map((nal) => (nal[0] ?? 0) & 0x60))
  const parts = nals.flatMap((nal) => [Buffer.from([nal.length >> 8, nal.length & 0xff]), nal])
  return Buffer.concat([Buffer.from([importance | STAP_A]), ...parts])
}

/** FU-A (RFC 6184 5.8): the NAL header byte is taken apart and rebuilt by the receiver. */
function fragment(nal: Buffer): Payload[] {
  const first = nal[0] ?? 0
  const indicator = (first & 0xe0) | FU_A
  const room = PAYLOAD_BYTES_MAX - 2
  const pieces: Payload[] = []
  for (let at = 1; at < nal.length; at += room) {
    const end = Math.min(nal.length, at + room)
    const flags = (at === 1 ? 0x80 : 0) | (end === nal.length ? 0x40 : 0)
    pieces.push({ head: Buffer.from([indicator, flags | (first & 0x1f)]), body: nal.subarray(at, end), marker: false })
  }
  return pieces
}

export interface RtpStamp {
  readonly sequence: number
  readonly timestamp: number
  readonly ssrc: number
}

export function packetBytes(payload: Payload): number {
  return RTP_HEADER_BYTES + payload.head.length + payload.body.length
}

/** Writes one RTP packet at `at` and returns where it ends. */
export function writeRtp(out: Buffer, at: number, payload: Payload, stamp: RtpStamp): number {
  out[at] = 0x80
  out[at + 1] = (payload.marker ? 0x80 : 0) | PAYLOAD_TYPE
  out.writeUInt16BE(stamp.sequence & 0xffff, at + 2)
  out.writeUInt32BE(stamp.timestamp, at + 4)
  out.writeUInt32BE(stamp.ssrc, at + 8)
  payload.head.copy(out, at + RTP_HEADER_BYTES)
  payload.body.copy(out, at + RTP_HEADER_BYTES + payload.head.length)
  return at + packetBytes(payload)
}

/** Seconds from the NTP era (1900) to the Unix one (1970). */
const NTP_OFFSET_S = 2_208_988_800

export interface SenderReport {
  readonly ssrc: number
  /** What the device believes the time is; a wrong device clock shows here as it does on a real camera. */
  readonly deviceWallMs: number
  /** RTP time of that same instant. */
  readonly timestamp: number
  readonly packets: number
  readonly octets: number
  readonly name: string
}

/** A compound packet as RFC 3550 6.1 demands: the report, then the canonical name. */
export function senderReport(report: SenderReport): Buffer {
  const out = Buffer.alloc(28)
  out.writeUInt32BE(0x80c80006, 0)
  out.writeUInt32BE(report.ssrc, 4)
  const seconds = Math.floor(report.deviceWallMs / 1000)
  out.writeUInt32BE((seconds + NTP_OFFSET_S) % 2 ** 32, 8)
  out.writeUInt32BE(Math.floor(((report.deviceWallMs - seconds * 1000) / 1000) * 2 ** 32), 12)
  out.writeUInt32BE(report.timestamp, 16)
  out.writeUInt32BE(report.packets % 2 ** 32, 20)
  out.writeUInt32BE(report.octets % 2 ** 32, 24)
  return Buffer.concat([out, sourceDescription(report.ssrc, report.name)])
}

function sourceDescription(ssrc: number, name: string): Buffer {
  const text = Buffer.from(name, 'latin1').subarray(0, 255)
  const chunkBytes = Math.ceil((4 + 2 + text.length + 1) / 4) * 4
  const out = Buffer.alloc(4 + chunkBytes)
  out.writeUInt32BE(0x81ca0000 + chunkBytes / 4, 0)
  out.writeUInt32BE(ssrc, 4)
  out[8] = 1
  out[9] = text.length
  text.copy(out, 10)
  return out
}

export function goodbye(ssrc: number): Buffer {
  const out = Buffer.alloc(8)
  out.writeUInt32BE(0x81cb0001, 0)
  out.writeUInt32BE(ssrc, 4)
  return out
}

/** True for a well-formed RTCP packet of a receiver: proof that somebody still watches. */
export function isReceiverReport(bytes: Uint8Array): boolean {
  const type = bytes[1] ?? 0
  return bytes.length >= 8 && ((bytes[0] ?? 0) >> 6) === 2 && (type === 200 || type === 201)
}
