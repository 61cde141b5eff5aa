import { ModelFault } from './detector.js'

/** Above any detector that keeps up with cameras (PicoDet-S has 4 MB, RT-DETR with its largest backbone some 170), below what would hurt the machine. */
export const MODEL_BYTES_MAX = 256 << 20

/**
 * Reads just enough of an ONNX file (a protobuf ModelProto) to judge it before the runtime sees it: is it whole, does it
 * stay inside itself, which notes did its author leave. Field numbers are those of onnx.proto, ONNX IR version 4 to 10.
 */
export interface WireFacts {
  /** Key-value notes of the author, for example the names of the classes. */
  readonly notes: ReadonlyMap<string, string>
}

type Shape = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse' | 'training' | 'function'

/** Which fields of a message hold further messages that may, deep inside, hold a tensor. */
const INSIDE: Readonly<Record<Shape, Readonly<Record<number, Shape>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node' },
  tensor: {},
}
const TENSOR_EXTERNAL_DATA = 13
const TENSOR_DATA_LOCATION = 14
const MODEL_GRAPH = 7
const MODEL_NOTES = 14
/** If / Loop bodies nest graphs; real models stay under ten messages deep. */
const DEPTH_MAX = 64

interface Field {
  readonly number: number
  readonly varint: number
  readonly bytes: Uint8Array | null
}

export function readWire(model: Uint8Array): WireFacts {
  const notes = new Map<string, string>()
  let graphs = 0
  const walk = (bytes: Uint8Array, shape: Shape, depth: number): void => {
    if (depth > DEPTH_MAX) throw broken('graphs are nested deeper than any real model')
    for (const field of fields(bytes)) {
      if (shape === 'tensor' && (field.number === TENSOR_EXTERNAL_DATA || (field.number === TENSOR_DATA_LOCATION && field.varint !== 0))) throw external()
      if (shape === 'model' && field.number === MODEL_GRAPH) graphs += 1
      if (shape === 'model' && field.number === MODEL_NOTES && field.bytes) notes.set(...readNote(field.bytes))
      const inner = INSIDE[shape][field.number]
      if (inner && field.bytes) walk(field.bytes, inner, depth + 1)
    }
  }
  walk(model, 'model', 0)
  if (graphs !== 1) throw broken('it holds no network (no graph)')
  return { notes }
}

function external(): ModelFault {
  return new ModelFault('model.external_data', 'the model keeps weights in another file (external_data), which could name any file of this machine', 'Save it again as one file: onnx.save(onnx.load(path), path, save_as_external_data=False).')
}

function broken(reason: string): ModelFault {
  return new ModelFault('model.bytes', `the file is not a whole ONNX model: ${reason}`, 'Copy the file again and compare its SHA-256 with the one its author names.')
}

/** One key and its value (StringStringEntryProto). */
function readNote(bytes: Uint8Array): [key: string, value: string] {
  const text = new TextDecoder()
  let key = ''
  let value = ''
  for (const field of fields(bytes)) {
    if (field.number === 1 && field.bytes) key = text.decode(field.bytes)
    if (field.number === 2 && field.bytes) value = text.decode(field.bytes)
  }
  return [key, value]
}

function* fields(bytes: Uint8Array): Generator<Field> {
  let at = 0
  const readVarint = (): number => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) throw broken('it ends in the middle of a number (cut short?)')
      // Numbers above 2^53 lose their low bits here: none of those we judge by is that large.
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw broken('a number runs on for ever')
  }
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw broken(`a part of ${length} bytes is announced where ${bytes.length - at} are left (cut short?)`)
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = readVarint()
    const number = Math.floor(tag / 8)
    if (number === 0) throw broken('it holds a field without a number')
    const kind = tag % 8
    if (kind === 0) yield { number, varint: readVarint(), bytes: null }
    else if (kind === 1) yield { number, varint: 0, bytes: take(8) }
    else if (kind === 2) yield { number, varint: 0, bytes: take(readVarint()) }
    else if (kind === 5) yield { number, varint: 0, bytes: take(4) }
    else throw broken(`it holds a field of unknown kind ${kind}`)
  }
}
