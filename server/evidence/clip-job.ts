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
 * It starts ffmpeg by itself, without our death signal: a copy of ten seconds ends in a fraction of one, whoever is left.
 */
export async function runClipJob(job: ClipJob): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const command = ffmpeg({ source: job.from, stdoutLines: 20 })
    command.setFfmpegPath(job.ffmpeg)
    command.inputOptions(['-nostdin', '-protocol_whitelist', 'file', '-f', 'mp4'])
    command.outputOptions(['-map', '0:v:0', '-c', 'copy', '-movflags', '+faststart', ...(/^h(vc|ev)1/.test(job.codec) ? ['-tag:v', 'hvc1'] : []), '-f', 'mp4'])
    let late = false
    const onTime = job.clock.after(JOB_MS_MAX, () => {
      late = true
      command.kill('SIGKILL')
    })
    command.on('end', () => {
      onTime()
      resolve()
    })
    command.on('error', (fault: Error, _stdout: string | null, stderr: string | null) => {
      onTime()
      const words = `${fault.message} ${stderr ?? ''}`
      if (late) reject(new Loss('timed_out', `ffmpeg did not end within ${JOB_MS_MAX} ms`))
      else if (/no space left/i.test(words)) reject(new Loss('disk_full', 'no space left on the evidence disk'))
      else if (/cannot find ffmpeg|ENOENT/i.test(fault.message)) reject(new Loss('tools_missing', 'ffmpeg is not where the settings say'))
      else reject(new Loss('job_failed', lastLine(words)))
    })
    command.save(job.to)
  })
  const made = await stat(job.to).catch(() => null)
  if (!made || made.size === 0) throw new Loss('job_failed', 'ffmpeg ended without a file')
}

function lastLine(words: string): string {
  return words.split('\n').map((line) => line.trim()).filter(Boolean).at(-1)?.slice(0, 200) ?? 'ffmpeg failed'
}
