import { z } from 'zod'
import { TROUBLE_CODES } from '../domain/trouble.js'

/** What we and our ONVIF child say to each other. Parsed on both sides: a child that was fed a hostile device is itself a stranger. */
export const requestSchema = z.strictObject({
  id: z.int().nonnegative(),
  target: z.strictObject({ address: z.ipv4().or(z.ipv6()), port: z.int().min(1).max(65_535), path: z.string().startsWith('/').max(2_048), secure: z.boolean(), host: z.string().min(1).max(255) }),
  credentials: z.strictObject({ user: z.string().max(256), password: z.string().max(256) }).nullable(),
  callMs: z.int().positive(),
})
export type OnvifRequest = z.infer<typeof requestSchema>

const text = z.string().max(300)

export const profileSchema = z.strictObject({
  token: z.string().min(1).max(128),
  name: text,
  /** Tells the channels of an NVR apart; null where the device names no video source. */
  source: z.string().max(128).nullable(),
  codec: z.enum(['h264', 'hevc', 'mjpeg', 'mpeg4', 'unknown']),
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  fps: z.number().positive().nullable(),
  bitrateKbps: z.number().nonnegative().nullable(),
  /** Without credentials, at the address that we reach the device by. Null when the device would not tell one. */
  url: z.string().max(2_048).nullable(),
  /** The host that the device named, when it was another than the one we reach it by. */
  hostSaid: z.string().max(255).nullable(),
})
export type DeviceProfile = z.infer<typeof profileSchema>

export const reportSchema = z.strictObject({
  /** As the device wrote them: "5.10" stays "5.10". */
  identity: z.strictObject({ manufacturer: text, model: text, firmware: text, serial: text, hardware: text }),
  /** Device time minus ours; the device tells whole seconds, so within 1 s it is no skew. Null when it would not say. */
  clockOffsetMs: z.number().nullable(),
  profiles: z.array(profileSchema).max(256),
  snapshotUrl: z.string().max(2_048).nullable(),
  /** From real calls (GetNodes, CreatePullPointSubscription), not from what the device advertises. */
  ptz: z.boolean(),
  events: z.boolean(),
  warnings: z.array(z.enum(['password_not_ascii', 'digest_only', 'clock_corrected', 'profiles_cut', 'stream_address_held_the_password'])),
})
export type DeviceReport = z.infer<typeof reportSchema>

export const troubleSchema = z.strictObject({ code: z.enum(TROUBLE_CODES), tried: text, on: text, said: text })

export const replySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('report'), id: z.int(), report: reportSchema }),
  z.strictObject({ kind: z.literal('trouble'), id: z.int(), trouble: troubleSchema }),
])
export type OnvifReply = z.infer<typeof replySchema>
