import { startChild } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import type { Packet } from '../media/packet.js'
import { openPpmCutter, PIXELS_MAX, type Picture } from '../media/ppm.js'
import { Loss } from './loss.js'

export interface Decoder {
  readonly ffmpeg: string
  readonly runId: string
  readonly clock: Clock
}

const DECODE_MS_MAX = 15_000

/** Decodes the last of these packets. If the camera's pictures are damaged and the last never comes out, the key picture does. */
export async function decodeLast(packets: readonly Packet[], decoder: Decoder): Promise<Picture> {
  const last = await decode(packets, ['-vf', `select='gte(n,${packets.length - 1})'`], decoder)
  const picture = last ?? (packets.length > 1 ? await decode(packets.slice(0, 1), [], decoder) : null)
  if (!picture) throw new Loss('decode_failed', 'ffmpeg made no picture of the packets')
  return picture
}

async function decode(packets: readonly Packet[], filter: readonly string[], decoder: Decoder): Promise<Picture | null> {
  const init = packets[0]?.init
  if (!init) return null
  const args = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'pipe', '-threads', '1', '-f', 'mp4', '-i', 'pipe:0', '-map', '0:v:0', ...filter, '-frames:v', '1', '-vsync', 'passthrough', '-c:v', 'ppm', '-f', 'image2pipe', 'pipe:1']
  const child = startChild(decoder.ffmpeg, args, { runId: decoder.runId })
  let picture: Picture | null = null
  const cutter = openPpmCutter((whole) => (picture = whole))
  let bytes = 0
  let late = false
  const onTime = decoder.clock.after(DECODE_MS_MAX, () => {
    late = true
    child.kill('SIGKILL')
  })
  child.stderr.resume()
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    try {
      if (bytes > PIXELS_MAX * 3 + 64) throw new RangeError('more bytes than one picture has')
      cutter.push(chunk)
    } catch {
      child.kill('SIGKILL') // no picture comes of it, and the caller says so
    }
  })
  const ended = new Promise<void>((settle, fail) => {
    // setpriv starts the program for us and tells by 126 or 127 that it could not.
    child.once('close', (code) => (code === 126 || code === 127 ? fail(new Loss('tools_missing', 'ffmpeg is not where the settings say')) : settle()))
    child.once('error', (fault) => fail(new Loss('tools_missing', fault.message)))
  })
  child.stdin.end(Buffer.concat([init.bytes, ...packets.map((packet) => packet.bytes)]))
  try {
    await ended
  } finally {
    onTime()
  }
  if (late) throw new Loss('timed_out', `ffmpeg did not decode within ${DECODE_MS_MAX} ms`)
  return picture
}
