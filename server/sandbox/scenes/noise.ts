/** Seeded chance and smooth noise: every stain on a wall and every arrival comes from the seed, so a scene renders the same anywhere. */
// Names of the module's own: in a test's vm context every look at a global such as Math costs a call.
const { floor, imul } = Math

export type Chance = () => number

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for a drawing. */
export function makeChance(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = imul(state ^ (state >>> 15), 1 | state)
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export function between(chance: Chance, low: number, high: number): number {
  return low + (high - low) * chance()
}

export function pick<const T extends readonly [unknown, ...unknown[]]>(chance: Chance, list: T): T[number] {
  return list[floor(chance() * list.length)] ?? list[0]
}

/** One number from a word and a seed, so that scenes with one seed still differ. */
export function mixSeed(seed: number, word: string): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0
  for (let i = 0; i < word.length; i += 1) hash = imul(hash ^ word.charCodeAt(i), 0x01000193) >>> 0
  return hash
}

function lattice(x: number, y: number, z: number): number {
  let h = imul(x, 374761393) + imul(y, 668265263) + imul(z, 2147483647 ^ 0x5bd1e995)
  h = imul(h ^ (h >>> 13), 1274126177)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

/** Value noise 0..1 with smooth joints. */
export function noise2(x: number, y: number): number {
  const ix = floor(x)
  const iy = floor(y)
  let fx = x - ix
  let fy = y - iy
  fx = fx * fx * (3 - 2 * fx)
  fy = fy * fy * (3 - 2 * fy)
  const low = lattice(ix, iy, 0) * (1 - fx) + lattice(ix + 1, iy, 0) * fx
  const high = lattice(ix, iy + 1, 0) * (1 - fx) + lattice(ix + 1, iy + 1, 0) * fx
  return low * (1 - fy) + high * fy
}

export function noise3(x: number, y: number, z: number): number {
  const iz = floor(z)
  let fz = z - iz
  fz = fz * fz * (3 - 2 * fz)
  const shift = iz * 57.31
  return noise2(x + shift, y - shift) * (1 - fz) + noise2(x + shift + 57.31, y - shift - 57.31) * fz
}

/** Three octaves: stains, leaves, worn asphalt. */
export function rough2(x: number, y: number): number {
  return noise2(x, y) * 0.55 + noise2(x * 2.3 + 7.1, y * 2.3 + 3.7) * 0.3 + noise2(x * 5.1 + 1.9, y * 5.1 + 8.3) * 0.15
}
