import { BacktestForm, type BacktestResultView, type BacktestsView } from '../../contract/rules.js'
import { BACKTEST_DAYS_MAX, type Backtest } from '../../domain/backtest.js'
import { asId, type BacktestId, type CameraId, type RuleId } from '../../domain/ids.js'
import type { BacktestBegun, Backtests } from '../../rules/backtests.js'
import type { RuleAt } from '../../rules/write-version.js'
import type { Store } from '../../storage/store.js'
import type { BacktestViews } from '../backtest-views.js'
import { backtestOver, badForm, lampNotRecorded, noMediaTools, notFound, nothingRecordedThen, nothingWatches, tooManyBacktests } from '../problems.js'
import { json, refuse, route, type Asked, type ProblemDraft, type Route, type Scope } from '../route.js'

interface BacktestParts {
  readonly store: Store
  readonly backtests: Backtests
  readonly views: BacktestViews
}

const ofCamera: Scope = { kind: 'camera', param: 'cameraId' }
const needs = 'rule.manage'
const ALL = '/api/cameras/:cameraId/rules/:ruleId/backtests'
const ONE = `${ALL}/:backtestId`

/** Versions of rules on recorded video: begun, told, cancelled. */
export function backtestRoutes({ store, backtests, views }: BacktestParts): readonly Route[] {
  return [
    route<BacktestForm>({
      method: 'post',
      path: ALL,
      needs,
      scope: ofCamera,
      form: BacktestForm,
      async act(asked) {
        const begun = await backtests.begin(ruleAt(asked), asked.body, asked.asker!.person.id)
        if (begun.is !== 'begun') return refuse(refusalOf(begun))
        const [view] = await views.list([begun.backtest])
        return json(view, 201)
      },
    }),
    route({
      method: 'get',
      path: ALL,
      needs,
      scope: ofCamera,
      async act(asked) {
        const { cameraId, ruleId } = ruleAt(asked)
        const standing = await store.rules.standing(ruleId)
        if (standing?.cameraId !== cameraId) return refuse(notFound)
        const mine = (await store.backtests.of(ruleId)).filter((one) => one.cameraId === cameraId)
        return json({ backtests: await views.list(mine) } satisfies BacktestsView)
      },
    }),
    route({
      method: 'get',
      path: ONE,
      needs,
      scope: ofCamera,
      async act(asked) {
        const one = await backtestAt(store, asked)
        return one ? json((await views.result(one)) satisfies BacktestResultView) : refuse(notFound)
      },
    }),
    route({
      method: 'delete',
      path: ONE,
      needs,
      scope: ofCamera,
      async act(asked) {
        const one = await backtestAt(store, asked)
        if (!one) return refuse(notFound)
        return (await backtests.cancel(ruleAt(asked), one.id, asked.asker!.person.id)) ? json({ ok: true }) : refuse(backtestOver)
      },
    }),
  ]
}

function ruleAt({ params }: Pick<Asked, 'params'>): RuleAt {
  return { cameraId: asId<CameraId>(params['cameraId']!), ruleId: asId<RuleId>(params['ruleId']!) }
}

/** One of another rule is as unknown here as one that does not exist. */
async function backtestAt(store: Store, asked: Pick<Asked, 'params'>): Promise<Backtest | null> {
  const { cameraId, ruleId } = ruleAt(asked)
  const one = await store.backtests.get(asId<BacktestId>(asked.params['backtestId']!))
  return one?.cameraId === cameraId && one.ruleId === ruleId ? one : null
}

function refusalOf(begun: Exclude<BacktestBegun, { is: 'begun' }>): ProblemDraft {
  switch (begun.is) {
    case 'unknown':
      return notFound
    case 'unknown_version':
      return badForm([{ field: 'version', reason: `must be a version, 1 to ${begun.newest}` }])
    case 'bad_span':
      return badForm([{ field: 'toMs', reason: `must be after fromMs, by ${BACKTEST_DAYS_MAX} days at most, and not in the future` }])
    case 'nothing_recorded':
      return nothingRecordedThen
    case 'lamp_not_recorded':
      return lampNotRecorded
    case 'nothing_watches':
      return nothingWatches
    case 'no_tools':
      return noMediaTools
    case 'too_many':
      return tooManyBacktests
  }
}
