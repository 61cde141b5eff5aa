import sharp, { type Sharp } from 'sharp'
import type { Alert } from '../domain/alert.js'
import type { Incident } from '../domain/incident.js'
import { wordReason } from '../domain/reason.js'
import { KIND_FACTS } from '../domain/rule-kinds.js'
import type { Witness } from '../domain/seen.js'
import type { Picture } from '../media/ppm.js'

/** A still for the desk: the picture, the boxes of those it speaks of, and one line below them if the machine has a font. */
export async function drawStill(picture: Picture, witnesses: readonly Pick<Witness, 'box' | 'score'>[], caption: string): Promise<Buffer> {
  const svg = overlaySvg(picture, witnesses, (await hasFont()) ? caption : null)
  return open(picture).composite([{ input: Buffer.from(svg), top: 0, left: 0 }]).jpeg({ quality: 88 }).toBuffer()
}

/** What, why, where and when: never a plate, so it may stand on a redacted copy too. */
export function captionOf({ kind, reason, cameraName, atMs }: { readonly kind: Alert['kind']; readonly reason: Incident['reason']; readonly cameraName: string; readonly atMs: number }): string {
  return [KIND_FACTS[kind].title.vi, wordReason(reason).vi, cameraName, LOCAL.format(new Date(atMs))].filter(Boolean).join(' · ')
}

/** Vietnam has one time zone and no summer time. */
const LOCAL = new Intl.DateTimeFormat('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })

/** The same picture with nothing drawn on it: what is proved must not hide under a box. */
export function plainStill(picture: Picture): Promise<Buffer> {
  return open(picture).jpeg({ quality: 92 }).toBuffer()
}

function open({ rgb, width, height }: Picture): Sharp {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
}

const INK = '#ffb020'
const SHADE = '#101418'

/**
 * Boxes as thin lines with heavy corners, dark beneath light, so that they show on asphalt and on sky; drawn a little
 * outside the object, which stays fully visible. Shapes need no font; the words are left out where there is none.
 */
export function overlaySvg(size: { readonly width: number; readonly height: number }, witnesses: readonly Pick<Witness, 'box' | 'score'>[], caption: string | null): string {
  const { width, height } = size
  const unit = Math.max(1, Math.round(Math.min(width, height) / 240))
  const text = Math.max(11, Math.round(height / 36))
  const boxes = witnesses.map(({ box, score }, i) => {
    const x1 = clamp(box.x1 * width - unit, width)
    const y1 = clamp(box.y1 * height - unit, height)
    const x2 = clamp(box.x2 * width + unit, width)
    const y2 = clamp(box.y2 * height + unit, height)
    const arm = Math.max(unit * 3, Math.round(Math.min(x2 - x1, y2 - y1) / 4))
    const corners = `M${x1} ${y1 + arm}V${y1}H${x1 + arm}M${x2 - arm} ${y1}H${x2}V${y1 + arm}M${x2} ${y2 - arm}V${y2}H${x2 - arm}M${x1 + arm} ${y2}H${x1}V${y2 - arm}`
    const label = caption === null ? '' : words(x1, Math.max(text, y1 - unit * 2), text, `${i + 1} · ${Math.round(score * 100)} %`)
    return `<rect x="${x1}" y="${y1}" width="${x2 - x1}" height="${y2 - y1}" fill="none" stroke="${INK}" stroke-width="${unit}" stroke-opacity="0.7"/><path d="${corners}" fill="none" stroke="${SHADE}" stroke-width="${unit * 4}"/><path d="${corners}" fill="none" stroke="${INK}" stroke-width="${unit * 2}"/>${label}`
  })
  const bar = caption === null ? '' : `<rect x="0" y="${height - text * 2}" width="${width}" height="${text * 2}" fill="${SHADE}" fill-opacity="0.72"/>${words(text, height - Math.round(text * 0.65), fitting(caption, width - text * 2, text), caption)}`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${boxes.join('')}${bar}</svg>`
}

/** A letter of DejaVu Sans is on average 0.51 of its size wide (measured on a Vietnamese line); 0.58 leaves room for wider words. A long line is set smaller, not cut. */
function fitting(line: string, room: number, size: number): number {
  return Math.max(8, Math.min(size, Math.floor(room / (line.length * 0.58))))
}

function words(x: number, y: number, size: number, text: string): string {
  const safe = text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
  return `<text x="${x}" y="${y}" font-family="sans-serif" font-size="${size}" fill="#ffffff" stroke="${SHADE}" stroke-width="${size / 6}" paint-order="stroke">${safe}</text>`
}

function clamp(value: number, max: number): number {
  return Math.round(Math.min(Math.max(value, 0), max))
}

let fontFound: Promise<boolean> | null = null

/** Whether words would show: a bare server has no font, and SVG text then renders as nothing. */
export function hasFont(): Promise<boolean> {
  fontFound ??= sharp(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="4" y="32" font-size="32" font-family="sans-serif" fill="#fff">M</text></svg>'))
    .stats()
    .then(({ channels }) => (channels.at(-1)?.max ?? 0) > 0)
  return fontFound
}
