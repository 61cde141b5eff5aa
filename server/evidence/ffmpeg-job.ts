import { stat } from 'node:fs/promises'
import ffmpeg from 'fluent-ffmpeg'
import { guarded } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import { Loss } from './loss.js'

export interface FfmpegJob {
  readonly ffmpeg: string
  readonly runId: string
  readonly clock: Clock
  /** Files of ours only; single-token options. */
  readonly inputs: readonly { readonly file: string; readonly options: readonly string[] }[]
  readonly output: readonly string[]
  readonly to: string
  readonly limitMs: number
  /** Lets live pictures go first; for work that takes minutes. */
  readonly nice?: number
  /** How many seconds of the result are written. */
  readonly onProgress?: (seconds: number) => void
  readonly signal?: AbortSignal
}

/**
 * One finite run of ffmpeg to one MP4. The only use of fluent-ffmpeg (archived; measured guards): options as single tokens,
 * which it would otherwise pass on as one; our own deadline; exit code 0 is believed only with a file to show. Its `progress`
 * event is not used: it would first run ffprobe on the input, without deadline or death signal, only to learn a length that we
 * know; instead ffmpeg writes its progress as plain lines (`-progress`), read here. `mendSpawn` keeps the library from ending
 * the process when a program cannot be started, and gives its children the guard of all others: they die with us.
 */
export async function runFfmpegJob(job: FfmpegJob): Promise<void> {
  if (job.signal?.aborted) throw new Loss('cancelled', 'cancelled before it began')
  await new Promise<void>((resolve, reject) => {
    const command = ffmpeg({ stdoutLines: 20 })
    mendSpawn(command, job)
    command.setFfmpegPath(job.ffmpeg)
    for (const { file, options } of job.inputs) command.input(file).inputOptions(['-protocol_whitelist', 'file', ...options])
    command.outputOptions([...job.output, '-nostdin', '-nostats', '-progress', 'pipe:2', '-f', 'mp4'])
    let stopped = false
    // Said here and not on the library's `error`: before its own child runs (it first asks ffmpeg what it can do) there is none.
    const stop = (loss: Loss): void => {
      stopped = true
      command.kill('SIGKILL')
      reject(loss)
    }
    const onAbort = (): void => stop(new Loss('cancelled', 'cancelled by a person'))
    // Killing before its child runs does nothing; then it is done as soon as it does.
    command.on('start', () => stopped && command.kill('SIGKILL'))
    const onTime = job.clock.after(job.limitMs, () => stop(new Loss('timed_out', `ffmpeg did not end within ${job.limitMs} ms`)))
    job.signal?.addEventListener('abort', onAbort, { once: true })
    const rest = (): void => {
      onTime()
      job.signal?.removeEventListener('abort', onAbort)
    }
    command.on('stderr', (line: string) => {
      const micros = /^out_time_us=(\d+)/.exec(line)?.[1]
      if (micros !== undefined) job.onProgress?.(Number(micros) / 1_000_000)
    })
    command.on('end', () => {
      rest()
      resolve()
    })
    command.on('error', (fault: Error, _stdout: string | null, stderr: string | null) => {
      rest()
      reject(lossOfRun(fault, stderr ?? ''))
    })
    command.save(job.to)
  })
  const made = await stat(job.to).catch(() => null)
  if (!made || made.size === 0) throw new Loss('job_failed', 'ffmpeg ended without a file')
}

function lossOfRun(fault: Error, stderr: string): Loss {
  const words = `${fault.message} ${stderr}`
  if (/no space left/i.test(words)) return new Loss('disk_full', 'no space left on the evidence disk')
  if (/cannot find ffmpeg|ENOENT|exited with code 127|failed to execute/i.test(words)) return new Loss('tools_missing', 'ffmpeg is not where the settings say')
  if (/killed with signal/.test(fault.message)) return new Loss('killed', fault.message)
  return new Loss('job_failed', lastLine(words))
}

interface Lines {
  get(): string
}
const NO_LINES: Lines = { get: () => '' }
type End = (fault: unknown, stdout: Lines, stderr: Lines) => void
type FindPath = (found: (fault: unknown, path?: string) => void) => void

/**
 * When a program cannot be started (gone, no process left), the library reports the fault without its line buffers and
 * then reads them: a TypeError inside an event that nobody can catch, which would end the server (2.1.3, processor.js, found
 * by a test of ours). The missing buffers are put in here. And its children are started as all others of ours are.
 */
function mendSpawn(command: object, { runId, nice }: Pick<FfmpegJob, 'runId' | 'nice'>): void {
  const inner = command as { _spawnFfmpeg(args: string[], options: object, ...given: unknown[]): void; _getFfmpegPath: FindPath }
  const spawn = inner._spawnFfmpeg.bind(command)
  const findPath = inner._getFfmpegPath.bind(command)
  inner._spawnFfmpeg = (args, options, ...given) => {
    const end = given.at(-1) as End
    const mended = (fault: unknown, stdout?: Lines, stderr?: Lines): void => end(fault, stdout ?? NO_LINES, stderr ?? NO_LINES)
    findPath((fault, path) => {
      if (fault || !path) return mended(fault ?? new Error('Cannot find ffmpeg'))
      const run = guarded(path, args, { runId, ...(nice === undefined ? {} : { nice }) })
      // Asked for once more inside, in the same breath: it gets the guard instead of the program.
      inner._getFfmpegPath = (found) => found(null, run.command)
      spawn(run.args, { ...options, env: run.env }, ...given.slice(0, -1), mended)
      inner._getFfmpegPath = findPath
    })
  }
}

function lastLine(words: string): string {
  return words.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^\w+=/.test(line)).at(-1)?.slice(0, 200) ?? 'ffmpeg failed'
}
