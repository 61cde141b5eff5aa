import { join } from 'node:path'
import { ngaTu } from '../../server/sandbox/scenes/places/nga-tu.js'
import { prepareScenes } from '../../server/sandbox/scenes/render.js'
import { runToEnd } from '../../server/system/child.js'
import { systemClock } from '../../server/system/clock.js'

/** What the measured cameras show. 640x360, 25 pictures a second, a key picture every two seconds, no B-pictures: a usual sub stream. */
export interface Streets {
  readonly busy: string
  readonly quiet: string
}

/** How long either street goes on before it shows the same again: what is compared is compared over one whole round. */
export const STREET_SECONDS = 40
/** A quiet street is not a dead one: the first of the forty seconds are the busy one's. */
const QUIET_TRAFFIC_SECONDS = 4

/**
 * The sandbox's busiest scene, a signalled junction with a hundred vehicles in two minutes, drawn once into the folder that
 * `npm run demo` uses. It is drawn at 12.5 pictures a second and played twice as fast, so that each of the 25 is a picture
 * of its own: a doubled one would cost a decoder nothing. Quiet: its first picture under the noise of a small sensor.
 */
export async function makeStreets(folder: string, root: string, say: (line: string) => void): Promise<Streets> {
  say('the busy street is drawn, unless the demo did already (one to three minutes)')
  const [scene] = await prepareScenes({ folder: join(root, '.vonglau', 'scenes'), ffmpeg: 'ffmpeg', runId: `bench:${process.pid}`, scenes: [ngaTu], clock: systemClock })
  if (!scene) throw new Error('the junction could not be drawn')
  const film = ['-r', '25', '-f', 'h264', '-i', scene.sub.file]
  const busy = join(folder, 'busy-once.mp4')
  await ffmpeg([...film, '-c', 'copy', '-t', String(STREET_SECONDS), busy])
  const quiet = join(folder, 'quiet-once.mp4')
  const standing = `[0:v]trim=end_frame=1,loop=loop=${(STREET_SECONDS - QUIET_TRAFFIC_SECONDS) * 25}:size=1,setpts=N/25/TB[stands]`
  const driving = `[0:v]trim=start_frame=250:end_frame=${250 + QUIET_TRAFFIC_SECONDS * 25},setpts=N/25/TB[drives]`
  const noisy = '[drives][stands]concat=n=2:v=1,fps=25,noise=alls=4:allf=t,format=yuv420p'
  await ffmpeg([...film, '-filter_complex', `${standing};${driving};${noisy}`, '-c:v', 'libx264', '-preset', 'veryfast', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0', '-bf', '0', '-maxrate', '600k', '-bufsize', '600k', '-crf', '26', quiet])
  return { busy: await again(busy, join(folder, 'busy.mp4')), quiet: await again(quiet, join(folder, 'quiet.mp4')) }
}

/** Longer than any bench: a camera that begins its clip anew is a new stream, and costs every reader two seconds (measured). */
const TIMES = 90

async function again(once: string, file: string): Promise<string> {
  await ffmpeg(['-stream_loop', String(TIMES - 1), '-i', once, '-c', 'copy', file])
  return file
}

async function ffmpeg(args: readonly string[]): Promise<void> {
  const { code, stderr } = await runToEnd('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { timeoutMs: 120_000 })
  if (code !== 0) throw new Error(`ffmpeg could not make a street: ${stderr.trim()}`)
}
