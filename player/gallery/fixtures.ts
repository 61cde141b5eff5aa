import type { AlertView, AlertWhole, LinkView } from '../../server/contract/alerts.js'
import type { AreaView, CameraView, InspectionView, RuleView, SessionStateView, TroubleView } from '../../server/contract/cameras.js'
import type { ReportView, ReportWhole } from '../../server/contract/reports.js'
import type { Me, PersonView } from '../../server/contract/sign-in.js'
import type { SystemView } from '../../server/contract/system.js'
import { street } from './street.js'

/** Fictional streets, people and figures for the gallery. Times hang on one moment, so that pictures compare. */
export const NOW_MS = new Date(2026, 10, 19, 16, 48, 7).getTime()

export const me: Me = {
  id: 'person-hanh', name: 'lehanh', displayName: 'Lê Thị Hạnh', role: 'admin', language: 'vi', siteName: 'IOC Long Xuyên', signInExpiresAtMs: NOW_MS + 8 * 3_600_000,
  permissions: ['session.own', 'camera.view', 'camera.manage', 'rule.manage', 'alert.view', 'alert.act', 'evidence.view', 'recording.view', 'recording.hold', 'recording.manage', 'recording.export', 'report.view', 'report.act', 'people.manage', 'system.view', 'sandbox.fault'],
  areas: [{ id: 'area-root', name: 'Thành phố' }],
}

export const areas: readonly AreaView[] = [
  { id: 'area-root', name: 'Thành phố', parent: null },
  { id: 'area-lx', name: 'Phường Long Xuyên', parent: 'area-root' },
  { id: 'area-mt', name: 'Phường Mỹ Thới', parent: 'area-root' },
]

export const unreachable: TroubleView = {
  code: 'unreachable', tried: 'RTSP DESCRIBE', on: '10.4.2.17:554', said: 'connect ETIMEDOUT',
  state: { vi: 'Không liên lạc được', en: 'Unreachable' },
  next: { vi: 'Kiểm tra nguồn điện, dây mạng và địa chỉ IP của camera.', en: 'Check the camera’s power, network cable and IP address.' },
}
export const noPlace: TroubleView = {
  code: 'transcoding_full', tried: 'transcoding', on: 'cam-8-main', said: 'the camera sends hvc1.1.6.L120.90',
  state: { vi: 'Máy chủ đã chuyển mã hết mức', en: 'The server transcodes all it can' },
  next: { vi: 'Đóng bớt ô hình đang chuyển mã, hoặc đổi luồng phụ của camera sang H.264.', en: 'Close another tile that is transcoded, or set the camera’s sub stream to H.264.' },
}
export const wrongPassword: TroubleView = {
  code: 'auth', tried: 'RTSP DESCRIBE', on: '10.4.2.18:554', said: '401 Unauthorized',
  state: { vi: 'Sai tên hoặc mật khẩu', en: 'Wrong name or password' },
  next: { vi: 'Nhập lại tài khoản; một số hãng dùng tài khoản ONVIF riêng với tài khoản trang web.', en: 'Enter the account again; some makers keep a separate ONVIF user.' },
}

export const notPushed: TroubleView = {
  code: 'not_pushed', tried: 'RTMP', on: 'cam-30-main', said: 'nobody pushes yet',
  state: { vi: 'Đang chờ thiết bị đẩy hình', en: 'Waiting for the encoder to push' },
  next: { vi: 'Nhập địa chỉ và khóa đẩy vào thiết bị rồi bật phát RTMP; mất khóa thì tạo khóa mới.', en: 'Enter the push address and key in the device and start its RTMP output; if the key is lost, make a new one.' },
}
export const intakeClosed: TroubleView = {
  code: 'intake_closed', tried: 'RTMP', on: 'cam-32-main', said: 'port 1935 is used by another program',
  state: { vi: 'Máy chủ chưa mở cổng nhận RTMP', en: 'The server’s RTMP port is not open' },
  next: { vi: 'Đặt rtmp.enabled: true trong cấu hình; nếu cổng đã có chương trình khác dùng, đổi rtmp.port, rồi khởi động lại.', en: 'Set rtmp.enabled: true in the settings; if another program holds the port, change rtmp.port; then restart.' },
}

const wrongWay: RuleView = {
  id: 'rule-ww', name: 'Cấm đi ngược chiều', kind: 'wrong_way', enabled: true, line: null, direction: { x: 0.35, y: 1 }, rule: {},
  zone: [{ x: 0.44, y: 0.44 }, { x: 0.56, y: 0.44 }, { x: 0.86, y: 0.98 }, { x: 0.18, y: 0.98 }],
}
const stopLine: RuleView = { id: 'rule-rl', name: 'Vạch dừng', kind: 'red_light', enabled: true, zone: null, line: [{ x: 0.22, y: 0.74 }, { x: 0.72, y: 0.7 }], direction: { x: 0, y: -1 }, rule: { lamp: { box: { x1: 0.76, y1: 0.12, x2: 0.79, y2: 0.24 } } } }
const kerb: RuleView = { id: 'rule-st', name: 'Cấm dừng, đỗ', kind: 'illegal_stop', enabled: false, line: null, direction: null, rule: {}, zone: [{ x: 0.62, y: 0.5 }, { x: 0.68, y: 0.5 }, { x: 0.98, y: 0.95 }, { x: 0.82, y: 0.95 }] }

export function camera(n: number, name: string, part: { readonly street?: string; readonly areaId?: string; readonly state?: SessionStateView; readonly trouble?: TroubleView | null; readonly enabled?: boolean; readonly rules?: readonly RuleView[]; readonly sandbox?: CameraView['sandbox']; readonly sinceMs?: number } = {}): CameraView {
  const area = areas.find((one) => one.id === (part.areaId ?? 'area-lx'))
  const stream = (role: 'main' | 'sub', width: number, height: number): CameraView['streams'][number] => ({
    id: `cam-${n}-${role}`, role, codec: 'h264', width, height, fps: role === 'main' ? 25 : 15, state: part.state ?? 'live', stateSinceMs: part.sinceMs ?? NOW_MS - 3_600_000, trouble: part.trouble ?? null, playing: 'as_sent', clockRate: null,
    playlist: `/live/cam-${n}-${role}/index.m3u8`, newestAtMs: NOW_MS - 300,
  })
  return {
    id: `cam-${n}`, name, areaId: area?.id ?? 'area-lx', areaName: area?.name ?? '', enabled: part.enabled ?? true, origin: n % 3 ? 'onvif' : 'rtsp',
    place: { latitude: 10.38 + n / 1000, longitude: 105.43, street: part.street ?? '', order: n, heading: 90, reachM: 60 },
    streams: [stream('main', 1920, 1080), stream('sub', 640, 360)], rules: part.rules ?? [], sound: null, masks: [], sandbox: part.sandbox ?? null,
  }
}

const faults = ['none', 'drop', 'freeze', 'garbage', 'wrong_password', 'covered', 'blurred', 'turned', 'black', 'clock_skew']
export const cameras: readonly CameraView[] = [
  camera(1, 'Cầu Hoàng Diệu – giữa cầu', { street: 'Cầu Hoàng Diệu', rules: [wrongWay], sandbox: { fault: 'none', faults } }),
  camera(2, 'Cầu Hoàng Diệu – đầu Bình Đức', { street: 'Cầu Hoàng Diệu', rules: [wrongWay] }),
  camera(3, 'Trần Hưng Đạo – Nguyễn Trãi', { street: 'Trần Hưng Đạo', rules: [stopLine, kerb] }),
  camera(4, 'Trần Hưng Đạo 214', { street: 'Trần Hưng Đạo' }),
  camera(5, 'Hùng Vương – Lý Thái Tổ', { street: 'Hùng Vương', rules: [stopLine] }),
  camera(6, 'Chợ Long Xuyên – cổng chính', { street: 'Nguyễn Huệ' }),
  camera(7, 'Vòng xoay Đèn Bốn Ngọn', { street: 'Hùng Vương' }),
  camera(8, 'Tôn Đức Thắng 51', { street: 'Tôn Đức Thắng', state: 'stalled', sinceMs: NOW_MS - 47_000, trouble: { ...unreachable, code: 'stalled', state: { vi: 'Mất hình', en: 'Picture lost' }, next: { vi: 'Kết nối còn nhưng hình không tới; máy chủ đang tự nối lại.', en: 'Connected, but no picture arrives; the server reconnects by itself.' } } }),
  camera(9, 'Bến phà An Hòa', { areaId: 'area-mt' }),
  camera(10, 'Trường THPT trên Hà Hoàng Hổ', { street: 'Hà Hoàng Hổ', rules: [kerb] }),
  camera(11, 'Quốc lộ 91 – Mỹ Thới 3', { areaId: 'area-mt', street: 'Quốc lộ 91', state: 'waiting', trouble: unreachable, sinceMs: NOW_MS - 8_040_000 }),
  camera(12, 'Kho vật tư cũ', { areaId: 'area-mt', enabled: false, state: 'off' }),
]

export function alert(n: number, part: Partial<AlertView> = {}): AlertView {
  const raisedAtMs = part.raisedAtMs ?? NOW_MS - n * 67_000
  const on = cameras.find((one) => one.id === part.cameraId) ?? cameras[0]
  return {
    id: `alert-${n}`, kind: 'wrong_way', title: { vi: 'Nghi vấn đi ngược chiều', en: 'Suspected wrong way' }, reason: { vi: 'Xe tải đi ngược hướng cho phép 171° suốt 6,2 giây', en: 'A truck moved 171° off the allowed direction for 6.2 s' },
    priority: 'critical', state: 'new', owner: null, cameraId: on?.id ?? 'cam-1', cameraName: on?.name ?? '', street: on?.place.street ?? '', areaId: on?.areaId ?? '', areaName: on?.areaName ?? '',
    ruleId: on?.rules[0]?.id ?? 'rule-ww', ruleName: on?.rules[0]?.name ?? 'Cấm đi ngược chiều', sinceMs: raisedAtMs - 6_200, openedAtMs: raisedAtMs - 6_200, raisedAtMs, changedAtMs: raisedAtMs, lastSeenAtMs: raisedAtMs + 4_000, ongoing: n < 3, observations: 3,
    witnesses: [{ trackId: 7, class: 'truck', score: 0.91, box: { x1: 0.47, y1: 0.42, x2: 0.58, y2: 0.66 }, atMs: raisedAtMs - 800 }],
    evidence: [{ id: `still-${n}`, kind: 'still', url: street(n), sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', bytes: 38_412, fromMs: raisedAtMs - 800, toMs: raisedAtMs - 800 }, { id: `original-${n}`, kind: 'still', url: street(n), sha256: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae', bytes: 61_007, fromMs: raisedAtMs - 800, toMs: raisedAtMs - 800 }],
    plate: null, rejectReason: null, note: null, version: 1, ...part,
  }
}

const bao = { id: 'person-bao', displayName: 'Trần Quốc Bảo' }
const hanh = { id: me.id, displayName: me.displayName }
const redLight = { kind: 'red_light', title: { vi: 'Nghi vấn vượt đèn đỏ', en: 'Suspected red-light running' }, reason: { vi: 'Xe hai bánh qua vạch dừng khi đèn đã đỏ 4,1 giây', en: 'A two-wheeler crossed the stop line 4.1 s into red' }, priority: 'medium' } as const
const stop = { kind: 'illegal_stop', title: { vi: 'Nghi vấn dừng đỗ sai', en: 'Suspected illegal stop' }, reason: { vi: 'Ô tô con dừng trong vùng cấm dừng 94 giây', en: 'A car stood in the no-stopping zone for 94 s' }, priority: 'low' } as const
const crowd = { kind: 'crowd', title: { vi: 'Tụ tập đông người', en: 'Crowd' }, reason: { vi: '38 người trong vùng suốt 45 giây, mức báo 25', en: '38 people in the zone for 45 s, limit 25' }, priority: 'high' } as const

export const alerts: readonly AlertView[] = [
  alert(1, { raisedAtMs: NOW_MS - 38_000 }),
  alert(2, { ...crowd, cameraId: 'cam-6', state: 'claimed', owner: hanh, version: 2, changedAtMs: NOW_MS - 60_000 }),
  alert(3, { ...crowd, cameraId: 'cam-7' }),
  alert(4, { ...redLight, cameraId: 'cam-3', observations: 4 }),
  alert(5, { ...redLight, cameraId: 'cam-5', observations: 1 }),
  alert(6, { ...stop, cameraId: 'cam-10', observations: 1 }),
  alert(7, { ...redLight, cameraId: 'cam-3', state: 'confirmed', owner: hanh, version: 3 }),
  alert(8, { cameraId: 'cam-2', state: 'claimed', owner: bao, version: 2 }),
  alert(9, { ...stop, cameraId: 'cam-3' }),
]

export const links: readonly LinkView[] = [
  { id: 'link-1', reportId: 'report-1', alertId: 'alert-1', state: 'proposed', score: 0.81, distanceM: 42, minutesApart: 6, report: { description: 'Có xe tải chạy ngược chiều trên cầu Hoàng Diệu, rất nguy hiểm, đề nghị xử lý gấp.', address: 'Cầu Hoàng Diệu', requestedAtMs: NOW_MS - 200_000, status: 'open' }, alert: { title: { vi: 'Nghi vấn đi ngược chiều', en: 'Suspected wrong way' }, cameraName: 'Cầu Hoàng Diệu – giữa cầu', raisedAtMs: NOW_MS - 38_000, state: 'new', stillUrl: street(1) } },
  { id: 'link-2', reportId: 'report-1', alertId: 'alert-8', state: 'proposed', score: 0.44, distanceM: 180, minutesApart: 14, report: null, alert: { title: { vi: 'Nghi vấn đi ngược chiều', en: 'Suspected wrong way' }, cameraName: 'Cầu Hoàng Diệu – đầu Bình Đức', raisedAtMs: NOW_MS - 536_000, state: 'claimed', stillUrl: street(8) } },
]

export function whole(of: AlertView): AlertWhole {
  const log: AlertWhole['log'] = [
    { seq: 1, what: 'incident.opened', by: null, atMs: of.openedAtMs, facts: {} },
    { seq: 2, what: 'alert.raised', by: null, atMs: of.raisedAtMs, facts: {} },
    ...(of.owner ? [{ seq: 3, what: 'alert.claimed', by: of.owner, atMs: of.changedAtMs, facts: {} }] : []),
  ]
  return { ...of, log, links: of.id === 'alert-1' ? links.slice(0, 1) : [] }
}

export const reports: readonly ReportView[] = [
  { id: 'report-1', serviceCode: 'traffic-violation', serviceName: { vi: 'Vi phạm giao thông', en: 'Traffic violation' }, description: 'Có xe tải chạy ngược chiều trên cầu Hoàng Diệu, rất nguy hiểm, đề nghị xử lý gấp.', address: 'Cầu Hoàng Diệu', latitude: 10.381, longitude: 105.43, requestedAtMs: NOW_MS - 200_000, updatedAtMs: NOW_MS - 200_000, status: 'open', statusNotes: null, areaId: 'area-lx', areaName: 'Phường Long Xuyên', source: 'open311', proposed: 2, confirmed: 0 },
  { id: 'report-2', serviceCode: 'illegal-parking', serviceName: { vi: 'Dừng đỗ sai quy định', en: 'Illegal parking' }, description: 'Xe tải đậu lấn hết làn xe máy trước cổng trường.', address: 'Hà Hoàng Hổ', latitude: null, longitude: null, requestedAtMs: NOW_MS - 3_000_000, updatedAtMs: NOW_MS - 3_000_000, status: 'open', statusNotes: null, areaId: 'area-lx', areaName: 'Phường Long Xuyên', source: 'open311', proposed: 0, confirmed: 1 },
  { id: 'report-3', serviceCode: 'public-order', serviceName: { vi: 'An ninh trật tự', en: 'Public order' }, description: 'Tụ tập đua xe tối qua.', address: null, latitude: null, longitude: null, requestedAtMs: NOW_MS - 86_400_000, updatedAtMs: NOW_MS - 80_000_000, status: 'closed', statusNotes: 'Tổ tuần tra đã nhắc nhở và lập biên bản hai trường hợp.', areaId: 'area-mt', areaName: 'Phường Mỹ Thới', source: 'open311', proposed: 0, confirmed: 0 },
]
export const reportWhole = (of: ReportView): ReportWhole => ({ ...of, links: of.id === 'report-1' ? links : [], destinations: ['1022-an-giang'], log: [{ what: 'report.received', by: null, atMs: of.requestedAtMs, facts: {} }] })

export const inspection: InspectionView = {
  verdict: 'needs_settings', device: { maker: 'Vọng Lâu', model: 'Sandbox', firmware: '1.0', serial: 'VL-0001', ptz: true, events: true },
  rungs: [
    { rung: 'reach', ok: true, ms: 3, said: { vi: 'trả lời sau 3 ms', en: 'answers in 3 ms' }, trouble: null },
    { rung: 'onvif', ok: true, ms: 41, said: { vi: 'ONVIF 2.6', en: 'ONVIF 2.6' }, trouble: null },
    { rung: 'sign_in', ok: false, ms: 12, said: { vi: 'bị từ chối', en: 'refused' }, trouble: wrongPassword },
  ],
  profiles: [
    { token: 'main', name: 'mainStream', url: 'rtsp://10.4.2.18:554/main', codec: 'h264', width: 1920, height: 1080, fps: 25 },
    { token: 'sub', name: 'subStream', url: 'rtsp://10.4.2.18:554/sub', codec: 'h264', width: 640, height: 360, fps: 15 },
  ],
  suggested: { main: 'main', sub: 'sub' },
}

export const people: readonly PersonView[] = [
  { id: 'person-hanh', name: 'lehanh', displayName: 'Lê Thị Hạnh', role: 'admin', areas: ['area-root'], disabled: false },
  { id: 'person-bao', name: 'tqbao', displayName: 'Trần Quốc Bảo', role: 'police', areas: ['area-lx'], disabled: false },
  { id: 'person-duc', name: 'pmduc', displayName: 'Phan Minh Đức', role: 'traffic', areas: ['area-lx', 'area-mt'], disabled: true },
]

export const system: SystemView = {
  ready: false, version: '0.1.0', startedAtMs: NOW_MS - 3_600_000, nowMs: NOW_MS,
  parts: [
    { name: 'storage', ok: true, said: { vi: 'Lưu trữ tốt', en: 'Storage is well' }, next: null },
    { name: 'media_tools', ok: false, said: { vi: 'Máy chủ thiếu ffmpeg: chưa có hình trực tiếp và đoạn hình.', en: 'The server lacks ffmpeg: no live pictures and no clips.' }, next: 'apt-get install ffmpeg' },
  ],
}
