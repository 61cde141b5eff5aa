import type { Detection, ObjectClass } from '../detection.js'
import type { Frame } from '../frame.js'
import { namesNoted } from './class-names.js'
import { COCO_NAMES, streetClass } from './coco-classes.js'
import { eyesDecoder } from './decode-eyes.js'
import { picodetDecoder } from './decode-picodet.js'
import { rtdetrDecoder, rtdetrExportDecoder } from './decode-rtdetr.js'
import { yolov8Decoder } from './decode-yolov8.js'
import { yoloxDecoder } from './decode-yolox.js'
import { type Claim, type Decoder, FORMATS, type Format, gridCells, STRIDES } from './decoder.js'
import { type Detector, ModelFault } from './detector.js'
import { joinRiders, withoutRiders } from './join-riders.js'
import { fitInto, type Fit, letterbox, PAD_GREY, type Size, toPicture } from './letterbox.js'
import { type FloatTensor, type OnnxSession, openOnnx, type RunsOn, type Tensor, type TensorNote } from './onnx-session.js'
import { isSameClaim, suppress } from './suppress.js'

/** Scores from which a claim counts, by class; `other` for classes not named. */
export type Thresholds = Readonly<Record<string, number>> & { readonly other: number }

export interface OnnxDetectorOptions {
  readonly model: Uint8Array
  readonly name: string
  /** Told from the model's inputs and outputs when absent. */
  readonly format?: Format
  /** Only for models that leave their input size free; multiples of 32. */
  readonly inputWidth?: number
  readonly inputHeight?: number
  readonly thresholds?: Thresholds
  /** Each class is suppressed by itself, as detectors are compared; a van may then be a car and a truck. */
  readonly eachClassApart?: true
}

/** What the first try told of the model. */
export interface OnnxDetector extends Detector {
  readonly format: Format
  readonly classes: readonly ObjectClass[]
  /** The size of picture it looks at. */
  readonly input: Size
  /** Pictures on the grid of 32 pixels are looked at as they are, whatever their shape, up to so many pixels; null: all are fitted into `input`. */
  readonly freePixelsMax: number | null
  readonly runsOn: RunsOn
}

const DECODERS: Readonly<Record<Format, readonly Decoder[]>> = { eyes: [eyesDecoder], yolox: [yoloxDecoder], yolov8: [yolov8Decoder], picodet: [picodetDecoder], rtdetr: [rtdetrDecoder, rtdetrExportDecoder] }
/** Where these families' precision and recall meet on street pictures; our own model brings its own in the catalogue. */
const THRESHOLDS: Thresholds = { other: 0.4 }

/**
 * Opens a model, tries it once on a grey picture and checks what it answers, so that a wrong model is refused when it is
 * chosen and not when the first car passes.
 */
export async function makeOnnxDetector(options: OnnxDetectorOptions): Promise<OnnxDetector> {
  const session = await openOnnx(options.model)
  try {
    const input = session.picture
    const candidates = options.format ? fitting(DECODERS[options.format], session) : guessFormats(session)
    const { decoder, size: agreed, classes } = await tryOnGrey(session, input, candidates, options)
    const thresholds = options.thresholds ?? THRESHOLDS
    const ridersApart = classes.length === COCO_NAMES.length
    const scoreMins = classes.map((name) => thresholds[name] ?? thresholds.other)
    return {
      name: options.name,
      format: decoder.format,
      classes,
      input: agreed,
      freePixelsMax: leavesSizeFree(decoder, input) ? agreed.width * agreed.height : null,
      runsOn: session.runsOn,
      async detect(frames) {
        const answers: (readonly Detection[])[] = []
        const size = frames[0] && leavesSizeFree(decoder, input) ? ownSize(frames[0], agreed) : agreed
        for (const group of inGroups(frames, batchMax(input))) {
          const fits = group.map((frame) => fitInto(checkFrame(frame), size, decoder.placing))
          const outputs = await ask(session, decoder, { tensor: decoder.pack(group.map((frame, at) => letterbox(frame.rgb, fits[at]!)), size), size })
          const claims = decoder.read(outputs, size, group.length, scoreMins)
          group.forEach((_, at) => {
            const found = suppress(detectionsOf(claims[at]!, fits[at]!, classes), options.eachClassApart && isSameClaim)
            answers.push(ridersApart ? joinRiders(found) : withoutRiders(found))
          })
        }
        return answers
      },
      close: () => session.close(),
    }
  } catch (error) {
    await session.close()
    throw error
  }
}

function detectionsOf(claims: readonly Claim[], fit: Fit, classes: readonly ObjectClass[]): readonly Detection[] {
  return claims.flatMap((claim) => {
    const box = toPicture(fit, claim.x1, claim.y1, claim.x2, claim.y2)
    return box ? [{ class: classes[claim.classAt]!, score: Math.min(1, claim.score), box }] : []
  })
}

function checkFrame(frame: Frame): Frame {
  const wanted = frame.width * frame.height * 3
  if (frame.rgb.length !== wanted) throw new RangeError(`a frame of ${frame.width}x${frame.height} has ${frame.rgb.length} bytes; ${wanted} are wanted`)
  return frame
}

/** Eight pictures are 6 MB at 640x384: enough to share a call, too few to matter in memory. */
const BATCH_MAX = 8

/** Only our own format takes several pictures at once, and only where the model left their number free. */
function batchMax(input: TensorNote): number {
  return input.type === 'uint8' ? (input.dims[0] ?? BATCH_MAX) : 1
}

function inGroups(frames: readonly Frame[], size: number): readonly (readonly Frame[])[] {
  return Array.from({ length: Math.ceil(frames.length / size) }, (_, at) => frames.slice(at * size, (at + 1) * size))
}

/** Families that take a picture of this kind; which of them it is, the outputs of the first try tell. */
function guessFormats(session: OnnxSession): readonly Decoder[] {
  const input = session.picture
  const named = fitting(DECODERS.rtdetr, session).filter((decoder) => hasAll(session, decoder))
  if (named.length > 0) return named
  if (session.size) throw new ModelFault('model.inputs', `the model wants to be told “${session.size.name}” and does not answer with labels, boxes and scores`, 'Export the model without its extra inputs.')
  if (input.type === 'uint8' && input.dims.length === 4 && input.dims[3] === 3) return [eyesDecoder]
  if (input.type === 'float32' && input.dims.length === 4 && (input.dims[1] === 3 || input.dims[1] === null)) return session.outputs.length > 1 ? [picodetDecoder] : [yoloxDecoder, yolov8Decoder]
  throw new ModelFault('model.inputs', `the input “${input.name}” is ${input.type} ${input.dims.map((dim) => dim ?? 'any').join('x')}; a picture is uint8 [N,H,W,3] or float32 [1,3,H,W]`, `Export the model as one of ${FORMATS.join(', ')}.`)
}

/** Of decoders of one family those whose outputs the model names; where it names none of them, the first will say what is missing. */
function fitting(decoders: readonly Decoder[], session: OnnxSession): readonly Decoder[] {
  const found = decoders.filter((decoder) => hasAll(session, decoder))
  return found.length > 0 ? found : decoders.slice(0, 1)
}

function hasAll({ outputs }: OnnxSession, { wants }: Decoder): boolean {
  return (wants ?? []).every((wanted) => outputs.some(({ name }) => name === wanted))
}

/** Shows the network a picture; its outputs come as the decoder wants them. */
async function ask(session: OnnxSession, decoder: Decoder, { tensor, size }: { readonly tensor: Tensor; readonly size: Size }): Promise<readonly FloatTensor[]> {
  const outputs = await session.run(tensor, decoder.sizeTensor?.(size))
  return decoder.wants?.flatMap((wanted) => outputs[session.outputs.findIndex(({ name }) => name === wanted)] ?? []) ?? outputs
}

interface Agreed {
  readonly decoder: Decoder
  readonly size: Size
  readonly classes: readonly ObjectClass[]
}

async function tryOnGrey(session: OnnxSession, input: TensorNote, candidates: readonly Decoder[], options: OnnxDetectorOptions): Promise<Agreed> {
  const last = candidates.at(-1)
  for (const decoder of candidates) {
    const size = inputSize(decoder, input, options)
    const outputs = await ask(session, decoder, { tensor: decoder.pack([new Uint8Array(size.width * size.height * 3).fill(PAD_GREY)], size), size })
    if (decoder !== last && !liesUpright(outputs, size)) continue
    const counted = decoder.countClasses(outputs, size, 1)
    const classes = nameClasses(session.notes, decoder.classesUntold ? null : counted)
    // Numbers are checked where a claim is made, so the lowest bar that an empty grey picture may be asked for is used.
    decoder.read(outputs, size, 1, classes.map(() => GREY_SCORE_MIN))
    return { decoder, size, classes }
  }
  throw new Error('no format was tried') // unreachable: guessFormats answers at least one
}

const GREY_SCORE_MIN = 0.5

/** YOLOX has a row for each cell of the grid, YOLOv8 a column. */
function liesUpright(outputs: readonly FloatTensor[], size: Size): boolean {
  return outputs[0]?.dims[1] === gridCells(size, STRIDES).length
}

function inputSize(decoder: Decoder, input: TensorNote, options: OnnxDetectorOptions): Size {
  const [height, width] = decoder.format === 'eyes' ? [input.dims[1], input.dims[2]] : [input.dims[2], input.dims[3]]
  const size = { width: width ?? options.inputWidth ?? decoder.sizeFree.width, height: height ?? options.inputHeight ?? decoder.sizeFree.height }
  for (const [field, length] of Object.entries(size)) {
    if (length % 32 !== 0 || length < 32 || length > 2048) throw new ModelFault(`model.input.${field}`, `an input ${field} of ${length} cannot be used`, 'Choose a multiple of 32 from 32 to 2048.')
  }
  return size
}

function leavesSizeFree(decoder: Decoder, input: TensorNote): boolean {
  return decoder === eyesDecoder && input.dims[1] === null && input.dims[2] === null
}

/** Our own network takes a picture of any shape on its grid: one that costs no more than the agreed size is not touched. */
function ownSize(frame: Size, agreed: Size): Size {
  const fits = frame.width % 32 === 0 && frame.height % 32 === 0 && frame.width * frame.height <= agreed.width * agreed.height
  return fits ? { width: frame.width, height: frame.height } : agreed
}

/** Ultralytics notes them under "names", our own export as a list under "classes". `count` null: nobody else tells. */
function nameClasses(notes: ReadonlyMap<string, string>, count: number | null): readonly ObjectClass[] {
  const ours = notes.get('classes')?.split(',') ?? []
  if (fits(ours)) return ours.map(streetClass)
  const theirs = namesNoted(notes)
  if (fits(theirs)) return theirs.map(streetClass)
  if (count === null || count === COCO_NAMES.length) return COCO_NAMES.map(streetClass)
  return Array.from({ length: count }, (_, at) => `class_${at}`)

  function fits(names: readonly string[]): boolean {
    return names.length > 0 && names.length === (count ?? names.length)
  }
}
