/** Why a stream has no picture, or (`degraded` alone) a poor one. Each has its own next step on screen; "it does not work" is not in the list. */
export type SessionFaultName =
  | 'unreachable'
  | 'refused'
  | 'auth'
  | 'not_found'
  | 'timed_out'
  | 'no_video'
  /** Sound was asked for, and the camera offers none. */
  | 'no_sound'
  | 'codec_unsupported'
  | 'transport'
  | 'invalid_media'
  | 'tools_missing'
  /** The address leads outside of the networks that cameras may be in. */
  | 'not_allowed'
  /** The camera must push its picture to us, and does not. */
  | 'not_pushed'
  /** The door that it should push to is not open. */
  | 'intake_closed'
  /** The camera ended a session that was running. */
  | 'hung_up'
  /** It sent far more than any camera needs, and was cut so that the others keep theirs. */
  | 'flooding'
  /** It breaks off again and again: started so often lately that it is now tried at the longest step only. */
  | 'unsteady'
  /** It runs, but far fewer pictures arrive than it sends when it is well. */
  | 'degraded'
  /** The address itself cannot be used; words name the reason. */
  | 'invalid_address'

export interface SessionFault {
  readonly name: SessionFaultName
  /** What was tried and the other side's last words, without addresses or secrets. */
  readonly words: string
}

export type SessionStateName = 'connecting' | 'live' | 'stalled' | 'waiting' | 'off'

/** What the rest of the house is told about one stream's session. */
export interface SessionNews {
  readonly state: SessionStateName
  /** How it was tried, where that is not RTSP. */
  readonly tried?: 'RTMP'
  readonly fault?: SessionFault
  /** Wall time at which this state began. */
  readonly since: number
  /** Attempts that failed since the stream last ran well. */
  readonly attempts: number
  readonly codec?: string
  readonly width?: number
  readonly height?: number
  readonly fps?: number
  /** Bits per second of the encoded picture. */
  readonly bitrate?: number
  /** How fast the camera's clock runs against ours, where it is so wrong that its pictures are paced by their arrival. */
  readonly clockRate?: number
}
