import type { HeldView, RepairView, SignalView, SuspensionView } from '../../server/contract/signals.js'
import { NOW_MS } from './fixtures.js'
import { bao } from './rule-fixtures.js'

const MINUTE_MS = 60_000
const stuck = { code: 'stuck', colour: 'red', lastedMs: 245_000, limitMs: 180_000, sinceMs: NOW_MS - 9 * MINUTE_MS } as const
const STUCK = { vi: 'Đèn lỗi: kẹt ở màu đỏ 245 giây, quá mức 180 giây', en: 'Lamp fault: stuck on red for 245 s, limit 180 s' }

export const heldOne = (n: number, part: Partial<HeldView> = {}): HeldView => ({
  incidentId: `held-${n}`, cameraId: 'cam-3', cameraName: 'Trần Hưng Đạo – Nguyễn Trãi', ruleId: 'rule-rl', kind: 'red_light', title: { vi: 'Nghi vấn vượt đèn đỏ', en: 'Suspected red-light running' },
  reason: { vi: 'Xe hai bánh qua vạch dừng khi đèn đã đỏ 4,7 giây', en: 'A two-wheeler crossed the stop line 4.7 s into red' }, sinceMs: NOW_MS - n * MINUTE_MS, openedAtMs: NOW_MS - n * MINUTE_MS + 900, witnesses: [],
  why: 'lamp_fault', said: STUCK, facts: stuck, suspendedBy: null, heldAtMs: NOW_MS - n * MINUTE_MS + 1_000, evidence: [], plate: null, alertId: null, outcome: null, ...part,
})
export const directed = heldOne(12, { why: 'officer_directing', said: { vi: 'Cảnh sát giao thông đang điều khiển: Tổ 2, giờ tan trường', en: 'An officer directs traffic: team 2, end of school' }, facts: { suspensionId: 's', reason: 'Tổ 2, giờ tan trường', by: bao.id, fromMs: NOW_MS - 20 * MINUTE_MS, untilMs: NOW_MS + 10 * MINUTE_MS }, suspendedBy: bao })
export const yielded = heldOne(25, { why: 'priority_vehicle', said: { vi: 'Nhường đường cho xe ưu tiên (“ambulance” trong hình)', en: 'Making way for a priority vehicle (“ambulance” in the picture)' }, facts: { class: 'ambulance', atMs: NOW_MS - 25 * MINUTE_MS } })
export const settledAs = (is: 'released' | 'dismissed'): HeldView => heldOne(40, { alertId: is === 'released' ? 'alert-1' : null, outcome: { is, by: bao, atMs: NOW_MS - 3 * MINUTE_MS, reason: is === 'released' ? 'Hình cho thấy đèn đúng vào lúc đó' : 'Đèn lỗi thật, không đủ căn cứ' } })

export const repairOne = (part: Partial<RepairView> = {}): RepairView => ({
  id: 'repair-1', kind: 'lamp_fault', title: { vi: 'Đèn lỗi', en: 'Lamp fault' }, cameraId: 'cam-3', cameraName: 'Trần Hưng Đạo – Nguyễn Trãi', code: 'stuck', said: STUCK, facts: stuck, lamp: { box: { x1: 0.76, y1: 0.12, x2: 0.79, y2: 0.24 }, order: 'vertical' }, controller: null, openedAtMs: NOW_MS - 5 * MINUTE_MS, still: null, closed: null, ...part,
})
export const toldRepair = repairOne({ id: 'repair-2', code: 'feed_differs', said: { vi: 'Đèn lỗi: hình cho thấy xanh, tủ điều khiển báo đỏ, suốt 9 giây', en: 'Lamp fault: the picture shows green, the controller tells red, for 9 s' }, facts: { code: 'feed_differs', seen: 'green', told: 'red', lastedMs: 9_000 }, lamp: { signal: 's', approach: 'bac' }, controller: 'Nút Trần Hưng Đạo' })

export const suspensionOne = (part: Partial<SuspensionView> = {}): SuspensionView => ({
  id: 'suspension-1', cameraId: 'cam-3', cameraName: 'Trần Hưng Đạo – Nguyễn Trãi', ruleId: null, why: 'officer_directing', title: { vi: 'Cảnh sát giao thông đang điều khiển', en: 'An officer directs traffic' }, reason: 'Tổ 2, giờ tan trường', by: bao, fromMs: NOW_MS - 20 * MINUTE_MS, untilMs: NOW_MS + 10 * MINUTE_MS, stands: true, ended: null, ...part,
})

export const controllerOne = (heard: Partial<NonNullable<SignalView['heard']>> | null): SignalView => ({
  id: 'signal-1', name: 'Trần Hưng Đạo – Nguyễn Trãi', areaId: 'area-lx', staleMs: 10_000, madeAtMs: NOW_MS - 3 * 86_400_000,
  heard: heard && { atMs: NOW_MS - 800, sequence: 812, offsetMs: 240, stale: false, approaches: { bac: 'red', nam: 'red', dong: 'green', tay: 'yellow' }, ...heard },
})
