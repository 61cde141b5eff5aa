/**
 * Decoded pixels of one instant. `rgb` holds width × height × 3 bytes, row by row, red first. `atMs` is the instant the
 * picture shows, in milliseconds on whatever time line the caller keeps (wall time for cameras, media time for a file):
 * analytics has no clock, frames carry their own time.
 */
export interface Frame {
  readonly atMs: number
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}
