import { copyFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelFault } from '../../analytics/detect/detector.js'
import { fetchedFile, SHELF, type ShelfModel } from '../../models/shelf.js'
import type { LoadedModel } from '../../models/model-card.js'
import type { CameraId, ModelId, PersonId, UploadId } from '../domain/ids.js'
import { BUILT_IN, wordTrouble, type BroughtModel, type ModelTrouble } from '../domain/model.js'
import type { Format } from '../domain/seen.js'
import type { Words } from '../domain/words.js'
import type { Packet } from '../media/packet.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import type { Log } from '../system/log.js'
import { openModelFiles, sha256Of } from './model-files.js'
import { probeModel, type ProbeOptions } from './probe.js'
import { readModel } from './read-model.js'
import { openTrials, type Trial, type TrialModel, type Trials, type TrialSource, type WriteCover } from './trials.js'
import { openUploads, type Uploads } from './uploads.js'
import { cardOnDisk, compareWidths, type Compared } from './width-comparison.js'

/** A model as the watching stage takes it. */
export interface ModelToWatch {
  readonly name: string
  readonly bytes: Uint8Array
  readonly format: Format
  readonly inputWidth: number
  readonly inputHeight: number
}

export interface ModelsOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly folder: string
  readonly runId: string
  /** Null where there is none: then nothing can be tried on a clip. */
  readonly ffmpeg: string | null
  /** Null where the built-in file itself is missing or changed. */
  readonly builtIn: LoadedModel | null
  /** The same network in 8 bits. Left out or null where its file is missing or changed: then the built-in one watches in float. */
  readonly eightBits?: LoadedModel | null
  /** Changes the model of the running watching stage; rejects with a ModelFault, and then the one before goes on. Null: nothing watches. */
  readonly watch: ((model: ModelToWatch) => Promise<void>) | null
  /** What was recorded of a camera in its last seconds. */
  readonly recall: (cameraId: CameraId, fromMs: number, toMs: number) => Promise<readonly Packet[]>
  /** Covers what a camera's privacy masks cover, in whatever is shown of it. */
  readonly writeCover: WriteCover
  /** Models that `npm run models:fetch` knows. */
  readonly shelf?: readonly ShelfModel[]
  /** Another child and other bounds: for tests. */
  readonly probing?: Pick<ProbeOptions, 'memoryMb' | 'entry'>
}

export type Added =
  | { readonly is: 'added'; readonly model: BroughtModel }
  | { readonly is: 'not_whole' }
  | { readonly is: 'known'; readonly name: string }
  | { readonly is: 'refused'; readonly trouble: ModelTrouble }

export type Used = { readonly is: 'used' } | { readonly is: 'unknown' } | { readonly is: 'nothing_watches' } | { readonly is: 'refused'; readonly trouble: ModelTrouble }
export type Removed = 'removed' | 'unknown' | 'built_in' | 'in_use'
export type Begun = { readonly is: 'begun'; readonly trial: Trial } | { readonly is: 'no_clip' | 'no_tools' | 'unknown_model' | 'too_many' }

/** In which of its two files the built-in model watches here, and why. */
export type WidthInUse = Compared | { readonly use: 'float'; readonly because: 'not_compared' | 'no_file' }

export interface Notice {
  readonly said: Words
  readonly next: Words
}

export interface Models {
  readonly uploads: Uploads
  /** Which model watches now, which one was decided on, and what people must be told of the difference. */
  state(): Promise<{ readonly inUse: ModelId; readonly chosen: ModelId; readonly notice: Notice | null }>
  /** The same words for the state of the server, which must be told even while the database is away. */
  notice(): Notice | null
  /** Chosen once, after the start; until then, and for as long as a brought model watches, nothing was compared. */
  width(): WidthInUse
  /** Opens an uploaded file in a process that may die, and takes it in if it is good. */
  add(wish: { readonly uploadId: UploadId; readonly name: string; readonly licence: string; readonly attribution: string; readonly by: PersonId }): Promise<Added>
  /** Models that were fetched onto this machine and nobody has taken in yet. */
  offers(): Promise<readonly ShelfModel[]>
  /** Proves a fetched model and takes it in, as an uploaded one. Null: no such offer. */
  takeOffer(name: string, by: PersonId): Promise<Added | null>
  /** The file that watches now, for who looks at recordings with it; null: nothing watches. */
  watchingFile(): Promise<TrialModel | null>
  /** A file by its bytes, ours or brought, if it is still here: long work goes on with the model that it began with. */
  fileOf(sha256: string): Promise<TrialModel | null>
  remove(id: ModelId, by: PersonId): Promise<Removed>
  /** From now on this model watches, after a restart too. */
  use(id: ModelId, by: PersonId): Promise<Used>
  /**
   * Takes up what was decided before the restart; our own watches until then, and goes on if it cannot be done. Where our own is in
   * use, its two files are compared, and the 8-bit one takes over if it is the better one here.
   */
  resume(): Promise<void>
  tryOnUpload(wish: { readonly uploadId: UploadId; readonly modelIds: readonly ModelId[]; readonly by: PersonId }): Promise<Begun>
  /** A file of ours, such as the clip of an alert: it is copied and left as it is. */
  tryOnFile(wish: { readonly file: string; readonly cameraId: CameraId; readonly clip: string; readonly modelIds: readonly ModelId[]; readonly by: PersonId }): Promise<Begun>
  tryOnCamera(wish: { readonly cameraId: CameraId; readonly clip: string; readonly seconds: number; readonly modelIds: readonly ModelId[]; readonly by: PersonId }): Promise<Begun>
  readonly trials: Pick<Trials, 'get' | 'clipPath' | 'remove'>
  close(): Promise<void>
}

const CHOSEN = 'model.chosen'
/** The model that began to watch a moment ago: whoever finds this note at a start knows that the process before died of it, or just after it. */
const TAKING_UP = 'model.taking_up'
/** A model that crashes the runtime on a real picture does so within the first few; a minute is some thousands of them. */
const TRUSTED_AFTER_MS = 60_000

/** Models that people bring: each is proved in a process that may die before any camera depends on it. */
export async function openModels(options: ModelsOptions): Promise<Models> {
  const { store, clock, folder, runId, ffmpeg, builtIn, eightBits = null } = options
  const log = options.log.child({ stage: 'models' })
  const files = await openModelFiles(folder)
  const uploads = await openUploads({ folder: join(folder, 'incoming'), clock })
  const trials = await openTrials({ folder: join(folder, 'trials'), clock, log, ffmpeg: ffmpeg ?? '', runId, writeCover: options.writeCover, ...options.probing, onMeasured: async (evaluations) => { for (const one of evaluations) await store.models.addEvaluation(one) } })
  await files.sweep(new Set((await store.models.list()).map(({ sha256 }) => sha256)))
  let inUse = BUILT_IN
  let notice: Notice | null = null
  let width: WidthInUse = { use: 'float', because: eightBits ? 'not_compared' : 'no_file' }
  let turn: Promise<unknown> = Promise.resolve()
  let cancelTrust: (() => void) | null = null
  const closing = new AbortController()

  /** Coming, going and changing one after the other: two at once would speak of a list that the other changes. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }
  const probing: ProbeOptions = { clock, runId, signal: closing.signal, ...options.probing }
  const probe = (model: Parameters<typeof probeModel>[0]) => probeModel(model, probing)
  const note = (tx: Store, what: string, by: PersonId, facts: Readonly<Record<string, string | number | null>>) => tx.changes.append({ topic: 'person', entityId: by, areaId: null, what, by, atMs: clock.wallMs(), facts })

  /** A start that found the note would otherwise crash again, and again: the same model, the same pictures. */
  const trust = async (): Promise<void> => {
    cancelTrust?.()
    cancelTrust = null
    await store.notes.set(TAKING_UP, '')
  }
  const takeUp = async (id: ModelId): Promise<Used> => {
    cancelTrust?.()
    await store.notes.set(TAKING_UP, id)
    const used = await change(id).catch(async (fault: unknown) => {
      await trust()
      throw fault
    })
    if (used.is !== 'used' || id === BUILT_IN) await trust()
    else cancelTrust = clock.after(TRUSTED_AFTER_MS, () => void trust().catch((fault: unknown) => log.warn({ fault }, 'that a model can be trusted could not be noted')))
    return used
  }

  const add = async ({ uploadId, by, ...told }: Parameters<Models['add']>[0]): Promise<Added> => {
    const upload = await uploads.take(uploadId, by, 'model')
    return upload ? takeIn(upload, { ...told, by }) : { is: 'not_whole' }
  }
  const shelf = options.shelf ?? SHELF
  const offers = async (): Promise<readonly ShelfModel[]> => {
    const known = new Set((await store.models.list()).map(({ sha256 }) => sha256))
    const there = await Promise.all(shelf.map((one) => stat(fetchedFile(folder, one)).then(() => !known.has(one.sha256), () => false)))
    return shelf.filter((_, at) => there[at])
  }
  const takeOffer = async (name: string, by: PersonId): Promise<Added | null> => {
    const offer = (await offers()).find((one) => one.name === name)
    if (!offer) return null
    const path = join(folder, 'incoming', offer.sha256)
    await copyFile(fetchedFile(folder, offer), path)
    return takeIn({ path, bytes: offer.bytes }, { name: offer.title, licence: offer.licence, attribution: offer.attribution, by })
  }

  /** Proves a whole file and makes it one of ours; whatever comes of it, nothing is left where it lay. */
  const takeIn = async (upload: { readonly path: string; readonly bytes: number }, { by, ...told }: { readonly name: string; readonly licence: string; readonly attribution: string; readonly by: PersonId }): Promise<Added> => {
    try {
      const sha256 = await sha256Of(upload.path)
      const known = sha256 === builtIn?.card.sha256 ? { id: BUILT_IN, name: 'eyes', broken: null } : await store.models.bySha256(sha256)
      if (known && !known.broken) return { is: 'known', name: known.name }
      const probed = await probe({ name: told.name, file: upload.path, sha256 })
      if ('trouble' in probed) return { is: 'refused', trouble: probed.trouble }
      await files.keep(upload.path, sha256)
      if (known) await store.models.noteBroken(known.id, null)
      const model: BroughtModel = (known && (await store.models.get(known.id))) ?? { id: newId<ModelId>(), ...told, sha256, bytes: upload.bytes, ...probed.facts, thresholds: { other: 0.4 }, addedBy: by, addedAtMs: clock.wallMs(), broken: null }
      await store.transact(async (tx) => {
        if (!known) await tx.models.add(model)
        await note(tx, 'model_added', by, { modelId: model.id, name: model.name, sha256 })
      })
      return { is: 'added', model }
    } finally {
      await rm(upload.path, { force: true })
    }
  }

  /** Proves the file again, beside the running server, then changes; on any trouble the model before goes on. */
  const change = async (id: ModelId): Promise<Used> => {
    const { watch } = options
    if (!watch) return { is: 'nothing_watches' }
    const row = id === BUILT_IN ? null : await store.models.get(id)
    if (!row && !(id === BUILT_IN && builtIn)) return { is: 'unknown' }
    try {
      if (row) {
        const probed = await probe({ ...onDisk(row), file: files.pathOf(row.sha256) })
        if ('trouble' in probed) throw new ModelFault(probed.trouble.field, probed.trouble.message, probed.trouble.next)
        await watch(toWatch(row, await readModel(files.pathOf(row.sha256), row.sha256)))
        if (row.broken) await store.models.noteBroken(row.id, null)
      } else if (builtIn) await watch(ours(width.use === 'eight_bits' && eightBits ? eightBits : builtIn))
    } catch (fault) {
      if (!(fault instanceof ModelFault)) throw fault
      const { field, message, next } = fault
      if (row && /^model\.(file|sha256|graph|outputs|inputs|bytes)/.test(field)) await store.models.noteBroken(row.id, { field, message, next })
      return { is: 'refused', trouble: { field, message, next } }
    }
    inUse = id
    notice = null
    return { is: 'used' }
  }

  /** What was decided before the restart. Without it ours goes on, and people are told why. */
  const takeUpChosen = async (): Promise<void> => {
    const chosen = ((await store.notes.get(CHOSEN)) ?? BUILT_IN) as ModelId
    if (chosen === BUILT_IN || closing.signal.aborted) return
    const name = (await store.models.get(chosen))?.name ?? chosen
    const died = (await store.notes.get(TAKING_UP)) === chosen
    const used: Used = died ? { is: 'refused', trouble: DIED } : await takeUp(chosen)
    if (used.is === 'used' || used.is === 'nothing_watches' || closing.signal.aborted) return
    const why = used.is === 'refused' ? used.trouble : { field: 'model.file', message: 'the model is not in the list any more', next: 'Choose another model.' }
    const worded = wordTrouble(why)
    notice = { said: { vi: `Mô hình đã chọn “${name}” không dùng được (${worded.title.vi.toLowerCase()}); mô hình mặc định đang thay`, en: `The chosen model “${name}” cannot be used (${why.message}); the built-in one watches instead` }, next: worded.next }
    log.error({ modelId: chosen, ...why }, 'the chosen model cannot be used; the built-in one watches')
  }

  /** Which of our own two files watches here is measured, once a start, when ours first watches. A brought model in use is left alone. */
  const compare = async (): Promise<void> => {
    const { watch } = options
    if (!watch || !builtIn || !eightBits || inUse !== BUILT_IN || closing.signal.aborted) return
    const compared = await compareWidths({ float: cardOnDisk(builtIn.card), eight: cardOnDisk(eightBits.card) }, probing)
    if (closing.signal.aborted) return
    width = compared.use === 'eight_bits' ? await watch(ours(eightBits)).then(() => compared, refusedWidth) : compared
    if ('trouble' in width) log.warn({ ...width.trouble }, 'our model watches in float: its 8-bit file cannot be used')
    else log.info(width, width.use === 'eight_bits' ? 'our model watches in 8 bits' : 'our model watches in float')
  }

  const use = async (id: ModelId, by: PersonId): Promise<Used> => {
    const before = inUse
    const used = await takeUp(id)
    if (used.is !== 'used') return used
    try {
      await store.transact(async (tx) => {
        await tx.notes.set(CHOSEN, id)
        await note(tx, 'model_chosen', by, { modelId: id, before })
      })
    } catch (fault) {
      // What is not on record must not watch: the next start would know nothing of it.
      await change(before)
      throw fault
    }
    log.info({ modelId: id, before }, 'another model watches')
    return used
  }

  const brought = (row: BroughtModel): TrialModel => ({ id: row.id, ...onDisk(row), file: files.pathOf(row.sha256) })
  const ownFiles = (): readonly TrialModel[] => [builtIn, eightBits].flatMap((own) => (own ? [{ id: BUILT_IN, ...cardOnDisk(own.card) }] : []))
  const trialModels = async (ids: readonly ModelId[]): Promise<readonly TrialModel[] | null> => {
    const found = await Promise.all(ids.map(async (id): Promise<TrialModel | null> => {
      if (id === BUILT_IN) return builtIn && { id, ...cardOnDisk(builtIn.card) }
      const row = await store.models.get(id)
      return row && brought(row)
    }))
    return found.every((one) => one !== null) ? found : null
  }
  const begin = async (source: TrialSource, { clip, modelIds, by }: { readonly clip: string; readonly modelIds: readonly ModelId[]; readonly by: PersonId }): Promise<Begun> => {
    const models = await trialModels(modelIds)
    if (!models) return { is: 'unknown_model' }
    const trial = await trials.begin({ source, clip, models, by })
    if (!trial) return { is: 'too_many' }
    await note(store, 'model_tried', by, { trialId: trial.id, models: modelIds.join(' '), clip })
    return { is: 'begun', trial }
  }

  return {
    uploads,
    trials,
    async state() {
      return { inUse, chosen: ((await store.notes.get(CHOSEN)) ?? BUILT_IN) as ModelId, notice }
    },
    notice: () => notice,
    width: () => width,
    add: (wish) => inTurn(() => add(wish)),
    offers,
    takeOffer: (name, by) => inTurn(() => takeOffer(name, by)),
    async use(id, by) {
      const used = await inTurn(() => use(id, by))
      // Who takes our own model back waits for no comparison: it watches in float until that is done.
      if (used.is === 'used' && 'because' in width && width.because === 'not_compared') void inTurn(compare).catch((fault: unknown) => log.warn({ fault }, 'the two files of our model could not be compared'))
      return used
    },
    async fileOf(sha256) {
      const row = await store.models.bySha256(sha256)
      return ownFiles().find((own) => own.sha256 === sha256) ?? (row && brought(row))
    },
    async watchingFile() {
      if (!options.watch) return null
      if (inUse === BUILT_IN) return (width.use === 'eight_bits' ? ownFiles().at(-1) : ownFiles()[0]) ?? null
      const row = await store.models.get(inUse)
      return row && brought(row)
    },
    remove: (id, by) =>
      inTurn(async () => {
        if (id === BUILT_IN) return 'built_in'
        const row = await store.models.get(id)
        if (!row) return 'unknown'
        if (id === inUse) return 'in_use'
        await store.transact(async (tx) => {
          await tx.models.remove(id)
          if ((await tx.notes.get(CHOSEN)) === id) await tx.notes.set(CHOSEN, BUILT_IN)
          await note(tx, 'model_removed', by, { modelId: id, name: row.name, sha256: row.sha256 })
        })
        await files.remove(row.sha256)
        notice = null
        return 'removed'
      }),
    resume: () =>
      inTurn(async () => {
        await takeUpChosen()
        await compare()
      }),
    async tryOnUpload({ uploadId, modelIds, by }) {
      if (!ffmpeg) return { is: 'no_tools' }
      const upload = await uploads.take(uploadId, by, 'clip')
      if (!upload) return { is: 'no_clip' }
      const begun = await begin({ kind: 'file', path: upload.path, cameraId: null }, { clip: upload.name, modelIds, by })
      if (begun.is !== 'begun') await rm(upload.path, { force: true })
      return begun
    },
    async tryOnFile({ file, cameraId, clip, modelIds, by }) {
      if (!ffmpeg) return { is: 'no_tools' }
      const path = join(folder, 'incoming', newId())
      await copyFile(file, path)
      const begun = await begin({ kind: 'file', path, cameraId }, { clip, modelIds, by })
      if (begun.is !== 'begun') await rm(path, { force: true })
      return begun
    },
    async tryOnCamera({ cameraId, clip, seconds, modelIds, by }) {
      if (!ffmpeg) return { is: 'no_tools' }
      const toMs = clock.wallMs()
      const packets = await options.recall(cameraId, toMs - seconds * 1000, toMs)
      return packets.length === 0 ? { is: 'no_clip' } : begin({ kind: 'packets', packets, cameraId }, { clip, modelIds, by })
    },
    async close() {
      closing.abort()
      await turn
      if (cancelTrust) await trust()
      await trials.close()
      await uploads.close()
    },
  }
}

const DIED: ModelTrouble = { field: 'model.crashed', message: 'the server ended suddenly within a minute after it had begun to watch', next: 'Try it on clips; use it again only if they go well.' }

function onDisk(row: BroughtModel): Omit<TrialModel, 'id' | 'file'> {
  return { name: row.id, sha256: row.sha256, format: row.format, input: row.input, thresholds: row.thresholds }
}

/** Both files of our model watch under the same card: only the bytes differ. */
function ours({ card, bytes }: LoadedModel): ModelToWatch {
  return toWatch({ ...card, name: card.id }, bytes)
}

function refusedWidth(fault: unknown): WidthInUse {
  if (!(fault instanceof ModelFault)) throw fault
  const { field, message, next } = fault
  return { use: 'float', because: 'refused', trouble: { field, message, next } }
}

function toWatch({ name, format, input }: Pick<BroughtModel, 'name' | 'format' | 'input'>, bytes: Uint8Array): ModelToWatch {
  return { name, bytes, format, inputWidth: input.width, inputHeight: input.height }
}
