import { asId, type AreaId, type CameraId, type StreamId } from './ids.js'
import type { PrivacyMask } from './privacy-mask.js'
import type { Trouble } from './trouble.js'

export type StreamRole = 'main' | 'sub'

/** States of one attempt to read one stream (glossary). */
export type SessionState = 'connecting' | 'live' | 'stalled' | 'waiting' | 'off'

/** What a session says of itself; `since` is wall time. */
export interface SessionNews {
  readonly streamId: StreamId
  readonly state: SessionState
  readonly sinceMs: number
  readonly attempts: number
  readonly trouble: Trouble | null
  readonly codec: string | null
  readonly width: number | null
  readonly height: number | null
  readonly fps: number | null
  /** How fast the camera's clock runs against ours, where it is too wrong to be believed; null for a sound one. */
  readonly clockRate: number | null
}

/** Where a camera hangs and where it looks; `street` and `order` make neighbours along the street. */
export interface Place {
  readonly latitude: number
  readonly longitude: number
  readonly street: string
  readonly order: number
  /** Degrees clockwise from north, the way the camera looks. */
  readonly heading: number
  /** How far a report's point may lie and still be seen, metres. */
  readonly reachM: number
}

/** How the camera was found, so that it can be asked again; one that pushes cannot be asked, it comes by itself. */
export type Origin = { readonly kind: 'onvif'; readonly address: string } | { readonly kind: 'rtsp' } | { readonly kind: 'push' }

export interface Stream {
  readonly id: StreamId
  readonly cameraId: CameraId
  readonly role: StreamRole
  /** Without user name and password: those are kept sealed, apart. */
  readonly url: string
  readonly codec: string | null
  readonly width: number | null
  readonly height: number | null
  readonly fps: number | null
}

/** One point of view, whatever the device. */
export interface Camera {
  readonly id: CameraId
  readonly name: string
  readonly areaId: AreaId
  readonly enabled: boolean
  readonly place: Place
  readonly origin: Origin
  readonly streams: readonly Stream[]
  /** Whether people may hear it. Off until somebody asks for it: sound tells more of people than a picture of a street does. */
  readonly sound: boolean
  /** Parts of the picture that are nobody's business: a window, a yard. They are never judged, and covered in whatever is kept of an alert or handed on. */
  readonly masks: readonly PrivacyMask[]
}

/** Where a camera's pictures come from. */
export interface Source {
  readonly main: StreamId
  readonly sub: StreamId | null
}

/** The stream of a camera's sound. It has no row: it is read while somebody listens, and is recorded nowhere. */
export function soundOf(cameraId: CameraId): StreamId {
  return asId<StreamId>(`${cameraId}${SOUND}`)
}

export function isSoundOf(streamId: StreamId): boolean {
  return streamId.endsWith(SOUND)
}

const SOUND = '-sound'
