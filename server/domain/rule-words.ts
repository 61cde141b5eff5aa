import type { RuleRefusal } from './rule-life.js'
import type { Words } from './words.js'

interface RefusalWords {
  readonly said: Words
  readonly next: Words
}

const worded = (saidVi: string, saidEn: string, nextVi: string, nextEn: string): RefusalWords => ({ said: { vi: saidVi, en: saidEn }, next: { vi: nextVi, en: nextEn } })

/** Why a deed on a rule is refused, and what to do instead. */
export const RULE_REFUSAL_WORDS: Readonly<Record<RuleRefusal['code'], RefusalWords>> = {
  unchanged: worded('Bản mới giống bản gần nhất', 'It says the same as the newest version', 'Sửa quy tắc rồi lưu, hoặc dùng bản đang có.', 'Change the rule, then save, or use the version that is there.'),
  unknown_version: worded('Không có bản này', 'There is no such version', 'Tải lại danh sách và chọn một bản trong đó.', 'Load the list again and choose a version from it.'),
  already_live: worded('Bản này đang có hiệu lực', 'This version is live', 'Chọn bản khác.', 'Choose another version.'),
  days_out_of_range: worded('Số ngày theo dõi thử không hợp lệ', 'A trial cannot last so many days', 'Chọn từ 1 đến 30 ngày.', 'Choose 1 to 30 days.'),
  trial_running: worded('Một bản khác đang được theo dõi thử', 'Another version is on trial', 'Kết thúc lần thử đó, rồi bắt đầu lần mới.', 'End that trial, then begin this one.'),
  no_trial: worded('Không có bản nào đang theo dõi thử', 'No version is on trial', 'Tải lại trang: lần thử có thể vừa hết hạn.', 'Load the page again: the trial may just have run out.'),
  waiver_short: worded('Giải trình quá ngắn', 'The waiver is too short', 'Viết ít nhất 10 ký tự vì sao không cần thử lại trên bản ghi.', 'Write in at least 10 letters why no back-test is needed.'),
  backtest_missing: worded('Thiếu lần thử lại trên bản ghi', 'No back-test is named', 'Chạy thử trên bản ghi và chọn lần đó, hoặc viết giải trình.', 'Run a back-test and choose it, or write a waiver.'),
  backtest_unknown: worded('Không có lần thử lại này cho quy tắc này', 'There is no such back-test of this rule', 'Mở danh sách các lần thử lại và chọn một lần; lần cũ nhất có thể đã bị xóa.', 'Open the list of back-tests and choose one; the oldest may be gone.'),
  backtest_of_other: worded('Lần thử lại này là của bản khác', 'This back-test is of another version', 'Chạy thử lại bản định đề xuất, hoặc đề xuất bản đã thử.', 'Run the version that you propose, or propose the one that was run.'),
  backtest_unfinished: worded('Lần thử lại này chưa xong, đã bị hủy hoặc hỏng', 'This back-test is not finished, was cancelled or failed', 'Chờ nó chạy xong, hoặc chạy lần khác.', 'Wait until it is done, or run another.'),
  backtest_needed: worded('Bản này từng bị hạ vì báo sai nhiều', 'This version was throttled for being wrong too often', 'Chạy thử trên bản ghi rồi đề xuất theo lần đó, hoặc sửa thành bản mới.', 'Run a back-test and propose it on that, or mend it in a new version.'),
  proposal_open: worded('Đang có một đề xuất của người khác', 'Another person’s proposal is open', 'Duyệt hoặc bác đề xuất đó trước.', 'Approve or refuse that one first.'),
  no_proposal: worded('Không có đề xuất nào', 'Nothing is proposed', 'Đề xuất một bản trước.', 'Propose a version first.'),
  second_person: worded('Người đề xuất không tự duyệt được', 'Whoever proposes cannot approve', 'Nhờ một người khác có quyền quản lý quy tắc duyệt.', 'Ask another person who may manage rules to approve it.'),
  no_second_person: worded('Chưa có người thứ hai nào duyệt được', 'There is no second person who could approve', 'Tạo tài khoản quản trị cho một người nữa ở khu vực này. Nếu thành phố chỉ có một quản trị viên, đặt rules.secondPerson: off trong cấu hình máy chủ; mỗi bản như vậy được ghi là một người duyệt.', 'Make an account for another administrator of this area. Where the city has only one, set rules.secondPerson: off in the server’s settings; each such version is then shown as approved by one person.'),
  not_yours: worded('Đề xuất này của người khác', 'This proposal is another person’s', 'Bác đề xuất, kèm lý do.', 'Refuse it, with a reason.'),
  reason_missing: worded('Cần ghi lý do', 'A reason is needed', 'Viết lý do rồi gửi lại.', 'Write why, then send again.'),
  never_live: worded('Bản này chưa được duyệt, hoặc đã mất hiệu lực duyệt', 'This version was never approved, or lost its approval', 'Đề xuất bản này để người thứ hai duyệt.', 'Propose it, for a second person to approve.'),
  not_live: worded('Quy tắc không có bản nào đang có hiệu lực', 'No version of the rule is live', 'Không cần làm gì: quy tắc không gọi ai.', 'Nothing to do: the rule calls nobody.'),
  resting: worded('Quy tắc đang tạm nghỉ', 'The rule is resting already', 'Không cần làm gì.', 'Nothing to do.'),
  not_resting: worded('Quy tắc không tạm nghỉ', 'The rule is not resting', 'Không cần làm gì; bản nháp cần được đề xuất và duyệt để có hiệu lực.', 'Nothing to do; a draft is proposed and approved to go live.'),
  person_needed: worded('Việc này cần một người quyết định', 'A person must decide this', 'Đăng nhập và làm bằng tài khoản của mình.', 'Sign in and do it in your own name.'),
  system_only: worded('Chỉ hệ thống làm việc này', 'Only the system does this', 'Tạm nghỉ quy tắc nếu muốn nó ngừng báo.', 'Let the rule rest if it is to stop calling.'),
}
