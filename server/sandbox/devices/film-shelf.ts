import type { StreamFacts, StreamRole } from './device-facts.js'
import { VARIANTS, type Variant } from './fault.js'
import { openMediaFile, type MediaFile } from './media-file.js'

/** Where a film lies and how large its picture is. */
export interface FilmSpec {
  /** Annex B H.264 without B-frames. */
  readonly file: string
  readonly width: number
  readonly height: number
}

export type FilmPair = Readonly<Record<StreamRole, FilmSpec>>
export type Films = Readonly<Record<StreamRole, MediaFile>>

/** The films of one camera, opened when they are first needed: indexing reads a whole file once. Null is the good picture. */
export interface FilmShelf {
  open(variant: Variant | null): Promise<Films>
  opened(variant: Variant | null): Films | undefined
  close(): Promise<void>
}

export function makeFilmShelf(spec: FilmPair & { readonly id: string; readonly variants: Partial<Readonly<Record<Variant, FilmPair>>> }): FilmShelf {
  const opened = new Map<Variant | null, Films>()
  return {
    async open(variant) {
      const known = opened.get(variant)
      if (known) return known
      const files = variant === null ? spec : spec.variants[variant]
      if (!files) throw new Error(`camera ${spec.id} has no film for ${variant ?? 'normal'}: set variants.${variant ?? ''} (there can be ${VARIANTS.join(', ')})`)
      const main = await openMediaFile(files.main.file)
      const sub = await openMediaFile(files.sub.file).catch(async (error: unknown) => {
        await main.close()
        throw error
      })
      const films = { main, sub }
      opened.set(variant, films)
      return films
    },
    opened: (variant) => opened.get(variant),
    async close() {
      for (const films of opened.values()) await Promise.all([films.main.close(), films.sub.close()])
      opened.clear()
    },
  }
}

const PROFILES: Readonly<Record<number, StreamFacts['profile']>> = { 66: 'Baseline', 77: 'Main', 100: 'High' }

/** What the device says about its encoder is read from what it really sends. */
export function streamFacts(film: MediaFile, { width, height }: FilmSpec, fps: number): StreamFacts {
  const last = film.units.at(-1)
  const bytes = (last?.offset ?? 0) + (last?.length ?? 0)
  const secondKey = film.units.findIndex((unit, index) => index > 0 && unit.key)
  return { width, height, kilobits: Math.ceil((bytes * 8 * fps) / film.units.length / 1000), gop: secondKey > 0 ? secondKey : film.units.length, profile: PROFILES[film.sps[1] ?? 0] ?? 'High' }
}
