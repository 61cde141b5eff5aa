import { randomBytes } from 'node:crypto'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { startDiscoveryResponder, type DiscoveryResponder } from './devices/discovery-responder.js'
import type { Fault, FaultOptions, Variant } from './devices/fault.js'
import { startVirtualCamera, type FilmSpec, type VirtualCamera, type VirtualCameraSpec } from './devices/virtual-camera.js'

/** A scene that was rendered to files, as the folder `scenes` leaves it. */
export interface RenderedSceneLike {
  readonly id: string
  readonly name: { readonly vi: string; readonly en: string }
  readonly folder: string
  readonly fps: number
  readonly loopMs: number
  readonly main: FilmSpec
  readonly sub: FilmSpec
  readonly variants: Readonly<Record<Variant, { readonly main: FilmSpec; readonly sub: FilmSpec }>>
  readonly truthFile: string
  readonly objectsFile: string
}

export interface CityCamera extends VirtualCamera {
  readonly scene: RenderedSceneLike
  /** What an administrator would have on the sticker of the box; stays the same while a fault changes the device's. */
  readonly sticker: { readonly user: string; readonly password: string }
}

export interface City {
  readonly cameras: readonly CityCamera[]
  readonly discoveryAddress: string
  readonly discoveryPort: number
  /** Wall time of the beginning of all films. */
  readonly epochMs: number
  setFault(id: string, fault: Fault, options?: FaultOptions): Promise<void>
  close(): Promise<void>
}

export interface CityOptions {
  readonly rendered: readonly RenderedSceneLike[]
  readonly clock: Clock
  readonly log: Log
  readonly ffmpeg: string | null
  readonly runId: string
  /** Wished for; where it is taken, a free one is used and told in the answer. */
  readonly discoveryPort: number
  /** Cameras take two ports each from here on; without it, free ones. */
  readonly startPort?: number
  /** The same for all cameras; without it, each gets a random password in each run. */
  readonly credentials?: { readonly user: string; readonly password: string }
  readonly epochMs?: number
}

/** Invented makers' plates: no vendor of this name makes cameras. */
const PLATES = [
  { model: 'VL-Dome 2M', firmware: '5.10.2' },
  { model: 'VL-Bullet 2M', firmware: '2.40' },
  { model: 'VL-PTZ 4M', firmware: '1.0.17' },
] as const
const VENDOR = 'Vong Lau Sandbox'
/** Wards of Long Xuyên. Which camera stands in which is invented. */
const WARDS = ['Mỹ Long', 'Mỹ Bình', 'Mỹ Xuyên', 'Đông Xuyên', 'Bình Khánh', 'Mỹ Phước', 'Mỹ Quý', 'Bình Đức'] as const

/** Opens one virtual camera for each rendered scene on the loopback address, and one responder that lets them be found. */
export async function openCity(options: CityOptions): Promise<City> {
  const { clock, log } = options
  const epochMs = options.epochMs ?? clock.wallMs()
  const cameras: CityCamera[] = []
  const closeAll = async (): Promise<void> => { await Promise.all(cameras.map((camera) => camera.close())) }
  try {
    for (const [index, scene] of options.rendered.entries()) cameras.push(await openCamera(options, { scene, index, epochMs }))
    const discovery = await openDiscovery(cameras, options)
    return {
      cameras,
      discoveryAddress: discovery.address,
      discoveryPort: discovery.port,
      epochMs,
      async setFault(id, fault, faultOptions) {
        const camera = cameras.find((candidate) => candidate.id === id)
        if (!camera) throw new Error(`no virtual camera has the id ${id}: there are ${cameras.map((known) => known.id).join(', ')}`)
        await camera.setFault(fault, faultOptions)
        log.info({ camera: id, fault }, 'a virtual camera changed its fault')
      },
      async close() {
        await discovery.close()
        await closeAll()
      },
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function openCamera(options: CityOptions, { scene, index, epochMs }: { readonly scene: RenderedSceneLike; readonly index: number; readonly epochMs: number }): Promise<CityCamera> {
  const sticker = options.credentials ?? { user: 'admin', password: randomBytes(9).toString('base64url') }
  const plate = PLATES[index % PLATES.length] ?? PLATES[0]
  const startPort = options.startPort ?? 0
  const spec: VirtualCameraSpec = {
    ...sticker, ...plate,
    id: scene.id,
    name: scene.name.vi,
    vendor: VENDOR,
    // Long numbers and leading zeros, as on real plates, trip clients that read them as numbers.
    serial: `0926110000000000${String(index + 1).padStart(4, '0')}`,
    location: `Phường ${WARDS[index % WARDS.length] ?? ''}, Long Xuyên`,
    onvifPort: startPort === 0 ? 0 : startPort + 2 * index,
    rtspPort: startPort === 0 ? 0 : startPort + 2 * index + 1,
    fps: scene.fps,
    main: scene.main,
    sub: scene.sub,
    variants: scene.variants,
    ptz: plate.model.includes('PTZ'),
  }
  const camera = await startVirtualCamera({ spec, clock: options.clock, log: options.log, ffmpeg: options.ffmpeg, runId: options.runId, epochMs })
  keepSecondView(camera)
  // Getters must stay alive, so the camera is extended and not copied.
  return Object.create(camera, { scene: { value: scene, enumerable: true }, sticker: { value: sticker, enumerable: true } }) as CityCamera
}

/** A camera that turns has somewhere to turn to: beside the view from home, one from which nothing of it is seen. */
function keepSecondView({ ptz }: VirtualCamera): void {
  ptz?.moveTo({ pan: 0.45, tilt: -0.12, zoom: 0.2 })
  ptz?.savePreset('Nhánh bên')
  ptz?.goHome()
}

async function openDiscovery(cameras: readonly VirtualCamera[], { discoveryPort, clock, log }: CityOptions): Promise<DiscoveryResponder> {
  const open = (port: number): Promise<DiscoveryResponder> => startDiscoveryResponder({ cameras, bind: { address: '127.0.0.1', port }, clock, log })
  try {
    return await open(discoveryPort)
  } catch (error) {
    if (discoveryPort === 0) throw error
    log.warn({ discoveryPort }, 'the discovery port is taken, so the virtual cameras answer on a free one')
    return open(0)
  }
}
