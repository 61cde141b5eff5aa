import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Rule } from '../../analytics/rules/rule.js'
import { asId, type RunId } from '../../server/domain/ids.js'
import type { RecordedPiece } from '../../server/domain/recording.js'
import type { Packet } from '../../server/media/packet.js'
import { runToEnd } from '../../server/system/child.js'
import { drawScenes } from './drawn-scenes.js'
import { filePackets } from './packets.js'
import { PLAIN } from './plain-rule.js'

export const STREET_S = 12

/** Twelve seconds of the sandbox's junction as a camera would send them: 640 wide, 12.5 pictures a second, a key picture every two. */
export async function drawStreet(folder: string): Promise<readonly Packet[]> {
  const [scene] = await drawScenes({ ids: ['nga-tu'], loopMs: STREET_S * 1000, size: { width: 640, height: 360, subWidth: 320, subHeight: 180 } })
  if (!scene) throw new Error('the junction could not be drawn')
  const film = join(folder, 'street.mp4')
  const { code, stderr } = await runToEnd('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-r', String(scene.fps), '-f', 'h264', '-i', scene.main.file, '-c', 'copy', '-video_track_timescale', '90000', film], { timeoutMs: 60_000 })
  if (code !== 0) throw new Error(stderr)
  return filePackets(film)
}

/** Whoever passes this height of the picture is told of. */
export function passageAt(y: number, id = 'line'): Rule {
  return { id, name: `Vạch ở ${y}`, kind: 'line_crossing', ...PLAIN, line: [{ x: 0, y }, { x: 1, y }], direction: 'both' }
}

/** The packets as recorded files, one a group of pictures, the first at `fromMs`. */
export async function recordPieces(folder: string, packets: readonly Packet[], { fromMs, name = 'run' }: { readonly fromMs: number; readonly name?: string }): Promise<readonly RecordedPiece[]> {
  const [first] = packets
  if (!first) return []
  const { init } = first
  const run = { id: asId<RunId>(name), init: init.bytes, codec: init.codec, timescale: init.timescale, width: init.width, height: init.height }
  const groups: Packet[][] = []
  for (const packet of packets) {
    if (packet.key) groups.push([])
    groups.at(-1)?.push(packet)
  }
  const msOf = (ticks: number): number => fromMs + Math.round(((ticks - first.decodeTime) * 1000) / init.timescale)
  return Promise.all(
    groups.map(async (group, at) => {
      const bytes = Buffer.concat(group.map((packet) => packet.bytes))
      const path = join(folder, `${name}-${at}.m4s`)
      await writeFile(path, bytes)
      const [begin, end] = [group[0]!, group.at(-1)!]
      return { run, path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), fromMs: msOf(begin.decodeTime), toMs: msOf(end.decodeTime + end.durationTicks), fromTicks: begin.decodeTime, startsWithKey: true }
    }),
  )
}
