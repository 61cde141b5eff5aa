import type { Explained, HeldFacts, HeldWhy } from './held.js'
import type { Words } from './words.js'

const COLOURS: Readonly<Record<string, Words>> = { red: { vi: 'đỏ', en: 'red' }, yellow: { vi: 'vàng', en: 'yellow' }, green: { vi: 'xanh', en: 'green' }, dark: { vi: 'tắt', en: 'dark' } }

const WHYS: Readonly<Record<Exclude<HeldWhy, 'lamp_fault'>, Words>> = {
  officer_directing: { vi: 'Cảnh sát giao thông đang điều khiển', en: 'An officer directs traffic' },
  roadworks: { vi: 'Đang thi công trên đường', en: 'Roadworks' },
  priority_vehicle: { vi: 'Nhường đường cho xe ưu tiên', en: 'Making way for a priority vehicle' },
  diversion: { vi: 'Đang phân luồng tạm thời', en: 'Traffic is diverted' },
}

export const suspensionTitle = (why: Exclude<HeldWhy, 'lamp_fault'>): Words => WHYS[why]

/** Why an incident is held, in one line, with the numbers that said so. */
export function wordHeld({ why, facts }: Explained): Words {
  if (why === 'lamp_fault') return wordLampFault(facts)
  const { vi, en } = WHYS[why]
  if (typeof facts['reason'] === 'string') return { vi: `${vi}: ${facts['reason']}`, en: `${en}: ${facts['reason']}` }
  return typeof facts['class'] === 'string' ? { vi: `${vi} (“${facts['class']}” trong hình)`, en: `${en} (“${facts['class']}” in the picture)` } : { vi, en }
}

/** Whether vehicles that have the way are looked for at all. */
export function wordPriority({ state, missing }: { readonly state: 'watching' | 'not_configured'; readonly missing: readonly string[] }): Words {
  if (state === 'not_configured') return { vi: 'Xe ưu tiên: chưa cấu hình, mô hình đang dùng không nhận ra loại xe này', en: 'Priority vehicles: not configured, the model in use has no word for them' }
  const lacks = missing.join(', ')
  return missing.length > 0 ? { vi: `Xe ưu tiên: đang nhận; mô hình không nhận ra: ${lacks}`, en: `Priority vehicles: looked for; the model does not know: ${lacks}` } : { vi: 'Xe ưu tiên: đang nhận', en: 'Priority vehicles: looked for' }
}

/** What is wrong with a lamp, with the numbers: the line of the repair. */
export function wordLampFault(facts: HeldFacts): Words {
  const colour = (field: string): Words => COLOURS[String(facts[field])] ?? { vi: 'không rõ', en: 'unknown' }
  const seconds = (field: string): number => Math.round(Number(facts[field] ?? 0) / 1000)
  switch (facts['code']) {
    case 'stuck':
      return { vi: `Đèn lỗi: kẹt ở màu ${colour('colour').vi} ${seconds('lastedMs')} giây, quá mức ${seconds('limitMs')} giây`, en: `Lamp fault: stuck on ${colour('colour').en} for ${seconds('lastedMs')} s, limit ${seconds('limitMs')} s` }
    case 'dark':
      return { vi: `Đèn lỗi: tắt ${seconds('lastedMs')} giây sau khi đã sáng, quá mức ${seconds('limitMs')} giây`, en: `Lamp fault: dark for ${seconds('lastedMs')} s after it had shone, limit ${seconds('limitMs')} s` }
    case 'two_colours':
      return { vi: `Đèn lỗi: đỏ và xanh cùng sáng ${seconds('lastedMs')} giây`, en: `Lamp fault: red and green lit together for ${seconds('lastedMs')} s` }
    case 'too_fast':
      return { vi: `Đèn lỗi: đổi đỏ – xanh ${facts['phases']} lần trong ${seconds('spanMs')} giây`, en: `Lamp fault: ${facts['phases']} reds and greens within ${seconds('spanMs')} s` }
    case 'flow':
      return { vi: `Đèn lỗi hoặc vẽ nhầm đèn: trong một chu kỳ có ${facts['passed']} xe qua vạch, ${facts['violators']} xe qua khi đèn đỏ, trung bình chỉ ${facts['waited']} xe dừng chờ`, en: `Lamp fault, or the wrong lamp was drawn: of the ${facts['passed']} vehicles that passed in one round ${facts['violators']} passed on red, and on average only ${facts['waited']} waited` }
    case 'feed_differs':
      return { vi: `Đèn lỗi: hình cho thấy ${colour('seen').vi}, tủ điều khiển báo ${colour('told').vi}, suốt ${seconds('lastedMs')} giây`, en: `Lamp fault: the picture shows ${colour('seen').en}, the controller tells ${colour('told').en}, for ${seconds('lastedMs')} s` }
    default:
      return { vi: 'Đèn lỗi', en: 'Lamp fault' }
  }
}
