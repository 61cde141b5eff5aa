import type { LookAnswer, LookForPrivate, LookTask } from '../domain/redaction.js'
import { forkOurs } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import { makePolite } from '../system/politeness.js'
import { packModel } from './packed-model.js'
import { MASK_RATE, MASK_SLOT_S, MASK_WIDTH } from './redaction-masks.js'
import type { RedactionModels, RedactionNews, RedactionRequest } from './redaction-messages.js'

export interface RedactionOptions {
  readonly models: RedactionModels
  readonly ffmpeg: string
  readonly runId: string
  readonly clock: Clock
}

/** Nothing heard for this long: it hangs. A look takes a tenth of a second, and joining two hours of looks half a minute; on a full machine ten times that. */
const SILENT_MS_MAX = 300_000
/** A ceiling: two hours of a full street are some three million boxes. */
const MEMORY_MB = 2_048

/**
 * Looks for what is private in a whole copy, a film or a single picture. Answers in any case, and never by half: whatever ends the process before it has
 * looked at all is a failure with its reason.
 */
export function makeLookForPrivate(options: RedactionOptions): LookForPrivate {
  return (task) => {
    if (task.signal.aborted) return Promise.resolve({ is: 'failed', why: 'cancelled before it began' })
    return lookOnce(options, task)
  }
}

function lookOnce({ models, ffmpeg, runId, clock }: RedactionOptions, { signal, onProgress, ...task }: LookTask): Promise<LookAnswer> {
  const child = forkOurs(new URL('./redaction-process', import.meta.url), { runId, memoryMb: MEMORY_MB })
  makePolite(child.pid)
  return new Promise((resolve) => {
    let answer: LookAnswer | null = null
    let why = 'the process that looks is gone'
    const stop = (because: string): void => {
      why = because
      child.kill('SIGKILL')
    }
    const watch = (): (() => void) => clock.after(SILENT_MS_MAX, () => stop(`nothing was heard of it for ${SILENT_MS_MAX} ms`))
    let rest = watch()
    const onAbort = (): void => stop('cancelled')
    signal.addEventListener('abort', onAbort, { once: true })
    // Answered only when it is gone: then nobody writes to the masks, or reads the pieces, any more. And when its last word has come:
    // the kernel tells an end before the channel is empty.
    const left = { process: false, channel: false }
    const leave = (part: 'process' | 'channel'): void => {
      left[part] = true
      if (!left.process || !left.channel) return
      rest()
      signal.removeEventListener('abort', onAbort)
      resolve(answer ?? { is: 'failed', why })
    }
    child.on('message', (news: RedactionNews) => {
      rest()
      rest = watch()
      if (news.kind === 'progress') return onProgress(news.part)
      answer = answerOf(news, task)
    })
    child.once('exit', () => leave('process'))
    child.once('disconnect', () => leave('channel'))
    // It could not be started, or a message not be sent to it.
    child.on('error', (fault) => {
      stop(fault.message)
      if (child.pid !== undefined) return
      leave('process')
      leave('channel')
    })
    child.send({ eyes: packModel(models.eyes), finder: models.finder && packModel(models.finder), ffmpeg, runId, task } satisfies RedactionRequest)
  })
}

function answerOf(news: Exclude<RedactionNews, { kind: 'progress' }>, { maskFile }: Pick<LookTask, 'maskFile'>): LookAnswer {
  if (news.kind === 'failed') return { is: 'failed', why: news.why }
  if (news.kind === 'refused') return { is: 'failed', why: `${news.fault.field}: ${news.fault.message}` }
  return { is: 'looked', cover: news.cover, masks: { file: maskFile, width: MASK_WIDTH, height: news.height, rate: MASK_RATE, slotS: MASK_SLOT_S, slots: news.slots } }
}
