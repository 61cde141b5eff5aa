/**
 * Tells the wall time of a frame from the packets that were fed to the decoder. A packet names the instant at which it
 * reached us; between packets the network jitters, while the stream's own time line is even. So wall time is media time plus
 * an offset that follows arrivals: down at once (an early arrival proves that less delay is possible), up slowly (late ones
 * are jitter), and with a jump when the two part for good (a reconnect, a camera that set its clock).
 */
export interface MediaClock {
  /** In the order of feeding. */
  note(packet: { readonly decodeTime: number; readonly atMs: number }): void
  /** Wall time of the frame shown at `pts`, or null when nothing near it was fed. Never goes back. */
  wallOf(pts: number): number | null
}

interface Fed {
  readonly decodeTime: number
  readonly atMs: number
}

const RISE_PER_PACKET = 0.02
/** More than the jitter of a sound network, less than what an operator would call a wrong time. */
const JUMP_MS_MIN = 500
/** Frames leave the decoder a few packets after they came in; B-frames and a slow machine make it more. */
const REMEMBERED_MAX = 1024

export function openMediaClock(timescale: number): MediaClock {
  const fed: Fed[] = []
  let offsetMs: number | null = null
  let lastWallMs = -Infinity

  return {
    note({ decodeTime, atMs }) {
      const mediaMs = (decodeTime / timescale) * 1000
      offsetMs = follow(offsetMs, atMs - mediaMs)
      fed.push({ decodeTime, atMs: mediaMs + offsetMs })
      if (fed.length > REMEMBERED_MAX) fed.splice(0, REMEMBERED_MAX / 2)
    },
    wallOf(pts) {
      const nearest = fed.findLast((packet) => packet.decodeTime <= pts) ?? fed[0]
      if (!nearest) return null
      const wallMs = nearest.atMs + ((pts - nearest.decodeTime) / timescale) * 1000
      lastWallMs = Math.max(lastWallMs + 1, wallMs)
      return lastWallMs
    },
  }
}

function follow(offsetMs: number | null, seenMs: number): number {
  if (offsetMs === null || seenMs < offsetMs || seenMs - offsetMs > JUMP_MS_MIN) return seenMs
  return offsetMs + RISE_PER_PACKET * (seenMs - offsetMs)
}
