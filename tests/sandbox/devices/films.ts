import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, type Clock } from '../../../server/system/clock.js'
import { runToEnd } from '../../../server/system/child.js'
import { silentLog } from '../../../server/system/log.js'
import { startVirtualCamera, type FilmSpec, type VirtualCamera, type VirtualCameraSpec } from '../../../server/sandbox/devices/virtual-camera.js'

/** Small real films, made by the real encoder once and kept in the temporary folder: a moving test picture, and a plain colour for each variant. */
export const FFMPEG = ['/usr/bin/ffmpeg', '/usr/local/bin/ffmpeg'].find((path) => existsSync(path)) ?? null
export const FPS = 25
export const LOOP_S = 2
export const USER = 'admin'
export const PASSWORD = 'Sao-Mai_2026'

export interface Films {
  readonly main: FilmSpec
  readonly sub: FilmSpec
  readonly variants: VirtualCameraSpec['variants']
}

/** Mean luma of each picture, so that a test can tell by one number which film it sees. */
export const SHADES = { covered: '0x303030', blurred: '0x707070', turned: '0xb0b0b0', black: '0x000000' } as const

export async function makeFilms(fps = FPS): Promise<Films> {
  const folder = join(tmpdir(), 'vonglau-test-clips')
  await mkdir(folder, { recursive: true })
  const encode = async (name: string, source: string, width: number, height: number, kilobits: number): Promise<FilmSpec> => {
    const file = join(folder, `${name}-${width}x${height}-${fps}-${LOOP_S}-${kilobits}.h264`)
    if (existsSync(file)) return { file, width, height }
    const draft = `${file}.${process.pid}`
    const x264 = `bframes=0:keyint=${fps}:min-keyint=${fps}:scenecut=0:aud=1:repeat-headers=1`
    const { code, stderr } = await runToEnd(FFMPEG ?? 'ffmpeg', ['-hide_banner', '-loglevel', 'error', '-f', 'lavfi', '-i', `${source}s=${width}x${height}:r=${fps}`, '-t', String(LOOP_S), '-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'main', '-pix_fmt', 'yuv420p', '-b:v', `${kilobits}k`, '-x264-params', x264, '-f', 'h264', '-y', draft], { timeoutMs: 20_000 })
    if (code !== 0) throw new Error(`ffmpeg could not make the test film ${name}: ${stderr}`)
    await rename(draft, file)
    return { file, width, height }
  }
  const pair = async (name: string, source: string): Promise<{ main: FilmSpec; sub: FilmSpec }> => ({ main: await encode(name, source, 640, 360, 1500), sub: await encode(name, source, 320, 180, 300) })
  const normal = await pair('normal', 'testsrc2=')
  const variants = Object.fromEntries(await Promise.all(Object.entries(SHADES).map(async ([name, colour]) => [name, await pair(name, `color=c=${colour}:`)] as const)))
  return { ...normal, variants }
}

export function makeSpec(films: Films, changes: Partial<VirtualCameraSpec> = {}): VirtualCameraSpec {
  return { id: 'cam-1', name: 'Nguyễn Huệ - Lê Lợi', vendor: 'Vong Lau Sandbox', model: 'VL-Test', firmware: '5.10', serial: '09261100000000000001', user: USER, password: PASSWORD, location: 'Long Xuyên', onvifPort: 0, rtspPort: 0, fps: FPS, main: films.main, sub: films.sub, variants: films.variants, ptz: false, ...changes }
}

export function openCamera(films: Films, changes: Partial<VirtualCameraSpec> = {}, clock: Clock = systemClock): Promise<VirtualCamera> {
  return startVirtualCamera({ spec: makeSpec(films, changes), clock, log: silentLog, ffmpeg: FFMPEG, runId: 'test:devices' })
}

export function withLogin(url: string, user = USER, password = PASSWORD): string {
  return url.replace('rtsp://', `rtsp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`)
}
