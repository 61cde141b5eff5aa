import sharp, { type Sharp } from 'sharp'
import type { Subject } from '../domain/evidence.js'
import type { CameraId } from '../domain/ids.js'
import type { Incident } from '../domain/incident.js'
import { findingOf, PLATE_AFTER_MS, PLATE_BEFORE_MS, type PlateAnchor, type PlateAnswer, type PlateCrop, type PlateReading, type SentCrop } from '../domain/plate.js'
import type { Packet } from '../media/packet.js'
import { makeSlots } from '../system/slots.js'
import { readAbout, type About } from './about.js'
import { keepBytes, type CaptureParts } from './capture.js'
import { writeName, type KeptName } from './kept-names.js'
import { Loss } from './loss.js'
import { cutClip } from './moment.js'

/** Who looks, and how, is not known here. Null: it could not be looked at. */
export type ReadPlate = (packets: readonly Packet[], anchor: PlateAnchor) => Promise<PlateAnswer | null>

export interface PlateCapture {
  /** When the last picture worth looking at should have arrived; null where an incident speaks of no vehicle, or of many. */
  dueMs(subject: Subject): Promise<number | null>
  /** Makes the reading, or rejects with a Loss. Asked again for what was read, it does nothing. */
  read(subject: Subject): Promise<void>
  /** The server stops: whoever waits for an answer waits no more. */
  giveUp(): void
}

/** Packets may reach us a little after their time. */
const SETTLE_MS = 300
/** Each holds some 3 MB of packets while it waits for its turn. */
const WAITING_MAX = 16
/** Longer than the slowest honest answer: models loaded anew on a busy machine, then nine large pictures. */
const READ_MS_MAX = 130_000

/** Reads the plate of the one vehicle that an incident speaks of, whether it called somebody or is held, and keeps what was read beside the picture that shows it. */
export function makePlateCapture(parts: CaptureParts & { readonly readPlate: ReadPlate }): PlateCapture {
  const { store, slots } = parts
  // One at a time, so that of the jobs that all evidence shares one is always left for stills and clips.
  const turns = makeSlots({ atOnceMax: 1, waitingMax: WAITING_MAX, full: () => new Loss('too_many', `more than ${WAITING_MAX} plates wait to be read`) })
  // A lamp that is stuck holds everybody who passes: of what is held one at most waits among those that called somebody.
  const heldTurns = makeSlots({ atOnceMax: 1, waitingMax: WAITING_MAX, full: () => new Loss('too_many', `more than ${WAITING_MAX} plates of what is held wait to be read`) })
  const turnsOf = ({ kind }: Subject): Pick<typeof turns, 'run'> => (kind === 'alert' ? turns : { run: (work) => heldTurns.run(() => turns.run(work)) })
  const ending = new AbortController()

  const aim = async (subject: Subject): Promise<Aimed | null> => {
    const about = await readAbout(store, subject)
    const anchor = about?.incident && anchorOf(about.incident)
    return about?.incident && anchor && !(await isMasked(parts, about.cameraId, anchor)) ? { about: { ...about, incident: about.incident }, anchor } : null
  }

  return {
    async dueMs(subject) {
      const aimed = await aim(subject)
      return aimed && aimed.anchor.atMs + PLATE_AFTER_MS + SETTLE_MS
    },
    async read(subject) {
      const aimed = await aim(subject)
      if (!aimed || (await store.plates.of(aimed.about.incident.id))) return
      const { about, anchor } = aimed
      // At once, before the queue: while a job waits, the hub forgets.
      const packets = await packetsAround(parts, about.cameraId, anchor.atMs)
      if (!packets) throw new Loss('no_packets', 'the camera’s main stream sent no picture around that moment')
      const answer = await turnsOf(subject).run(() => slots.run(() => inTime(parts, ending.signal, () => parts.readPlate(packets, anchor))))
      if (!answer) throw new Loss('job_failed', 'the plate could not be looked at')
      await record(parts, about, await keep(parts, about, answer))
    },
    giveUp: () => ending.abort(),
  }
}

interface Aimed {
  readonly about: About & { readonly incident: Incident }
  readonly anchor: PlateAnchor
}

/** An incident of many, or of somebody on foot, speaks of no one plate. */
function anchorOf({ witnesses }: Pick<Incident, 'witnesses'>): PlateAnchor | null {
  const [witness] = witnesses
  return witness && witnesses.length === 1 && witness.class !== 'person' ? { atMs: witness.atMs, box: witness.box } : null
}

/** Who stands half behind a privacy mask is looked at no more closely: the pictures that are looked at have none. */
async function isMasked({ masksDuring }: CaptureParts, cameraId: CameraId, { box, atMs }: PlateAnchor): Promise<boolean> {
  return (await masksDuring(cameraId, { fromMs: atMs, toMs: atMs })).some((mask) => {
    const [xs, ys] = [mask.map(({ x }) => x), mask.map(({ y }) => y)]
    return Math.min(...xs) < box.x2 && Math.max(...xs) > box.x1 && Math.min(...ys) < box.y2 && Math.max(...ys) > box.y1
  })
}

/** The main stream alone: what the sub stream shows of a plate is some ten pixels. One session, from a key picture. */
async function packetsAround({ streamsOf, hub, recall }: CaptureParts, cameraId: CameraId, atMs: number): Promise<readonly Packet[] | null> {
  const main = (await streamsOf(cameraId))?.main
  if (!main) return null
  const span = { fromMs: atMs - PLATE_BEFORE_MS, atMs, toMs: atMs + PLATE_AFTER_MS }
  const cut = (packets: readonly Packet[]): readonly Packet[] | null => cutClip(packets.filter((packet) => packet.atMs <= span.toMs), span)?.packets ?? null
  const remembered = cut(hub.recall(main, span.fromMs, span.toMs))
  if (remembered?.[0] && remembered[0].atMs <= atMs) return remembered
  // The hub forgot the key picture before the moment; the recording has it.
  return cut((await recall?.(main, span.fromMs, span.toMs)) ?? []) ?? remembered
}

function inTime<T>({ clock }: Pick<CaptureParts, 'clock'>, ending: AbortSignal, work: () => Promise<T>): Promise<T> {
  return new Promise((settle, fail) => {
    const stop = (): void => fail(new Loss('cancelled', 'the server stops'))
    if (ending.aborted) return stop()
    const onTime = clock.after(READ_MS_MAX, () => fail(new Loss('timed_out', `no answer within ${READ_MS_MAX / 1000} s`)))
    ending.addEventListener('abort', stop, { once: true })
    void Promise.resolve().then(work).then(settle, fail).finally(() => {
      onTime()
      ending.removeEventListener('abort', stop)
    })
  })
}

async function keep(parts: CaptureParts, { id, folder, incident }: Aimed['about'], { verdict, raw, enhanced, atMs }: PlateAnswer): Promise<PlateReading> {
  const found = { ...findingOf(verdict), incidentId: incident.id, looks: verdict.looks, readAtMs: parts.clock.wallMs() }
  if (verdict.kind === 'none' || verdict.kind === 'too_few') return { ...found, atMs: null, raw: null, enhanced: null }
  if (!raw || atMs === null) throw new Loss('internal', 'a plate was found, but no picture of it came')
  const lookAtMs = Math.round(atMs)
  const crop = async (kept: 'plate' | 'plate_enhanced', jpeg: Promise<Buffer>): Promise<PlateCrop> => {
    const name: KeptName = { kept, fromMs: lookAtMs, toMs: lookAtMs }
    return { file: `${folder}/${writeName(name)}`, sha256: (await keepBytes(parts, { id, folder }, name, await jpeg)).sha256 }
  }
  // Full colour resolution: JPEG's usual half would smear a letter of four pixels into its ground.
  const asSent = await crop('plate', open(raw).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer())
  return { ...found, atMs: lookAtMs, raw: asSent, enhanced: enhanced && (await crop('plate_enhanced', open(enhanced).jpeg({ quality: 90 }).toBuffer())) }
}

function open({ width, height, base64 }: SentCrop): Sharp {
  return sharp(Buffer.from(base64, 'base64'), { raw: { width, height, channels: 3 } })
}

/** The change log is told to many and for ever: it says that a plate was read, never what it says. */
async function record({ store, bus, clock }: CaptureParts, { line }: About, reading: PlateReading): Promise<void> {
  const facts = { kind: reading.kind, looks: reading.looks, agree: reading.kind === 'read' ? reading.agree : null }
  const seq = await store.transact(async (tx) => {
    await tx.plates.add(reading)
    return tx.changes.append({ ...line, what: 'plate_read', by: null, atMs: clock.wallMs(), facts })
  })
  bus.publish('changes.appended', { seq })
}
