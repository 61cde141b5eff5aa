import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asId, type AlertId, type CameraId } from '../../server/domain/ids.js'
import type { EvidenceItem } from '../../server/domain/evidence.js'
import { isOriginal } from '../../server/evidence/kept-names.js'
import type { Evidence } from '../../server/evidence/evidence.js'
import type { Packet } from '../../server/media/packet.js'
import { runToEnd } from '../../server/system/child.js'
import sharp from 'sharp'
import { clipFrames } from '../support/clip-frames.js'
import { arrivedAt, greySteps } from '../support/packets.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { until } from '../support/until.js'
import { FIRST_MS, FPS, MAIN, MOMENT_MS, setScene, SUB, type Scene } from './scene.js'

const withFfmpeg = hasFfmpeg() ? test : test.skip
const A = asId<AlertId>('alert-1')

let main: readonly Packet[] = []
let second: readonly Packet[] = []
let sub: readonly Packet[] = []
let scene: Scene

beforeAll(async () => {
  if (!hasFfmpeg()) return
  const first = await greySteps({ width: 320, height: 180, count: 72, gop: 5, fps: 5 })
  main = first.packets
  second = (await greySteps({ width: 320, height: 180, count: 72, gop: 5, fps: 5 }, first.fragmenter)).packets
  sub = (await greySteps({ width: 160, height: 90, count: 72, gop: 5, fps: 5 })).packets
})
beforeEach(async () => (scene = await setScene()))
afterEach(() => scene.close())

/** Raises an alert, lets the still be made, lets six seconds pass, lets the clip be made. */
async function follow(evidence: Evidence, id: string = A): Promise<readonly EvidenceItem[]> {
  await scene.raise(id)
  await until('the clip waits for its time, or the still was told', () => scene.clock.pending() > 0)
  await idleFor(evidence)
  scene.clock.move(6_000)
  await idleFor(evidence)
  return scene.store.evidence.of(asId<AlertId>(id))
}

async function idleFor(evidence: Evidence): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  await evidence.idle()
}

function stepIn(red: number): number {
  return Math.round((red * 219) / 255 / 3)
}

withFfmpeg('an alert gets a still of the picture nearest its moment, boxes drawn, and the same picture without them', async () => {
  const evidence = await scene.open()
  scene.play(MAIN, main)
  const items = await follow(evidence)
  const [marked, original] = items.filter((item) => item.kind === 'still')
  expect(marked && original && [isOriginal(marked), isOriginal(original)]).toEqual([false, true])
  expect(marked).toMatchObject({ fromMs: MOMENT_MS, toMs: MOMENT_MS, mediaType: 'image/jpeg', cameraId: 'junction' })
  const pixels = async (item: EvidenceItem | undefined, x: number, y: number): Promise<number[]> => {
    const opened = item && (await evidence.open(item.id))
    return [...(await sharp(opened!.file).extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer())]
  }
  expect(stepIn((await pixels(original, 20, 20))[0]!)).toBe(43)
  expect(stepIn((await pixels(marked, 20, 20))[0]!)).toBe(43)
  // The witness's box begins at 0.4 × 320, 0.5 × 180: its corner is orange in one picture and grey in the other.
  const [red = 0, , blue = 0] = await pixels(marked, 128, 89)
  expect(red - blue).toBeGreaterThan(80)
  const grey = await pixels(original, 128, 89)
  expect(Math.max(...grey) - Math.min(...grey)).toBeLessThan(6)
})

withFfmpeg('what a privacy mask covers is in no still and in no picture of the clip, and the rest is as the camera sent it', async () => {
  const upper = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 0.4 }, { x: 0, y: 0.4 }]
  await scene.store.cameras.change(asId<CameraId>('junction'), { masks: [{ points: upper, preset: null }] })
  const evidence = await scene.open()
  scene.play(MAIN, main)
  const items = await follow(evidence)
  expect(items.map(({ kind }) => kind).toSorted()).toEqual(['clip', 'still', 'still'])
  const red = async (picture: Buffer | string, y: number): Promise<number> => (await sharp(picture).extract({ left: 20, top: y, width: 1, height: 1 }).raw().toBuffer())[0]!
  for (const item of items.filter(({ kind }) => kind === 'still')) {
    const { file } = (await evidence.open(item.id))!
    expect(await red(file, 30)).toBeLessThan(40)
    expect(stepIn(await red(file, 120))).toBe(43)
  }
  const { file } = (await evidence.open(items.find(({ kind }) => kind === 'clip')!.id))!
  const frames = await clipFrames({ file, width: 320, height: 180, indexes: [0, 27, 53] })
  const at = (rgb: Uint8Array, y: number): number => rgb[(y * 320 + 20) * 3]!
  expect(frames.map(({ rgb }) => at(rgb, 30) < 40)).toEqual([true, true, true])
  // From picture 15 to 68, as an uncovered one.
  for (const [n, step] of [15, 42, 68].entries()) expect(Math.abs(stepIn(at(frames[n]!.rgb, 120)) - step)).toBeLessThanOrEqual(1)
})

withFfmpeg('and a clip from 5 s before to 5 s after, which plays in any player and whose hash is that of the file', async () => {
  const evidence = await scene.open()
  const nudges: number[] = []
  scene.bus.subscribe('changes.appended', ({ seq }) => void nudges.push(seq))
  scene.play(MAIN, main)
  const clip = (await follow(evidence)).find((item) => item.kind === 'clip')
  expect(clip).toMatchObject({ mediaType: 'video/mp4', fromMs: FIRST_MS + 15 * 200, toMs: FIRST_MS + 69 * 200 })
  const { file } = (await evidence.open(clip!.id))!
  const probe = JSON.parse((await runToEnd('ffprobe', ['-v', 'error', '-count_frames', '-show_entries', 'format=duration,start_time:stream=codec_name,nb_read_frames', '-of', 'json', file], { timeoutMs: 20_000 })).stdout) as { format: { duration: string; start_time: string }; streams: { codec_name: string; nb_read_frames: string }[] }
  // A copy starts at a key picture: up to one GOP (here 1 s) earlier than asked.
  expect(Number(probe.format.duration)).toBeCloseTo(10.8, 1)
  expect(Number(probe.format.start_time)).toBe(0)
  expect(probe.streams).toEqual([{ codec_name: 'h264', nb_read_frames: '54' }])
  const bytes = await readFile(file)
  expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
  expect(execFileSync('sha256sum', [file], { encoding: 'utf8' }).slice(0, 64)).toBe(clip!.sha256)
  expect(await evidence.verify(clip!)).toEqual({ ok: true, sha256: clip!.sha256, bytes: bytes.length })
  const lines = await scene.log(A)
  expect(lines.map(({ what, facts }) => [what, facts['kind'], facts['missingAfterMs'] ?? null])).toEqual([['evidence_added', 'still', null], ['evidence_added', 'still', null], ['evidence_added', 'clip', null]])
  expect(lines.every((line) => line.areaId === 'long-xuyen')).toBe(true)
  expect(nudges).toContain(lines.at(-1)!.seq)
  expect(await readdir(join(scene.folder, 'evidence', '.drafts'))).toEqual([])
})

withFfmpeg('one flipped byte is found, and so is a file that is gone', async () => {
  const evidence = await scene.open()
  scene.play(MAIN, main)
  const clip = (await follow(evidence)).find((item) => item.kind === 'clip')!
  const { file } = (await evidence.open(clip.id))!
  const bytes = await readFile(file)
  bytes[bytes.length >> 1]! ^= 1
  await writeFile(file, bytes)
  const verdict = await evidence.verify(clip)
  expect(verdict).toMatchObject({ ok: false, expected: clip.sha256 })
  expect(verdict.ok ? '' : verdict.actual).toMatch(/^[0-9a-f]{64}$/)
  await unlink(file)
  expect(await evidence.verify(clip)).toEqual({ ok: false, expected: clip.sha256, actual: null })
  expect(await evidence.open(clip.id)).toBeNull()
})

withFfmpeg('a camera that dies two seconds after the moment gives a shorter clip that says so', async () => {
  const evidence = await scene.open()
  scene.play(MAIN, main, 0, 53)
  const clip = (await follow(evidence)).find((item) => item.kind === 'clip')
  expect(clip?.toMs).toBe(FIRST_MS + 53 * 200)
  expect((await scene.log(A)).at(-1)?.facts).toMatchObject({ kind: 'clip', missingAfterMs: 3_000 })
})

withFfmpeg('a reconnect inside the span leaves the session that saw the moment, and says so', async () => {
  const evidence = await scene.open()
  scene.play(MAIN, main, 0, 50)
  scene.hub.interrupt(MAIN)
  scene.play(MAIN, second, 55)
  const clip = (await follow(evidence)).find((item) => item.kind === 'clip')
  expect(clip).toMatchObject({ fromMs: FIRST_MS + 15 * 200, toMs: FIRST_MS + 50 * 200 })
  expect((await scene.log(A)).at(-1)?.facts).toMatchObject({ interrupted: true, missingAfterMs: 3_600 })
})

withFfmpeg('a silent main stream is replaced by the sub stream', async () => {
  const evidence = await scene.open()
  scene.play(SUB, sub)
  const items = await follow(evidence)
  expect(items.map((item) => item.kind)).toEqual(['still', 'still', 'clip'])
  expect((await scene.log(A)).map((line) => line.facts['stream'])).toEqual(['sub', 'sub', 'sub'])
  const size = await sharp((await evidence.open(items[0]!.id))!.file).metadata()
  expect([size.width, size.height]).toEqual([160, 90])
})

withFfmpeg('garbage on the main stream falls back to the sub stream for the still', async () => {
  const evidence = await scene.open()
  const broken = main.map((packet) => ({ ...packet, bytes: Uint8Array.from(packet.bytes, (byte, at) => (at < 120 ? byte : (byte * 31 + at) & 255)) }))
  scene.play(MAIN, broken)
  scene.play(SUB, sub)
  const items = await follow(evidence)
  const stills = (await scene.log(A)).filter((line) => line.facts['kind'] === 'still')
  expect(stills.map((line) => [line.what, line.facts['stream']])).toEqual([['evidence_added', 'sub'], ['evidence_added', 'sub']])
  expect(items.length).toBeGreaterThanOrEqual(2)
})

test('without packets the alert stays as it is and its log says why there is nothing to see', async () => {
  const evidence = await scene.open()
  const items = await follow(evidence)
  expect(items).toEqual([])
  expect((await scene.log(A)).map(({ what, facts }) => [what, facts['kind'], facts['why']])).toEqual([['evidence_missing', 'still', 'no_packets'], ['evidence_missing', 'clip', 'no_packets']])
  expect(await scene.store.alerts.get(A)).toMatchObject({ state: 'new', version: 1 })
})

withFfmpeg('without ffmpeg the log names the missing tool', async () => {
  const evidence = await scene.open({ ffmpeg: null })
  scene.play(MAIN, main)
  expect(await follow(evidence)).toEqual([])
  expect((await scene.log(A)).map(({ facts }) => facts['why'])).toEqual(['tools_missing', 'tools_missing'])
})

withFfmpeg('an ffmpeg that is not where it was said to be is named too', async () => {
  const evidence = await scene.open({ ffmpeg: join(scene.folder, 'no-ffmpeg-here') })
  scene.play(MAIN, main)
  expect(await follow(evidence)).toEqual([])
  expect((await scene.log(A)).map(({ facts }) => [facts['kind'], facts['why']])).toEqual([['still', 'tools_missing'], ['clip', 'tools_missing']])
})

withFfmpeg('an ffmpeg that hangs is killed at its deadline and costs only this still', async () => {
  const hang = join(scene.folder, 'hang')
  await writeFile(hang, '#!/bin/sh\nexec sleep 600\n')
  await chmod(hang, 0o755)
  const evidence = await scene.open({ ffmpeg: hang })
  scene.play(MAIN, main)
  await scene.raise(A)
  await until('the decoder runs under its deadline beside the clip that waits', () => scene.clock.pending() >= 2)
  scene.clock.move(15_000)
  await until('both deadlines and the clip are due', () => scene.clock.pending() >= 1)
  scene.clock.move(30_000)
  await idleFor(evidence)
  expect((await scene.log(A)).map(({ facts }) => [facts['kind'], facts['why']])).toEqual([['still', 'timed_out'], ['clip', 'timed_out']])
})

withFfmpeg('a nudge that comes twice makes one still and one clip', async () => {
  const evidence = await scene.open()
  scene.play(MAIN, main)
  scene.bus.publish('alert.raised', { alertId: A, incidentId: asId('of-alert-1'), cameraId: asId('junction') })
  const items = await follow(evidence)
  scene.bus.publish('alert.raised', { alertId: A, incidentId: asId('of-alert-1'), cameraId: asId('junction') })
  await idleFor(evidence)
  scene.clock.move(1)
  await idleFor(evidence)
  expect(await scene.store.evidence.of(A)).toEqual(items)
  expect(items).toHaveLength(3)
})

withFfmpeg('an alert whose server stopped in between is picked up at the next start while its packets live', async () => {
  scene.play(MAIN, main)
  await scene.raise(A, false)
  const evidence = await scene.open()
  await until('the clip waits', () => scene.clock.pending() > 0)
  await evidence.idle()
  scene.clock.move(6_000)
  await idleFor(evidence)
  expect((await scene.store.evidence.of(A)).map((item) => item.kind)).toEqual(['still', 'still', 'clip'])
})

test('with the packets gone the next start says so once, and the start after that says nothing', async () => {
  await scene.raise(A, false)
  scene.clock.move(60_000)
  await (await scene.open()).idle()
  const lines = await scene.log(A)
  expect(lines.map(({ facts }) => [facts['kind'], facts['why']])).toEqual(expect.arrayContaining([['still', 'no_packets'], ['clip', 'no_packets']]))
  await (await scene.open()).idle()
  expect(await scene.log(A)).toHaveLength(lines.length)
})

withFfmpeg('a moment from before a restart is taken from the recording, where the hub remembers nothing', async () => {
  await scene.raise(A, false)
  scene.clock.move(60_000)
  const asked: number[][] = []
  const recorded = main.map((packet, n) => arrivedAt(packet, FIRST_MS + n * (1000 / FPS)))
  await (await scene.open({
    async recall(stream, fromMs, toMs) {
      asked.push([fromMs - MOMENT_MS, toMs - MOMENT_MS])
      return stream === MAIN ? recorded.slice(Math.max(0, recorded.findLastIndex(({ key, atMs }) => key && atMs <= fromMs))).filter(({ atMs }) => atMs <= toMs) : []
    },
  })).idle()
  const items = await scene.store.evidence.of(A)
  expect(items.map(({ kind }) => kind).toSorted()).toEqual(['clip', 'still', 'still'])
  expect(items.find(({ kind }) => kind === 'clip')).toMatchObject({ toMs: MOMENT_MS + 5_200 })
  expect(asked).toEqual(expect.arrayContaining([[0, 1_500], [-5_000, 5_000]]))
  expect((await scene.log(A)).filter(({ what }) => what === 'evidence_missing')).toEqual([])
})

withFfmpeg('whole files that lost their rows in a crash get them back with the same hashes', async () => {
  const first = await scene.open()
  scene.play(MAIN, main)
  const before = await follow(first)
  await first.close()
  const again = await setScene()
  try {
    await again.raise(A, false)
    again.clock.move(60_000)
    const evidence = await again.open({ folder: join(scene.folder, 'evidence') })
    await evidence.idle()
    const after = await again.store.evidence.of(A)
    const facts = (items: readonly EvidenceItem[]) => items.map(({ file, sha256, bytes, fromMs, toMs }) => ({ file, sha256, bytes, fromMs, toMs })).toSorted((a, b) => a.file.localeCompare(b.file))
    expect(facts(after)).toEqual(facts(before))
    for (const item of after) expect((await evidence.verify(item)).ok).toBe(true)
  } finally {
    await again.close()
  }
})

/** A disk of 400 kB, where the machine lets us mount one. */
function tryMount(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

withFfmpeg('a full disk is named in the log, leaves no half file, and the alert stands', async () => {
  const disk = join(scene.folder, 'disk')
  await mkdir(disk)
  if (!tryMount(disk)) return console.warn('SKIPPED: this machine does not let a test mount a small disk')
  try {
    const evidence = await scene.open({ folder: join(disk, 'evidence') })
    await writeFile(join(disk, 'filler'), Buffer.alloc(500_000)).catch(() => undefined)
    scene.play(MAIN, main)
    expect(await follow(evidence)).toEqual([])
    expect((await scene.log(A)).map(({ facts }) => [facts['kind'], facts['why']])).toEqual([['still', 'disk_full'], ['clip', 'disk_full']])
    expect(await readdir(join(disk, 'evidence', '.drafts'))).toEqual([])
    expect(await scene.store.alerts.get(A)).toMatchObject({ state: 'new' })
    // Room again: the next alert gets its evidence.
    await rm(join(disk, 'filler'))
    expect((await follow(evidence, 'alert-2')).map((item) => item.kind)).toEqual(['still', 'still', 'clip'])
  } finally {
    execFileSync('umount', ['-l', disk])
  }
})
