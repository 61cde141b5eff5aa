import type { BookmarkId, CameraId, ExportId, PersonId } from './ids.js'
import type { Cover } from './redaction.js'
import type { Words } from './words.js'

/** A moment that somebody wants to find again. */
export interface Bookmark {
  readonly id: BookmarkId
  readonly cameraId: CameraId
  readonly atMs: number
  readonly note: string
  readonly tags: readonly string[]
  readonly by: PersonId
  readonly createdAtMs: number
}

export const EXPORT_STATES = ['queued', 'running', 'ready', 'failed', 'cancelled'] as const
export type ExportState = (typeof EXPORT_STATES)[number]

/** Why an export came to nothing. */
export const EXPORT_TROUBLES = ['no_recording', 'tools_missing', 'no_font', 'disk_full', 'killed', 'timed_out', 'server_stopped', 'no_looker', 'not_looked_at', 'job_failed', 'internal'] as const
export type ExportTrouble = (typeof EXPORT_TROUBLES)[number]

/** A span inside an export that was not recorded: told, because the copy does not show it. */
export interface DeclaredGap {
  readonly fromMs: number
  readonly toMs: number
  readonly cause: string
  readonly said: Words
}

/** A copy that leaves the system: who asked, why, and exactly what it is. The row outlives the file. */
export interface Export {
  readonly id: ExportId
  readonly cameraId: CameraId
  readonly fromMs: number
  readonly toMs: number
  readonly reason: string
  readonly watermark: boolean
  /** What is private is to be covered in it. */
  readonly redact: boolean
  /** What was covered in a redacted copy that is ready; null for every other. */
  readonly covered: Cover | null
  readonly by: PersonId
  readonly createdAtMs: number
  readonly state: ExportState
  readonly gaps: readonly DeclaredGap[]
  readonly bytes: number | null
  readonly sha256: string | null
  readonly trouble: ExportTrouble | null
  readonly settledAtMs: number | null
  /** The file went: in time, or by hand. */
  readonly removedAtMs: number | null
}

/** What a court or a colleague opens at once, and what one machine encodes beside the live pictures. */
export const EXPORT_MS_MAX = 2 * 60 * 60_000

/** Each with its next step. */
export const EXPORT_TROUBLE_WORDS: Readonly<Record<ExportTrouble, Words>> = {
  no_recording: { vi: 'Không có bản ghi nào trong đoạn này. Chọn đoạn khác trên dòng thời gian.', en: 'Nothing was recorded in this span. Choose another on the timeline.' },
  tools_missing: { vi: 'Máy chủ thiếu ffmpeg. Quản trị viên chạy: apt-get install ffmpeg', en: 'The server lacks ffmpeg. The administrator runs: apt-get install ffmpeg' },
  no_font: { vi: 'Máy chủ không có phông chữ để in chìm. Quản trị viên chạy: apt-get install fonts-dejavu-core', en: 'The server has no font for the watermark. The administrator runs: apt-get install fonts-dejavu-core' },
  disk_full: { vi: 'Ổ đĩa xuất đã đầy. Xóa bớt tệp đã xuất rồi xuất lại.', en: 'The export disk is full. Remove old exports, then export again.' },
  killed: { vi: 'Chương trình xuất bị dừng từ bên ngoài. Xuất lại; nếu lặp lại, báo quản trị viên (có thể thiếu bộ nhớ).', en: 'The export program was stopped from outside. Export again; if it repeats, tell the administrator (memory may be short).' },
  timed_out: { vi: 'Xuất quá lâu nên đã dừng. Chọn đoạn ngắn hơn.', en: 'The export took too long and was stopped. Choose a shorter span.' },
  server_stopped: { vi: 'Máy chủ dừng giữa chừng. Xuất lại.', en: 'The server stopped in the middle. Export again.' },
  no_looker: { vi: 'Máy chủ không có mô hình nhận dạng hoặc ffmpeg để che mặt. Báo quản trị viên xem trang Tình trạng; hoặc xuất bản không che cho người có thẩm quyền.', en: 'The server has no detector or no ffmpeg to cover faces with. Ask the administrator to look at the system page; or export uncovered for those entitled to it.' },
  not_looked_at: { vi: 'Có phần không xem được hết nên không che được; bản chưa che đủ không được xuất ra. Chọn đoạn ngắn hơn rồi xuất lại; nếu lặp lại, báo quản trị viên kèm mã xuất.', en: 'Not all of it could be looked at, so it could not be covered; a copy that is half covered is not handed out. Export a shorter span; if it repeats, give the administrator the export’s id.' },
  job_failed: { vi: 'Không ghép được các đoạn đã ghi. Thử đoạn ngắn hơn, hoặc báo quản trị viên kèm mã xuất.', en: 'The recorded pieces could not be joined. Try a shorter span, or give the administrator the export’s id.' },
  internal: { vi: 'Lỗi trong máy chủ. Xuất lại; nếu lặp lại, báo quản trị viên kèm mã xuất.', en: 'Server fault. Export again; if it repeats, give the administrator the export’s id.' },
}
