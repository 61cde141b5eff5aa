import type { EvidenceItem, Subject } from '../domain/evidence.js'
import { isId } from '../domain/ids.js'

/**
 * Where evidence lies: a folder a day (UTC), a folder an alert, held incident or repair, names that tell kind and span. All of it is made by us from
 * ids and times. Because the name tells all that a row needs, a file whose row was lost in a crash can be taken up again.
 */
export type KeptKind = 'still' | 'original' | 'clip' | 'plate' | 'plate_enhanced'

export interface KeptName {
  readonly kept: KeptKind
  readonly fromMs: number
  readonly toMs: number
}

export function folderOf({ id, atMs }: { readonly id: Subject['id']; readonly atMs: number }): string {
  if (!isId(id)) throw new Error('an id that is none cannot name a folder')
  return `${new Date(atMs).toISOString().slice(0, 10)}/${id}`
}

export function writeName({ kept, fromMs, toMs }: KeptName): string {
  if (kept === 'clip') return `clip-${fromMs}-${toMs}.mp4`
  return { still: `still-${fromMs}.jpg`, original: `still-${fromMs}-original.jpg`, plate: `plate-${fromMs}.jpg`, plate_enhanced: `plate-${fromMs}-enhanced.jpg` }[kept]
}

export function readName(name: string): KeptName | null {
  const clip = /^clip-(\d{1,16})-(\d{1,16})\.mp4$/.exec(name)
  if (clip) return { kept: 'clip', fromMs: Number(clip[1]), toMs: Number(clip[2]) }
  const picture = /^(still|plate)-(\d{1,16})(-original|-enhanced)?\.jpg$/.exec(name)
  const kept = picture && PICTURES[`${picture[1]}${picture[3] ?? ''}`]
  return kept ? { kept, fromMs: Number(picture[2]), toMs: Number(picture[2]) } : null
}

const PICTURES: Readonly<Record<string, KeptKind>> = { still: 'still', 'still-original': 'original', plate: 'plate', 'plate-enhanced': 'plate_enhanced' }

export function mediaTypeOf(kept: KeptKind): EvidenceItem['mediaType'] {
  return kept === 'clip' ? 'video/mp4' : 'image/jpeg'
}

/** Where the redacted copy of an item lies: beside it, under a name that `readName` does not know, so that a copy is never taken up as evidence. */
export function redactedNameOf({ file }: Pick<EvidenceItem, 'file'>): string {
  return file.replace(/\.(\w+)$/, '-redacted.$1')
}

/** Whether a still is the unmarked picture kept beside the one with boxes. */
export function isOriginal(item: Pick<EvidenceItem, 'file'>): boolean {
  return readName(item.file.slice(item.file.lastIndexOf('/') + 1))?.kept === 'original'
}
