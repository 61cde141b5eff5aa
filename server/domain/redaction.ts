import type { EvidenceId } from './ids.js'
import type { Words } from './words.js'

/**
 * A redacted copy: what is private in it is covered. Who makes the copy knows no model, and who looks knows no copy; they
 * meet in these shapes, and the wiring hands one to the other.
 */

/** What a redacted copy has covered. Where no model finds plates, they are not, and the copy says so. */
export const COVERS = ['heads', 'heads_and_plates'] as const
export type Cover = (typeof COVERS)[number]

/** Told beside a redacted copy: what the machine covered, and that a person looks before it is handed on. */
export const COVER_WORDS: Readonly<Record<Cover, Words>> = {
  heads: { vi: 'Đã che mặt người. Biển số CHƯA che: máy chủ chưa có mô hình tìm biển số. Xem lại trước khi gửi đi.', en: 'Faces are covered. Plates are NOT: the server has no model that finds plates. Look it through before you hand it on.' },
  heads_and_plates: { vi: 'Đã che mặt người và biển số. Xem lại trước khi gửi đi.', en: 'Faces and plates are covered. Look it through before you hand it on.' },
}

/** The redacted copy of one kept still or clip: made once, when somebody asks, and gone when its original is. A row exists only when its file does. */
export interface RedactedCopy {
  readonly evidenceId: EvidenceId
  /** Relative to the evidence folder, beside the original. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly covered: Cover
  readonly madeAtMs: number
}

/** Why there is no redacted copy of a still or clip. */
export const COPY_TROUBLES = ['no_looker', 'not_looked_at', 'tools_missing', 'original_gone', 'original_changed', 'disk_full', 'killed', 'timed_out', 'too_many', 'server_stopped', 'internal'] as const
export type CopyTrouble = (typeof COPY_TROUBLES)[number]

/** Each with its next step. */
export const COPY_TROUBLE_WORDS: Readonly<Record<CopyTrouble, Words>> = {
  no_looker: { vi: 'Máy chủ không có mô hình nhận dạng để che mặt, nên không có bản che mờ. Báo quản trị viên xem trang Tình trạng.', en: 'The server has no detector to cover faces with, so there is no covered copy. Ask the administrator to look at the system page.' },
  not_looked_at: { vi: 'Có phần không xem được hết nên không che được; bản chưa che đủ thì không giữ lại. Làm lại; nếu lặp lại, báo quản trị viên.', en: 'Not all of it could be looked at, so it could not be covered; a copy that is half covered is not kept. Make it again; if it repeats, tell the administrator.' },
  tools_missing: { vi: 'Máy chủ thiếu ffmpeg. Quản trị viên chạy: apt-get install ffmpeg', en: 'The server lacks ffmpeg. The administrator runs: apt-get install ffmpeg' },
  original_gone: { vi: 'Tệp gốc không còn trên ổ đĩa. Báo quản trị viên; đoạn ghi hình có thể vẫn còn ở mục Xem lại.', en: 'The original is not on the disk any more. Tell the administrator; the recording may still be there under Playback.' },
  original_changed: { vi: 'Tệp gốc không còn đúng mã SHA-256 lúc lưu nên không làm bản che mờ từ nó. Báo quản trị viên ngay.', en: 'The original no longer has the SHA-256 it was kept with, so no copy is made of it. Tell the administrator at once.' },
  disk_full: { vi: 'Ổ đĩa bằng chứng đã đầy. Báo quản trị viên dọn ổ đĩa rồi làm lại.', en: 'The evidence disk is full. Ask the administrator to make room, then make it again.' },
  killed: { vi: 'Chương trình che bị dừng từ bên ngoài. Làm lại; nếu lặp lại, báo quản trị viên (có thể thiếu bộ nhớ).', en: 'The program that covers was stopped from outside. Make it again; if it repeats, tell the administrator (memory may be short).' },
  timed_out: { vi: 'Che quá lâu nên đã dừng. Chờ máy bớt việc rồi làm lại.', en: 'It took too long and was stopped. Wait until the machine has less to do, then make it again.' },
  too_many: { vi: 'Đang có quá nhiều bản chờ che. Chờ vài phút rồi làm lại.', en: 'Too many copies wait to be made. Wait some minutes, then make it again.' },
  server_stopped: { vi: 'Máy chủ dừng giữa chừng. Làm lại.', en: 'The server stopped in the middle. Make it again.' },
  internal: { vi: 'Lỗi trong máy chủ. Làm lại; nếu lặp lại, báo quản trị viên.', en: 'Server fault. Make it again; if it repeats, tell the administrator.' },
}

/** Recorded pieces, to be looked at from end to end; or a single picture. */
export interface LookTask {
  /** The list holds one picture and no other tells what was missed in it: it is looked at far more closely. */
  readonly still: boolean
  /** A list for ffmpeg's concat reader, with its pieces beside it. */
  readonly list: string
  /** The size that all pictures are brought to, as in the copy. */
  readonly picture: { readonly width: number; readonly height: number }
  readonly seconds: number
  /** How long the longest picture stands: between two looks there may be that much, and a little more. */
  readonly pictureSMax: number
  /** Where the masks are to be written. */
  readonly maskFile: string
  readonly signal: AbortSignal
  /** 0..1 */
  readonly onProgress: (part: number) => void
}

/**
 * The masks of a whole copy, one for each slot of time from its beginning: raw pictures of `width` x `height`, a bit a pixel, row
 * by row, the left one in the highest bit; 1 is covered. A mask holds for every instant of its slot.
 */
export interface MaskFilm {
  readonly file: string
  readonly width: number
  readonly height: number
  /** As ffmpeg reads it: "25/2". */
  readonly rate: string
  readonly slotS: number
  readonly slots: number
}

/** There is no third: a copy of which some span was not looked at is not covered. */
export type LookAnswer = { readonly is: 'looked'; readonly cover: Cover; readonly masks: MaskFilm } | { readonly is: 'failed'; readonly why: string }

export type LookForPrivate = (task: LookTask) => Promise<LookAnswer>
