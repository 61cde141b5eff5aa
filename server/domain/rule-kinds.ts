import type { RuleKind } from '../../analytics/rules/rule.js'
import type { Priority } from './alert.js'
import type { Words } from './words.js'

type Role = 'police' | 'traffic' | 'ioc' | 'admin'

/** What becomes of the findings of one kind of rule. */
interface KindFacts {
  /** What an alert is called until a person confirms it: *nghi vấn*. */
  readonly title: Words
  /** How urgent it is until a site says otherwise (glossary: urgency from consequence and time left). */
  readonly priority: Priority
  /** Whom it calls: traffic acts go to traffic officers too, public order to the police; IOC staff see the one queue. */
  readonly roles: readonly Role[]
  /** Whether it is a state that grows, whose newest reason says most; an act is told by its first. */
  readonly grows: boolean
}

const ROAD: readonly Role[] = ['police', 'traffic', 'ioc', 'admin']
const ORDER: readonly Role[] = ['police', 'ioc', 'admin']

/** What becomes of each kind's findings (how it is drawn: rule-form.ts; their steps: analytics/rules/kinds.ts; their reasons: reason.ts). */
export const KIND_FACTS: Readonly<Record<RuleKind, KindFacts>> = {
  line_crossing: { title: { vi: 'Nghi vấn vượt vạch', en: 'Suspected line crossing' }, priority: 'low', roles: ROAD, grows: false },
  intrusion: { title: { vi: 'Nghi vấn xâm nhập', en: 'Suspected intrusion' }, priority: 'high', roles: ORDER, grows: true },
  wrong_way: { title: { vi: 'Nghi vấn đi ngược chiều', en: 'Suspected wrong way' }, priority: 'critical', roles: ROAD, grows: false },
  illegal_stop: { title: { vi: 'Nghi vấn dừng đỗ sai', en: 'Suspected illegal stop' }, priority: 'low', roles: ROAD, grows: true },
  red_light: { title: { vi: 'Nghi vấn vượt đèn đỏ', en: 'Suspected red-light running' }, priority: 'medium', roles: ROAD, grows: false },
  stop_line_over: { title: { vi: 'Nghi vấn dừng quá vạch dừng', en: 'Suspected stop over the line' }, priority: 'low', roles: ROAD, grows: true },
  no_entry: { title: { vi: 'Nghi vấn đi vào đường cấm', en: 'Suspected entry of a closed road' }, priority: 'medium', roles: ROAD, grows: false },
  wrong_lane: { title: { vi: 'Nghi vấn đi sai làn', en: 'Suspected wrong lane' }, priority: 'low', roles: ROAD, grows: false },
  sidewalk_driving: { title: { vi: 'Nghi vấn đi xe trên vỉa hè', en: 'Suspected driving on the pavement' }, priority: 'medium', roles: ROAD, grows: false },
  u_turn: { title: { vi: 'Nghi vấn quay đầu nơi cấm', en: 'Suspected forbidden U-turn' }, priority: 'medium', roles: ROAD, grows: false },
  abreast: { title: { vi: 'Nghi vấn dàn hàng ngang', en: 'Suspected riding abreast' }, priority: 'low', roles: ROAD, grows: true },
  queue: { title: { vi: 'Dòng xe chờ kéo dài', en: 'Long queue' }, priority: 'low', roles: ROAD, grows: true },
  congestion: { title: { vi: 'Nghi vấn ùn tắc', en: 'Suspected congestion' }, priority: 'medium', roles: ROAD, grows: true },
  flow: { title: { vi: 'Lưu lượng xe', en: 'Flow of traffic' }, priority: 'low', roles: ROAD, grows: false },
  stalled_vehicle: { title: { vi: 'Nghi vấn xe chết máy giữa đường', en: 'Suspected stalled vehicle' }, priority: 'high', roles: ROAD, grows: true },
  crash: { title: { vi: 'Nghi vấn va chạm', en: 'Suspected crash' }, priority: 'critical', roles: ROAD, grows: false },
  speed: { title: { vi: 'Tốc độ cao (ước lượng)', en: 'High speed (estimate)' }, priority: 'low', roles: ROAD, grows: false },
  crowd: { title: { vi: 'Tụ tập đông người', en: 'Crowd' }, priority: 'high', roles: ORDER, grows: true },
  loitering: { title: { vi: 'Nghi vấn lảng vảng', en: 'Suspected loitering' }, priority: 'medium', roles: ORDER, grows: true },
  road_gathering: { title: { vi: 'Nghi vấn tụ tập dưới lòng đường', en: 'Suspected gathering on the road' }, priority: 'medium', roles: ROAD, grows: true },
  encroachment: { title: { vi: 'Nghi vấn lấn chiếm vỉa hè', en: 'Suspected pavement encroachment' }, priority: 'low', roles: ROAD, grows: true },
  racing: { title: { vi: 'Nghi vấn đua xe', en: 'Suspected racing' }, priority: 'critical', roles: ROAD, grows: true },
  weaving: { title: { vi: 'Nghi vấn lạng lách, đánh võng', en: 'Suspected weaving' }, priority: 'high', roles: ROAD, grows: false },
  fight: { title: { vi: 'Nghi vấn đánh nhau', en: 'Suspected fight' }, priority: 'high', roles: ORDER, grows: true },
  model_class: { title: { vi: 'Nghi vấn do mô hình phát hiện', en: 'Suspected by a model' }, priority: 'medium', roles: ORDER, grows: true },
  left_object: { title: { vi: 'Nghi vấn vật bị bỏ lại', en: 'Suspected left object' }, priority: 'high', roles: ORDER, grows: true },
  removed_object: { title: { vi: 'Nghi vấn mất vật được canh giữ', en: 'Suspected removed object' }, priority: 'high', roles: ORDER, grows: false },
  camera_tamper: { title: { vi: 'Nghi vấn phá hoại camera', en: 'Suspected camera tampering' }, priority: 'high', roles: ORDER, grows: true },
}
