import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import type { InitSegment } from '../../server/media/packet.js'
import { systemClock } from '../../server/system/clock.js'
import { openMediaHouse, type Viewer } from '../support/media-house.js'

/**
 * The real door for pictures with cameras that stand still until told: what thousands of held requests cost is then theirs
 * alone. One more camera films all the time, for a viewer who wants nothing but to go on watching.
 */
export type DoorAsked = { readonly ask: 'run'; readonly still: number; readonly signIns: number } | { readonly ask: 'film'; readonly pictures: number }
export type DoorTold = { readonly tell: 'running'; readonly url: string; readonly still: readonly string[]; readonly filming: string; readonly guests: readonly Guest[] } | { readonly tell: 'filmed' }

/** What one sign-in shows for each camera, by stream. */
export type Guest = Readonly<Record<string, Readonly<Record<string, string>>>>

const FILMING = asId<StreamId>('filming')
const [PICTURE_MS, GOP] = [40, 50]
/** 1080p at 4 Mbit/s. */
const PICTURE_BYTES = 20_000
const INIT: InitSegment = { bytes: new Uint8Array(800), codec: 'avc1.640028', width: 1920, height: 1080, timescale: 90_000 }

const hub = openMemoryPacketHub()
const filmed = new Map<StreamId, number>()

process.on('message', (asked: DoorAsked) => {
  if (asked.ask === 'run') void run(asked.still, asked.signIns)
  else {
    for (const stream of filmed.keys()) if (stream !== FILMING) film(stream, asked.pictures)
    process.send?.({ tell: 'filmed' } satisfies DoorTold)
  }
})

function film(stream: StreamId, pictures: number): void {
  const from = filmed.get(stream) ?? 0
  for (let index = from; index < from + pictures; index += 1) {
    const bytes = new Uint8Array(PICTURE_BYTES)
    hub.publish(stream, { key: index % GOP === 0, atMs: systemClock.wallMs(), decodeTime: index * 3_600, durationTicks: 3_600, bytes, init: INIT })
  }
  filmed.set(stream, from + pictures)
}

async function run(count: number, signIns: number): Promise<void> {
  const still = Array.from({ length: count }, (_, index) => asId<StreamId>(`still-${index}`))
  const house = await openMediaHouse({ hub, clock: systemClock, streams: [...still, FILMING] })
  for (const stream of [...still, FILMING]) film(stream, GOP + 13)
  systemClock.every(PICTURE_MS, () => film(FILMING, 1))
  const guests: Guest[] = []
  for (let index = 0; index < signIns; index += 1) guests.push(guestOf(house.cameras, await house.signIn(`nguoi-${index}`)))
  process.send?.({ tell: 'running', url: house.url, still, filming: FILMING, guests } satisfies DoorTold)
}

function guestOf(cameras: readonly { readonly cameraId: Parameters<Viewer['headersFor']>[0]; readonly streamId: StreamId }[], viewer: Viewer): Guest {
  return Object.fromEntries(cameras.map(({ cameraId, streamId }) => [streamId, viewer.headersFor(cameraId)]))
}
