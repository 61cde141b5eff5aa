import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/**
 * What is burned into an export: who, which centre, which export, and the time of each second. Drawn here as pictures and laid
 * over by ffmpeg: no word of a person ever stands in a filter text, where `drawtext=textfile=` would read any file of the
 * machine into the picture (measured). Two layers: one line that stays, and a small clock that changes each second.
 */
export interface WatermarkWords {
  readonly centre: string
  readonly person: string
  readonly camera: string
  readonly exportId: string
  readonly localTime: (atMs: number) => string
}

export interface WatermarkSize {
  readonly width: number
  readonly height: number
}

/** Height of one line, readable but small: a 36th of the picture. */
export function lineHeight({ height }: WatermarkSize): number {
  return even(Math.max(18, height / 24))
}

const even = (value: number): number => Math.round(value / 2) * 2

/** The line that stays, as wide as the picture. */
export function standingLine(size: WatermarkSize, words: WatermarkWords): Promise<Buffer> {
  const text = `${words.centre} · ${words.person} · ${words.exportId}`
  return band(size.width, lineHeight(size), text)
}

export interface ClockFrame {
  readonly name: string
  readonly seconds: number
}

/** One small picture for each second of the pieces, with how long it is shown: across a gap the clock jumps as the picture does. */
export async function writeClock(pieces: readonly { readonly fromMs: number; readonly seconds: number }[], size: WatermarkSize, words: WatermarkWords, folder: string, signal: AbortSignal): Promise<readonly ClockFrame[]> {
  const frames: ClockFrame[] = []
  const [width, height] = [clockWidth(size), lineHeight(size)]
  for (const { fromMs, seconds } of pieces) {
    const toMs = fromMs + seconds * 1000
    for (let at = fromMs; at < toMs - 1; ) {
      signal.throwIfAborted()
      const next = Math.min(toMs, (Math.floor(at / 1000) + 1) * 1000)
      const name = `clock-${frames.length}.png`
      await writeFile(join(folder, name), await band(width, height, `${words.localTime(at)} · ${words.camera}`))
      frames.push({ name, seconds: (next - at) / 1000 })
      at = next
    }
  }
  return frames
}

export function clockWidth({ width }: WatermarkSize): number {
  return even(Math.min(width, Math.max(240, width * 0.6)))
}

function band(width: number, height: number, text: string): Promise<Buffer> {
  const size = Math.max(8, Math.min(height * 0.62, (width - height) / (text.length * 0.58)))
  const safe = text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`).replace(/\p{Cc}/gu, ' ')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="#101418" fill-opacity="0.6"/><text x="${Math.round(height / 2)}" y="${Math.round(height * 0.7)}" font-family="sans-serif" font-size="${size.toFixed(1)}" fill="#ffffff">${safe}</text></svg>`
  return sharp(Buffer.from(svg)).png({ compressionLevel: 1 }).toBuffer()
}
