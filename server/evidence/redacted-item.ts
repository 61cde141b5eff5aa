import { createReadStream } from 'node:fs'
import { copyFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import type { EvidenceItem } from '../domain/evidence.js'
import type { Cover, LookForPrivate } from '../domain/redaction.js'
import { coverPixels } from '../media/cover.js'
import { MediaFault } from '../media/fault.js'
import { readWholeFile } from '../media/whole-file.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { MasksDuring } from './capture.js'
import { joinPieces, RESULT } from './export-job.js'
import { concatList } from './export-pieces.js'
import { coverPicture } from './cover-picture.js'
import { measureFile, writeDraft } from './keep-file.js'
import { isOriginal } from './kept-names.js'
import { itemsOf } from './about.js'
import { Loss } from './loss.js'
import { maskPieces } from './redact.js'
import { captionOf, drawStill, plainStill } from './still.js'

export interface RedactedItemJob {
  readonly store: Store
  readonly clock: Clock
  /** As masks are now: one that was drawn after the original was kept covers its copies too. */
  readonly masksDuring: MasksDuring
  readonly ffmpeg: string | null
  readonly runId: string
  /** Where evidence lies. */
  readonly root: string
  /** Empty, and this job's own; whoever made it removes it. */
  readonly folder: string
  readonly item: EvidenceItem
  readonly look: LookForPrivate | null
  readonly signal: AbortSignal
  readonly onProgress: (part: number) => void
}

export interface RedactedItem {
  /** In the job's folder. */
  readonly draft: string
  readonly covered: Cover
}

/** One kept still or clip with what is private in it covered. Throws a Loss; then there may be half a file, which nobody takes. */
export async function redactItem({ ffmpeg, ...job }: RedactedItemJob): Promise<RedactedItem> {
  // Whoever looks needs it too, for a single picture as for a film.
  if (ffmpeg === null) throw new Loss('tools_missing', 'the server has no ffmpeg')
  return job.item.kind === 'clip' ? redactClip({ ...job, ffmpeg }) : redactStill(job)
}

/** As an export is covered: the kept clip is its one piece. */
async function redactClip({ item, look, folder, ...job }: RedactedItemJob & { readonly ffmpeg: string }): Promise<RedactedItem> {
  const name = 'piece-0.mp4'
  await copyFile(await untouched(job.root, item), join(folder, name))
  const head = await readWholeFile(createReadStream(join(folder, name))).catch(unreadable)
  const { covered } = await joinPieces({ ...job, folder, span: item, watermark: null, masks: await job.masksDuring(item.cameraId, item), redact: { look } }, [{ name, fromMs: item.fromMs, ...head }])
  if (covered === null) throw new Loss('internal', 'a copy that was to be covered was not')
  return { draft: join(folder, RESULT), covered }
}

/** How long a single picture is shown to who looks at it; no more than a name for it. */
const SHOWN_S = 0.04

/**
 * From the picture with nothing drawn on it, and the boxes drawn anew on top where the item has them: a box would hide a head from
 * who looks, and a cover would hide the box. Not from the clip: it may be of the other stream, and a picture looked at closely
 * covers no less than a film does (analytics/README.md).
 */
async function redactStill({ store, masksDuring, root, folder, item, look, signal, onProgress }: Omit<RedactedItemJob, 'ffmpeg'>): Promise<RedactedItem> {
  const plain = isOriginal(item) ? item : (await itemsOf(store, { of: item })).find((one) => one.kind === 'still' && one.fromMs === item.fromMs && isOriginal(one))
  if (!plain) throw new Loss('original_gone', 'the picture with nothing drawn on it was not kept')
  const [name, list] = ['still.jpg', join(folder, 'still.ffconcat')]
  await copyFile(await untouched(root, plain), join(folder, name))
  await writeFile(list, concatList([{ name, seconds: SHOWN_S }]))
  const { data: rgb, info } = await sharp(join(folder, name)).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  const { width, height } = info
  coverPixels({ rgb, width, height }, await masksDuring(item.cameraId, item))
  const { cover, masks } = await maskPieces({ look, folder, list, still: true, pieces: [{ seconds: SHOWN_S, pictureSMax: SHOWN_S }], picture: { width: even(width), height: even(height) }, signal, onProgress })
  const covered = await coverPicture({ rgb, width, height }, masks)
  const draft = join(folder, 'result.jpg')
  await writeDraft(draft, [await (isOriginal(item) ? plainStill(covered) : drawAnew(store, item, covered))])
  return { draft, covered: cover }
}

async function drawAnew(store: Store, item: EvidenceItem, picture: Parameters<typeof drawStill>[0]): Promise<Buffer> {
  const incident = item.incidentId && (await store.incidents.get(item.incidentId))
  if (!incident) throw new Loss('internal', 'a still without its incident')
  const camera = await store.cameras.get(item.cameraId)
  return drawStill(picture, incident.witnesses, captionOf({ kind: incident.kind, reason: incident.reason, cameraName: camera?.name ?? '', atMs: item.fromMs }))
}

/** The original's file, if its bytes are those that were kept: a copy of anything else would be no copy. */
async function untouched(root: string, { file, sha256 }: EvidenceItem): Promise<string> {
  const path = resolve(root, file)
  const measured = await measureFile(path).catch(() => null)
  if (!measured) throw new Loss('original_gone', `${file} cannot be read`)
  if (measured.sha256 !== sha256) throw new Loss('original_changed', `${file} has another hash than when it was kept`)
  return path
}

function unreadable(fault: unknown): never {
  if (fault instanceof MediaFault) throw new Loss('decode_failed', fault.message)
  throw fault
}

const even = (value: number): number => Math.max(2, Math.floor(value / 2) * 2)
