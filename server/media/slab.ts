/**
 * Memory for pictures, taken in large pieces. A piece of its own for each picture is fresh memory from the kernel each time,
 * which it has to clear: a sixth of what a camera cost us (measured with perf). A piece lives as long as one of its pictures.
 */
export interface Slab {
  /** Both, one behind the other, in memory that nobody else writes to. */
  join(first: Uint8Array, second: Uint8Array): Uint8Array
}

/** Half a second of a large stream, four seconds of a small one. */
const SLAB_BYTES = 256 << 10

export function openSlab(): Slab {
  let piece = new ArrayBuffer(0)
  let used = 0
  const take = (size: number): Uint8Array => {
    if (size > SLAB_BYTES / 2) return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer)
    if (used + size > piece.byteLength) {
      piece = Buffer.allocUnsafeSlow(SLAB_BYTES).buffer
      used = 0
    }
    const bytes = new Uint8Array(piece, used, size)
    used += size
    return bytes
  }
  return {
    join(first, second) {
      const bytes = take(first.length + second.length)
      bytes.set(first)
      bytes.set(second, first.length)
      return bytes
    },
  }
}
