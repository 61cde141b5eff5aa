import { command, connectTo, HANDSHAKE, publish } from './push-stream.js'

/** Mulberry32: small, seeded, the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One stranger's whole say: noise, a handshake with noise after it, right words with broken bytes, or lengths that lie. */
export function garbage(seed: number, key: string): Buffer {
  const chance = seeded(seed)
  const below = (most: number): number => Math.floor(chance() * most)
  const noise = (most: number): Buffer => Buffer.from(Array.from({ length: 1 + below(most) }, () => below(256)))
  const said = (): Buffer => Buffer.concat([connectTo('live'), command(['createStream', 4, null]), publish(chance() < 0.2 ? key : 'somebody')])
  switch (below(6)) {
    case 0:
      return noise(4_000)
    case 1:
      return Buffer.concat([HANDSHAKE.subarray(0, below(HANDSHAKE.length))])
    case 2:
      return Buffer.concat([HANDSHAKE, noise(3_000)])
    case 3: {
      const words = said()
      for (let count = 1 + below(12); count > 0; count -= 1) words[below(words.length)] = below(256)
      return Buffer.concat([HANDSHAKE, words])
    }
    case 4: {
      // A message that says it is long, on one of 64 chunk streams, again and again: memory is asked for by its length.
      const heads = Array.from({ length: 1 + below(200) }, (_, at) => Buffer.from([2 + (at % 62), 0, 0, 0, below(256), below(256), below(256), below(32), 0, 0, 0, 0]))
      return Buffer.concat([HANDSHAKE, ...heads])
    }
    default: {
      const words = said()
      return Buffer.concat([HANDSHAKE, words.subarray(0, below(words.length)), noise(600), words])
    }
  }
}
