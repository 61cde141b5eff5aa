import type { Bookmark, Export, ExportTrouble } from '../domain/export.js'
import type { BookmarkId, CameraId, ExportId, PersonId } from '../domain/ids.js'
import type { Cover } from '../domain/redaction.js'

export interface BookmarkStore {
  add(bookmark: Bookmark): Promise<void>
  get(id: BookmarkId): Promise<Bookmark | null>
  /** Those of a camera in a span, oldest first. */
  of(cameraId: CameraId, span: { readonly fromMs: number; readonly toMs: number }, limit: number): Promise<readonly Bookmark[]>
  /** False when it was gone already. */
  remove(id: BookmarkId, atMs: number): Promise<boolean>
}

export type ExportEnd =
  | { readonly state: 'ready'; readonly bytes: number; readonly sha256: string; readonly covered: Cover | null }
  | { readonly state: 'failed'; readonly trouble: ExportTrouble }
  | { readonly state: 'cancelled' }

export interface ExportStore {
  add(one: Export): Promise<void>
  get(id: ExportId): Promise<Export | null>
  /** Newest first; without those whose file was removed. */
  list(filter: { readonly by?: PersonId | undefined; readonly limit: number }): Promise<readonly Export[]>
  /** A queued one begins; false when it is no longer queued. */
  begin(id: ExportId): Promise<boolean>
  /** Ends one that is queued or running; false when it has ended already. */
  settle(id: ExportId, end: ExportEnd, atMs: number): Promise<boolean>
  /** What a stop of the server left behind. */
  unsettled(): Promise<readonly Export[]>
  /** Settled before this moment, with the file still there. */
  due(settledBeforeMs: number): Promise<readonly Export[]>
  noteRemoved(id: ExportId, atMs: number): Promise<void>
}
