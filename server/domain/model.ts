import type { Format } from '../../analytics/detect/decoder.js'
import { asId, type ModelId, type PersonId } from './ids.js'
import type { Words } from './words.js'


/** Our own detector: always in the list, and what watches when another cannot. */
export const BUILT_IN = asId<ModelId>('eyes')

/** What the first opening of a model file told of it. */
export interface ModelFacts {
  readonly format: Format
  readonly classes: readonly string[]
  readonly input: { readonly width: number; readonly height: number }
  /** One grey picture of its own size, one thread; CPU time, so that a busy machine does not make a model look slow. */
  readonly frameMs: number
  readonly runsOn: 'cuda' | 'cpu'
}

/** A model that somebody brought: whose it is, what it was found to be, and who answers for it. */
export interface BroughtModel extends ModelFacts {
  readonly id: ModelId
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  readonly licence: string
  readonly attribution: string
  /** Scores from which a claim is shown in a trial; the tracker judges lower ones itself. */
  readonly thresholds: Readonly<Record<string, number>> & { readonly other: number }
  readonly addedBy: PersonId
  readonly addedAtMs: number
  /** Why it cannot be used any more (its file is gone or changed, the runtime refuses it), or null. */
  readonly broken: ModelTrouble | null
}

/** What one model saw in one clip of ours. */
export interface Evaluation {
  readonly id: string
  readonly modelId: ModelId
  readonly clip: string
  readonly frames: number
  /** Mean over the clip, wall time on this machine, with the scaling of the picture. */
  readonly frameMs: number
  /** Objects seen over all frames, by class: what is seen in ten frames counts ten times. */
  readonly objects: Readonly<Record<string, number>>
  readonly by: PersonId
  readonly atMs: number
}

/** Why a model was refused: `field` names what to mend. */
export interface ModelTrouble {
  readonly field: string
  readonly message: string
  readonly next: string
}

const TROUBLES: Readonly<Record<string, readonly [title: Words, nextVi: string]>> = {
  'model.bytes': [{ vi: 'Tệp không phải là mô hình ONNX nguyên vẹn', en: 'The file is not a whole ONNX model' }, 'Chép lại tệp và so mã SHA-256 với nơi phát hành.'],
  'model.external_data': [{ vi: 'Mô hình để trọng số ở tệp khác', en: 'The model keeps its weights in another file' }, 'Lưu lại thành một tệp duy nhất (save_as_external_data=False).'],
  'model.graph': [{ vi: 'Không dựng được mạng của mô hình', en: 'The network cannot be built' }, 'Xuất lại với toán tử chuẩn, opset 21 trở xuống.'],
  'model.inputs': [{ vi: 'Đầu vào của mô hình không phải là ảnh', en: 'The model does not take a picture' }, 'Xuất lại theo một trong các dạng được hỗ trợ.'],
  'model.outputs': [{ vi: 'Không đọc được đầu ra của mô hình', en: 'The model’s answers cannot be read' }, 'Xuất lại bằng công cụ gốc với thiết lập mặc định, float32.'],
  'model.run': [{ vi: 'Mô hình hỏng khi xem một ảnh', en: 'The model failed on a picture' }, 'Kiểm tra cỡ ảnh mà mô hình được xuất.'],
  'model.file': [{ vi: 'Tệp mô hình không còn trên đĩa', en: 'The model’s file is gone from the disk' }, 'Gỡ mô hình này rồi tải lên lại.'],
  'model.sha256': [{ vi: 'Tệp mô hình đã bị thay đổi', en: 'The model’s file was changed' }, 'Gỡ mô hình này rồi tải lên lại.'],
  'model.died': [{ vi: 'Tiến trình mở thử đã chết vì mô hình này', en: 'The process that tried the model died of it' }, 'Dùng mô hình khác, hoặc xuất lại bằng phiên bản công cụ mới.'],
  'model.crashed': [{ vi: 'Máy chủ đã dừng đột ngột ngay sau khi dùng mô hình này', en: 'The server ended suddenly just after it had begun to use this model' }, 'Chạy thử trên vài đoạn hình; chỉ dùng lại nếu tốt.'],
  'model.deadline': [{ vi: 'Mô hình không mở xong trong thời hạn', en: 'The model did not answer in time' }, 'Dùng mô hình nhỏ hơn, hoặc thử lại khi máy rảnh.'],
  'model.memory': [{ vi: 'Mô hình cần quá nhiều bộ nhớ', en: 'The model needs too much memory' }, 'Dùng mô hình nhỏ hơn.'],
}

/** A trouble in the words of a screen; the field, the runtime's own words and the English next step go beside it. */
export function wordTrouble({ field, next }: ModelTrouble): { readonly title: Words; readonly next: Words } {
  const [title, nextVi] = TROUBLES[field] ?? TROUBLES[field.split('.').slice(0, 2).join('.')] ?? [{ vi: 'Mô hình không dùng được', en: 'The model cannot be used' }, 'Dùng mô hình khác.']
  return { title, next: { vi: nextVi, en: next } }
}
