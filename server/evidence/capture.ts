import { readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { AFTER_MS, BEFORE_MS, type EvidenceItem, type Subject } from '../domain/evidence.js'
import type { Source } from '../domain/camera.js'
import type { CameraId, EvidenceId, StreamId } from '../domain/ids.js'
import type { Mask } from '../domain/privacy-mask.js'
import type { PacketHub } from '../flow/packet-hub.js'
import { coverPixels } from '../media/cover.js'
import type { Packet } from '../media/packet.js'
import type { Picture } from '../media/ppm.js'
import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import { pause, type Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import { runClipJob } from './clip-job.js'
import { keepFile, measureFile, writeDraft, type Kept } from './keep-file.js'
import { itemsOf, readAbout, type About } from './about.js'
import { mediaTypeOf, readName, writeName, type KeptName } from './kept-names.js'
import { Loss, lossOf, systemCodeOf } from './loss.js'
import { cutClip, cutStill, unite } from './moment.js'
import { decodeLast } from './picture.js'
import { makeSlots, type Slots } from '../system/slots.js'
import { writeCover } from './lay-cover.js'
import { captionOf, drawStill, plainStill } from './still.js'

/** What covers a camera's pictures of a span; it may be asked anew where it looked. */
export type MasksDuring = (cameraId: CameraId, span: { readonly fromMs: number; readonly toMs: number }) => Promise<readonly Mask[]>

export interface CaptureParts {
  readonly store: Store
  readonly hub: PacketHub
  readonly bus: Bus
  readonly clock: Clock
  readonly folder: string
  /** Path of ffmpeg; null where there is none. */
  readonly ffmpeg: string | null
  readonly runId: string
  readonly streamsOf: (cameraId: CameraId) => Promise<Source | null>
  readonly masksDuring: MasksDuring
  readonly slots: Slots
  /** What was recorded, where there is a recording: for moments that the hub does not remember any more (a restart, a long queue). */
  readonly recall?: (stream: StreamId, fromMs: number, toMs: number) => Promise<readonly Packet[]>
}
export interface Capture {
  /** Each makes its item and row, or rejects with a Loss. Asked again for what exists, they do nothing; a file that lost its row in a crash gets it back. */
  still(subject: Subject): Promise<void>
  clip(subject: Subject): Promise<void>
  /** Takes the pictures before the moment at once, so that the hub need not remember them until the clip is cut. */
  takeBefore(subject: Subject): Promise<void>
  /** When the clip's last picture should have arrived; null: there is none to be made. */
  clipDueMs(subject: Subject): Promise<number | null>
  noteLoss(subject: Subject, kind: EvidenceItem['kind'], loss: Loss): Promise<void>
  /** Whether it was said already that this cannot be had. */
  wasTold(subject: Subject, kind: EvidenceItem['kind']): Promise<boolean>
}

/** Drafts lie on the same disk as the kept files, so that renaming is one step. */
export const DRAFTS = '.drafts'

/** Packets may reach us a little after their time. */
const SETTLE_MS = 700
const BEHIND_MS_MAX = 3_000
/** The picture nearest to the moment may come a little after it. */
const STILL_AFTER_MS = 1_500

/** A lamp that is stuck holds everybody who passes: each that waits holds some 3 MB of packets. */
const HELD_WAITING_MAX = 16
/** Clips that wait for their last picture, with what came before it in memory: some 3 MB each. */
const EARLY_MAX = 32

type Facts = Readonly<Record<string, string | number | boolean | null>>

export function makeCapture(parts: CaptureParts): Capture {
  const { store, hub, clock } = parts
  // One at a time, so that of the jobs that all evidence shares one is always left for what calls somebody.
  const turns = makeSlots({ atOnceMax: 1, waitingMax: HELD_WAITING_MAX, full: () => new Loss('too_many', `more than ${HELD_WAITING_MAX} pieces of evidence of what is held wait to be made`) })
  const slotsFor = ({ kind }: Subject): Pick<Slots, 'run'> => (kind === 'alert' ? parts.slots : { run: (work) => turns.run(() => parts.slots.run(work)) })
  const read = (subject: Subject): Promise<About | null> => readAbout(store, subject)
  /** Whether the item exists already, or a whole file that lost its row in a crash could be taken up. */
  const has = async (about: About, kind: EvidenceItem['kind']): Promise<boolean> => (await itemsOf(store, about)).some((item) => item.kind === kind) || adopt(parts, about, kind)

  const still = async (subject: Subject): Promise<void> => {
    const about = await read(subject)
    if (!about || (await has(about, 'still'))) return
    const { incident, cameraId } = about
    const { picture, atMs, stream } = await takePicture({ ...parts, slots: slotsFor(subject) }, cameraId, Math.round(incident?.witnesses[0]?.atMs ?? about.atMs))
    const span = { fromMs: atMs, toMs: atMs }
    // Also the one that is called the original: what a mask covers is kept nowhere.
    coverPixels(picture, await parts.masksDuring(cameraId, span))
    const kept: KeptItem[] = []
    if (incident) {
      const camera = await store.cameras.get(cameraId)
      const caption = captionOf({ kind: incident.kind, reason: incident.reason, cameraName: camera?.name ?? '', atMs })
      kept.push(await keepBytes(parts, about, { kept: 'still', ...span }, await drawStill(picture, incident.witnesses, caption)))
    }
    kept.push(await keepBytes(parts, about, { kept: 'original', ...span }, await plainStill(picture)))
    await record(parts, about, kept, { stream })
  }

  const early = new Map<Subject['id'], ReadonlyMap<StreamId, readonly Packet[]>>()

  const takeBefore = async (subject: Subject): Promise<void> => {
    const about = await read(subject)
    // A flood must not fill the memory: from here on the hub's own has to do.
    if (!about || early.size >= EARLY_MAX) return
    const fromMs = about.atMs - BEFORE_MS
    const [first] = (await sources(parts, about.cameraId)).filter(({ id }) => hub.newestAtMs(id) !== null)
    if (first) early.set(subject.id, new Map([[first.id, hub.recall(first.id, fromMs, Infinity)]]))
  }

  const clip = async (subject: Subject): Promise<void> => {
    const taken = early.get(subject.id)
    early.delete(subject.id)
    const about = await read(subject)
    if (!about || (await has(about, 'clip'))) return
    const ffmpeg = toolOf(parts)
    const { atMs, cameraId } = about
    const span = { fromMs: atMs - BEFORE_MS, atMs, toMs: atMs + AFTER_MS }
    const streams = await sources(parts, cameraId)
    const cuts = streams.map(({ id, role }) => ({ role, cut: cutClip(unite(taken?.get(id) ?? [], hub.recall(id, span.fromMs, span.toMs)).filter((packet) => packet.atMs <= span.toMs), span) }))
    const cut = cuts.find((one) => one.cut !== null) ?? (await fromRecording(parts, streams, (packets) => cutClip(packets, span), span))
    if (!cut?.cut) throw new Loss('no_packets', 'the camera sent no picture from 5 s before to 5 s after')
    const { packets, fromMs, toMs, missingBeforeMs, missingAfterMs, interrupted } = cut.cut
    const draft = join(parts.folder, DRAFTS, subject.id)
    try {
      // At once, before the queue: while a job waits, the hub forgets.
      await writeDraft(`${draft}.fmp4`, fragments(packets))
      const cover = packets[0] ? await writeCover(`${draft}.png`, packets[0].init, await parts.masksDuring(cameraId, { fromMs, toMs })) : null
      await slotsFor(subject).run(() => runClipJob({ ffmpeg, runId: parts.runId, from: `${draft}.fmp4`, to: `${draft}.mp4`, codec: packets[0]?.init.codec ?? '', cover, clock }))
      const name = { kept: 'clip', fromMs, toMs } as const
      const kept = await keepFile(`${draft}.mp4`, parts.folder, `${about.folder}/${writeName(name)}`)
      await record(parts, about, [{ ...name, ...kept }], { stream: cut.role, ...(missingBeforeMs > 0 ? { missingBeforeMs } : {}), ...(missingAfterMs > 0 ? { missingAfterMs } : {}), ...(interrupted ? { interrupted } : {}) })
    } finally {
      for (const path of [`${draft}.fmp4`, `${draft}.mp4`, `${draft}.png`]) await unlink(path).catch(ignoreMissing)
    }
  }

  return {
    still: (subject) => still(subject).catch(rethrowLoss),
    clip: (subject) => clip(subject).catch(rethrowLoss),
    takeBefore,
    async clipDueMs(subject) {
      const about = await read(subject)
      return about?.incident ? about.atMs + AFTER_MS + SETTLE_MS : null
    },
    async noteLoss(subject, kind, loss) {
      const about = await read(subject)
      if (!about) return
      const seq = await store.changes.append({ ...about.line, what: 'evidence_missing', by: null, atMs: clock.wallMs(), facts: { ...about.facts, kind, why: loss.code, said: loss.message.slice(0, 200) } })
      parts.bus.publish('changes.appended', { seq })
    },
    async wasTold(subject, kind) {
      const about = await read(subject)
      return about !== null && (await store.changes.of(about.line.topic, about.line.entityId)).some(({ what, facts }) => what === 'evidence_missing' && facts['kind'] === kind && facts['repairId'] === about.facts['repairId'])
    },
  }
}

/** A final name stands for a whole file (keep-file.ts), and tells what its row needs. */
async function adopt(parts: CaptureParts, about: About, kind: EvidenceItem['kind']): Promise<boolean> {
  const folder = join(parts.folder, about.folder)
  const names = (await readdir(folder).catch(() => [])).map(readName).filter(isItem)
  const stills = about.incident ? (['still', 'original'] as const) : (['original'] as const)
  const wanted = kind === 'clip' ? names.filter(({ kept }) => kept === 'clip').slice(0, 1) : stills.flatMap((kept) => names.find((name) => name.kept === kept) ?? [])
  // Without the marked still the set is not whole: it is made again, from the packets, or told as missing.
  if (wanted[0]?.kept !== (kind === 'clip' ? 'clip' : stills[0])) return false
  const items = await Promise.all(wanted.map(async (name) => ({ ...name, ...(await measureFile(join(folder, writeName(name)))) })))
  await record(parts, about, items, { adopted: true })
  return true
}

/** The picture nearest to the moment, from the main stream or else the sub stream. */
async function takePicture(parts: Omit<CaptureParts, 'slots'> & { readonly slots: Pick<Slots, 'run'> }, cameraId: CameraId, atMs: number): Promise<{ readonly picture: Picture; readonly atMs: number; readonly stream: string }> {
  const decoder = { ffmpeg: toolOf(parts), runId: parts.runId, clock: parts.clock }
  const streams = await sources(parts, cameraId)
  // Eyes on the sub stream may be quicker than the main stream's packets; a stream that is long silent is not waited for.
  const behindMs = streams.map(({ id }) => atMs - (parts.hub.newestAtMs(id) ?? atMs))
  if (behindMs.some((ms) => ms > 0 && ms < BEHIND_MS_MAX)) await pause(parts.clock, SETTLE_MS)
  // Taken at once, before the queue: while a decode waits, the hub forgets.
  const cuts = streams.flatMap(({ id, role }) => {
    const cut = cutStill(parts.hub.recall(id, Math.min(atMs, parts.hub.newestAtMs(id) ?? atMs), atMs + STILL_AFTER_MS), atMs)
    return cut ? [{ role, cut }] : []
  })
  const recorded = cuts.length > 0 ? null : await fromRecording(parts, streams, (packets) => cutStill(packets, atMs), { fromMs: atMs, toMs: atMs + STILL_AFTER_MS })
  if (recorded) cuts.push(recorded)
  let loss = new Loss('no_packets', 'the camera sent no picture at that moment')
  for (const { role, cut } of cuts) {
    try {
      return { picture: await parts.slots.run(() => decodeLast(cut.packets, decoder)), atMs: cut.atMs, stream: role }
    } catch (fault) {
      loss = lossOf(fault)
      if (loss.code !== 'decode_failed') throw loss
    }
  }
  throw loss
}

/** The hub remembers nothing of a moment before a restart; the recording does. */
async function fromRecording<Cut>({ recall }: Pick<CaptureParts, 'recall'>, streams: readonly { readonly id: StreamId; readonly role: 'main' | 'sub' }[], cutOf: (packets: readonly Packet[]) => Cut | null, span: { readonly fromMs: number; readonly toMs: number }): Promise<{ readonly role: 'main' | 'sub'; readonly cut: Cut } | null> {
  for (const { id, role } of recall ? streams : []) {
    const cut = cutOf((await recall?.(id, span.fromMs, span.toMs)) ?? [])
    if (cut !== null) return { role, cut }
  }
  return null
}

async function sources({ streamsOf }: Pick<CaptureParts, 'streamsOf'>, cameraId: CameraId): Promise<readonly { readonly id: StreamId; readonly role: 'main' | 'sub' }[]> {
  const streams = await streamsOf(cameraId)
  if (!streams) return []
  return [{ id: streams.main, role: 'main' as const }, ...(streams.sub === null ? [] : [{ id: streams.sub, role: 'sub' as const }])]
}

function toolOf({ ffmpeg }: Pick<CaptureParts, 'ffmpeg'>): string {
  if (ffmpeg === null) throw new Loss('tools_missing', 'the server has no ffmpeg: apt-get install ffmpeg, then restart')
  return ffmpeg
}

/** A plate's crops are no still of the alert: they have a row of their own (plate.ts). */
type ItemName = KeptName & { readonly kept: 'still' | 'original' | 'clip' }
type KeptItem = ItemName & Kept

function isItem(name: KeptName | null): name is ItemName {
  return name !== null && name.kept !== 'plate' && name.kept !== 'plate_enhanced'
}

/** Writes a picture to the disk, for good, under the name that says what it is. */
export async function keepBytes<Name extends KeptName>(parts: Pick<CaptureParts, 'folder'>, { id, folder }: Pick<About, 'id' | 'folder'>, name: Name, bytes: Buffer): Promise<Name & Kept> {
  const draft = join(parts.folder, DRAFTS, `${id}-${name.kept}.jpg`)
  await writeDraft(draft, [bytes])
  return { ...name, ...(await keepFile(draft, parts.folder, `${folder}/${writeName(name)}`)) }
}

/** Rows and their line in the change log together, and only then the nudge: nobody hears of evidence that is not there. */
async function record({ store, bus, clock }: CaptureParts, about: About, kept: readonly KeptItem[], facts: Facts): Promise<void> {
  const madeAtMs = clock.wallMs()
  const items = kept.map((one, i): EvidenceItem => ({
    id: newId<EvidenceId>(),
    ...about.of,
    cameraId: about.cameraId,
    kind: one.kept === 'clip' ? 'clip' : 'still',
    file: `${about.folder}/${writeName(one)}`,
    bytes: one.bytes,
    sha256: one.sha256,
    mediaType: mediaTypeOf(one.kept),
    fromMs: one.fromMs,
    toMs: one.toMs,
    // Lists are ordered by this time and show the marked one first.
    madeAtMs: madeAtMs + i,
  }))
  const seq = await store.transact(async (tx) => {
    let newest = 0
    for (const item of items) {
      await tx.evidence.add(item)
      newest = await tx.changes.append({ ...about.line, what: 'evidence_added', by: null, atMs: madeAtMs, facts: { ...about.facts, kind: item.kind, evidenceId: item.id, sha256: item.sha256, bytes: item.bytes, fromMs: item.fromMs, toMs: item.toMs, ...facts } })
    }
    return newest
  })
  bus.publish('changes.appended', { seq })
}

function* fragments(packets: readonly { readonly bytes: Uint8Array; readonly init: { readonly bytes: Uint8Array } }[]): Generator<Uint8Array> {
  if (packets[0]) yield packets[0].init.bytes
  for (const packet of packets) yield packet.bytes
}

function rethrowLoss(fault: unknown): never {
  throw lossOf(fault)
}

function ignoreMissing(fault: unknown): void {
  if (systemCodeOf(fault) !== 'ENOENT') throw fault
}
