import { execFileSync } from 'node:child_process'
import { openFragmenter, type FragmentNews } from '../../server/media/fragmenter.js'
import type { InitSegment, Packet } from '../../server/media/packet.js'

/** Fragmented MP4 as ffmpeg gives it to us, made from nothing. */
export function makeFragments(options: { readonly seconds?: number; readonly fps?: number; readonly gop?: number; readonly codec?: 'libx264' | 'libx265' | 'mpeg4' | 'mjpeg'; readonly size?: string } = {}): Buffer {
  const { seconds = 2, fps = 25, gop = 25, codec = 'libx264', size = '160x96' } = options
  const still = { libx264: ['-bf', '0', '-tune', 'zerolatency'], libx265: ['-x265-params', 'log-level=error:bframes=0:repeat-headers=1'], mpeg4: ['-bf', '0'], mjpeg: [] }[codec]
  return execFileSync(
    'ffmpeg',
    ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${fps}`, '-t', String(seconds), '-c:v', codec, '-preset', 'ultrafast', '-g', String(gop), ...still, '-pix_fmt', codec === 'mjpeg' ? 'yuvj420p' : 'yuv420p']
      .concat(['-video_track_timescale', '90000', '-movflags', '+frag_every_frame+empty_moov+default_base_moof', '-f', 'mp4', 'pipe:1']),
    { maxBuffer: 64 << 20 },
  )
}

export function packetsOf(news: readonly FragmentNews[]): readonly Packet[] {
  return news.flatMap((one) => (one.kind === 'packet' ? [one.packet] : []))
}

export function readAll(bytes: Uint8Array, fps = 25): { readonly init: InitSegment; readonly packets: readonly Packet[] } {
  const news = openFragmenter().push(bytes, 0)
  const init = news.find((one) => one.kind === 'init')
  if (init?.kind !== 'init') throw new Error('no init segment in what ffmpeg wrote')
  return { init: init.init, packets: packetsOf(news).map((packet, index) => ({ ...packet, atMs: Math.round((index * 1000) / fps) })) }
}

const INIT: InitSegment = { bytes: new Uint8Array([1]), codec: 'avc1.42c01f', width: 640, height: 360, timescale: 90_000 }

/** Packets without pictures in them, for those who only carry packets. */
export function makePackets(options: { readonly count: number; readonly fps?: number; readonly gop?: number; readonly fromMs?: number; readonly fromTicks?: number; readonly init?: InitSegment; readonly bytes?: number }): readonly Packet[] {
  const { count, fps = 25, gop = 25, fromMs = 0, fromTicks = 0, init = INIT, bytes = 10 } = options
  const durationTicks = Math.round(init.timescale / fps)
  return Array.from({ length: count }, (_, index) => ({
    key: index % gop === 0,
    atMs: fromMs + Math.round((index * 1000) / fps),
    decodeTime: fromTicks + index * durationTicks,
    durationTicks,
    bytes: new Uint8Array(bytes).fill(index % 256),
    init,
  }))
}
