import type { AlertView } from '../../server/contract/alerts.js'

/** An alert as the server would tell it; a test names only what matters to it. */
export function anAlert(id: string, part: Partial<AlertView> = {}): AlertView {
  return {
    id, kind: 'wrong_way', title: { vi: 'Nghi vấn đi ngược chiều', en: 'Suspected wrong way' }, reason: { vi: 'Xe tải đi ngược hướng', en: 'A truck moved against the way' },
    priority: 'high', state: 'new', owner: null, cameraId: 'cam-1', cameraName: 'Hùng Vương – Lý Thái Tổ', street: 'Hùng Vương', areaId: 'area', areaName: 'Phường Long Xuyên', ruleId: 'rule', ruleName: 'Một chiều',
    sinceMs: 0, openedAtMs: 0, raisedAtMs: 1000, changedAtMs: 1000, lastSeenAtMs: 1000, ongoing: true, observations: 1, witnesses: [], evidence: [], plate: null, rejectReason: null, note: null, version: 1, ...part,
  }
}
