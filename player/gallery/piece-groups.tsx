import { Refused } from '../api/client.js'
import { SignInFault } from '../door/sign-in.js'
import { OfflineBand, SystemBands } from '../ui/bands.js'
import { Empty, Failed, Loading, NoRights, Refusal, Stale } from '../ui/pieces.js'
import { CameraSymbol, FaultSymbol, PrioritySymbol } from '../ui/symbol.js'
import { system } from './fixtures.js'
import type { Group } from './gallery.js'

const refused = (status: number, code: string, waitMs: number | null = null): Refused =>
  new Refused({ status, code, title: { vi: 'Máy chủ đang bận', en: 'The server is busy' }, next: { vi: 'Đợi vài giây rồi thử lại.', en: 'Wait some seconds and try again.' }, faults: status === 400 ? [{ field: 'place.latitude', reason: 'Too big: expected number to be <=90' }] : [], requestId: 'req-7f3a' }, waitMs)

export const pieceGroups: readonly Group[] = [
  {
    name: 'Priority symbol',
    cells: (['critical', 'high', 'medium', 'low'] as const).flatMap((priority) => [
      { name: `${priority}, unclaimed`, show: () => <PrioritySymbol priority={priority} taken={false} size={32} /> },
      { name: `${priority}, claimed`, show: () => <PrioritySymbol priority={priority} taken size={32} /> },
    ]),
  },
  {
    name: 'Camera symbol',
    cells: [...(['live', 'connecting', 'stalled', 'waiting', 'off'] as const).map((state) => ({ name: state, show: () => <CameraSymbol state={state} /> })), { name: 'fault', show: () => <FaultSymbol /> }, { name: 'no fault', show: () => <FaultSymbol open /> }],
  },
  {
    name: 'Panel',
    cells: [
      { name: 'loading', look: 'w-tile panelled', show: () => <Loading rows={3} /> },
      { name: 'empty', look: 'w-tile panelled', show: () => <Empty title="Không có cảnh báo" next="Lần cuối 16:02." /> },
      { name: 'error', look: 'w-side panelled', show: () => <Failed what="Bàn cảnh báo" fault={refused(503, 'not_ready')} onRetry={() => {}} /> },
      { name: 'no rights', look: 'w-tile panelled', show: () => <NoRights /> },
      { name: 'refused form', look: 'w-side panelled', show: () => <Refusal fault={refused(400, 'bad_form')} /> },
    ],
  },
  {
    name: 'Bands',
    cells: [
      { name: 'offline', look: 'w-wide', show: () => <OfflineBand link={{ is: 'down', sinceMs: Date.now() - 12_000 }} claims={0} /> },
      { name: 'offline, a claim waits', look: 'w-wide', show: () => <OfflineBand link={{ is: 'down', sinceMs: Date.now() - 72_000 }} claims={1} /> },
      { name: 'stale', look: 'w-wide', show: () => <Stale atMs={Date.now() - 420_000} onRetry={() => {}} /> },
      { name: 'a part is missing', look: 'w-wide', show: () => <SystemBands system={system} /> },
    ],
  },
  {
    name: 'Sign-in fault',
    cells: [
      { name: 'wrong', look: 'w-side', show: () => <SignInFault fault={refused(401, 'wrong')} waitMs={0} /> },
      { name: 'too many tries', look: 'w-side', show: () => <SignInFault fault={refused(429, 'too_many', 30_000)} waitMs={30_000} /> },
      { name: 'server in trouble', look: 'w-side', show: () => <SignInFault fault={refused(503, 'not_ready')} waitMs={0} /> },
    ],
  },
]
