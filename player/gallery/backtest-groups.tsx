import type { ReactElement } from 'react'
import { Refused } from '../api/client.js'
import { AskBacktest } from '../rules/backtest-ask.js'
import { armedOf } from '../rules/rule-draft.js'
import { BacktestState } from '../rules/backtest-state.js'
import { Backtests, BacktestRuns } from '../rules/backtests.js'
import { GroundChoice, Proposal } from '../rules/propose.js'
import { backtest, backtests, recorded } from './backtest-fixtures.js'
import { me, NOW_MS } from './fixtures.js'
import type { Group } from './gallery.js'
import { bao, body4, entering, proposalBy, standing, stopping } from './rule-fixtures.js'
import { street } from './street.js'

const nothing = (): undefined => undefined
const state = { kind: stopping, now: NOW_MS, busy: false, fault: null, onCancel: nothing, pictureOf: ({ atMs }: { readonly atMs: number }) => street(Math.floor(atMs / 60_000) % 7) }
const ask = { version: 4, live: 3, recorded, armed: armedOf({ ...body4, armedFromMs: null }), coreSecondsAnHour: null, now: NOW_MS, busy: false, fault: null, onBegin: nothing, onClose: nothing }
const refused = new Refused({ status: 429, code: 'too_many_backtests', title: { vi: 'Đang có quá nhiều lần thử lại chờ', en: 'Too many back-tests wait' }, next: { vi: 'Chờ một lần chạy xong, hoặc hủy bớt.', en: 'Wait until one is done, or cancel some.' }, faults: [], requestId: 'req-7f3a' })
const forbidden = new Refused({ status: 403, code: 'forbidden', title: { vi: 'Không có quyền', en: 'Not allowed' }, next: null, faults: [], requestId: 'req-7f3b' })
const gone = new Refused({ status: 503, code: 'not_ready', title: { vi: 'Máy chủ đang khởi động', en: 'The server is starting' }, next: { vi: 'Đợi vài giây rồi thử lại.', en: 'Wait some seconds and try again.' }, faults: [], requestId: 'req-7f3c' })

const inSection = (show: () => ReactElement) => () => <section className="backtests">{show()}</section>
const panel = { place: { cameraId: 'cam-3', ruleId: 'stop-1' }, standing: standing(), kind: stopping, armed: armedOf(body4), dirty: false, manages: true, chosen: null, now: NOW_MS, onChoose: nothing }
const query = { data: [], error: null, dataUpdatedAt: NOW_MS, refetch: nothing }
const done = backtest()
const ground = { version: 4, looked: null, throttled: false, onGround: nothing, onClose: nothing }

export const backtestGroups: readonly Group[] = [
  { name: 'A back-test', cells: [...backtests.map(([name, test]) => ({ name, look: 'w-wide panelled', show: inSection(() => <BacktestState {...state} test={test} />) })), { name: 'done without pictures', look: 'w-wide panelled', show: inSection(() => <BacktestState {...state} test={done} pictureOf={() => null} />) }, { name: 'nothing over the line', look: 'w-wide panelled', show: inSection(() => <BacktestState {...state} kind={entering} test={backtests[7]![1]} />) }, { name: 'its end was refused', look: 'w-wide panelled', show: inSection(() => <BacktestState {...state} test={backtests[0]![1]} fault={refused} />) }] },
  {
    name: 'Back-tests of a rule',
    cells: [
      { name: 'none yet', look: 'w-wide panelled', show: () => <Backtests {...panel} tests={query} /> },
      { name: 'bound to a preset', look: 'w-wide panelled', show: () => <Backtests {...panel} standing={{ ...panel.standing, versions: panel.standing.versions.map((one) => ({ ...one, rule: { preset: { token: '1', name: 'Đầu cầu', at: { pan: 0, tilt: 0, zoom: 0 } } } })) }} tests={query} /> },
      { name: 'the draft is not saved', look: 'w-wide panelled', show: () => <Backtests {...panel} dirty tests={query} /> },
      { name: 'loading', look: 'w-wide panelled', show: () => <Backtests {...panel} tests={{ ...query, data: undefined }} /> },
      { name: 'could not be loaded', look: 'w-wide panelled', show: () => <Backtests {...panel} tests={{ ...query, data: undefined, error: gone }} /> },
      { name: 'stale', look: 'w-wide panelled', show: () => <Backtests {...panel} tests={{ ...query, error: gone }} /> },
      { name: 'no rights', look: 'w-wide panelled', show: () => <Backtests {...panel} manages={false} tests={query} /> },
      { name: 'the server says no rights', look: 'w-wide panelled', show: () => <Backtests {...panel} tests={{ ...query, data: undefined, error: forbidden }} /> },
      { name: 'several', look: 'w-wide panelled', show: inSection(() => <BacktestRuns tests={backtests.map(([id, test]) => ({ ...test, id }))} shown="done, judged" onChoose={nothing} />) },
    ],
  },
  {
    name: 'Asking for a back-test',
    cells: [
      { name: 'the hours of the rule are proposed', look: 'w-wide panelled', show: () => <AskBacktest {...ask} /> },
      { name: 'always armed, no version is live', look: 'w-wide panelled', show: () => <AskBacktest {...ask} live={null} armed={armedOf({})} coreSecondsAnHour={610} /> },
      { name: 'nothing recorded', look: 'w-wide panelled', show: () => <AskBacktest {...ask} recorded={[]} /> },
      { name: 'refused', look: 'w-wide panelled', show: () => <AskBacktest {...ask} fault={refused} /> },
      { name: 'beginning', look: 'w-wide panelled', show: () => <AskBacktest {...ask} busy /> },
    ],
  },
  {
    name: 'What a proposal stands on',
    cells: [
      { name: 'a back-test, chosen', look: 'w-side panelled', show: () => <GroundChoice {...ground} tests={[done, { ...done, id: 'backtest-0', fromMs: done.fromMs - 86_400_000, toMs: done.toMs - 86_400_000 }]} /> },
      { name: 'no back-test yet', look: 'w-side panelled', show: () => <GroundChoice {...ground} tests={[]} /> },
      { name: 'throttled: a back-test alone', look: 'w-side panelled', show: () => <GroundChoice {...ground} throttled tests={[done]} /> },
      { name: 'proposed on a back-test', look: 'w-side panelled', show: () => <Proposal proposal={{ ...proposalBy(bao), waiver: null, backtestId: done.id }} second="there" tests={[done]} meId={me.id} now={NOW_MS} onShow={nothing} /> },
      { name: 'on one that is not kept any more', look: 'w-side panelled', show: () => <Proposal proposal={{ ...proposalBy(bao), waiver: null, backtestId: 'backtest-9' }} second="there" tests={[done]} meId={me.id} now={NOW_MS} onShow={nothing} /> },
    ],
  },
]
