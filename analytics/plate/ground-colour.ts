import type { Crop } from './rectify.js'
import { PLATE_COLOURS, type PlateColour } from './plate.js'

/** Below this share of its brightest channel a pixel counts as white: shade makes a white plate bluish, evening light brownish, by some .35. */
const SATURATION_MIN = 0.45
/** Darker pixels are ink or shadow: their colour is noise. Of 255. */
const LIGHT_MIN = 60
/** A rim of the box is bumper, not plate. */
const RIM = 0.12

/**
 * The colour of a plate's ground, where its reader tells none: the colour that most of the pixels have inside the box, ink and
 * shadow left out. `share` is how many of them, 0..1: a camera that makes night blue is told by nothing else. Pure.
 */
export function groundColour({ width, height, rgb }: Crop): { readonly colour: PlateColour; readonly share: number } {
  const votes: Record<PlateColour, number> = { white: 0, yellow: 0, blue: 0, red: 0 }
  for (let y = Math.floor(height * RIM); y < height * (1 - RIM); y += 1) {
    for (let x = Math.floor(width * RIM); x < width * (1 - RIM); x += 1) {
      const at = (y * width + x) * 3
      const colour = colourOf(rgb[at]!, rgb[at + 1]!, rgb[at + 2]!)
      if (colour) votes[colour] += 1
    }
  }
  const sum = Object.values(votes).reduce((a, b) => a + b, 0)
  const colour = PLATE_COLOURS.reduce((best, one) => (votes[one] > votes[best] ? one : best))
  return { colour, share: sum === 0 ? 0 : votes[colour] / sum }
}

function colourOf(red: number, green: number, blue: number): PlateColour | null {
  const most = Math.max(red, green, blue)
  const least = Math.min(red, green, blue)
  if (most < LIGHT_MIN) return null
  if (most - least < SATURATION_MIN * most) return 'white'
  if (blue === most) return 'blue'
  if (green === most && red - least < 0.5 * (most - least)) return null
  // Yellow has as much green as red, red has little: a ground in evening light lies between, and nearer to yellow.
  return green - least > 0.5 * (most - least) ? 'yellow' : 'red'
}
