import type { KeyPlace, RecordedSegment, Run } from '../domain/recording.js'
import { segmentId } from './disk-names.js'

/** What is there of a span, as a finished HLS list (RFC 8216bis) of byte ranges of its files: one map a run, a discontinuity wherever the time line breaks. */
export function writePlaylist(segments: readonly RecordedSegment[], runs: ReadonlyMap<string, Run>): string {
  const lines: string[] = []
  let longestS = 1
  let before: RecordedSegment | null = null
  for (const segment of segments) {
    const run = runs.get(segment.runId)
    if (!run || segment.damaged) continue
    const follows = before !== null && before.runId === segment.runId && before.toTicks === segment.fromTicks
    if (before && !follows) lines.push('#EXT-X-DISCONTINUITY')
    if (before?.runId !== segment.runId) lines.push(`#EXT-X-MAP:URI="init-${run.id}.mp4"`)
    for (const { fromTicks, toTicks, fromByte, toByte } of piecesOf(segment)) {
      const seconds = (toTicks - fromTicks) / run.timescale
      longestS = Math.max(longestS, seconds)
      // The date stands on each: players seek by it, and one that is left out would be counted on from the one before.
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.fromMs + Math.round((fromTicks * 1000) / run.timescale)).toISOString()}`, `#EXTINF:${seconds.toFixed(5)},`)
      if (segment.keys.length > 0) lines.push(`#EXT-X-BYTERANGE:${toByte - fromByte}@${fromByte}`)
      lines.push(`${segmentId(segment)}.m4s`)
    }
    before = segment
  }
  const head = ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${Math.ceil(longestS)}`, '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-MEDIA-SEQUENCE:0']
  return `${[...head, ...lines, '#EXT-X-ENDLIST'].join('\n')}\n`
}

/** From key picture to key picture: whoever asks for a moment loads and decodes one piece of some two seconds, not a file of eight. */
function piecesOf({ keys, fromTicks, toTicks, bytes }: RecordedSegment): readonly { readonly fromTicks: number; readonly toTicks: number; readonly fromByte: number; readonly toByte: number }[] {
  const places: readonly KeyPlace[] = [[0, 0], ...keys, [toTicks - fromTicks, bytes]]
  return places.slice(1).map(([ticks, byte], at) => ({ fromTicks: places[at]![0], toTicks: ticks, fromByte: places[at]![1], toByte: byte }))
}

/** Six hours: about 10,800 pieces of four lines; a longer look is a new list. */
export const SPAN_MS_MAX = 6 * 60 * 60_000

/** `FROM-TO` in ms, as it stands in the address; or why it is none. */
export function readSpan(text: string): { readonly fromMs: number; readonly toMs: number } | { readonly fault: string } {
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? []
  if (from === undefined || to === undefined) return { fault: 'write FROM-TO, two times in milliseconds since 1970' }
  const [fromMs, toMs] = [Number(from), Number(to)]
  if (toMs <= fromMs) return { fault: 'the end must come after the beginning' }
  return toMs - fromMs > SPAN_MS_MAX ? { fault: 'ask for at most 6 hours at once' } : { fromMs, toMs }
}
