import { z } from 'zod'
import { TROUBLE_CODES } from '../domain/trouble.js'

/** What we and our ONVIF child say to each other. Parsed on both sides: a child that was fed a hostile device is itself a stranger. */
export const requestSchema = z.strictObject({
  id: z.int().nonnegative(),
  target: z.strictObject({ address: z.ipv4().or(z.ipv6()), port: z.int().min(1).max(65_535), path: z.string().startsWith('/').max(2_048), secure: z.boolean(), host: z.string().min(1).max(255) }),
  credentials: z.strictObject({ user: z.string().max(256), password: z.string().max(256) }).nullable(),
  callMs: z.int().positive(),
  /** Who it is and what it shows, or where a camera that turns looks. */
  ask: z.discriminatedUnion('for', [
    z.strictObject({ for: z.literal('report') }),
    /** `streams`: the camera's, by which a recorder's channel is known. `way`: how its last answer was had, so that not every question begins by asking who it is. */
    z.strictObject({ for: z.literal('aim'), withPresets: z.boolean(), streams: z.array(z.string().max(2_048)).max(8), way: z.strictObject({ profile: z.string().min(1).max(128), digestOnly: z.boolean() }).nullable() }),
  ]),
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

const pose = z.strictObject({ pan: z.number().min(-1).max(1), tilt: z.number().min(-1).max(1), zoom: z.number().min(0).max(1) })

export const aimSchema = z.strictObject({
  /** Null: it has nothing that turns; then nothing else is told. */
  way: z.strictObject({ profile: z.string().min(1).max(128), digestOnly: z.boolean() }).nullable(),
  at: pose.nullable(),
  isMoving: z.boolean().nullable(),
  presets: z.array(z.strictObject({ token: z.string().min(1).max(128), name: z.string().min(1).max(120), at: pose.nullable() })).max(300).nullable(),
  /** Why it would not say where it looks. */
  untold: text.nullable(),
})
export type DeviceAim = z.infer<typeof aimSchema>

export const troubleSchema = z.strictObject({ code: z.enum(TROUBLE_CODES), tried: text, on: text, said: text })

export const replySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('report'), id: z.int(), report: reportSchema }),
  z.strictObject({ kind: z.literal('aim'), id: z.int(), aim: aimSchema }),
  z.strictObject({ kind: z.literal('trouble'), id: z.int(), trouble: troubleSchema }),
])
export type OnvifReply = z.infer<typeof replySchema>
