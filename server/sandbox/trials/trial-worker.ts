import { parentPort, workerData } from '../../system/worker.js'
import { TRIALS } from './catalogue.js'
import { drawTrial, type TrialPlan } from './draw-trial.js'

/** A thread that draws one trial. */
export interface TrialOrder {
  readonly trialId: string
  readonly plan: TrialPlan
}

export type TrialNews = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly why: string }

const { trialId, plan } = workerData as TrialOrder
const say = (news: TrialNews): void => parentPort?.postMessage(news)
const trial = TRIALS.find((one) => one.id === trialId)
if (!trial) say({ kind: 'failed', why: `no trial is called ${trialId}` })
else {
  drawTrial(trial, plan).then(
    () => say({ kind: 'done' }),
    (error: unknown) => say({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }),
  )
}
