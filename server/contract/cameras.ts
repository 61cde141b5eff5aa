import { z } from 'zod'

export interface Worded {
  readonly vi: string
  readonly en: string
}

export type SessionStateView = 'connecting' | 'live' | 'stalled' | 'waiting' | 'off'

export interface TroubleView {
  readonly code: string
  readonly state: Worded
  readonly next: Worded
  readonly tried: string
  readonly on: string
  readonly said: string
}

export interface StreamView {
  readonly id: string
  readonly role: 'main' | 'sub'
  readonly codec: string | null
  readonly width: number | null
  readonly height: number | null
  readonly fps: number | null
  /** How fast the camera's clock runs against ours, where it is so wrong that pictures are paced by their arrival; else null. */
  readonly clockRate: number | null
  readonly state: SessionStateView
  readonly stateSinceMs: number
  readonly trouble: TroubleView | null
  /** How a browser gets it. What browsers do not play is transcoded to H.264 while somebody watches; `barred`: it would be, but cannot be now, and `trouble` says why. */
  readonly playing: 'as_sent' | 'transcoded' | 'barred'
  /** Where hls.js plays it; the sign-in cookie opens it. */
  readonly playlist: string
  /** Wall time of the newest packet at the server, or null. */
  readonly newestAtMs: number | null
}

export interface PlaceView {
  readonly latitude: number
  readonly longitude: number
  readonly street: string
  readonly order: number
  readonly heading: number
  readonly reachM: number
}

/** GET /api/cameras, GET /api/cameras/:cameraId */
export interface CameraView {
  readonly id: string
  readonly name: string
  readonly areaId: string
  readonly areaName: string
  readonly enabled: boolean
  readonly origin: 'onvif' | 'rtsp' | 'push'
  readonly place: PlaceView
  readonly streams: readonly StreamView[]
  readonly rules: readonly RuleView[]
  /** Where its sound is played, while it is let through to people; a camera that pushes has none. */
  readonly sound: { readonly playlist: string; readonly trouble: TroubleView | null } | null
  /** Parts of the picture that are never judged, and covered in stills, clips and exports. */
  readonly masks: readonly MaskView[]
  /** A virtual camera of the sandbox: its faults can be switched. */
  readonly sandbox: { readonly fault: string; readonly faults: readonly string[] } | null
}

/** `preset`: the view of a camera that turns on which it was drawn; on another it covers nothing, and while nobody knows the view all of them cover. Null: it covers every view. */
export interface MaskView {
  readonly points: readonly Spot[]
  readonly preset: { readonly token: string; readonly name: string; readonly at: { readonly pan: number; readonly tilt: number; readonly zoom: number } } | null
}

export interface Spot {
  readonly x: number
  readonly y: number
}

/** Geometry to draw over the picture, and words for the list. `rule` is the whole rule, of the version shown (contract/rules.ts). */
export interface RuleView {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly enabled: boolean
  readonly zone: readonly Spot[] | null
  readonly line: readonly [Spot, Spot] | null
  readonly direction: Spot | null
  readonly rule: unknown
  /** It is bound to a preset at which the camera does not stand now: why it watches nothing. What is drawn for it lies on another view. */
  readonly waits?: Worded
  /** Its live version was approved by the one who proposed it, because the city has set that one person is enough. */
  readonly alone?: true
}

const credentials = { user: z.string().max(64).default(''), password: z.string().max(128).default('') }
const address = z.string().trim().min(1).max(300)

export const Place = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  street: z.string().trim().max(120),
  order: z.number().int().min(0).max(100000),
  heading: z.number().min(0).max(360),
  reachM: z.number().min(1).max(2000),
})

/** POST /api/cameras/discover → DiscoveryView. Without targets: every network the settings allow. */
export const DiscoverForm = z.strictObject({ addresses: z.array(z.string().trim().min(1).max(64)).max(64).default([]) })

export interface DiscoveryView {
  readonly found: readonly { readonly address: string; readonly name: string; readonly hardware: string; readonly location: string; readonly known: boolean }[]
  /** Networks that could not be asked, and why. */
  readonly faults: readonly { readonly network: string; readonly said: string }[]
}

/** POST /api/cameras/inspect → InspectionView: the ladder, without adding anything. */
export const InspectForm = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('onvif'), address, ...credentials }),
  z.strictObject({ kind: z.literal('rtsp'), mainUrl: address, subUrl: address.optional(), ...credentials }),
])
export type InspectForm = z.infer<typeof InspectForm>

export interface RungView {
  readonly rung: 'reach' | 'onvif' | 'sign_in' | 'main_stream' | 'sub_stream' | 'web' | 'clock'
  readonly ok: boolean
  readonly ms: number
  readonly said: Worded
  readonly trouble: TroubleView | null
}

export interface ProfileView {
  readonly token: string
  readonly name: string
  readonly url: string
  readonly codec: string | null
  readonly width: number | null
  readonly height: number | null
  readonly fps: number | null
}

export interface InspectionView {
  readonly verdict: 'usable' | 'usable_by_transcoding' | 'needs_settings' | 'needs_adapter' | 'must_replace' | 'unreachable'
  readonly rungs: readonly RungView[]
  readonly device: { readonly maker: string; readonly model: string; readonly firmware: string; readonly serial: string; readonly ptz: boolean; readonly events: boolean } | null
  readonly profiles: readonly ProfileView[]
  /** Tokens of `profiles`. */
  readonly suggested: { readonly main: string | null; readonly sub: string | null }
}

/** What is typed into an encoder that pushes. The key is told once: in the answer that made it. Address null: RTMP is switched off. */
export interface PushView {
  readonly address: string | null
  readonly key: string
}

/** POST /api/cameras */
export type AddedCameraView = CameraView & { readonly push: PushView | null }

/**
 * POST /api/cameras → AddedCameraView. `mainUrl`/`subUrl` are the profiles chosen, without credentials; a camera that pushes has
 * none. POST /api/cameras/:cameraId/push-key → PushView: a new key; the old one stops at once.
 */
export const AddCameraForm = z.strictObject({
  name: z.string().trim().min(1).max(120),
  areaId: z.string().min(1).max(64),
  place: Place,
  origin: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('onvif'), address }), z.strictObject({ kind: z.literal('rtsp') }), z.strictObject({ kind: z.literal('push'), networks: z.array(z.string().trim().max(64)).max(16).default([]) })]),
  mainUrl: address.optional(),
  subUrl: address.optional(),
  ...credentials,
}).refine(({ origin, mainUrl }) => origin.kind === 'push' || mainUrl !== undefined, { path: ['mainUrl'], message: 'is needed: write the rtsp:// address of the main stream' })
export type AddCameraForm = z.infer<typeof AddCameraForm>

const share = z.number().min(0, 'lies outside the picture').max(1, 'lies outside the picture')
const turn = z.number().min(-1, 'is no position: must be at least -1').max(1, 'is no position: must be at most 1')
/** As the camera tells it (GET …/presets), with the place where it lies now. */
const Preset = z.strictObject({ token: z.string().min(1).max(128), name: z.string().trim().min(1).max(120), at: z.strictObject({ pan: turn, tilt: turn, zoom: turn.min(0, 'is no position: must be at least 0') }) })
const Mask = z.strictObject({
  points: z.array(z.strictObject({ x: share, y: share })).min(3, 'needs at least three points').max(64, 'has more than 64 points'),
  preset: Preset.nullable().default(null),
})

/** PATCH /api/cameras/:cameraId */
export const CameraChangeForm = z.strictObject({
  name: z.string().trim().min(1).max(120).optional(),
  areaId: z.string().min(1).max(64).optional(),
  enabled: z.boolean().optional(),
  place: Place.optional(),
  /** Lets people hear the camera. */
  sound: z.boolean().optional(),
  /** Privacy masks, all of them: those that are left out are gone. */
  masks: z.array(Mask).max(16, 'has more than 16 masks').optional(),
  user: z.string().max(64).optional(),
  password: z.string().max(128).optional(),
})
export type CameraChangeForm = z.infer<typeof CameraChangeForm>

/** POST /api/cameras/:cameraId/sandbox-fault */
export const SandboxFaultForm = z.strictObject({ fault: z.string().min(1).max(32) })

export interface AreaView {
  readonly id: string
  readonly name: string
  readonly parent: string | null
}
