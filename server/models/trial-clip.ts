import { open, rm } from 'node:fs/promises'
import { trialClipArgs } from '../media/ffmpeg-args.js'
import { openLastWords } from '../media/ffmpeg-words.js'
import type { Packet } from '../media/packet.js'
import { startChild } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import { makePolite } from '../system/politeness.js'

export type ClipMade = { readonly ok: true } | { readonly ok: false; readonly words: readonly string[] }

const MAKE_MS_MAX = 180_000

/** Makes any clip into one that the page plays and the models are shown, with a cover laid over it where there is one. The source is removed, whatever comes of it. */
export async function makeTrialClip(job: { readonly from: string; readonly to: string; readonly cover: string | null; readonly ffmpeg: string; readonly runId: string; readonly clock: Clock; readonly signal: AbortSignal }): Promise<ClipMade> {
  const child = startChild(job.ffmpeg, trialClipArgs(job), { runId: job.runId })
  makePolite(child.pid)
  const words = openLastWords()
  const stop = (): void => void child.kill('SIGKILL')
  const cancel = job.clock.after(MAKE_MS_MAX, stop)
  job.signal.addEventListener('abort', stop)
  child.stdin.end()
  child.stdout.resume()
  child.stderr.on('data', (chunk: Buffer) => words.push(chunk))
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', (fault) => {
      words.push(Buffer.from(`${fault.message}\n`))
      resolve(null)
    })
    child.on('close', resolve)
  })
  cancel()
  job.signal.removeEventListener('abort', stop)
  await rm(job.from, { force: true })
  if (code === 0) return { ok: true }
  await rm(job.to, { force: true })
  return { ok: false, words: words.lines() }
}

/** Packets of one run of a camera, as a fragmented MP4: those from the newest change of the stream on, since a file has one head. */
export async function writePackets(path: string, packets: readonly Packet[]): Promise<boolean> {
  const init = packets.at(-1)?.init
  const run = packets.slice(packets.findLastIndex((packet) => packet.init !== init) + 1)
  const first = run.findIndex(({ key }) => key)
  if (!init || first < 0) return false
  const file = await open(path, 'w', 0o600)
  try {
    for (const bytes of [init.bytes, ...run.slice(first).map((packet) => packet.bytes)]) await file.writeFile(bytes)
  } finally {
    await file.close()
  }
  return true
}
