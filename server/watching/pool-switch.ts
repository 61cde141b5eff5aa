import type { FrameOnLoan, WatchingModel } from './inference-messages.js'
import type { InferencePool, Judged, PoolStats } from './inference-pool.js'

/** A pool whose model can be changed while cameras are watched: lanes hold this and notice nothing. */
export interface PoolSwitch extends InferencePool {
  /** Resolves when the new model watches; rejects with its ModelFault, and then the one before goes on as if nothing had been asked. */
  use(model: WatchingModel): Promise<void>
}

interface Open {
  readonly pool: InferencePool
  /** Frames that this pool holds: it is closed only when it holds none. */
  readonly held: Set<Promise<Judged>>
}

/**
 * The new threads load their model while the old ones go on looking; then frames go to the new ones, and the old ones finish what
 * they hold. So no frame is lost by a change, and a model that is refused costs nobody a picture.
 */
export function openPoolSwitch(open: (model: WatchingModel) => InferencePool, first: WatchingModel): PoolSwitch {
  let current: Open = { pool: open(first), held: new Set() }
  // Figures only ever grow, whatever pools came and went.
  const gone = { judged: 0, lost: 0, deaths: 0, judgeMs: 0 }
  const leaving = new Set<Promise<void>>()
  let turn: Promise<unknown> = Promise.resolve()
  let closed = false

  async function change(model: WatchingModel): Promise<void> {
    if (closed) throw new Error('watching is closed')
    const next: Open = { pool: open(model), held: new Set() }
    try {
      await next.pool.ready
    } catch (fault) {
      await next.pool.close()
      throw fault
    }
    const old = current
    if (closed) return next.pool.close()
    current = next
    const left = retire(old).finally(() => leaving.delete(left))
    leaving.add(left)
  }

  async function retire({ pool, held }: Open): Promise<void> {
    await Promise.all(held)
    const { judged, lost, deaths, judgeMs } = pool.stats()
    gone.judged += judged
    gone.lost += lost
    gone.deaths += deaths
    gone.judgeMs += judgeMs
    await pool.close()
  }

  return {
    get ready() {
      return current.pool.ready
    },
    get model() {
      return current.pool.model
    },
    judge(frame: FrameOnLoan) {
      const { pool, held } = current
      const judged = pool.judge(frame)
      held.add(judged)
      void judged.finally(() => held.delete(judged))
      return judged
    },
    stats(): PoolStats {
      const now = current.pool.stats()
      return { ...now, judged: now.judged + gone.judged, lost: now.lost + gone.lost, deaths: now.deaths + gone.deaths, judgeMs: now.judgeMs + gone.judgeMs }
    },
    use(model) {
      const done = turn.then(() => change(model))
      turn = done.catch(() => undefined)
      return done
    },
    async close() {
      closed = true
      await current.pool.close()
      await turn
      await Promise.all(leaving)
    },
  }
}
