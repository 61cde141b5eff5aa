import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SCENES } from '../../server/sandbox/scenes/catalogue.js'
import { prepareScenes, type PrepareOptions, type RenderedScene } from '../../server/sandbox/scenes/render.js'
import { systemClock } from '../../server/system/clock.js'
import { filesBelow, textOf } from '../house/sources.js'

interface Wish {
  readonly ids: readonly string[]
  readonly loopMs: number
  readonly size: NonNullable<PrepareOptions['size']>
}

/**
 * Streets of the sandbox as films, drawn once and kept in the temporary folder. They are drawn anew when a line of what draws them has
 * changed, whatever it says of its version.
 */
export async function drawScenes({ ids, loopMs, size }: Wish): Promise<readonly RenderedScene[]> {
  const kept = join(tmpdir(), 'vonglau-test-clips', `streets-${keyOf({ ids, loopMs, size })}`)
  const drawIn = (folder: string): Promise<readonly RenderedScene[]> =>
    prepareScenes({ folder, ffmpeg: 'ffmpeg', runId: 'test:street', scenes: SCENES.filter(({ id }) => ids.includes(id)), seed: 5, loopMs, faultMs: 2_000, clock: systemClock, threads: 2, size })
  if (!existsSync(kept)) {
    // Beside its place, so that a folder that stands is whole, and two who draw at once do not meet.
    const draft = `${kept}.${process.pid}`
    await drawIn(draft)
    await rename(draft, kept).catch(() => rm(draft, { recursive: true, force: true }))
  }
  return drawIn(kept)
}

function keyOf(wish: Wish): string {
  return createHash('sha256').update([JSON.stringify(wish), ...filesBelow('server/sandbox/scenes').map(textOf)].join('\0')).digest('hex').slice(0, 16)
}
