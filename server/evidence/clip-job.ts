import { stat } from 'node:fs/promises'
import ffmpeg from 'fluent-ffmpeg'
import type { Clock } from '../system/clock.js'
import { Loss } from './loss.js'

export interface ClipJob {
  readonly ffmpeg: string
  /** Fragmented MP4 of ours. */
  readonly from: string
  readonly to: string
  /** RFC 6381; Safari plays HEVC in MP4 only under the tag `hvc1`. */
  readonly codec: string
  readonly clock: Clock
}

const JOB_MS_MAX = 30_000

/**
 * Turns fragments into a plain MP4 that starts at once and that any player opens, without re-encoding. The only use of
 * fluent-ffmpeg (archived; measured guards): no `progress` listener, which would run ffprobe on the input; options as single
 * tokens, which it would otherwise pass on as one; our own deadline; exit code 0 is believed only with a file to show.
 * `mendSpawn` below keeps it from ending the process when a program cannot be started. It starts ffmpeg by itself, without our death signal: a copy of ten seconds ends in a fraction of one, whoever is left.
 */
export async function runClipJob(job: ClipJob): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const command = ffmpeg({ source: job.from, stdoutLines: 20 })
    mendSpawn(command)
    command.setFfmpegPath(job.ffmpeg)
    command.inputOptions(['-nostdin', '-protocol_whitelist', 'file', '-f', 'mp4'])
    command.outputOptions(['-map', '0:v:0', '-c', 'copy', '-movflags', '+faststart', ...(/^h(vc|ev)1/.test(job.codec) ? ['-tag:v', 'hvc1'] : []), '-f', 'mp4'])
    let late = false
    // Killing before its child runs does nothing; then it is done as soon as it does.
    command.on('start', () => late && command.kill('SIGKILL'))
    const onTime = job.clock.after(JOB_MS_MAX, () => {
      late = true
      command.kill('SIGKILL')
      // Said here and not on the library's `error`: before its own child runs (it first asks ffmpeg what it can do) there is none.
      reject(new Loss('timed_out', `ffmpeg did not end within ${JOB_MS_MAX} ms`))
    })
    command.on('end', () => {
      onTime()
      resolve()
    })
    command.on('error', (fault: Error, _stdout: string | null, stderr: string | null) => {
      onTime()
      const words = `${fault.message} ${stderr ?? ''}`
      if (/no space left/i.test(words)) reject(new Loss('disk_full', 'no space left on the evidence disk'))
      else if (/cannot find ffmpeg|ENOENT/i.test(fault.message)) reject(new Loss('tools_missing', 'ffmpeg is not where the settings say'))
      else reject(new Loss('job_failed', lastLine(words)))
    })
    command.save(job.to)
  })
  const made = await stat(job.to).catch(() => null)
  if (!made || made.size === 0) throw new Loss('job_failed', 'ffmpeg ended without a file')
}

interface Lines {
  get(): string
}
const NO_LINES: Lines = { get: () => '' }

/**
 * When a program cannot be started (gone, no process left), the library reports the fault without its line buffers and
 * then reads them: a TypeError inside an event that nobody can catch, which would end the server (2.1.3, processor.js, found
 * by a test of ours). The missing buffers are put in here.
 */
function mendSpawn(command: object): void {
  const inner = command as { _spawnFfmpeg(...given: unknown[]): void }
  const spawn = inner._spawnFfmpeg.bind(command)
  inner._spawnFfmpeg = (...given) => {
    const end = given.at(-1) as (fault: unknown, stdout: Lines, stderr: Lines) => void
    spawn(...given.slice(0, -1), (fault: unknown, stdout: Lines = NO_LINES, stderr: Lines = NO_LINES) => end(fault, stdout, stderr))
  }
}

function lastLine(words: string): string {
  return words.split('\n').map((line) => line.trim()).filter(Boolean).at(-1)?.slice(0, 200) ?? 'ffmpeg failed'
}
