import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readWholeFile } from '../../server/media/whole-file.js'
import { runToEnd } from '../../server/system/child.js'
import { refusal } from '../support/refusal.js'
import { hasFfmpeg } from '../support/rtsp-server.js'

const withFfmpeg = hasFfmpeg() ? test : test.skip
let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'vonglau-whole-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Twelve pictures at ten a second, of which two are missing in the middle. */
async function film(...flags: readonly string[]): Promise<string> {
  const file = join(folder, 'film.mp4')
  const made = await runToEnd('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', "testsrc=s=162x90:r=10:d=1.2,select='not(between(n,6,7))'", '-vsync', 'vfr', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bf', '0', ...flags, file], { timeoutMs: 60_000 })
  expect([made.code, made.stderr]).toEqual([0, ''])
  return file
}

withFfmpeg('the head tells size, codec, length and how long the longest picture stands', async () => {
  const { init, seconds, pictureSMax } = await readWholeFile(createReadStream(await film('-movflags', '+faststart'), { highWaterMark: 100 }))
  expect([init.width, init.height, init.codec.slice(0, 4)]).toEqual([162, 90, 'avc1'])
  expect(seconds).toBeCloseTo(1.2, 2)
  expect(pictureSMax).toBeCloseTo(0.3, 2)
})

withFfmpeg('pictures before the head, fragments, and what is no film are refused', async () => {
  expect(await refusal(readWholeFile(createReadStream(await film())))).toContain('before its head')
  expect(await refusal(readWholeFile(createReadStream(await film('-y', '-movflags', '+frag_every_frame+empty_moov+default_base_moof'))))).toContain('without a picture')
  writeFileSync(join(folder, 'none'), '')
  expect(await refusal(readWholeFile(createReadStream(join(folder, 'none'))))).toContain('without a head')
})
