import type { Frame } from './frame.js'
import type { LampRegion } from './rules/lamp-source.js'

export type LampState = 'red' | 'yellow' | 'green' | 'dark' | 'unknown'

/** What the lamp is believed to show, and since which frame. */
export interface LampReading {
  readonly state: LampState
  readonly sinceMs: number
}

/** The belief, and the colour that may replace it when it has been seen for long enough. */
export interface LampMemory {
  readonly believed: LampReading
  readonly rival: { readonly state: LampState; readonly sinceMs: number; readonly seen: number } | null
}

/** A new colour is believed after two frames in a row at least this far apart: one frame of glare or beating flips nothing. */
const COLOUR_MS_MIN = 150
/** LED lamps beat with the shutter, and a flashing yellow is dark for half a second: dark must last. */
const DARK_MS_MIN = 1_200
/** After this long a colour seen at an instant is believed or refused, at 5 frames a second. */
export const LAMP_SETTLES_MS = 700

/** Carries the belief on by one frame. A new belief is dated back to the first frame that showed it. */
export function believe(memory: LampMemory | null, seen: LampState, atMs: number): LampMemory {
  if (!memory) return { believed: { state: seen, sinceMs: atMs }, rival: null }
  if (seen === memory.believed.state) return memory.rival ? { ...memory, rival: null } : memory
  const rival = memory.rival?.state === seen ? { ...memory.rival, seen: memory.rival.seen + 1 } : { state: seen, sinceMs: atMs, seen: 1 }
  const lasted = atMs - rival.sinceMs
  const colour = seen !== 'dark' && seen !== 'unknown'
  const sure = rival.seen >= 2 && lasted >= (colour ? COLOUR_MS_MIN : DARK_MS_MIN)
  return sure ? { believed: { state: seen, sinceMs: rival.sinceMs }, rival: null } : { ...memory, rival }
}

type Colour = 'red' | 'yellow' | 'green'
const COLOURS: readonly Colour[] = ['red', 'yellow', 'green']

/** Fewer pixels than this show no lamp: the region must be drawn larger or the main stream watched. */
const PIXELS_MIN = 24
/** A lit lamp fills at least this share of its place in the region. */
const LIT_SHARE_MIN = 0.04
/** The winner must be this much stronger than the next, else nobody can tell. */
const LEAD_MIN = 1.6

/**
 * What one frame shows. Colour alone fails: red lamps look orange and yellow ones look red on a warm sensor, green ones
 * look white-blue, and at night the middle of a lamp is burnt to white. So place in the head counts with colour: red
 * stands first (top, or left), then yellow, then green. A `single` lamp changes colour in one place.
 */
export function readLamp(frame: Frame, region: LampRegion): LampState {
  return glimpseLamp(frame, region).state
}

/** `both`: red and green are lit together, each in its own place, as no lamp in order shows them. One that changes colour in one place cannot tell. */
export interface LampGlimpse {
  readonly state: LampState
  readonly both: boolean
}

const NOTHING_SEEN: LampGlimpse = { state: 'unknown', both: false }

export function glimpseLamp(frame: Frame, region: LampRegion): LampGlimpse {
  const x1 = Math.max(0, Math.floor(region.box.x1 * frame.width))
  const x2 = Math.min(frame.width, Math.ceil(region.box.x2 * frame.width))
  const y1 = Math.max(0, Math.floor(region.box.y1 * frame.height))
  const y2 = Math.min(frame.height, Math.ceil(region.box.y2 * frame.height))
  const pixels = (x2 - x1) * (y2 - y1)
  if (!(pixels >= PIXELS_MIN)) return NOTHING_SEEN
  const weights: Record<Colour, number> = { red: 0, yellow: 0, green: 0 }
  for (let y = y1; y < y2; y++) {
    for (let x = x1; x < x2; x++) {
      const i = (y * frame.width + x) * 3
      const lit = litAs(frame.rgb[i] ?? 0, frame.rgb[i + 1] ?? 0, frame.rgb[i + 2] ?? 0)
      if (!lit) continue
      const place = region.order === 'vertical' ? (y + 0.5 - y1) / (y2 - y1) : (x + 0.5 - x1) / (x2 - x1)
      for (const colour of COLOURS) weights[colour] += lit[colour] * (region.order === 'single' ? 1 : nearness(place, colour))
    }
  }
  const ranked = COLOURS.toSorted((a, b) => weights[b] - weights[a])
  const [best = 'red', second = 'red'] = ranked
  const place = region.order === 'single' ? pixels : pixels / 3
  if (weights[best] < LIT_SHARE_MIN * place) return { state: 'dark', both: false }
  if (weights[best] >= LEAD_MIN * weights[second]) return { state: best, both: false }
  return { state: 'unknown', both: region.order !== 'single' && best !== 'yellow' && second !== 'yellow' && weights[second] >= LIT_SHARE_MIN * place }
}

const PLACES: Record<Colour, number> = { red: 1 / 6, yellow: 1 / 2, green: 5 / 6 }

/** 1 in the middle of the colour's own third, 0 from the middle of the next one on. */
function nearness(place: number, colour: Colour): number {
  return Math.max(0, Math.min(1, 1.5 - Math.abs(place - PLACES[colour]) * 4.5))
}

/** How much a pixel looks like a lit lamp of each colour, 0..1; null for the unlit: housing, leaves, sky. */
function litAs(r: number, g: number, b: number): Record<Colour, number> | null {
  const most = Math.max(r, g, b)
  const least = Math.min(r, g, b)
  const chroma = most - least
  if (most < 120 || chroma < 50) return null
  const hue = hueOf(r, g, b, most, chroma)
  const glow = Math.min(1, (most - 100) / 100) * Math.min(1, chroma / 120)
  return { red: glow * bell(hue, 0, 40), yellow: glow * bell(hue, 42, 34), green: glow * bell(hue, 165, 45) }
}

function hueOf(r: number, g: number, b: number, most: number, chroma: number): number {
  if (most === r) return (((g - b) / chroma) * 60 + 360) % 360
  return most === g ? ((b - r) / chroma) * 60 + 120 : ((r - g) / chroma) * 60 + 240
}

/** 1 at the centre, 0 at `reach` degrees and beyond. */
function bell(hue: number, middle: number, reach: number): number {
  const off = Math.abs(((hue - middle + 540) % 360) - 180)
  return off >= reach ? 0 : 1 - (off / reach) ** 2
}
