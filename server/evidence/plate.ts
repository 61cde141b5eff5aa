import sharp, { type Sharp } from 'sharp'
import type { Alert } from '../domain/alert.js'
import type { AlertId, CameraId } from '../domain/ids.js'
import type { Incident } from '../domain/incident.js'
import { findingOf, PLATE_AFTER_MS, PLATE_BEFORE_MS, type PlateAnchor, type PlateAnswer, type PlateCrop, type PlateReading, type SentCrop } from '../domain/plate.js'
import type { Packet } from '../media/packet.js'
import { makeSlots } from '../system/slots.js'
import { keepBytes, type CaptureParts } from './capture.js'
import { folderOf, writeName, type KeptName } from './kept-names.js'
import { Loss } from './loss.js'
import { cutClip } from './moment.js'

/** Who looks, and how, is not known here. Null: it could not be looked at. */
export type ReadPlate = (packets: readonly Packet[], anchor: PlateAnchor) => Promise<PlateAnswer | null>

export interface PlateCapture {
  /** When the last picture worth looking at should have arrived; null where an alert speaks of no vehicle, or of many. */
  dueMs(alertId: AlertId): Promise<number | null>
  /** Makes the alert's reading, or rejects with a Loss. Asked again for what was read, it does nothing. */
  read(alertId: AlertId): Promise<void>
  /** The server stops: whoever waits for an answer waits no more. */
  giveUp(): void
}

/** Packets may reach us a little after their time. */
const SETTLE_MS = 300
/** Each holds some 3 MB of packets while it waits for its turn. */
const WAITING_MAX = 16
/** Longer than the slowest honest answer: models loaded anew on a busy machine, then nine large pictures. */
const READ_MS_MAX = 130_000

/** Reads the plate of the one vehicle that an alert speaks of, and keeps what was read beside the picture that shows it. */
export function makePlateCapture(parts: CaptureParts & { readonly readPlate: ReadPlate }): PlateCapture {
  const { store, slots } = parts
  // One at a time, so that of the jobs that all evidence shares one is always left for stills and clips.
  const turns = makeSlots({ atOnceMax: 1, waitingMax: WAITING_MAX, full: () => new Loss('too_many', `more than ${WAITING_MAX} plates wait to be read`) })
  const ending = new AbortController()

  const aim = async (alertId: AlertId): Promise<{ readonly alert: Alert; readonly anchor: PlateAnchor } | null> => {
    const alert = await store.alerts.get(alertId)
    const incident = alert && (await store.incidents.get(alert.incidentId))
    const anchor = incident && anchorOf(incident)
    return alert && anchor && !(await isMasked(parts, alert.cameraId, anchor)) ? { alert, anchor } : null
  }

  return {
    async dueMs(alertId) {
      const aimed = await aim(alertId)
      return aimed && aimed.anchor.atMs + PLATE_AFTER_MS + SETTLE_MS
    },
    async read(alertId) {
      const aimed = await aim(alertId)
      if (!aimed || (await store.plates.of(alertId))) return
      const { alert, anchor } = aimed
      // At once, before the queue: while a job waits, the hub forgets.
      const packets = await packetsAround(parts, alert.cameraId, anchor.atMs)
      if (!packets) throw new Loss('no_packets', 'the camera’s main stream sent no picture around that moment')
      const answer = await turns.run(() => slots.run(() => inTime(parts, ending.signal, () => parts.readPlate(packets, anchor))))
      if (!answer) throw new Loss('job_failed', 'the plate could not be looked at')
      await record(parts, alert, await keep(parts, alert, answer))
    },
    giveUp: () => ending.abort(),
  }
}

/** An alert about many, or about somebody on foot, speaks of no one plate. */
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

async function keep(parts: CaptureParts, alert: Alert, { verdict, raw, enhanced, atMs }: PlateAnswer): Promise<PlateReading> {
  const found = { ...findingOf(verdict), alertId: alert.id, looks: verdict.looks, readAtMs: parts.clock.wallMs() }
  if (verdict.kind === 'none' || verdict.kind === 'too_few') return { ...found, atMs: null, raw: null, enhanced: null }
  if (!raw || atMs === null) throw new Loss('internal', 'a plate was found, but no picture of it came')
  const lookAtMs = Math.round(atMs)
  const folder = folderOf({ id: alert.id, atMs: alert.raisedAtMs })
  const crop = async (kept: 'plate' | 'plate_enhanced', jpeg: Promise<Buffer>): Promise<PlateCrop> => {
    const name: KeptName = { kept, fromMs: lookAtMs, toMs: lookAtMs }
    return { file: `${folder}/${writeName(name)}`, sha256: (await keepBytes(parts, { id: alert.id, folder }, name, await jpeg)).sha256 }
  }
  // Full colour resolution: JPEG's usual half would smear a letter of four pixels into its ground.
  const asSent = await crop('plate', open(raw).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer())
  return { ...found, atMs: lookAtMs, raw: asSent, enhanced: enhanced && (await crop('plate_enhanced', open(enhanced).jpeg({ quality: 90 }).toBuffer())) }
}

function open({ width, height, base64 }: SentCrop): Sharp {
  return sharp(Buffer.from(base64, 'base64'), { raw: { width, height, channels: 3 } })
}

/** The change log is told to many and for ever: it says that a plate was read, never what it says. */
async function record({ store, bus, clock }: CaptureParts, alert: Alert, reading: PlateReading): Promise<void> {
  const facts = { kind: reading.kind, looks: reading.looks, agree: reading.kind === 'read' ? reading.agree : null }
  const seq = await store.transact(async (tx) => {
    await tx.plates.add(reading)
    return tx.changes.append({ topic: 'alert', entityId: alert.id, areaId: alert.areaId, what: 'plate_read', by: null, atMs: clock.wallMs(), facts })
  })
  bus.publish('changes.appended', { seq })
}
