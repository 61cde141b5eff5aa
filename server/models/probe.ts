import type { ModelFacts, ModelTrouble } from '../domain/model.js'
import type { Clock } from '../system/clock.js'
import type { ChildJob, ChildSays, ModelOnDisk } from './child-messages.js'
import { startModelProcess, type ChildEnd } from './model-process.js'

export type Probed = { readonly facts: ModelFacts } | { readonly trouble: ModelTrouble }

export interface ProbeOptions {
  readonly clock: Clock
  readonly runId: string
  readonly deadlineMs?: number
  readonly memoryMb?: number
  readonly entry?: URL
  /** The server stops: nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/** PicoDet opens in half a second; a machine under full load is ten times slower. */
const DEADLINE_MS = 60_000
/** A model of 256 MB, its copy in the runtime, and what its layers need; a graphics card's own library holds about as much again. */
export const MEMORY_MB = 3_072

/** Opens a model for the first time, in a process that may die of it: what it is, or why it is refused. */
export async function probeModel(model: ModelOnDisk, options: ProbeOptions): Promise<Probed> {
  const asked = await askChild({ do: 'probe', model }, options, (said) => (said.says === 'facts' ? said.facts : null))
  return 'trouble' in asked ? asked : { facts: asked.answer }
}

/** One question to a process that may die of it. `read` knows the answer among what the child says; null: this is not it. */
export async function askChild<Answer>(job: ChildJob, options: ProbeOptions, read: (said: ChildSays) => Answer | null): Promise<{ readonly answer: Answer } | { readonly trouble: ModelTrouble }> {
  let answered: { readonly answer: Answer } | { readonly trouble: ModelTrouble } | null = null
  const child = startModelProcess(job, {
    ...options,
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
    memoryMb: options.memoryMb ?? MEMORY_MB,
    onSays(said) {
      const answer = read(said)
      if (answer !== null) answered = { answer }
      if (said.says === 'fault') answered = { trouble: said.fault }
    },
  })
  const stop = (): void => child.stop()
  if (options.signal?.aborted) stop()
  options.signal?.addEventListener('abort', stop)
  const end = await child.ended
  options.signal?.removeEventListener('abort', stop)
  // An answer is believed only from a child that then left by itself: one that crashes on its way out would crash us too.
  const trouble = troubleOf(end)
  if (trouble) return { trouble }
  return answered ?? { trouble: { field: 'model.died', message: 'the process that tried the model left without a word', next: 'Use another model.' } }
}

/** A child's end as a person is told of it; null when it left of its own will. */
export function troubleOf(end: ChildEnd): ModelTrouble | null {
  switch (end.how) {
    case 'left':
      return end.code === 0 ? null : { field: 'model.died', message: `the process that tried the model ended with ${end.signal ?? `code ${end.code}`}`, next: 'Use another model, or export it again with a newer tool.' }
    case 'late':
      return { field: 'model.deadline', message: `the model gave no answer within ${end.afterMs / 1000} s`, next: 'Use a smaller model, or try again when the machine is idle.' }
    case 'memory':
      return { field: 'model.memory', message: `the model took more than ${end.megabytes} MB`, next: 'Use a smaller model.' }
    case 'stopped':
      return { field: 'model.stopped', message: 'the trial was stopped', next: 'Try again.' }
  }
}
