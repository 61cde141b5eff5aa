import { rough2 } from './noise.js'
import type { Stage } from './stage.js'

/** Fills what nothing covers: a hazy tropical sky with soft clouds. */
export function paintSky(stage: Stage): void {
  const { canvas, lens } = stage
  const { tone } = stage.lighting
  for (let y = 0; y < canvas.height; y += 1) {
    for (let x = 0; x < canvas.width; x += 1) {
      const i = y * canvas.width + x
      if (canvas.nearness[i] !== 0) continue
      const a = (x - lens.width / 2) / lens.focal
      const b = (lens.height / 2 - y) / lens.focal
      const dx = lens.forward[0] + a * lens.right[0] + b * lens.up[0]
      const dy = Math.max(0.004, lens.forward[1] + a * lens.right[1] + b * lens.up[1])
      const dz = lens.forward[2] + a * lens.right[2] + b * lens.up[2]
      const high = Math.min(1, Math.max(0, dy / Math.hypot(dx, dy, dz)) * 2.4)
      const cloud = Math.max(0, rough2((dx / (dy + 0.25)) * 1.4 + 3, (dz / (dy + 0.25)) * 0.9) - 0.45) * 1.5 * (tone.lampsLit ? 0.25 : 1)
      for (let k = 0; k < 3; k += 1) {
        const clear = tone.skyLow[k]! + (tone.skyTop[k]! - tone.skyLow[k]!) * high
        canvas.colour[i * 3 + k] = clear + (tone.skyLow[k]! * 1.04 - clear) * Math.min(1, cloud)
      }
    }
  }
}
