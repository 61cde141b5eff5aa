import type { Packet } from '../media/packet.js'

export interface PictureRate {
  add(packet: Packet): void
  /** Null until a whole window was seen. */
  read(): { readonly fps: number; readonly bitrate: number } | null
  reset(): void
}

const WINDOW_MS = 5_000

/** Pictures and bits a second over the last whole window of wall time. */
export function openPictureRate(): PictureRate {
  let fromMs: number | null = null
  let pictures = 0
  let bytes = 0
  let latest: { readonly fps: number; readonly bitrate: number } | null = null
  return {
    add(packet) {
      fromMs ??= packet.atMs
      const spanMs = packet.atMs - fromMs
      if (spanMs >= WINDOW_MS) {
        latest = { fps: Math.round((pictures * 10_000) / spanMs) / 10, bitrate: Math.round((bytes * 8_000) / spanMs) }
        fromMs = packet.atMs
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
