import type { Packet } from '../media/packet.js'

export interface PictureRate {
  /** `atMs` is monotonic: a clock that is set back an hour must not stop the count for an hour. */
  add(packet: Packet, atMs: number): void
  /** Null until a whole window was seen. */
  read(): { readonly fps: number; readonly bitrate: number } | null
  reset(): void
}

const WINDOW_MS = 5_000

/** Pictures and bits a second over the last whole window. */
export function openPictureRate(): PictureRate {
  let fromMs: number | null = null
  let pictures = 0
  let bytes = 0
  let latest: { readonly fps: number; readonly bitrate: number } | null = null
  return {
    add(packet, atMs) {
      fromMs ??= atMs
      const spanMs = atMs - fromMs
      if (spanMs >= WINDOW_MS) {
        latest = { fps: Math.round((pictures * 10_000) / spanMs) / 10, bitrate: Math.round((bytes * 8_000) / spanMs) }
        fromMs = atMs
        pictures = bytes = 0
      }
      pictures += 1
      bytes += packet.bytes.length
    },
    read: () => latest,
    reset() {
      fromMs = latest = null
      pictures = bytes = 0
    },
  }
}
