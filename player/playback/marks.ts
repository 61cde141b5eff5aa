import type { MarkView, TimelineView } from '../../server/contract/recordings.js'
import { found } from '../words/measures.js'

export interface CameraMark extends MarkView {
  readonly cameraId: string
  readonly cameraName: string
}
export type MarkFilter = 'all' | 'alert' | 'bookmark'

/** The marks of all cameras shown, in order of time. */
export function marksOf(timelines: readonly Pick<TimelineView, 'cameraId' | 'marks'>[], nameOf: (cameraId: string) => string): readonly CameraMark[] {
  return timelines.flatMap(({ cameraId, marks }) => marks.map((mark) => ({ ...mark, cameraId, cameraName: nameOf(cameraId) }))).sort((a, b) => a.atMs - b.atMs || a.id.localeCompare(b.id))
}

export function filterMarks(marks: readonly CameraMark[], filter: MarkFilter, asked: string): readonly CameraMark[] {
  return marks.filter((mark) => (filter === 'all' || mark.kind === filter) && found(asked, [mark.title, mark.cameraName, mark.by, ...mark.tags]))
}

/** A press while the mark is being shown must lead on, not back to the same one. */
const SAME_MS = 1_500

export function nextMark(marks: readonly CameraMark[], atMs: number, to: 'before' | 'after'): CameraMark | null {
  return (to === 'after' ? marks.find((mark) => mark.atMs > atMs + SAME_MS) : marks.findLast((mark) => mark.atMs < atMs - SAME_MS)) ?? null
}

/** How long before a mark playing begins: what led to it is worth more than the instant itself. */
export const LEAD_MS = 3_000
