import type { PlateView } from '../../server/contract/alerts.js'
import { NOW_MS } from './fixtures.js'

/** A drawn plate for the gallery: no picture of a real one, and no number that we know of. `raw`: as a far camera sees it. */
function crop(rows: readonly string[], ground: string, ink: string, raw: boolean): string {
  const [width, height] = rows.length === 2 ? [150, 100] : [236, 50]
  const letters = rows.map((row, at) => `<text x="${width / 2}" y="${(height / rows.length) * (at + 0.78)}" text-anchor="middle" font-family="Be Vietnam Pro, DejaVu Sans" font-weight="700" font-size="${rows.length === 2 ? 36 : 34}" fill="${ink}">${row}</text>`).join('')
  const spare = raw ? 34 : 0
  const plate = `<g ${raw ? 'filter="url(#far)" transform="rotate(-2)" opacity=".8"' : ''}><rect x="1" y="1" width="${width - 2}" height="${height - 2}" rx="5" fill="${ground}" stroke="#15181b" stroke-width="2"/>${letters}</g>`
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-spare} ${-spare} ${width + spare * 2} ${height + spare * 2}" width="${width * 2}" height="${height * 2}"><filter id="far"><feGaussianBlur stdDeviation="2.6"/></filter><rect x="${-spare}" y="${-spare}" width="100%" height="100%" fill="#2a2624"/>${plate}</svg>`)}`
}

const GROUNDS = { white: ['#e2e0da', '#191715'], yellow: ['#d6b544', '#191715'], blue: ['#1f4f96', '#fff'], red: ['#a02a22', '#fff'] } as const

/** A plate that was read. `unsure`: places among its letters, each with how sure it is. */
export function plate(shown: string, part: Partial<PlateView> = {}, unsure: Readonly<Record<number, number>> = {}): PlateView {
  const colour = part.colour ?? 'white'
  const [ground, ink] = GROUNDS[colour]
  const rows = part.rows === 2 ? shown.split('-') : [shown]
  return {
    kind: 'read', shown, letters: Array.from(shown.replaceAll(/[^\p{L}\d]/gu, ''), (letter, at) => ({ letter, share: unsure[at] ?? 0.98 })), wellFormed: true, rows: 1, colour, looks: 9, agree: 8,
    rawUrl: crop(rows, ground, ink, true), enhancedUrl: crop(rows, ground, ink, false), rawSha256: 'd'.repeat(64), atMs: NOW_MS - 38_600, ...part,
  }
}

const unread = { shown: null, letters: [], wellFormed: false, rows: null, colour: null, agree: 0 } as const
const nothing = { ...unread, rawUrl: null, enhancedUrl: null, rawSha256: null, atMs: null } as const
export const unreadable: PlateView = { ...plate('67?'), ...unread, kind: 'unreadable', looks: 4 }
export const noPlate: PlateView = { ...nothing, kind: 'none', looks: 7 }
export const tooFew: PlateView = { ...nothing, kind: 'too_few', looks: 1 }
