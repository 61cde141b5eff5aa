import type { MeetingForm } from '../../server/contract/meetings.js'
import type { Page } from '../wall/pages.js'

/** As the contract has it: more pages than anybody turns through in a meeting. */
const PAGES_MAX = 20

/** Lengths that are offered, in minutes. */
export const LENGTHS = [15, 30, 60, 120, 240] as const
export const USUAL_LENGTH = 60

/**
 * The wall as it is now, for a link: all its pages, or the one in view where there are too many. Places that are locked to its
 * maker are empty; null when there is no camera to show.
 */
export function boardNow(name: string, pages: readonly Page[], page: number): Extract<MeetingForm['board'], { kind: 'pages' }> | null {
  const given = pages.length > PAGES_MAX ? pages.slice(page, page + 1) : pages
  const board = { kind: 'pages' as const, name: name.slice(0, 80), pages: given.map(({ layout, cameraIds, locked }) => ({ layout, cameraIds: cameraIds.map((id, place) => (locked.includes(place) ? null : id)) })) }
  return camerasIn(board.pages) > 0 ? board : null
}

export function camerasIn(pages: readonly Pick<Page, 'cameraIds'>[]): number {
  return new Set(pages.flatMap(({ cameraIds }) => cameraIds.filter((id) => id !== null))).size
}
