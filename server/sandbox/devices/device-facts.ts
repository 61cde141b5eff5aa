import { createHash } from 'node:crypto'

/** What a device knows about itself, as its services tell it. */
export interface DeviceFacts {
  readonly id: string
  readonly name: string
  readonly vendor: string
  readonly model: string
  readonly firmware: string
  readonly serial: string
  readonly location: string
  readonly user: string
  readonly address: string
  readonly ptz: boolean
  readonly fps: number
  readonly streams: Readonly<Record<StreamRole, StreamFacts>>
  /** Stable for the same camera over restarts, or a client would take it for a new one. */
  readonly uuid: string
  readonly mac: string
  origin(): string
  streamUrl(role: StreamRole): string
  deviceWallMs(): number
}

export const ROLES = ['main', 'sub'] as const
export type StreamRole = (typeof ROLES)[number]

export interface StreamFacts {
  readonly width: number
  readonly height: number
  readonly kilobits: number
  readonly gop: number
  readonly profile: 'Baseline' | 'Main' | 'High'
}

/** A version 5 style UUID of the serial number, so that it is the same in every run. */
export function uuidOf(serial: string): string {
  const hex = createHash('sha1').update(`vonglau virtual camera ${serial}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** A locally administered address (second bit of the first byte), which belongs to no maker. */
export function macOf(serial: string): string {
  const hex = createHash('sha1').update(`mac ${serial}`).digest('hex')
  return ['02', ...(hex.slice(0, 10).match(/../g) ?? [])].join(':')
}

export const PROFILE_TOKENS: Readonly<Record<StreamRole, string>> = { main: 'profile_main', sub: 'profile_sub' }
export const VIDEO_SOURCE_TOKEN = 'video_source_1'
export const VIDEO_SOURCE_CONFIGURATION_TOKEN = 'video_source_config_1'
export const PTZ_CONFIGURATION_TOKEN = 'ptz_config_1'
export const PTZ_NODE_TOKEN = 'ptz_node_1'

export const SERVICE_PATHS = { device: '/onvif/device_service', media: '/onvif/media_service', ptz: '/onvif/ptz_service', events: '/onvif/event_service' } as const
export const SUBSCRIPTION_PATH = '/onvif/subscription/'
export const SNAPSHOT_PATH = '/snapshot/'

export function roleOfProfile(token: string | undefined): StreamRole | undefined {
  return ROLES.find((role) => PROFILE_TOKENS[role] === token)
}

/** Scopes say to a finder what the device is before any sign-in (ONVIF Core 7.3.2.2). Spaces and non-ASCII are percent-encoded. */
export function scopesOf(facts: DeviceFacts): readonly string[] {
  const scope = (path: string): string => `onvif://www.onvif.org/${path}`
  return [
    scope('type/video_encoder'),
    scope('type/Network_Video_Transmitter'),
    ...(facts.ptz ? [scope('type/ptz')] : []),
    scope('Profile/Streaming'),
    scope(`name/${encodeURIComponent(facts.name)}`),
    scope(`hardware/${encodeURIComponent(facts.model)}`),
    scope(`location/${encodeURIComponent(facts.location)}`),
  ]
}
