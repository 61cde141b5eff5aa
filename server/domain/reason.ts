import type { ObjectClass } from '../../analytics/detection.js'
import type { Reason } from '../../analytics/rules/observation.js'
import type { Words } from './words.js'

/** One line that a person can check against the picture, from the numbers the rule measured. */
export function wordReason(reason: Reason): Words {
  switch (reason.code) {
    case 'line_crossing':
      return { vi: `${name(reason.class).vi} qua vạch về phía ${reason.direction === 'left' ? 'trái' : 'phải'}`, en: `${name(reason.class).en} crossed the line to the ${reason.direction}` }
    case 'intrusion':
      return { vi: `${name(reason.class).vi} ở trong vùng cấm ${seconds(reason.dwellMs, 'vi')} giây`, en: `${name(reason.class).en} inside the zone for ${seconds(reason.dwellMs, 'en')} s` }
    case 'wrong_way':
      return { vi: `${name(reason.class).vi} đi ngược hướng cho phép ${Math.round(reason.angleDeg)}° suốt ${seconds(reason.heldMs, 'vi')} giây`, en: `${name(reason.class).en} moved ${Math.round(reason.angleDeg)}° off the allowed direction for ${seconds(reason.heldMs, 'en')} s` }
    case 'illegal_stop':
      return { vi: `${name(reason.class).vi} dừng trong vùng cấm dừng ${seconds(reason.dwellMs, 'vi')} giây`, en: `${name(reason.class).en} stood in the no-stopping zone for ${seconds(reason.dwellMs, 'en')} s` }
    case 'red_light':
      return { vi: `${name(reason.class).vi} qua vạch dừng khi đèn đã đỏ ${seconds(reason.redForMs, 'vi')} giây${reason.yellowMs ? `, trước đó đèn vàng ${seconds(reason.yellowMs, 'vi')} giây` : ''}`, en: `${name(reason.class).en} crossed the stop line ${seconds(reason.redForMs, 'en')} s into red${reason.yellowMs ? ` after ${seconds(reason.yellowMs, 'en')} s of yellow` : ''}` }
    case 'stop_line_over':
      return { vi: `${name(reason.class).vi} dừng quá vạch dừng ${sizes(reason.overSizes, 'vi')} thân xe suốt ${seconds(reason.stoodMs, 'vi')} giây khi đèn đỏ`, en: `${name(reason.class).en} stood ${sizes(reason.overSizes, 'en')} of its size over the stop line for ${seconds(reason.stoodMs, 'en')} s on red` }
    case 'no_entry':
      return { vi: `${name(reason.class).vi} đi vào đường cấm, qua vạch về phía ${reason.side === 'left' ? 'trái' : 'phải'}`, en: `${name(reason.class).en} entered the closed road, over the line to the ${reason.side}` }
    case 'wrong_lane':
      return { vi: `${name(reason.class).vi} đi sai làn suốt ${seconds(reason.heldMs, 'vi')} giây, được ${sizes(reason.travelled, 'vi')} thân xe`, en: `${name(reason.class).en} travelled in the wrong lane for ${seconds(reason.heldMs, 'en')} s, ${sizes(reason.travelled, 'en')} of its size` }
    case 'sidewalk_driving':
      return { vi: `${name(reason.class).vi} chạy dọc vỉa hè được ${sizes(reason.travelled, 'vi')} thân xe`, en: `${name(reason.class).en} drove ${sizes(reason.travelled, 'en')} of its size along the pavement` }
    case 'u_turn':
      return { vi: `${name(reason.class).vi} quay đầu ${reason.turnDeg}° trong ${seconds(reason.turnMs, 'vi')} giây`, en: `${name(reason.class).en} turned round by ${reason.turnDeg}° in ${seconds(reason.turnMs, 'en')} s` }
    case 'abreast':
      return { vi: `${reason.count} xe hai bánh đi dàn hàng ngang suốt ${seconds(reason.heldMs, 'vi')} giây, mức báo ${reason.countMin}`, en: `${reason.count} two-wheelers rode side by side for ${seconds(reason.heldMs, 'en')} s, limit ${reason.countMin}` }
    case 'queue':
      return { vi: `${reason.count} xe đứng chờ trong vùng suốt ${seconds(reason.heldMs, 'vi')} giây, mức báo ${reason.countMin}`, en: `${reason.count} vehicles stood in the zone for ${seconds(reason.heldMs, 'en')} s, limit ${reason.countMin}` }
    case 'congestion':
      return { vi: `${reason.count} xe trong vùng, nhích ${sizes(reason.speed, 'vi')} thân xe mỗi giây suốt ${seconds(reason.heldMs, 'vi')} giây, mức báo ${reason.countMin} xe`, en: `${reason.count} vehicles in the zone at ${sizes(reason.speed, 'en')} of their size a second for ${seconds(reason.heldMs, 'en')} s, limit ${reason.countMin}` }
    case 'flow':
      return wordFlow(reason)
    case 'stalled_vehicle':
      return { vi: `${name(reason.class).vi} đứng yên giữa làn ${seconds(reason.stoodMs, 'vi')} giây, ${reason.passers} xe khác đã vượt qua`, en: `${name(reason.class).en} stood in the lane for ${seconds(reason.stoodMs, 'en')} s while ${reason.passers} others passed` }
    case 'crash':
      return { vi: `${name(reason.class).vi} đang chạy ${sizes(reason.speed, 'vi')} thân xe mỗi giây thì dừng khựng khi chạm ${bare(reason.other).vi}, cả hai đứng yên ${seconds(reason.stillMs, 'vi')} giây`, en: `${name(reason.class).en} stopped dead from ${sizes(reason.speed, 'en')} of its size a second against a ${bare(reason.other).en}; both still for ${seconds(reason.stillMs, 'en')} s` }
    case 'speed':
      return { vi: `${name(reason.class).vi} chạy khoảng ${reason.kmh} km/h trên ${sizes(reason.metres, 'vi')} m (ước lượng, để thống kê)`, en: `${name(reason.class).en} at about ${reason.kmh} km/h over ${sizes(reason.metres, 'en')} m (estimate, for statistics)` }
    case 'crowd':
      return { vi: `${reason.count} người trong vùng suốt ${seconds(reason.heldMs, 'vi')} giây, mức báo ${reason.countMin}${reason.usual === undefined ? '' : `, giờ này thường có ${amount(reason.usual, 'vi')} người`}`, en: `${reason.count} people in the zone for ${seconds(reason.heldMs, 'en')} s, limit ${reason.countMin}${reason.usual === undefined ? '' : `, usually ${amount(reason.usual, 'en')} at this hour`}` }
    case 'loitering':
      return { vi: `${name(reason.class).vi} quanh quẩn trong vùng ${seconds(reason.dwellMs, 'vi')} giây`, en: `${name(reason.class).en} stayed about in the zone for ${seconds(reason.dwellMs, 'en')} s` }
    case 'road_gathering':
      return { vi: `${reason.count} người và xe tụ tập dưới lòng đường ${seconds(reason.heldMs, 'vi')} giây, mức báo ${reason.countMin}`, en: `${reason.count} people and two-wheelers stood together on the road for ${seconds(reason.heldMs, 'en')} s, limit ${reason.countMin}` }
    case 'encroachment':
      return { vi: `${reason.count} đối tượng (${names(reason.classes, 'vi')}) chiếm vỉa hè ${seconds(reason.dwellMs, 'vi')} giây`, en: `${reason.count} on the pavement (${names(reason.classes, 'en')}) for ${seconds(reason.dwellMs, 'en')} s` }
    case 'racing':
      return { vi: `${reason.count} xe hai bánh phóng nhanh cùng chiều, mỗi giây ${amount(reason.speed, 'vi')} lần thân xe, mức báo ${reason.countMin} xe`, en: `${reason.count} two-wheelers went fast the same way, ${amount(reason.speed, 'en')} own sizes a second, limit ${reason.countMin}` }
    case 'weaving':
      return { vi: `${name(reason.class).vi} đánh võng ${reason.sways} lần liên tiếp, mức báo ${reason.swaysMin}`, en: `${name(reason.class).en} swayed from side to side ${reason.sways} times in a row, limit ${reason.swaysMin}` }
    case 'fight':
      return { vi: `${reason.people} người giằng co sát nhau ${seconds(reason.heldMs, 'vi')} giây (mức cử động ${amount(reason.unrest, 'vi')})`, en: `${reason.people} people struggled close to each other for ${seconds(reason.heldMs, 'en')} s (movement ${amount(reason.unrest, 'en')})` }
    case 'model_class':
      return { vi: `Mô hình nhận thấy “${reason.class}” suốt ${seconds(reason.heldMs, 'vi')} giây, độ tin cậy ${percent(reason.score)}, mức báo ${percent(reason.scoreMin)}`, en: `The model found “${reason.class}” for ${seconds(reason.heldMs, 'en')} s, sure by ${percent(reason.score)}, limit ${percent(reason.scoreMin)}` }
    case 'left_object':
      return { vi: `Vật lạ nằm yên trong vùng ${seconds(reason.dwellMs, 'vi')} giây, cỡ ${percent(reason.size)} chiều cao hình`, en: `A thing lay still in the zone for ${seconds(reason.dwellMs, 'en')} s, ${percent(reason.size)} of the picture’s height in size` }
    case 'removed_object':
      return { vi: `Vật được canh giữ không còn ở chỗ cũ đã ${seconds(reason.heldMs, 'vi')} giây`, en: `The watched thing has not been in its place for ${seconds(reason.heldMs, 'en')} s` }
    case 'camera_tamper':
      return { vi: `${TAMPERED[reason.how].vi} ${seconds(reason.heldMs, 'vi')} giây, đường nét chỉ còn ${percent(reason.share)} so với thường ngày`, en: `${TAMPERED[reason.how].en} for ${seconds(reason.heldMs, 'en')} s, ${percent(reason.share)} of the usual outlines left` }
  }
}

const CLASS_WORDS: Readonly<Record<string, Words>> = {
  person: { vi: 'Người', en: 'A person' },
  two_wheeler: { vi: 'Xe hai bánh', en: 'A two-wheeler' },
  car: { vi: 'Ô tô con', en: 'A car' },
  bus: { vi: 'Xe khách', en: 'A bus' },
  truck: { vi: 'Xe tải', en: 'A truck' },
}

const TAMPERED: Readonly<Record<'covered' | 'defocused' | 'turned', Words>> = {
  covered: { vi: 'Ống kính bị che', en: 'The lens was covered' },
  defocused: { vi: 'Hình bị mất nét', en: 'The picture was out of focus' },
  turned: { vi: 'Camera bị xoay lệch', en: 'The camera was turned away' },
}

function name(of: ObjectClass): Words {
  return CLASS_WORDS[of] ?? { vi: `Đối tượng “${of}”`, en: `An object “${of}”` }
}

/** In the middle of a line: “người, xe hai bánh”. */
function names(of: readonly ObjectClass[], language: keyof Words): string {
  return of.map((one) => name(one)[language].toLowerCase()).join(', ')
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`
}

/** To each side how many, and of whom: "sang trái 12 (xe hai bánh 9, ô tô con 3)". */
function wordFlow({ spanMs, watchedMs, counts }: Extract<Reason, { code: 'flow' }>): Words {
  const side = (which: 'left' | 'right', language: keyof Words): string => {
    const meant = counts.filter((one) => one.side === which)
    const of = meant.map((one) => `${bare(one.class)[language]} ${one.count}`).join(', ')
    const total = meant.reduce((sum, one) => sum + one.count, 0)
    return of ? `${total} (${of})` : '0'
  }
  const minutes = (ms: number, language: keyof Words): string => sizes(ms / 60_000, language).replace(/[.,]0$/, '')
  // Who reads few should know whether the street was quiet or the camera blind.
  const blind = watchedMs < 0.95 * spanMs
  return { vi: `Trong ${minutes(spanMs, 'vi')} phút${blind ? ` (chỉ xem được ${minutes(watchedMs, 'vi')} phút)` : ''}: sang trái ${side('left', 'vi')}, sang phải ${side('right', 'vi')}`, en: `In ${minutes(spanMs, 'en')} min${blind ? ` (${minutes(watchedMs, 'en')} min watched)` : ''}: to the left ${side('left', 'en')}, to the right ${side('right', 'en')}` }
}

/** A class inside a sentence: without capital and article. */
function bare(of: ObjectClass): Words {
  const { vi, en } = name(of)
  return { vi: vi.charAt(0).toLowerCase() + vi.slice(1), en: en.replace(/^An? /, '') }
}

/** In sizes of the object itself, *thân xe*: what a person can measure on the picture with his fingers. */
function sizes(count: number, language: keyof Words): string {
  return language === 'vi' ? count.toFixed(1).replace('.', ',') : count.toFixed(1)
}

function seconds(ms: number, language: keyof Words): string {
  return amount(ms / 1000, language)
}

/** One decimal where it says something. Vietnamese writes a decimal comma. */
function amount(of: number, language: keyof Words): string {
  const text = of.toFixed(of < 10 ? 1 : 0)
  return language === 'vi' ? text.replace('.', ',') : text
}
