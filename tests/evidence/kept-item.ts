import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import type { Frame } from '../../analytics/frame.js'
import type { Alert } from '../../server/domain/alert.js'
import type { EvidenceItem } from '../../server/domain/evidence.js'
import { asId, type EvidenceId } from '../../server/domain/ids.js'
import { measureFile } from '../../server/evidence/keep-file.js'
import { folderOf, mediaTypeOf, writeName } from '../../server/evidence/kept-names.js'
import type { Store } from '../../server/storage/store.js'

/** Keeps these bytes as the evidence stage would have: the file under its name, and the row with its hash. */
export async function keepItem({ store, folder, alert, kept, bytes }: { readonly store: Store; readonly folder: string; readonly alert: Alert; readonly kept: 'still' | 'original' | 'clip'; readonly bytes: Uint8Array }): Promise<EvidenceItem> {
  const span = { fromMs: alert.raisedAtMs, toMs: alert.raisedAtMs + (kept === 'clip' ? 10_000 : 0) }
  const file = `${folderOf({ id: alert.id, atMs: alert.raisedAtMs })}/${writeName({ kept, ...span })}`
  await mkdir(dirname(join(folder, file)), { recursive: true })
  await writeFile(join(folder, file), bytes)
  const item: EvidenceItem = {
    id: asId<EvidenceId>(`${alert.id}-${kept}`),
    incidentId: alert.incidentId,
    repairId: null,
    cameraId: alert.cameraId,
    kind: kept === 'clip' ? 'clip' : 'still',
    file,
    ...(await measureFile(join(folder, file))),
    mediaType: mediaTypeOf(kept),
    ...span,
    // The still with boxes is made first, and lists are ordered by this time.
    madeAtMs: alert.raisedAtMs + ['still', 'original', 'clip'].indexOf(kept),
  }
  await store.evidence.add(item)
  return item
}

/** A kept picture as pixels. */
export async function pixelsOf(file: string): Promise<Frame> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { atMs: 0, width: info.width, height: info.height, rgb: data }
}
