/** What a player or decoder needs before the first packet: ftyp + moov of fragmented MP4, and what it says. */
export interface InitSegment {
  readonly bytes: Uint8Array
  /** RFC 6381, for example `avc1.64001f`. */
  readonly codec: string
  /** Pixels; 0 by 0 for sound. */
  readonly width: number
  readonly height: number
  /** Ticks per second of `decodeTime` and `durationTicks`. */
  readonly timescale: number
}

/**
 * Encoded picture of one instant: one moof + mdat with one video sample; of a stream of sound, one frame of it. A key packet decodes alone. `decodeTime` is on the
 * stream's own, ever-growing time line (ours, not the camera's: it is mended over reconnects and wraps); `atMs` is the wall
 * time at which the packet reached us. A new `init` object (by identity) means a new session or a changed codec or size.
 */
export interface Packet {
  readonly key: boolean
  readonly atMs: number
  readonly decodeTime: number
  readonly durationTicks: number
  readonly bytes: Uint8Array
  readonly init: InitSegment
}
