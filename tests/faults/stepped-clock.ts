import { openLive } from '../../server/live/open-live.js'
import { pause, systemClock, type Clock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { startRtspServer } from '../support/rtsp-server.js'
import { openFleet, waitFor } from './fleet.js'

/** T11: somebody sets the server's clock while cameras are read and watched. Nothing that counts durations may care. */
export interface Stepped {
  readonly starts: number
  readonly faults: readonly string[]
  /** Media sequence and decode time went back so often. */
  readonly backwards: number
  /** Pictures came on after each step. */
  readonly picturesAfter: readonly number[]
  /** Newest time of the playlist less the stepped wall clock, ms, after each step. */
  readonly playlistOffMs: readonly number[]
  /** Seconds that the hub remembers after each step, by the stream's own time. */
  readonly rememberedS: readonly number[]
  readonly rateKnown: boolean
}

export const STEPS: readonly { readonly name: string; readonly wall: (nowMs: number) => number }[] = [
  { name: '-1 h', wall: (nowMs) => nowMs - 3_600_000 },
  { name: '+2 h', wall: (nowMs) => nowMs + 7_200_000 },
  { name: 'to 1970', wall: () => 60_000 },
  { name: 'and right again', wall: (nowMs) => nowMs },
]

export async function stepClock(plan: { readonly clip: string; readonly eachMs: number }): Promise<Stepped> {
  let offsetMs = 0
  const clock: Clock = { ...systemClock, wallMs: () => systemClock.wallMs() + offsetMs }
  const server = await startRtspServer({ mounts: { '/main': { clip: plan.clip } } })
  const fleet = await openFleet({ cameras: { cam: { url: server.url('/main') } }, clock })
  const camera = fleet.camera('cam')
  const live = openLive({ hub: fleet.hub, clock, log: silentLog })
  const playlist = async (): Promise<string> => {
    const { body } = await live.answer(camera.id, { file: 'media.m3u8', signal: new AbortController().signal })
    return typeof body === 'string' ? body : Buffer.concat(body).toString('utf8')
  }
  await waitFor('it is live', () => fleet.ingest.sessions()[0]?.state === 'live' && camera.pictures > 50)
  let [lastTicks, lastSequence, backwards] = [-1, -1, 0]
  const look = async (): Promise<string> => {
    const text = await playlist()
    const sequence = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1] ?? lastSequence)
    const ticks = fleet.hub.recall(camera.id, -1e15, 1e15).map(({ decodeTime }) => decodeTime)
    if (sequence < lastSequence || (ticks.at(-1) ?? lastTicks) < lastTicks || ticks.some((at, index) => index > 0 && at <= (ticks[index - 1] ?? 0))) backwards += 1
    lastSequence = sequence
    lastTicks = ticks.at(-1) ?? lastTicks
    return text
  }
  await look()
  const found = { picturesAfter: [] as number[], playlistOffMs: [] as number[], rememberedS: [] as number[] }
  for (const step of STEPS) {
    const nowMs = systemClock.wallMs()
    offsetMs = step.wall(nowMs) - nowMs
    const before = camera.pictures
    await pause(systemClock, plan.eachMs)
    const text = await look()
    const dates = [...text.matchAll(/#EXT-X-PROGRAM-DATE-TIME:(\S+)/g)].map((one) => Date.parse(one[1] ?? ''))
    const kept = fleet.hub.recall(camera.id, -1e15, 1e15)
    const [first, last] = [kept[0], kept.at(-1)]
    found.picturesAfter.push(camera.pictures - before)
    found.playlistOffMs.push((dates.at(-1) ?? NaN) - clock.wallMs())
    found.rememberedS.push(first && last ? (last.decodeTime - first.decodeTime) / last.init.timescale : 0)
  }
  const result: Stepped = {
    ...found,
    starts: camera.starts,
    faults: [...new Set(camera.told.flatMap(({ news }) => (news.fault ? [news.fault.name] : [])))],
    backwards,
    rateKnown: (fleet.ingest.sessions()[0]?.fps ?? 0) > 0,
  }
  live.close()
  await fleet.close()
  await server.close()
  return result
}
