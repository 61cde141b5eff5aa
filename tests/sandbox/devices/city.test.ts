import { createSocket } from 'node:dgram'
import { systemClock } from '../../../server/system/clock.js'
import { silentLog } from '../../../server/system/log.js'
import { openCity, type City, type RenderedSceneLike } from '../../../server/sandbox/city.js'
import { probe } from './clients.js'
import { find } from './finder.js'
import { FFMPEG, FPS, LOOP_S, makeFilms, withLogin, type Films } from './films.js'

const withFfmpeg = FFMPEG ? test : test.skip
let films: Films

beforeAll(async () => { if (FFMPEG) films = await makeFilms() })

function scenes(): readonly RenderedSceneLike[] {
  return ['junction', 'one-way', 'square'].map((id) => ({ id, name: { vi: `Cảnh ${id}`, en: id }, folder: '', fps: FPS, loopMs: LOOP_S * 1000, main: films.main, sub: films.sub, variants: films.variants as RenderedSceneLike['variants'], truthFile: '', objectsFile: '' }))
}

async function withCity(options: Partial<Parameters<typeof openCity>[0]>, act: (city: City) => Promise<void>): Promise<void> {
  const city = await openCity({ rendered: scenes(), clock: systemClock, log: silentLog, ffmpeg: FFMPEG, runId: 'test:city', discoveryPort: 0, ...options })
  try {
    await act(city)
  } finally {
    await city.close()
  }
}

withFfmpeg('a city opens a camera for each scene, found and playing, with its own password', () =>
  withCity({}, async (city) => {
    const found = await find({ address: '127.0.0.1', port: city.discoveryPort, inner: '<d:Types>dn:NetworkVideoTransmitter</d:Types>', wanted: 3 })
    expect(found.map((device) => device.address).sort()).toEqual(city.cameras.map((camera) => camera.onvifUrl).sort())
    const passwords = new Set(city.cameras.map((camera) => camera.sticker.password))
    expect(passwords.size).toBe(3)
    for (const camera of city.cameras) expect((await probe(withLogin(camera.rtspUrl('sub'), camera.sticker.user, camera.sticker.password))).stdout).toMatch(/h264/)
    expect(city.cameras.map((camera) => camera.scene.id)).toEqual(['junction', 'one-way', 'square'])
  }))

withFfmpeg('all films of a city are at the same place, counted from its epoch', () =>
  withCity({ epochMs: 1_700_000_000_000 }, async (city) => {
    const now = systemClock.wallMs()
    for (const camera of city.cameras) expect(Math.abs(camera.positionAt(now) - ((now - 1_700_000_000_000) % (LOOP_S * 1000)))).toBeLessThan(5)
    expect(city.epochMs).toBe(1_700_000_000_000)
  }))

withFfmpeg('a fault strikes one camera of the city, and an unknown name is refused with the known ones', () =>
  withCity({ credentials: { user: 'admin', password: 'same-for-all' } }, async (city) => {
    await city.setFault('one-way', 'drop')
    expect(city.cameras.map((camera) => camera.fault)).toEqual(['none', 'drop', 'none'])
    const urls = city.cameras.map((camera) => withLogin(camera.rtspUrl('sub'), 'admin', 'same-for-all'))
    expect((await probe(urls[1] ?? '')).stderr).toMatch(/refused/)
    expect((await probe(urls[2] ?? '')).stdout).toMatch(/h264/)
    await expect(city.setFault('bridge', 'drop')).rejects.toThrow(/bridge.*junction, one-way, square/)
  }))

withFfmpeg('where the discovery port is taken the city answers on a free one', async () => {
  const owner = createSocket('udp4')
  await new Promise<void>((resolve) => owner.bind(0, '127.0.0.1', resolve))
  const { port } = owner.address()
  await withCity({ discoveryPort: port }, async (city) => {
    expect(city.discoveryPort).not.toBe(port)
    expect(await find({ address: '127.0.0.1', port: city.discoveryPort, inner: '', wanted: 3 })).toHaveLength(3)
  })
  owner.close()
})
