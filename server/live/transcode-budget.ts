/** How many streams this machine transcodes at once. One count for the whole stage; who finds it full tries again at the next key picture. */
export interface TranscodeBudget {
  /** False when all places are taken. */
  take(): boolean
  giveBack(): void
  readonly running: number
  readonly runningMax: number
}

export function openTranscodeBudget(runningMax: number): TranscodeBudget {
  let running = 0
  return {
    runningMax,
    get running() {
      return running
    },
    take() {
      if (running >= runningMax) return false
      running += 1
      return true
    },
    giveBack() {
      running -= 1
    },
  }
}

/** A third of a core for each (measured), so that one for each core leaves two thirds to all else. */
export function placesFor(cores: number): number {
  return Math.max(1, Math.floor(cores))
}

/** What browsers play as it comes: H.264 alone, and AAC, which is what ingest makes of any sound. Chromium on Debian plays no H.265 (measured); nobody plays MPEG-4 part 2 or JPEG over HLS. */
export function playsAsSent(codec: string): boolean {
  return /^(avc[13]|mp4a)\./.test(codec)
}
