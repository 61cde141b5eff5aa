import type { Segment, Shelf } from './shelf.js'

export interface PlaylistFacts {
  readonly targetSeconds: number
  readonly partMsMax: number
}

const seconds = (ms: number): string => (ms / 1000).toFixed(5)

/** The media playlist of RFC 8216bis. Parts are listed for the newest three segments only (§4.4.4.9 asks for no more). */
export function mediaPlaylist(shelf: Shelf, facts: PlaylistFacts): string {
  const { segments } = shelf
  const partMax = facts.partMsMax / 1000
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${facts.targetSeconds}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${(partMax * 3).toFixed(3)}`,
    `#EXT-X-PART-INF:PART-TARGET=${partMax.toFixed(3)}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.sequence ?? 0}`,
    ...(shelf.gone > 0 ? [`#EXT-X-DISCONTINUITY-SEQUENCE:${shelf.gone}`] : []),
  ]
  let init: number | null = null
  segments.forEach((segment, index) => {
    if (segment.discontinuity && index > 0) lines.push('#EXT-X-DISCONTINUITY')
    if (segment.init !== init) lines.push(`#EXT-X-MAP:URI="init-${segment.init}.mp4"`)
    init = segment.init
    lines.push(...segmentLines(segment, index >= segments.length - 3))
  })
  const last = segments.at(-1)
  if (last) lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${last.whole ? partName(last.sequence + 1, 0) : partName(last.sequence, last.parts.length)}"`)
  return `${lines.join('\n')}\n`
}

function segmentLines(segment: Segment, withParts: boolean): readonly string[] {
  const parts = withParts ? segment.parts.map((part, index) => `#EXT-X-PART:DURATION=${seconds(part.durationMs)},URI="${partName(segment.sequence, index)}"${part.independent ? ',INDEPENDENT=YES' : ''}`) : []
  const whole = segment.whole ? [`#EXTINF:${seconds(segment.parts.reduce((sum, part) => sum + part.durationMs, 0))},`, `seg-${segment.sequence}.m4s`] : []
  return [`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.atMs).toISOString()}`, ...parts, ...whole]
}

export function partName(sequence: number, index: number): string {
  return `part-${sequence}-${index}.m4s`
}

/** One rendition: cameras send what they send. */
export function masterPlaylist(stream: { readonly codec: string; readonly width: number; readonly height: number; readonly bitsPerSecond: number }): string {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-STREAM-INF:BANDWIDTH=${Math.max(1, Math.ceil(stream.bitsPerSecond))},CODECS="${stream.codec}"${stream.width > 0 ? `,RESOLUTION=${stream.width}x${stream.height}` : ''}`,
    'media.m3u8',
    '',
  ].join('\n')
}
