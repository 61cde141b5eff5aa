import type { StreamId } from '../domain/ids.js'
import type { Packet } from '../media/packet.js'
import type { PacketHub, PacketReader, WhenFull } from './packet-hub.js'
import { openMailbox, type Mailbox } from './mailbox.js'
import { openRemembered, type Remembered } from './remembered.js'

export interface HubCounters {
  readonly streams: number
  readonly readers: number
  readonly packets: number
  readonly bytes: number
  /** Packets that some reader did not get because its own mailbox was full. */
  readonly lost: number
  readonly rememberedBytes: number
}

export interface MemoryPacketHub extends PacketHub {
  counters(): HubCounters
}

interface Fan {
  readonly remembered: Remembered
  readonly readers: Set<Reader>
  /** False after interrupt: what is remembered is the past, and no viewer may be started on it as if it were now. */
  live: boolean
}

interface Reader {
  withinMs(): number
  offer(packet: Packet): void
  close(): void
}

/** A rule may speak some seconds late, and a clip reaches 5 s further back (evidence takes these at once). 9 s of 4 Mbit/s are 5 MB. */
const REMEMBER_MS = 9_000
/** What waits for nobody in particular: the memory, a recording. */
const PATIENT_MS = 150

/** The packet hub of one process. Publishing costs one call a reader and waits for nobody. */
export function openMemoryPacketHub(options: { readonly rememberMs?: number; readonly rememberBytesMax?: number } = {}): MemoryPacketHub {
  const bounds = { rememberMs: options.rememberMs ?? REMEMBER_MS, rememberBytesMax: options.rememberBytesMax ?? 48 << 20 }
  const fans = new Map<StreamId, Fan>()
  const count = { packets: 0, bytes: 0, lost: 0 }

  function fanOf(stream: StreamId): Fan {
    let fan = fans.get(stream)
    if (!fan) fans.set(stream, (fan = { remembered: openRemembered(bounds), readers: new Set(), live: false }))
    return fan
  }

  return {
    publish(stream, packet) {
      const fan = fanOf(stream)
      fan.live = true
      fan.remembered.add(packet)
      count.packets += 1
      count.bytes += packet.bytes.length
      for (const reader of fan.readers) reader.offer(packet)
    },
    interrupt(stream) {
      const fan = fans.get(stream)
      if (fan) fan.live = false
    },
    subscribe(stream, wish) {
      const fan = fanOf(stream)
      const start = wish.from === 'last_key' && fan.live ? fan.remembered.fromLastKey() : []
      // A remembered GOP longer than the reader's mailbox must not make it start with a loss.
      const mailbox = openMailbox<Packet>({ capacity: Math.max(wish.capacity, start.length + 1), whenFull: 'keep_queued' })
      const { reader, member } = attach(mailbox, { ...wish, withinMs: wish.withinMs ?? (() => PATIENT_MS), onLost: (lost) => (count.lost += lost), onClose: () => fan.readers.delete(member) })
      for (const packet of start) member.offer(packet)
      fan.readers.add(member)
      return reader
    },
    withinMs(stream) {
      let least = PATIENT_MS
      for (const reader of fans.get(stream)?.readers ?? []) least = Math.min(least, reader.withinMs())
      return least
    },
    recall: (stream, fromMs, toMs) => fans.get(stream)?.remembered.between(fromMs, toMs) ?? [],
    newestAtMs: (stream) => fans.get(stream)?.remembered.newestAtMs() ?? null,
    forget(stream) {
      const fan = fans.get(stream)
      fans.delete(stream)
      if (fan) for (const reader of fan.readers) reader.close()
    },
    counters() {
      const all = [...fans.values()]
      return { ...count, streams: fans.size, readers: all.reduce((sum, fan) => sum + fan.readers.size, 0), rememberedBytes: all.reduce((sum, fan) => sum + fan.remembered.bytes(), 0) }
    },
  }
}

/** One reader: starts with a key packet, and after every hole starts again with a key packet. */
function attach(
  mailbox: Mailbox<Packet>,
  options: { readonly whenFull: WhenFull; readonly capacity: number; withinMs(): number; onLost(count: number): void; onClose(): void },
): { readonly reader: PacketReader; readonly member: Reader } {
  let lost = 0
  let needsKey = true
  let inHole = false
  const lose = (packets: number): void => {
    lost += packets
    options.onLost(packets)
  }
  const close = (): void => {
    mailbox.close()
    options.onClose()
  }
  const member: Reader = {
    withinMs: () => options.withinMs(),
    close,
    offer(packet) {
      if (needsKey && !packet.key) {
        // Waiting for the first key packet is a beginning; waiting for one after a hole is part of the loss.
        if (inHole) lose(1)
        return
      }
      if (mailbox.put(packet)) {
        needsKey = inHole = false
        return
      }
      if (mailbox.closed) return
      inHole = true
      if (options.whenFull === 'mark_gap') {
        lose(1)
        needsKey = true
        return
      }
      // skip_to_key: what waits is old; drop it, and go on with this packet if it is a key, else with the next that is.
      lose(mailbox.clear() + (packet.key ? 0 : 1))
      if (packet.key) mailbox.put(packet)
      needsKey = !packet.key
      inHole = needsKey
    },
  }
  const reader: PacketReader = {
    get lost() {
      return lost
    },
    close,
    [Symbol.asyncIterator]() {
      const inner = mailbox[Symbol.asyncIterator]()
      return {
        next: () => inner.next(),
        return: async () => {
          close()
          return { done: true, value: undefined }
        },
      }
    },
  }
  return { reader, member }
}
