import { openFragmenter, type Fragmenter } from '../../server/media/fragmenter.js'
import type { Packet } from '../../server/media/packet.js'
import { startChild } from '../../server/system/child.js'

const FRAGMENTED = ['-movflags', '+frag_every_frame+empty_moov+default_base_moof', '-f', 'mp4', 'pipe:1']

async function packetsOf(args: readonly string[], resume?: Fragmenter): Promise<{ readonly packets: readonly Packet[]; readonly fragmenter: Fragmenter }> {
  const child = startChild('ffmpeg', ['-nostdin', '-v', 'error', ...args, ...FRAGMENTED], { runId: 'test' })
  child.stderr.pipe(process.stderr)
  const fragmenter = openFragmenter(resume ? { resume: resume.line } : {})
  const packets: Packet[] = []
  for await (const chunk of child.stdout) for (const news of fragmenter.push(chunk as Buffer, 0)) if (news.kind === 'packet') packets.push(news.packet)
  return { packets, fragmenter }
}

/** Pictures of one even grey each: picture N has luma 16 + 3 N, so that a decoded frame tells which picture it was. */
export function greySteps(options: { readonly width: number; readonly height: number; readonly count: number; readonly gop: number; readonly fps: number; readonly from?: number; /** Every picture is the first one. */ readonly standing?: boolean }, resume?: Fragmenter): Promise<{ readonly packets: readonly Packet[]; readonly fragmenter: Fragmenter }> {
  const { width, height, count, gop, fps, from = 0, standing = false } = options
  const source = `nullsrc=s=${width}x${height}:r=${fps},geq=lum='16+3*(${standing ? 0 : 'N'}+${from})':cb=128:cr=128,format=yuv420p`
  return packetsOf(['-f', 'lavfi', '-i', source, '-frames:v', String(count), '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', String(gop), '-video_track_timescale', '90000'], resume)
}

/** Pictures in which red tells how far to the right a pixel lies, and green how far down. */
export async function slopes(options: { readonly width: number; readonly height: number; readonly count: number; readonly gop: number; readonly fps: number }): Promise<readonly Packet[]> {
  const { width, height, count, gop, fps } = options
  const source = `color=c=black:s=${width}x${height}:r=${fps},format=gbrp,geq=r='255*X/W':g='255*Y/H':b=128,format=yuv420p`
  return (await packetsOf(['-f', 'lavfi', '-i', source, '-frames:v', String(count), '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '4', '-bf', '0', '-g', String(gop), '-video_track_timescale', '90000'])).packets
}

/** Which picture of `greySteps` this is, from its red bytes (full range: 255 / 219 of luma above 16). */
export function stepOf(rgb: Uint8Array): number {
  return Math.round((rgb[30]! * 219) / 255 / 3)
}

/** A recorded file as packets, without re-encoding. */
export async function filePackets(file: string): Promise<readonly Packet[]> {
  return (await packetsOf(['-i', file, '-an', '-c', 'copy', '-video_track_timescale', '90000'])).packets
}

/** The same packet, arrived at another instant. */
export function arrivedAt(packet: Packet, atMs: number): Packet {
  return { ...packet, atMs }
}

/** Grainy colour bars that turn on a grey street until `stopS`, stand until `goS`, and turn on. */
export async function turningBars(options: { readonly fps: number; readonly gop: number; readonly stopS: number; readonly goS: number; readonly seconds: number }): Promise<readonly Packet[]> {
  const { fps, gop, stopS, goS, seconds } = options
  const angle = `if(lt(t,${stopS}),t,if(lt(t,${goS}),${stopS},${stopS}+t-${goS}))`
  const film = `color=gray:s=320x180:r=${fps}[street];smptebars=s=120x120:r=${fps},noise=alls=60,rotate='${angle}'[bars];[street][bars]overlay=x=100:y=30,format=yuv420p`
  return (await packetsOf(['-filter_complex', film, '-t', String(seconds), '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', String(gop), '-keyint_min', String(gop), '-sc_threshold', '0', '-video_track_timescale', '90000'])).packets
}
