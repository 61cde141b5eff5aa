/** Writes tiny ONNX files by hand, so that tests can hold a model that is wrong in exactly one way. Field numbers: onnx.proto. */
export interface Port {
  readonly name: string
  readonly type: 'float32' | 'uint8' | 'int64'
  /** null: free. */
  readonly dims: readonly (number | null)[]
}

export interface Answer {
  readonly name: string
  readonly dims: readonly number[]
  readonly values: Float32Array | BigInt64Array
  /** Writes the tensor's place as a file name instead of its numbers. */
  readonly elsewhere?: string
  /** The answer is multiplied by this tensor of the network. */
  readonly times?: string
}

/** A step of the network; its whole numbers are attributes such as `axis` and `to`. */
export interface Step {
  readonly does: string
  readonly of: readonly string[]
  readonly gives: string
  readonly whole?: Readonly<Record<string, number>>
}

const ATTRIBUTE_INT = 2
/** Numbers of onnx.proto's TensorProto.DataType. */
const TYPES: Readonly<Record<Port['type'], number>> = { float32: 1, uint8: 2, int64: 7 }

/** A network that ignores its picture and gives the same answers, unless `steps` make something of its inputs. */
export function makeOnnx(network: { readonly inputs: readonly Port[]; readonly answers: readonly Answer[]; readonly notes?: Readonly<Record<string, string>>; readonly operator?: string; readonly steps?: readonly Step[] }): Uint8Array {
  const graph = Buffer.concat([
    ...(network.steps ?? []).map(({ does, of, gives, whole = {} }) => part(1, Buffer.concat([...of.map((name) => text(1, name)), text(2, gives), text(4, does), ...Object.entries(whole).map(([name, value]) => part(5, Buffer.concat([text(1, name), number(3, value), number(20, ATTRIBUTE_INT)])))]))),
    ...network.answers.map(({ name, times }) => part(1, Buffer.concat([text(1, `${name}_fixed`), ...(times ? [text(1, times)] : []), text(2, name), text(4, network.operator ?? (times ? 'Mul' : 'Identity'))]))),
    text(2, 'test'),
    ...network.answers.map((answer) => part(5, tensor(answer))),
    ...network.inputs.map((port) => part(11, portBytes(port))),
    ...network.answers.map((answer) => part(12, portBytes({ name: answer.name, type: answer.values instanceof BigInt64Array ? 'int64' : 'float32', dims: answer.dims }))),
  ])
  const notes = Object.entries(network.notes ?? {}).map(([key, value]) => part(14, Buffer.concat([text(1, key), text(2, value)])))
  return Buffer.concat([number(1, 8), part(7, graph), part(8, Buffer.concat([text(1, ''), number(2, 13)])), ...notes])
}

function tensor(answer: Answer): Buffer {
  const head = [...answer.dims.map((dim) => number(1, dim)), number(2, answer.values instanceof BigInt64Array ? TYPES.int64 : TYPES.float32), text(8, `${answer.name}_fixed`)]
  if (answer.elsewhere !== undefined) return Buffer.concat([...head, part(13, Buffer.concat([text(1, 'location'), text(2, answer.elsewhere)])), number(14, 1)])
  return Buffer.concat([...head, part(9, Buffer.from(answer.values.buffer, answer.values.byteOffset, answer.values.byteLength))])
}

function portBytes(port: Port): Buffer {
  const shape = Buffer.concat(port.dims.map((dim, at) => part(1, dim === null ? text(2, `free${at}`) : number(1, dim))))
  const type = part(1, Buffer.concat([number(1, TYPES[port.type]), part(2, shape)]))
  return Buffer.concat([text(1, port.name), part(2, type)])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left])
    bytes.push((left % 128) + 128)
  }
}

const number = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)])
const part = (field: number, bytes: Buffer): Buffer => Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes])
const text = (field: number, value: string): Buffer => part(field, Buffer.from(value))
