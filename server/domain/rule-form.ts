import type { Use } from '../../analytics/rules/rule-core.js'
import type { RuleKind } from '../../analytics/rules/rule.js'
import type { Words } from './words.js'

/** What is drawn on the picture for one field of a rule. `side`: the field that says over which side of the line, if any does. */
export interface ShapeForm {
  readonly field: 'zone' | 'line' | 'stopLine' | 'direction' | 'allowed' | 'lamp' | 'ground'
  readonly is: 'zone' | 'line' | 'arrow' | 'lamp' | 'ground'
  readonly side: 'direction' | null
  readonly says: Words
}

export type Unit = 'ms' | 'count' | 'share' | 'sizes' | 'sizes_per_second' | 'degrees' | 'kmh' | 'times'

/** A number to set, with the bounds of the parser. `proposed` is where most places may begin; null: it is left out unless wanted. */
export interface NumberForm {
  readonly field: string
  readonly says: Words
  readonly unit: Unit
  readonly least: number
  readonly most: number
  readonly whole: boolean
  readonly proposed: number | null
}

/** One kind of rule as a form: what a person draws and sets for it. */
export interface KindForm {
  readonly group: 'traffic' | 'order' | 'camera'
  readonly title: Words
  readonly means: Words
  readonly shapes: readonly ShapeForm[]
  readonly numbers: readonly NumberForm[]
  /** `offered` of our own model's classes; `needed`: at least one must be named; empty: it is not about classes. */
  readonly classes: { readonly offered: readonly string[]; readonly needed: boolean; readonly proposed: readonly string[] }
  /** It is about what another model has words for; the words are typed. */
  readonly words: { readonly says: Words; readonly proposed: readonly string[] } | null
  readonly uses: readonly Use[]
}

const say = (vi: string, en: string): Words => ({ vi, en })

const shape = (field: ShapeForm['field'], is: ShapeForm['is'], says: Words, side: ShapeForm['side'] = null): ShapeForm => ({ field, is, says, side })
const zone = (vi = 'Vùng', en = 'Zone'): ShapeForm => shape('zone', 'zone', say(vi, en))
const way = shape('direction', 'arrow', say('Chiều xe đi', 'Way of traffic'))
const stopLine = shape('stopLine', 'line', say('Vạch dừng', 'Stop line'))
const lamp = shape('lamp', 'lamp', say('Khung đèn tín hiệu', 'Box of the lamp'))

const DAY_MS = 24 * 3_600_000
const HOUR_MS = 3_600_000
type Bounds = readonly [least: number, most: number]
const time = (field: string, proposed: number, vi: string, en: string, [least, most]: Bounds = [0, DAY_MS]): NumberForm => ({ field, says: say(vi, en), unit: 'ms', least, most, whole: true, proposed })
const hold = (proposed: number, bounds?: Bounds): NumberForm => time('holdMsMin', proposed, 'Kéo dài ít nhất', 'For at least', bounds)
const dwell = (proposed: number, bounds?: Bounds): NumberForm => time('dwellMsMin', proposed, 'Lưu lại quá', 'Stays longer than', bounds)
const phase = time('phaseMsMax', 180_000, 'Một màu lâu hơn thì là lỗi đèn', 'One colour for longer is the lamp’s fault', [10_000, DAY_MS])
const count = (least: number, proposed: number, vi: string, en: string, field = 'countMin'): NumberForm => ({ field, says: say(vi, en), unit: 'count', least, most: 1000, whole: true, proposed })
const amount = (field: string, unit: Unit, [least, most]: Bounds, proposed: number | null, says: Words): NumberForm => ({ field, says, unit, least, most, whole: false, proposed })

const VEHICLES = ['two_wheeler', 'car', 'bus', 'truck']
const about = (...offered: readonly string[]): KindForm['classes'] => ({ offered, needed: false, proposed: [] })
const ANYBODY = about(...VEHICLES, 'person')
const RIDERS = about('two_wheeler')
const PEOPLE = about('person')
const ON_FOOT_OR_BIKE = about('two_wheeler', 'person')
const NOTHING = about()

const ANY_USE: readonly Use[] = ['screening', 'evidence', 'statistics']

type Row = Pick<KindForm, 'shapes' | 'numbers' | 'classes'> & Partial<Pick<KindForm, 'uses' | 'words'>>
const row = (group: KindForm['group'], title: Words, means: Words, rest: Row): KindForm => ({ group, title, means, uses: ANY_USE, words: null, ...rest })
const traffic = (title: Words, means: Words, rest: Row): KindForm => row('traffic', title, means, rest)
const order = (title: Words, means: Words, rest: Row): KindForm => row('order', title, means, rest)

/**
 * What every kind of rule takes, for whoever draws one. The analytics' parser is the law (analytics/rules/fields.ts); a test holds
 * each row to it: every bound, and that what is proposed is taken as it stands.
 */
export const KIND_FORMS: Readonly<Record<RuleKind, KindForm>> = {
  red_light: traffic(say('Vượt đèn đỏ', 'Red-light running'), say('Xe qua vạch dừng khi đèn đã đỏ.', 'A vehicle passes the stop line after the lamp turned red.'), {
    shapes: [stopLine, way, lamp],
    numbers: [time('graceMs', 1_000, 'Bỏ qua ngay sau khi đỏ', 'Forgiven just after red', [0, 30_000]), time('yellowMsMin', 0, 'Vàng ngắn hơn thì là lỗi đèn', 'A yellow shorter than this is the lamp’s fault', [0, 30_000]), phase],
    classes: about(...VEHICLES),
  }),
  stop_line_over: traffic(say('Dừng quá vạch', 'Stop over the line'), say('Xe dừng chờ đèn đỏ khi đã quá vạch dừng.', 'A vehicle stands beyond the stop line on red.'), { shapes: [stopLine, way, lamp], numbers: [hold(3_000), phase], classes: about(...VEHICLES) }),
  wrong_way: traffic(say('Đi ngược chiều', 'Wrong way'), say('Xe chạy ngược mũi tên trong vùng.', 'A vehicle drives against the arrow in the zone.'), { shapes: [zone('Lòng đường', 'Carriageway'), shape('allowed', 'arrow', say('Chiều được đi', 'Allowed way'))], numbers: [hold(800)], classes: about(...VEHICLES) }),
  illegal_stop: traffic(say('Dừng, đỗ sai', 'Illegal stop'), say('Xe đứng trong vùng cấm quá lâu.', 'A vehicle stands in the forbidden zone for too long.'), { shapes: [zone('Vùng cấm dừng, đỗ', 'No-stopping zone')], numbers: [dwell(60_000)], classes: about(...VEHICLES) }),
  no_entry: traffic(say('Đi vào đường cấm', 'Closed road'), say('Xe qua vạch vào nơi cấm.', 'A vehicle passes the line into a closed road.'), { shapes: [shape('line', 'line', say('Vạch vào đường cấm', 'Line at the entry'), 'direction')], numbers: [], classes: about(...VEHICLES) }),
  wrong_lane: traffic(say('Đi sai làn', 'Wrong lane'), say('Loại xe được chọn chạy dọc làn không dành cho nó.', 'A listed class travels along a lane that is not for it.'), { shapes: [zone('Làn', 'Lane'), way], numbers: [hold(3_000)], classes: { ...about(...VEHICLES), needed: true, proposed: ['car'] } }),
  sidewalk_driving: traffic(say('Đi xe trên vỉa hè', 'Driving on the pavement'), say('Xe chạy trên vỉa hè, không tính dắt qua.', 'A vehicle drives along the pavement; crossing it is none.'), { shapes: [zone('Vỉa hè', 'Pavement')], numbers: [amount('travelledMin', 'sizes', [1, 100], 3, say('Chạy được ít nhất', 'Has driven at least'))], classes: about(...VEHICLES) }),
  u_turn: traffic(say('Quay đầu nơi cấm', 'Forbidden U-turn'), say('Xe quay ngược lại trong vùng.', 'A vehicle turns back in the zone.'), { shapes: [zone('Nơi cấm quay đầu', 'No U-turn here')], numbers: [amount('turnDegMin', 'degrees', [100, 180], 150, say('Quay ít nhất', 'Turns at least'))], classes: about(...VEHICLES) }),
  line_crossing: traffic(say('Vượt vạch', 'Line crossing'), say('Người hoặc xe qua vạch theo chiều đã chọn.', 'A person or vehicle passes the line the chosen way.'), { shapes: [shape('line', 'line', say('Vạch', 'Line'), 'direction')], numbers: [], classes: ANYBODY }),
  abreast: traffic(say('Dàn hàng ngang', 'Riding abreast'), say('Nhiều xe hai bánh đi cạnh nhau.', 'Riders keep side by side.'), { shapes: [zone(), way], numbers: [count(2, 3, 'Từ', 'At least'), hold(5_000)], classes: RIDERS }),
  racing: traffic(say('Đua xe', 'Racing'), say('Nhóm xe hai bánh cùng chạy rất nhanh.', 'Riders together at high speed.'), { shapes: [zone()], numbers: [count(2, 3, 'Từ', 'At least'), amount('speedMin', 'sizes_per_second', [1, 10], 8, say('Nhanh từ', 'As fast as')), hold(2_000)], classes: RIDERS }),
  weaving: traffic(say('Lạng lách, đánh võng', 'Weaving'), say('Xe hai bánh đổi bên liên tục.', 'A rider sways from side to side.'), { shapes: [zone()], numbers: [count(3, 4, 'Số lần đổi bên', 'Changes of side', 'swaysMin')], classes: RIDERS }),
  queue: traffic(say('Dòng xe chờ', 'Queue'), say('Nhiều xe cùng đứng trong vùng.', 'Many vehicles stand in the zone.'), { shapes: [zone()], numbers: [count(1, 10, 'Từ', 'At least'), hold(60_000)], classes: about(...VEHICLES) }),
  congestion: traffic(say('Ùn tắc', 'Congestion'), say('Đường đông và xe hầu như không đi được.', 'The road is full and hardly moves.'), { shapes: [zone()], numbers: [count(1, 15, 'Từ', 'At least'), amount('speedMax', 'sizes_per_second', [0.05, 20], 0.5, say('Chậm hơn', 'Slower than')), hold(120_000)], classes: about(...VEHICLES) }),
  stalled_vehicle: traffic(say('Xe chết máy', 'Stalled vehicle'), say('Một xe đứng giữa đường trong khi xe khác vẫn đi qua.', 'One stands in the road while others drive past.'), { shapes: [zone('Lòng đường', 'Carriageway')], numbers: [dwell(120_000), count(1, 5, 'Số xe đã đi qua', 'Others that drove past', 'passersMin')], classes: about(...VEHICLES) }),
  crash: traffic(say('Va chạm', 'Crash'), say('Hai xe chạm nhau, một xe dừng đột ngột, cả hai đứng yên.', 'Two touch, one stopped dead, both stay.'), { shapes: [zone('Lòng đường', 'Carriageway')], numbers: [time('stillMsMin', 5_000, 'Cùng đứng yên', 'Both stand for', [2_000, DAY_MS])], classes: about(...VEHICLES) }),
  flow: traffic(say('Lưu lượng', 'Flow'), say('Đếm xe qua vạch theo từng khoảng thời gian. Chỉ thống kê.', 'Counts what passes a line, by intervals. Statistics alone.'), { shapes: [shape('line', 'line', say('Vạch đếm', 'Counting line'))], numbers: [time('everyMs', 900_000, 'Mỗi khoảng', 'Interval', [10_000, DAY_MS])], classes: ANYBODY, uses: ['statistics'] }),
  speed: traffic(say('Tốc độ ước lượng', 'Estimated speed'), say('Ước lượng tốc độ từ một hình chữ nhật đã đo trên mặt đường. Chỉ thống kê.', 'Estimates speed from a measured rectangle on the road. Statistics alone.'), { shapes: [zone('Nơi đo', 'Where it is measured'), shape('ground', 'ground', say('Hình chữ nhật đã đo', 'Measured rectangle'))], numbers: [amount('kmhMin', 'kmh', [5, 250], 60, say('Nhanh từ', 'As fast as'))], classes: about(...VEHICLES), uses: ['statistics'] }),
  intrusion: order(say('Xâm nhập', 'Intrusion'), say('Người hoặc xe vào vùng cấm.', 'Somebody enters the forbidden zone.'), { shapes: [zone('Vùng cấm vào', 'Forbidden zone')], numbers: [dwell(1_000)], classes: ANYBODY }),
  crowd: order(say('Tụ tập đông người', 'Crowd'), say('Nhiều người cùng ở trong vùng.', 'Many people are in the zone.'), { shapes: [zone()], numbers: [count(1, 20, 'Từ', 'At least'), hold(30_000), amount('timesUsual', 'times', [1, 100], null, say('Và gấp mức thường giờ đó', 'And so many times the usual of that hour'))], classes: PEOPLE }),
  loitering: order(say('Lảng vảng', 'Loitering'), say('Một người ở mãi trong vùng.', 'Somebody stays in the zone on and on.'), { shapes: [zone()], numbers: [dwell(120_000)], classes: PEOPLE }),
  road_gathering: order(say('Tụ tập dưới lòng đường', 'Gathering on the road'), say('Người hoặc xe đứng thành nhóm dưới lòng đường.', 'People or riders stand in a group on the road.'), { shapes: [zone('Lòng đường', 'Carriageway')], numbers: [count(2, 5, 'Từ', 'At least'), hold(180_000)], classes: ON_FOOT_OR_BIKE }),
  encroachment: order(say('Lấn chiếm vỉa hè', 'Pavement encroachment'), say('Hàng quán hoặc xe đứng lâu trên vỉa hè.', 'A stall or vehicles stand long on the pavement.'), { shapes: [zone('Vỉa hè', 'Pavement')], numbers: [count(1, 2, 'Từ', 'At least'), dwell(600_000)], classes: ON_FOOT_OR_BIKE }),
  fight: order(say('Đánh nhau (thử nghiệm)', 'Fight (experimental)'), say('Nhiều người xô xát. Hay nhầm: chỉ để xem lại.', 'People scuffle. Often wrong: for a second look alone.'), { shapes: [zone()], numbers: [hold(3_000)], classes: PEOPLE }),
  left_object: order(say('Vật bị bỏ lại', 'Left object'), say('Một vật xuất hiện và nằm yên.', 'A thing appears and stays.'), { shapes: [zone()], numbers: [dwell(60_000, [0, HOUR_MS])], classes: NOTHING }),
  removed_object: order(say('Mất vật được canh giữ', 'Removed object'), say('Vật trong vùng không còn ở đó.', 'What was in the zone is gone.'), { shapes: [zone('Vật được canh', 'Guarded thing')], numbers: [hold(10_000, [0, HOUR_MS])], classes: NOTHING }),
  model_class: order(say('Mô hình phát hiện', 'Found by a model'), say('Mô hình khác thấy thứ nó có từ để gọi: khói, lửa, mũ bảo hiểm.', 'Another model finds what it has a word for: smoke, fire, a helmet.'), { shapes: [zone()], numbers: [amount('scoreMin', 'share', [0.1, 1], 0.5, say('Độ tin cậy từ', 'Score from')), hold(2_000)], classes: NOTHING, words: { says: say('Từ của mô hình', 'Words of the model'), proposed: ['smoke'] } }),
  camera_tamper: row('camera', say('Phá hoại camera', 'Camera tampering'), say('Camera bị che, làm mờ hoặc xoay đi.', 'The camera is covered, defocused or turned.'), { shapes: [], numbers: [hold(60_000, [0, 25 * 60_000])], classes: NOTHING }),
}
