import type { ZodError } from 'zod'
import { wordTrouble, type ModelTrouble } from '../domain/model.js'
import { RULE_REFUSAL_WORDS } from '../domain/rule-words.js'
import type { Acted } from '../rules/perform.js'
import type { ProblemDraft } from './route.js'
import type { TicketVerdict } from './tickets.js'

/** The refusals of the API, each with the next step. */
const plain = (status: number, code: string, vi: string, en: string, nextVi: string, nextEn: string, faults: ProblemDraft['faults'] = []): ProblemDraft => ({ status, code, title: { vi, en }, next: { vi: nextVi, en: nextEn }, faults })

export const signInNeeded = plain(401, 'sign_in_needed', 'Cần đăng nhập', 'Sign-in needed', 'Đăng nhập lại.', 'Sign in again.')
export const signInFailed = plain(401, 'sign_in_failed', 'Không đăng nhập được', 'Sign-in failed', 'Kiểm tra tên và mật khẩu.', 'Check the name and the password.')
export const forbidden = plain(403, 'forbidden', 'Không có quyền', 'Not allowed', 'Hỏi quản trị viên để được cấp quyền.', 'Ask an administrator for the right.')
export const notTheirs = plain(403, 'not_yours', 'Tường này của người khác', 'This wall is another person’s', 'Lưu thành tường của mình rồi sửa.', 'Save it as a wall of your own, then change that.')
export const foreignOrigin = plain(403, 'foreign_origin', 'Yêu cầu từ trang khác', 'Request from another site', 'Mở lại trang Vọng Lâu và thử lại.', 'Open Vọng Lâu itself and try again.')
export const notFound = plain(404, 'not_found', 'Không tìm thấy', 'Not found', 'Kiểm tra lại đường dẫn; mục này có thể đã bị xóa.', 'Check the address; the item may have been removed.')
export const internal = plain(500, 'internal', 'Lỗi trong máy chủ', 'Server fault', 'Thử lại; nếu lặp lại, gửi mã yêu cầu cho người hỗ trợ.', 'Try again; if it repeats, send the request id to support.')
export const notReady = plain(503, 'not_ready', 'Phần này chưa sẵn sàng', 'Not ready yet', 'Chờ vài giây rồi thử lại.', 'Wait some seconds and try again.')
export const tooLarge = plain(413, 'too_large', 'Dữ liệu quá lớn', 'Too large', 'Gửi ít hơn 256 KB.', 'Send less than 256 KB.')
export const pieceTooLarge = plain(413, 'too_large', 'Mảnh tệp quá lớn', 'The piece is too large', 'Gửi từng mảnh không quá pieceBytes.', 'Send pieces of at most pieceBytes.')
export const badJson = plain(400, 'bad_json', 'Dữ liệu gửi lên không đọc được', 'The body cannot be read', 'Gửi JSON hợp lệ.', 'Send valid JSON.')

export const tooManyHeld = plain(503, 'too_many_held', 'Quá nhiều luồng đang mở cho lần đăng nhập này', 'Too many streams are open for this sign-in', 'Đóng bớt ô hình hoặc màn hình rồi thử lại.', 'Close some tiles or screens, then try again.', [{ field: 'retry_after_s', reason: '1' }])

const ticketNext = ['Xin vé mới: POST /api/cameras/:cameraId/ticket.', 'Ask for a new ticket: POST /api/cameras/:cameraId/ticket.'] as const
const ticketNeeded = plain(401, 'ticket_needed', 'Cần vé xem hình', 'A ticket to the picture is needed', ...ticketNext, [{ field: 'x-vonglau-ticket', reason: 'is missing or cannot be read' }])
const ticketExpired = plain(401, 'ticket_expired', 'Vé xem hình đã hết hạn', 'The ticket has ended', ...ticketNext, [{ field: 'x-vonglau-ticket', reason: 'has ended: a ticket is good for 60 s' }])
const ticketForeign = plain(403, 'ticket_foreign', 'Vé không dùng được ở đây', 'The ticket is not for this', ...ticketNext, [{ field: 'x-vonglau-ticket', reason: 'is for another sign-in, another camera, or was not signed here' }])

/** Why media was not given although the sign-in is good. */
export function ticketRefused(why: Exclude<TicketVerdict['is'], 'good'>): ProblemDraft {
  switch (why) {
    case 'missing':
    case 'unreadable':
      return ticketNeeded
    case 'expired':
      return ticketExpired
    case 'forged':
    case 'foreign':
    case 'other_camera':
      return ticketForeign
  }
}

export function tooManyTries(waitMs: number): ProblemDraft {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return plain(429, 'too_many_tries', 'Thử quá nhiều lần', 'Too many tries', `Thử lại sau ${seconds} giây.`, `Try again in ${seconds} s.`, [{ field: 'retry_after_s', reason: String(seconds) }])
}

/** Names each field that is wrong, and why. */
export function badForm(faults: ProblemDraft['faults']): ProblemDraft {
  return plain(400, 'bad_form', 'Có trường chưa đúng', 'A field is wrong', 'Sửa các trường được nêu rồi gửi lại.', 'Mend the fields named, then send again.', faults)
}

export function badFormOf(error: ZodError): ProblemDraft {
  return badForm(error.issues.map((issue) => ({ field: issue.path.join('.') || '(body)', reason: issue.message })))
}

export function conflict(code: string, vi: string, en: string, faults: ProblemDraft['faults'] = []): ProblemDraft {
  return plain(409, code, vi, en, 'Xem trạng thái mới rồi quyết định lại.', 'Look at the new state, then decide again.', faults)
}

const roomNext = ['Hỏi người trình bày để nhận liên kết mới.', 'Ask the presenter for a new link.'] as const
export const meetingUnknown = plain(404, 'meeting_unknown', 'Không có liên kết này', 'There is no such link', ...roomNext)
export const meetingInUse = plain(409, 'meeting_in_use', 'Liên kết đang được dùng ở trình duyệt khác', 'The link is in use in another browser', ...roomNext)
export const notPresenter = plain(403, 'not_presenter', 'Chỉ người tạo liên kết trình bày', 'Only the maker of the link presents', 'Tạo liên kết của mình rồi trình bày.', 'Make a link of your own and present that.')

/** The link was good once: whoever opens it is told until when. */
export function meetingEnded(why: 'expired' | 'revoked', atMs: number): ProblemDraft {
  const at = [{ field: 'ended_at_ms', reason: String(atMs) }]
  return why === 'expired' ? plain(410, 'meeting_expired', 'Liên kết đã hết hạn', 'The link has expired', ...roomNext, at) : plain(410, 'meeting_revoked', 'Liên kết đã bị thu hồi', 'The link was revoked', ...roomNext, at)
}

export const heldSettled = plain(409, 'settled', 'Việc này đã có người quyết định', 'Somebody has decided this', 'Tải lại khay tạm giữ.', 'Load the tray again.')
export const repairClosed = plain(409, 'closed', 'Phiếu sửa đèn này đã đóng', 'This repair is closed', 'Tải lại danh sách.', 'Load the list again.')
/** No such controller, or another's key: the two are told alike. */
export const signalRefused = plain(403, 'signal_refused', 'Tủ điều khiển không được nhận', 'The controller is not let in', 'Kiểm tra địa chỉ và khóa; mất khóa thì quản trị viên tạo khóa mới.', 'Check the address and the key; if the key is lost, an administrator makes a new one.')
export const oldSequence = (newest: number): ProblemDraft => plain(409, 'old_sequence', 'Tin này cũ hơn tin đã nhận', 'A newer message was first', 'Gửi số thứ tự lớn hơn.', 'Send a greater sequence.', [{ field: 'sequence', reason: `must be greater than ${newest}` }])

export const tooManyExports = plain(429, 'too_many_exports', 'Đang có quá nhiều đoạn chờ xuất', 'Too many exports wait', 'Chờ một đoạn xuất xong rồi thử lại.', 'Wait until one is done, then try again.')

/** A deed on a rule is refused, with what to do instead; `faults` carry what a screen needs to say more. */
export function ruleRefused(refusal: Exclude<Acted, { ok: true }>['refusal']): ProblemDraft {
  if (refusal.code === 'unknown') return notFound
  if (refusal.code === 'changed') return conflict('changed', 'Quy tắc vừa thay đổi', 'The rule has just changed', [{ field: 'revision', reason: String(refusal.revision) }])
  const { code, ...more } = refusal
  const { said, next } = RULE_REFUSAL_WORDS[code]
  return plain(409, code, said.vi, said.en, next.vi, next.en, Object.entries(more).map(([field, reason]) => ({ field, reason: String(reason) })))
}

/** A model was refused: in the words of a screen, with the field and the runtime's own words beside them. */
export function modelRefused(trouble: ModelTrouble): ProblemDraft {
  const { title, next } = wordTrouble(trouble)
  return plain(422, 'model_refused', title.vi, title.en, next.vi, next.en, [{ field: trouble.field, reason: trouble.message }])
}

export const fileTooLarge = (bytesMax: number): ProblemDraft => plain(413, 'file_too_large', 'Tệp quá lớn', 'The file is too large', `Chọn tệp không quá ${Math.round(bytesMax / 1e6)} MB.`, `Choose a file of at most ${Math.round(bytesMax / 1e6)} MB.`, [{ field: 'bytes', reason: `at most ${bytesMax}` }])
export const tooManyUploads = plain(429, 'too_many_uploads', 'Đang có quá nhiều tệp tải lên', 'Too many files are on their way', 'Chờ một tệp tải xong rồi thử lại.', 'Wait until one has come, then try again.')
export const tooManyTrials = plain(429, 'too_many_trials', 'Đang có quá nhiều lượt chạy thử chờ', 'Too many trials wait', 'Chờ một lượt chạy xong rồi thử lại.', 'Wait until one is done, then try again.')
export const uploadNotWhole = plain(409, 'upload_not_whole', 'Tệp chưa tải lên đủ', 'The file has not come whole', 'Chọn tệp và tải lên lại.', 'Choose the file and upload it again.', [{ field: 'uploadId', reason: 'is unknown, not whole, or of another kind' }])
export const nothingRecorded = plain(409, 'nothing_recorded', 'Camera này không có bản ghi trong những giây vừa qua', 'Nothing was recorded of this camera in its last seconds', 'Chọn camera khác hoặc tải một đoạn hình lên.', 'Choose another camera, or upload a clip.')
export const nothingRecordedThen = plain(409, 'nothing_recorded', 'Camera này không có bản ghi trong khoảng đó', 'Nothing was recorded of this camera in that span', 'Chọn khoảng có bản ghi trên dòng thời gian.', 'Choose a span that the timeline shows as recorded.')
export const lampNotRecorded = plain(409, 'lamp_not_recorded', 'Bản ghi không có tín hiệu của tủ điều khiển đèn', 'No recording holds what the lamp’s controller tells', 'Vẽ thêm vùng đèn trên hình rồi thử lại, hoặc cho quy tắc theo dõi thử.', 'Draw the lamp on the picture as well and try again, or let the rule watch in the shadow.')
export const tooManyBacktests = plain(429, 'too_many_backtests', 'Đang có quá nhiều lần thử lại chờ', 'Too many back-tests wait', 'Chờ một lần chạy xong, hoặc hủy bớt.', 'Wait until one is done, or cancel some.')
export const backtestOver = plain(409, 'backtest_over', 'Lần thử lại này đã kết thúc', 'This back-test has ended', 'Không cần làm gì.', 'Nothing to do.')
export const noClipOfAlert = plain(409, 'no_clip', 'Cảnh báo này không có đoạn hình', 'This alert has no clip', 'Chọn cảnh báo khác hoặc tải một đoạn hình lên.', 'Choose another alert, or upload a clip.')
export const noMediaTools = plain(503, 'tools_missing', 'Máy chủ thiếu ffmpeg', 'The server lacks ffmpeg', 'Quản trị viên chạy: apt-get install ffmpeg', 'The administrator runs: apt-get install ffmpeg')
export const nothingWatches = plain(409, 'nothing_watches', 'Máy chủ đang không phân tích hình', 'The server watches no pictures', 'Xem trạng thái máy chủ, sửa rồi chọn lại.', 'Look at the state of the server, mend it, then choose again.')
