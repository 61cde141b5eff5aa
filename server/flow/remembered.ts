import type { Packet } from '../media/packet.js'

/** The newest seconds of one stream, always beginning with a key packet, bounded in time and in bytes. */
export interface Remembered {
  add(packet: Packet): void
  fromLastKey(): readonly Packet[]
  between(fromMs: number, toMs: number): readonly Packet[]
  newestAtMs(): number | null
  bytes(): number
}

/** A GOP is dropped whole, and only when the GOP after it already covers `rememberMs`, so that what is left can be decoded. */
export function openRemembered(bounds: { readonly rememberMs: number; readonly rememberBytesMax: number }): Remembered {
  let gops: Packet[][] = []
  let bytes = 0
  let newest: Packet | null = null

  const sizeOf = (gop: readonly Packet[]): number => gop.reduce((sum, packet) => sum + packet.bytes.length, 0)

  function dropOldest(): void {
    const gop = gops.shift()
    if (gop) bytes -= sizeOf(gop)
  }

  return {
    add(packet) {
      newest = packet
      if (packet.key) gops.push([])
      const open = gops.at(-1)
      if (!open) return
      open.push(packet)
      bytes += packet.bytes.length
      // A clock that was set back leaves pictures of the future, which no span would ever find nor age out.
      while (gops.length > 1 && (gops[0]?.[0]?.atMs ?? 0) > packet.atMs) dropOldest()
      while (gops.length > 1 && ((gops[1]?.[0]?.atMs ?? Infinity) <= packet.atMs - bounds.rememberMs || bytes > bounds.rememberBytesMax)) dropOldest()
      // One GOP larger than the bound (a camera that sends no key packet for minutes): remember nothing until the next key.
      if (bytes > bounds.rememberBytesMax) {
        gops = []
        bytes = 0
      }
    },
    fromLastKey: () => [...(gops.at(-1) ?? [])],
    between(fromMs, toMs) {
      const first = Math.max(0, gops.findLastIndex((gop) => (gop[0]?.atMs ?? Infinity) <= fromMs))
      // A GOP that ended before fromMs says nothing about the span: the camera was dark.
      return gops.slice(first).filter((gop) => (gop.at(-1)?.atMs ?? 0) >= fromMs).flat().filter((packet) => packet.atMs <= toMs)
    },
    newestAtMs: () => newest?.atMs ?? null,
    bytes: () => bytes,
  }
}
