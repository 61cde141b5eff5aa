import { execFileSync } from 'node:child_process'
import type { Packet } from '../../server/media/packet.js'
import { closeAllOpened, hasFfmpeg, hasRtspServer, makeClip, startRtspServer } from '../support/rtsp-server.js'
import { isLive, STREAM, watchStream, type Watched } from './watch-session.js'

import.meta.jest.setTimeout(60_000)
afterEach(closeAllOpened)

const withRtsp = hasFfmpeg() && hasRtspServer() ? test : test.skip

/** Waits for packets by subscribing, as every reader does. */
async function packets(watched: Watched, enough: (seen: readonly Packet[]) => boolean): Promise<readonly Packet[]> {
  const reader = watched.hub.subscribe(STREAM, { from: 'next_key', capacity: 100, whenFull: 'mark_gap' })
  const seen: Packet[] = []
  for await (const packet of reader) if (seen.push(packet) && enough(seen)) break
  return seen
}

const CODECS = [
  { name: 'H.265', codec: 'libx265', mount: 'h265', said: /^hvc1\.1\.6\.L\d+/, height: 180, keyEach: 25 },
  { name: 'MPEG-4 part 2', codec: 'mpeg4', mount: 'mpeg4', said: /^mp4v\.20$/, height: 180, keyEach: 25 },
  // RFC 2435 tells sizes in blocks of eight.
  { name: 'Motion JPEG', codec: 'mjpeg', mount: 'mjpeg', said: /^mp4v\.6C$/, height: 184, keyEach: 1 },
] as const
for (const { name, codec, mount, said, height, keyEach } of CODECS) {
  withRtsp(`${name} is read as it comes: named, sized, with key pictures every ${keyEach}, on an even time line`, async () => {
    const server = await startRtspServer({ mounts: { '/main': { clip: makeClip({ codec }), codec: mount } } })
    const watched = await watchStream({ url: server.url('/main'), transport: 'auto' })
    expect(await watched.until(isLive)).toMatchObject({ codec: expect.stringMatching(said), width: 320, height, attempts: 0 })
    const seen = await packets(watched, (all) => all.length >= 51)
    expect(seen.map(({ key }, index) => (key ? index : -1)).filter((index) => index >= 0)).toEqual(seen.map((_, index) => index).filter((index) => index % keyEach === 0))
    for (const [index, packet] of seen.entries()) if (index > 0) expect(packet.decodeTime).toBe((seen[index - 1]?.decodeTime ?? 0) + (seen[index - 1]?.durationTicks ?? 0))
  })
}

const CHANGES = [
  { name: 'H.264', codec: 'libx264', mount: 'h264', sizes: ['320x180', '480x272'] },
  { name: 'H.265', codec: 'libx265', mount: 'h265', sizes: ['320x180', '480x272'] },
  { name: 'Motion JPEG', codec: 'mjpeg', mount: 'mjpeg', sizes: ['320x184', '480x272'] },
] as const
for (const { name, codec, mount, sizes } of CHANGES) {
  withRtsp(`a ${name} camera that changes its size inside one session gets an init segment that says so, and the decoder reads on`, async () => {
    const clip = sizes.map((size) => makeClip({ codec, size, seconds: 1 }))
    const server = await startRtspServer({ mounts: { '/main': { clip, codec: mount } } })
    const watched = await watchStream({ url: server.url('/main'), transport: 'auto' })
    const seen = await packets(watched, (all) => new Set(all.map(({ init }) => init)).size >= 4)
    const inits = [...new Set(seen.map(({ init }) => init))]
    expect(inits.map(({ width, height }) => `${width}x${height}`)).toEqual([sizes[0], sizes[1], sizes[0], sizes[1]])
    // One session: nothing was ended, nothing begun again, and time ran on.
    expect(watched.told.map(({ state, attempts }) => `${state} ${attempts}`).filter((one) => one !== 'live 0' && one !== 'connecting 0')).toEqual([])
    for (const init of inits) expect(seen.find((packet) => packet.init === init)?.key).toBe(true)
    for (const [index, packet] of seen.entries()) if (index > 0) expect(packet.decodeTime).toBe((seen[index - 1]?.decodeTime ?? 0) + (seen[index - 1]?.durationTicks ?? 0))
    // Each description is whole: ffmpeg decodes its pictures with it alone, at the size it names.
    for (const init of inits.slice(0, 3)) expect(decodedSizes(seen.filter((packet) => packet.init === init))).toEqual(Array.from({ length: 25 }, () => `${init.width},${init.height}`))
  })
}

withRtsp('a camera that returns at the same address with H.265 (T9) is found again, named as such', async () => {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } } })
  const watched = await watchStream({ url: server.url('/main'), transport: 'auto' }, { bounds: { backOffMsMin: 100, backOffMsMax: 300 } })
  await watched.until(isLive)
  watched.forgetNews()
  await server.close()
  await watched.until((news) => news.fault?.name === 'refused')
  watched.forgetNews()
  await startRtspServer({ mounts: { '/main': { clip: makeClip({ codec: 'libx265', size: '480x272' }), codec: 'h265' } }, port: server.port })
  expect(await watched.until(isLive)).toMatchObject({ codec: expect.stringMatching(/^hvc1/), width: 480, height: 272 })
})

/** The size of each picture as ffmpeg decodes it from these packets behind their init segment. */
function decodedSizes(packets: readonly Packet[]): readonly string[] {
  const input = Buffer.concat([packets[0]?.init.bytes ?? new Uint8Array(), ...packets.map(({ bytes }) => bytes)])
  const told = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'frame=width,height', '-of', 'csv=p=0', '-'], { input, stdio: ['pipe', 'pipe', 'pipe'] }).toString()
  return told.match(/\d+,\d+/g) ?? []
}
