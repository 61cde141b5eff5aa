import type { FindingView, PrecisionView, RuleKindView, RuleStandingView, RuleVersionView } from '../../server/contract/rules.js'
import { beginDrawing, type Drawing } from '../rules/drawing.js'
import { me, NOW_MS } from './fixtures.js'

const DAY_MS = 86_400_000
const hold = { field: 'holdMsMin', says: { vi: 'Kéo dài ít nhất', en: 'For at least' }, unit: 'ms', least: 0, most: DAY_MS, whole: true, proposed: 800 } as const
const vehicles = { offered: ['two_wheeler', 'car', 'bus', 'truck'], needed: false, proposed: [] } as const
const any = ['screening', 'evidence', 'statistics'] as const

export const stopping: RuleKindView = { kind: 'illegal_stop', group: 'traffic', title: { vi: 'Dừng, đỗ sai', en: 'Illegal stop' }, means: { vi: 'Xe đứng trong vùng cấm quá lâu.', en: 'A vehicle stands in the forbidden zone for too long.' }, shapes: [{ field: 'zone', is: 'zone', side: null, says: { vi: 'Vùng cấm dừng, đỗ', en: 'No-stopping zone' } }], numbers: [{ ...hold, field: 'dwellMsMin', says: { vi: 'Lưu lại quá', en: 'Stays longer than' }, proposed: 60_000 }], classes: vehicles, words: null, uses: any }
export const entering: RuleKindView = { ...stopping, kind: 'no_entry', title: { vi: 'Đi vào đường cấm', en: 'Closed road' }, means: { vi: 'Xe qua vạch vào nơi cấm.', en: 'A vehicle passes the line into a closed road.' }, shapes: [{ field: 'line', is: 'line', side: 'direction', says: { vi: 'Vạch vào đường cấm', en: 'Line at the entry' } }], numbers: [] }
export const lamps: RuleKindView = { ...stopping, kind: 'red_light', title: { vi: 'Vượt đèn đỏ', en: 'Red-light running' }, means: { vi: 'Xe qua vạch dừng khi đèn đã đỏ.', en: 'A vehicle passes the stop line after the lamp turned red.' }, shapes: [{ field: 'stopLine', is: 'line', side: null, says: { vi: 'Vạch dừng', en: 'Stop line' } }, { field: 'direction', is: 'arrow', side: null, says: { vi: 'Chiều xe đi', en: 'Way of traffic' } }, { field: 'lamp', is: 'lamp', side: null, says: { vi: 'Khung đèn tín hiệu', en: 'Box of the lamp' } }], numbers: [{ ...hold, field: 'graceMs', says: { vi: 'Bỏ qua ngay sau khi đỏ', en: 'Forgiven just after red' }, most: 30_000, proposed: 1000 }] }
export const speeding: RuleKindView = { ...stopping, kind: 'speed', title: { vi: 'Tốc độ ước lượng', en: 'Estimated speed' }, means: { vi: 'Ước lượng tốc độ từ một hình chữ nhật đã đo trên mặt đường. Chỉ thống kê.', en: 'Estimates speed from a measured rectangle on the road. Statistics alone.' }, shapes: [{ field: 'zone', is: 'zone', side: null, says: { vi: 'Nơi đo', en: 'Where it is measured' } }, { field: 'ground', is: 'ground', side: null, says: { vi: 'Hình chữ nhật đã đo', en: 'Measured rectangle' } }], numbers: [{ ...hold, field: 'kmhMin', says: { vi: 'Nhanh từ', en: 'As fast as' }, unit: 'kmh', least: 5, most: 250, whole: false, proposed: 60 }], uses: ['statistics'] }
export const tampering: RuleKindView = { ...stopping, kind: 'camera_tamper', group: 'camera', title: { vi: 'Phá hoại camera', en: 'Camera tampering' }, means: { vi: 'Camera bị che, làm mờ hoặc xoay đi.', en: 'The camera is covered, defocused or turned.' }, shapes: [], numbers: [hold], classes: { offered: [], needed: false, proposed: [] } }
export const finding: RuleKindView = { ...stopping, kind: 'model_class', group: 'order', title: { vi: 'Mô hình phát hiện', en: 'Found by a model' }, means: { vi: 'Mô hình khác thấy thứ nó có từ để gọi: khói, lửa, mũ bảo hiểm.', en: 'Another model finds what it has a word for: smoke, fire, a helmet.' }, classes: { offered: [], needed: false, proposed: [] }, words: { says: { vi: 'Từ của mô hình', en: 'Words of the model' }, proposed: ['smoke'] } }
export const kinds = [lamps, stopping, entering, speeding, finding, tampering] as const

const spot = (x: number, y: number) => ({ x, y })
const kerb = [spot(0.52, 0.42), spot(0.57, 0.42), spot(0.83, 0.93), spot(0.67, 0.93)]
export const body3 = { kind: 'illegal_stop', name: 'Cấm dừng, đỗ trước chợ', use: 'screening', classes: ['car', 'bus', 'truck'], hours: [], exclusions: [], permits: [], armedFromMs: null, armedToMs: null, zone: kerb.map(({ x, y }) => spot(x - 0.06, y)), dwellMsMin: 120_000 } as const
export const body4 = { ...body3, zone: kerb, dwellMsMin: 300_000, hours: [{ days: [1, 2, 3, 4, 5], from: '06:00', to: '09:00' }, { days: [1, 2, 3, 4, 5], from: '16:00', to: '19:00' }, { days: [6, 7], from: '07:00', to: '11:00' }], exclusions: [[spot(0.66, 0.58), spot(0.78, 0.58), spot(0.88, 0.72), spot(0.74, 0.72)]], permits: [{ area: null, fromMs: NOW_MS, toMs: NOW_MS + DAY_MS, reference: 'GP-118/UBND phường Long Xuyên' }], armedFromMs: NOW_MS, armedToMs: NOW_MS + 15 * DAY_MS } as const

const hanh = { id: me.id, displayName: me.displayName }
export const bao = { id: 'person-bao', displayName: 'Trần Quốc Bảo' }
const version = (number: number, part: Partial<RuleVersionView> = {}): RuleVersionView => ({ version: number, madeBy: hanh, madeAtMs: NOW_MS - (5 - number) * DAY_MS, fromVersion: number === 1 ? null : number - 1, trust: null, alone: false, rule: body4, differs: [], ...part })
export const standing = (part: Partial<RuleStandingView> = {}): RuleStandingView => ({
  id: 'stop-1', name: body4.name, kind: 'illegal_stop', owner: hanh, newest: 4, live: 3, shadow: null, proposal: null, second: 'there', resting: false, revision: 7,
  versions: [version(4, { differs: [{ field: 'dwellMsMin', before: 120_000, after: 300_000 }, { field: 'zone', before: [], after: [] }, { field: 'hours', before: [], after: [] }] }), version(3, { trust: 'approved', rule: body3 }), version(2, { trust: 'approved', madeBy: bao }), version(1, { trust: 'throttled', madeBy: null })],
  ...part,
})
export const trialOf = (hours: number): NonNullable<RuleStandingView['shadow']> => ({ version: 4, sinceMs: NOW_MS - hours * 3_600_000, untilMs: NOW_MS + 6 * DAY_MS, why: 'trial' })
export const proposalBy = (by: typeof bao): NonNullable<RuleStandingView['proposal']> => ({ version: 4, by, atMs: NOW_MS - 600_000, backtestId: null, waiver: 'Đã theo dõi thử 7 ngày: 9 lần báo, đúng cả.' })

export const findings: readonly FindingView[] = [true, false, null].map((said, at) => ({
  incidentId: `incident-${at}`, title: { vi: 'Nghi vấn dừng đỗ sai', en: 'Suspected illegal stop' }, reason: { vi: `Ô tô con dừng trong vùng cấm dừng ${94 + at * 40} giây`, en: `A car stood in the no-stopping zone for ${94 + at * 40} s` },
  sinceMs: NOW_MS - at * 900_000 - 90_000, openedAtMs: NOW_MS - at * 900_000, lastSeenAtMs: NOW_MS - at * 900_000, ongoing: false, witnesses: [], ruleVersion: 4,
  told: { mode: 'shadow', heldWhy: null, alert: null, verdicts: said === null ? [] : [{ right: said, blind: false, by: hanh, atMs: NOW_MS }] },
}))
export const precision = (part: Partial<PrecisionView>): PrecisionView => ({ version: 4, point: 0.83, low: 0.7, high: 0.91, n: 52, verdict: 'fine', target: 0.8, ...part })

export const drawings: readonly (readonly [name: string, kind: RuleKindView, drawing: Drawing])[] = [
  ['a line with its side', entering, beginDrawing([{ is: 'line', field: 'line', points: [spot(0.2, 0.6), spot(0.6, 0.6)], side: 'right' }])],
  ['a line, both ways', entering, beginDrawing([{ is: 'line', field: 'line', points: [spot(0.2, 0.6), spot(0.6, 0.6)], side: 'both' }])],
  ['stop line, way and lamp', lamps, beginDrawing([{ is: 'line', field: 'stopLine', points: [spot(0.2, 0.7), spot(0.7, 0.7)], side: null }, { is: 'arrow', field: 'direction', points: [spot(0.45, 0.9), spot(0.45, 0.5)] }, { is: 'lamp', field: 'lamp', points: [spot(0.8, 0.2), spot(0.83, 0.34)], order: 'vertical' }])],
  ['where a permit holds', stopping, beginDrawing([{ is: 'zone', field: 'zone', points: kerb }, { is: 'permit', field: 'permit 0', points: [spot(0.55, 0.5), spot(0.7, 0.5), spot(0.8, 0.8), spot(0.66, 0.8)] }])],
  ['a measured rectangle', speeding, beginDrawing([{ is: 'ground', field: 'ground', points: [spot(0.3, 0.9), spot(0.6, 0.9), spot(0.55, 0.5), spot(0.4, 0.5)], widthM: 3.5, lengthM: 20 }])],
  ['a known length on it', speeding, beginDrawing([{ is: 'ground', field: 'ground', points: [spot(0.3, 0.9), spot(0.7, 0.9), spot(0.59, 0.5), spot(0.41, 0.5)], widthM: 7, lengthM: 12 }, { is: 'check', field: 'check', points: [spot(0.5, 0.7), spot(0.5, 0.6)], knownM: 3.3 }])],
  ['privacy masks', stopping, beginDrawing([{ is: 'mask', field: 'masks', points: [spot(0.02, 0.1), spot(0.2, 0.1), spot(0.22, 0.5), spot(0.02, 0.5)], preset: null }, { is: 'mask', field: 'masks', points: [spot(0.7, 0.05), spot(0.9, 0.05), spot(0.85, 0.3)], preset: null }])],
  ['being drawn', stopping, { ...beginDrawing([]), open: { is: 'zone', field: 'zone', points: [spot(0.3, 0.4), spot(0.7, 0.4), spot(0.75, 0.8)], sided: false } }],
]
