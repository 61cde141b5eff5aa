import { isInked } from './glyphs.js'
import { makeShape } from './mesh.js'
import { between, noise2, pick, rough2, type Chance } from './noise.js'
import type { Spot } from './paint-surface.js'
import { blendAlbedo, lay, setAlbedo, stand, type Stage } from './stage.js'
import type { Vec3 } from './space.js'

/** Tube houses: narrow fronts of three to five floors, a shop below, a sign over it, an awning, balconies above. */
export interface Row {
  /** Left end of the row seen from the street, and its direction along the row (unit, horizontal). */
  readonly from: readonly [x: number, z: number]
  readonly along: readonly [x: number, z: number]
  readonly length: number
  readonly low: number
  readonly high: number
  readonly deep?: number
  readonly awnings?: number
}

const WALLS = [0xd8c9a6, 0xcbb795, 0xb9c4c0, 0xd2bfae, 0xb2bcc4, 0xd9d0a8, 0xc59d86, 0x9fb5aa, 0xe2dccb, 0xbcada6, 0xcdd5d2, 0xd9b896, 0xe6e2d6, 0xa8bccb] as const
const SIGNS = [[0xb3261e, 0xf7e9b0], [0x14558f, 0xf3f3ee], [0x1f7a45, 0xf6f2d8], [0xf0c419, 0x9c1f1a], [0xf2f0e9, 0x1c4f86], [0x5a2a6e, 0xf4ead6], [0x22262b, 0xe0b64a], [0xd9661f, 0xfdf6e6]] as const
const WORDS = ['PHO BO', 'CA PHE', 'TAP HOA', 'NHA THUOC', 'SUA XE', 'COM TAM', 'TRA SUA', 'VANG BAC', 'DIEN MAY', 'BUN CHA', 'HOA TUOI', 'CAT TOC', 'MAY ANH', 'XE DIEN', 'SACH CU'] as const
const AWNINGS = [0x8c4a44, 0x3d6b8c, 0x4f7f62, 0xb08f45, 0x7a5f8a, 0xc9c3b6, 0xa33b32, 0x2f7d6d] as const

interface House {
  readonly at: (u: number, v: number, out: number) => Vec3
  readonly normal: Vec3
  readonly along: Vec3
  readonly width: number
  readonly height: number
  readonly deep: number
  readonly wall: number
  readonly floors: number
  readonly windows: number
  readonly shop: 'open' | 'shutter' | 'glass'
  readonly sign: readonly [number, number]
  readonly word: string
  readonly balcony: boolean
  readonly seed: number
}

export function buildRow(stage: Stage, row: Row): void {
  const { chance } = stage
  let done = 0
  while (done < row.length - 2.5) {
    const width = Math.min(between(chance, 4, 6.4), row.length - done)
    const house = planHouse(chance, row, done, width)
    done += width
    front(stage, house)
    sides(stage, house)
    trimmings(stage, house, row.awnings ?? 0.7)
  }
}

function planHouse(chance: Chance, row: Row, offset: number, width: number): House {
  const along: Vec3 = [row.along[0], 0, row.along[1]]
  // Seen from the street, the row runs to the right; the street lies on the left of that direction turned back.
  const normal: Vec3 = [row.along[1], 0, -row.along[0]]
  const floors = Math.max(2, Math.round(between(chance, row.low, row.high) / 3.4))
  const origin: Vec3 = [row.from[0] + along[0] * offset, 0, row.from[1] + along[2] * offset]
  return {
    at: (u, v, out) => [origin[0] + along[0] * u + normal[0] * out, v, origin[2] + along[2] * u + normal[2] * out],
    normal, along, width, floors,
    height: floors * 3.4 + between(chance, 0.4, 1.4),
    deep: row.deep ?? 14,
    wall: pick(chance, WALLS),
    windows: width > 5.4 ? 3 : width > 4.4 ? 2 : 1,
    shop: pick(chance, ['open', 'open', 'shutter', 'glass'] as const),
    sign: pick(chance, SIGNS),
    word: pick(chance, WORDS),
    balcony: chance() < 0.6,
    seed: Math.floor(chance() * 1000),
  }
}

function front(stage: Stage, house: House): void {
  const lit = stage.lighting.tone.lampsLit
  lay(stage, [house.at(0, 0, 0), house.at(house.width, 0, 0), house.at(house.width, house.height, 0), house.at(0, house.height, 0)], house.normal, (spot) => {
    wallPaint(spot, house)
    const floor = Math.floor(spot.v / 3.4)
    const v = spot.v - floor * 3.4
    if (floor === 0) shopFront(spot, house, lit)
    else if (floor < house.floors) windowsOf(spot, house, floor, v, lit)
    if (spot.v > 3.42 && spot.v < 4.25) signOf(spot, house)
    return true
  })
}

function wallPaint(spot: Spot, house: House): void {
  const dirt = rough2(spot.u * 0.7 + house.seed, spot.v * 0.28)
  const low = Math.max(0, 1 - spot.v / 1.6)
  setAlbedo(spot, house.wall, 0.8 + dirt * 0.28 - low * 0.16)
  if (Math.min(spot.u, house.width - spot.u) < 0.14) blendAlbedo(spot, 0xf0ede4, 0.35)
  if (spot.v % 3.4 < 0.16) blendAlbedo(spot, 0xefece2, 0.5)
}

function shopFront(spot: Spot, house: House, lit: boolean): void {
  if (spot.u < 0.3 || spot.u > house.width - 0.3 || spot.v > 2.95) return
  if (house.shop === 'shutter') {
    setAlbedo(spot, 0x8b9296, 0.78 + 0.24 * Math.abs(Math.sin(spot.v * 26)))
    return
  }
  const shelf = noise2(Math.floor(spot.u * 4.3) + house.seed, Math.floor(spot.v * 3.1) + 0.5)
  const goods = [0x8a3d33, 0x39607a, 0x7c7a45, 0x4a6a4a, 0x6f4d6a, 0x8c7a5c][Math.floor(shelf * 6)] ?? 0x555555
  const deep = 0.16 + 0.4 * noise2(spot.u * 0.7 + house.seed, 1.5)
  setAlbedo(spot, 0x2e2c29, 0.9)
  if (spot.v > 0.25 && spot.v < 2.3 && shelf > 0.2) blendAlbedo(spot, goods, deep)
  if (lit && house.seed % 3 > 0) lightUp(spot, 0xffe2ae, 1.6)
  if (house.shop === 'glass' && (spot.u % 1.5 < 0.07 || spot.v > 2.85)) setAlbedo(spot, 0xb9bcbc)
}

function windowsOf(spot: Spot, house: House, floor: number, v: number, lit: boolean): void {
  const pitch = house.width / house.windows
  const column = Math.floor(spot.u / pitch)
  const u = (spot.u - column * pitch) / pitch
  const door = house.balcony
  const low = door ? 0.25 : 1
  if (u < 0.2 || u > 0.8 || v < low || v > 2.7) {
    if (v < low && u > 0.15 && u < 0.85) blendAlbedo(spot, 0x3d3a34, 0.14 * noise2(spot.u * 6, floor))
    return
  }
  const frame = u < 0.235 || u > 0.765 || v < low + 0.09 || v > 2.61 || Math.abs(u - 0.5) < 0.02 || Math.abs(v - 2.1) < 0.035
  if (frame) return setAlbedo(spot, house.seed % 2 ? 0xe9e7df : 0x6a4a35, 0.9)
  const glow = noise2(column * 7.7 + house.seed, floor * 3.3 + 0.5)
  if (lit && glow > 0.62) return lightUp(spot, glow > 0.8 ? 0xf3f0e0 : 0xffd08a, 1.5)
  setAlbedo(spot, house.seed % 5 === 0 ? 0x6f8a78 : 0x39454d, 0.8 + 0.5 * noise2(spot.u * 0.9 + house.seed, spot.v * 0.5))
}

/** Light from inside does not wait for the street lamps: the albedo is raised beyond white. */
function lightUp(spot: Spot, colour: number, gain: number): void {
  const boost = 3.2 * gain
  spot.r = spot.r * 1.5 + ((colour >> 16) & 255) * boost
  spot.g = spot.g * 1.5 + ((colour >> 8) & 255) * boost
  spot.b = spot.b * 1.5 + (colour & 255) * boost
}

function signOf(spot: Spot, house: House): void {
  if (spot.u < 0.35 || spot.u > house.width - 0.35) return
  setAlbedo(spot, house.sign[0], 0.95)
  const letters = house.word.length
  const step = Math.min(0.52, (house.width - 1.1) / letters)
  const left = (house.width - step * letters) / 2
  const index = Math.floor((spot.u - left) / step)
  const letter = house.word[index]
  if (!letter || spot.v < 3.55 || spot.v > 4.15) return
  const x = ((spot.u - left - index * step) / step) * 5.6 - 0.8
  const y = ((4.1 - spot.v) / 0.5) * 7
  if (isInked(letter, 1.24, x, y)) setAlbedo(spot, house.sign[1])
}

function sides(stage: Stage, house: House): void {
  const { at, width, height, deep } = house
  const plain = (spot: Spot) => {
    setAlbedo(spot, house.wall, 0.72 + 0.3 * rough2(spot.u * 0.4 + house.seed, spot.v * 0.25))
    return true
  }
  const back = (n: Vec3): Vec3 => [-n[0], 0, -n[2]]
  lay(stage, [at(0, 0, -deep), at(0, 0, 0), at(0, height, 0), at(0, height, -deep)], back(house.along), plain)
  lay(stage, [at(width, 0, 0), at(width, 0, -deep), at(width, height, -deep), at(width, height, 0)], house.along, plain)
  lay(stage, [at(0, height, 0), at(width, height, 0), at(width, height, -deep), at(0, height, -deep)], [0, 1, 0], (spot) => {
    setAlbedo(spot, house.seed % 3 === 0 ? 0x9a5444 : 0x8d8a84, 0.8 + 0.3 * noise2(spot.x * 2, spot.z * 2))
    return true
  })
}

function trimmings(stage: Stage, house: House, awnings: number): void {
  const { chance } = stage
  const shape = makeShape()
  const { at, width } = house
  if (chance() < awnings) {
    const [a, b] = [pick(chance, AWNINGS), chance() < 0.5 ? 0xe9e6dc : 0]
    const stripes = Math.round(width / 0.6)
    const drop = between(chance, 0.35, 0.7)
    for (let i = 0; i < stripes; i += 1) {
      const [u0, u1] = [0.2 + ((width - 0.4) * i) / stripes, 0.2 + ((width - 0.4) * (i + 1)) / stripes]
      const colour = b && i % 2 ? b : a
      shape.sheet([at(u0, 3.3, 0.02), at(u1, 3.3, 0.02), at(u1, 3.3 - drop, 1.7), at(u0, 3.3 - drop, 1.7)], colour)
      shape.sheet([at(u0, 3.3 - drop, 1.7), at(u1, 3.3 - drop, 1.7), at(u1, 3.08 - drop, 1.72), at(u0, 3.08 - drop, 1.72)], colour)
    }
  }
  for (let floor = 1; floor < house.floors; floor += 1) {
    if (house.balcony) balcony(house, shape, floor)
    else if (chance() < 0.4) slab(shape, house, [0.4 + chance() * (width - 1.6), floor * 3.4 + 0.45, 0.03], [0.85, 0.55, 0.35], 0xd4d5d2)
  }
  if (chance() < 0.35) {
    const centre = at(width / 2, house.height, -3)
    shape.tube(centre, [centre[0], centre[1] + 1.3, centre[2]], [0.6, 0.6], 0xa9b4bd, { sides: 10, gloss: 0.6 })
  }
  stand(stage, shape.build(), 0, 0, 0)
}

function balcony(house: House, shape: ReturnType<typeof makeShape>, floor: number): void {
  const y = floor * 3.4
  slab(shape, house, [0.2, y - 0.12, 0], [house.width - 0.4, 0.14, 0.9], 0xd9d5c8)
  slab(shape, house, [0.2, y + 0.88, 0.84], [house.width - 0.4, 0.06, 0.06], 0x5b5f60)
  const bars = Math.round(house.width / 0.35)
  for (let i = 0; i <= bars; i += 1) slab(shape, house, [0.2 + ((house.width - 0.44) * i) / bars, y, 0.85], [0.035, 0.9, 0.035], 0x55595a)
  if (house.seed % 2) slab(shape, house, [0.5, y, 0.55], [0.5 + (house.seed % 7) * 0.2, 0.35, 0.25], 0x4f6b3c)
}

/** A block on the front: start (along, up, out) and size. */
function slab(shape: ReturnType<typeof makeShape>, house: House, start: Vec3, size: Vec3, colour: number): void {
  const [u, v, w] = start
  const ring = (x: number) => [house.at(x, v, w), house.at(x, v, w + size[2]), house.at(x, v + size[1], w + size[2]), house.at(x, v + size[1], w)]
  shape.loft([ring(u), ring(u + size[0])], colour, { softDeg: 10 })
}
