/** The rows of migrations 0006 and 0012: bookmarks, and copies that left the system. */
export interface ExportTables {
  bookmarks: { id: string; cameraId: string; atMs: number; note: string; tags: string; by: string; createdAtMs: number; removedAtMs: number | null }
  exports: {
    id: string
    cameraId: string
    fromMs: number
    toMs: number
    reason: string
    watermark: number
    by: string
    createdAtMs: number
    state: string
    gaps: string
    bytes: number | null
    sha256: string | null
    trouble: string | null
    settledAtMs: number | null
    removedAtMs: number | null
    redact: number
    covered: string | null
  }
}
