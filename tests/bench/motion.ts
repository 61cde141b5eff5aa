import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startChild } from '../../server/system/child.js'
import { pause, systemClock } from '../../server/system/clock.js'
import { measure, type Used } from './live-cpu.js'

const MOTION = '/usr/bin/motion'

export function hasMotion(): boolean {
  return existsSync(MOTION)
}

/** Connecting and learning its background; it tells nobody when it is done. */
const SETTLE_MS = 8_000

/**
 * Debian's motion on the same cameras, as its package sets it up, but writing neither pictures nor films and serving no page:
 * reading, decoding and telling whether anything moves. It knows no objects.
 */
export async function withMotion(folder: string, urls: readonly string[], plan: { readonly windowMs: number }): Promise<Used> {
  const cameras = urls.map((url, index) => {
    const file = join(folder, `camera-${index}.conf`)
    writeFileSync(file, `camera_id ${index + 1}\nnetcam_url ${url}\nwidth 640\nheight 360\n`)
    return `camera ${file}`
  })
  const config = join(folder, 'motion.conf')
  writeFileSync(config, ['daemon off', 'setup_mode off', 'log_level 3', `target_dir ${folder}`, 'webcontrol_port 0', 'stream_port 0', 'picture_output off', 'movie_output off', 'width 640', 'height 360', ...cameras, ''].join('\n'))
  const child = startChild(MOTION, ['-n', '-c', config], { runId: `bench:${process.pid}` })
  child.stdout.resume()
  child.stderr.resume()
  try {
    await pause(systemClock, SETTLE_MS)
    if (child.exitCode !== null) throw new Error(`motion ended with ${child.exitCode}`)
    return await measure(child.pid ?? 0, urls.length, { windowMs: plan.windowMs, warmUpMs: 0 })
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
}
