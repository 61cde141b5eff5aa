import { ModelFault } from '../detect/detector.js'
import type { Graph, TensorNote } from '../detect/onnx-session.js'
import type { Size } from '../detect/letterbox.js'

/** Which half of a pair: it names the fault of a model that was refused. */
export type Half = 'plate-finder' | 'plate-reader'

/** How a half speaks: as ours do (models/training/plates/export.py), or as detectors of the families YOLOv5 and YOLOv8 do. */
export type PlateForm = 'ours' | 'yolo'

type Ports = Pick<Graph, 'inputs' | 'outputs'>

const OURS: Readonly<Record<Half, { readonly inputs: readonly string[]; readonly outputs: readonly string[] }>> = {
  'plate-finder': { inputs: ['frame', 'windows'], outputs: ['scores', 'corners', 'two'] },
  'plate-reader': { inputs: ['frame', 'corners', 'two'], outputs: ['letters', 'colour'] },
}

/** The form that both halves have, told by their inputs and outputs. Throws a ModelFault that names the half at fault. Pure. */
export function formOfPair(finder: Ports, reader: Ports): PlateForm {
  const forms = [formOf('plate-finder', finder), formOf('plate-reader', reader)] as const
  if (forms[0] === forms[1]) return forms[0]
  throw new ModelFault('plate-reader', `the plate-finder is ${WORDS[forms[0]]}, the plate-reader is ${WORDS[forms[1]]}: both must be of one form`, 'Give both halves of one pair.')
}

const WORDS: Readonly<Record<PlateForm, string>> = { ours: 'of our own form', yolo: 'a YOLO detector' }

export function formOf(half: Half, { inputs, outputs }: Ports): PlateForm {
  const lacks = [...lacking(OURS[half].inputs, inputs), ...lacking(OURS[half].outputs, outputs)]
  if (lacks.length === 0) return 'ours'
  if (inputs.length === 1 && isPicture(inputs[0]!)) return 'yolo'
  throw new ModelFault(half, `the ${half} has no input or output named ${lacks.join(', ')}, as ours has; and its inputs are ${inputs.map(wordPort).join(', ')}, where a YOLO detector has one picture, float32 1x3xHxW`, 'Export it as models/training/plates/export.py does, or as YOLOv5 and YOLOv8 export to ONNX (float32, batch 1).')
}

function lacking(wanted: readonly string[], ports: readonly TensorNote[]): readonly string[] {
  return wanted.filter((name) => !ports.some((port) => port.name === name))
}

function isPicture({ type, dims }: TensorNote): boolean {
  return type === 'float32' && dims.length === 4 && (dims[0] ?? 1) === 1 && (dims[1] ?? 3) === 3
}

function wordPort({ name, type, dims }: TensorNote): string {
  return `“${name}” ${type} ${dims.map((dim) => dim ?? 'any').join('x')}`
}

/** The size at which a YOLO half looks; `free` where its file leaves it free. Throws a ModelFault for one that cannot be used. Pure. */
export function inputSizeOf(half: Half, { dims }: TensorNote, free: Size): Size {
  const size = { height: dims[2] ?? free.height, width: dims[3] ?? free.width }
  if (Object.values(size).every((length) => length % 32 === 0 && length >= 32 && length <= SIDE_MAX)) return size
  throw new ModelFault(half, `the ${half} looks at pictures of ${size.width}x${size.height}; multiples of 32 from 32 to ${SIDE_MAX} can be used`, 'Export it for 640x640, or for 320x320, which costs a quarter.')
}

/** Four times the pixels of 640x640: one look then takes a second of one core. */
const SIDE_MAX = 1280

/** Says of which half a fault is: files are told apart by it. */
export async function blaming<Made>(half: Half, work: () => Promise<Made> | Made): Promise<Made> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ModelFault) || error.field === half) throw error
    throw new ModelFault(half, `the ${half} cannot be used: ${error.message}`, error.next)
  }
}
