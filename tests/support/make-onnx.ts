/** Writes tiny ONNX files by hand, so that tests can hold a model that is wrong in exactly one way. Field numbers: onnx.proto. */
export interface Port {
  readonly name: string
  readonly type: 'float32' | 'uint8'
  /** null: free. */
  readonly dims: readonly (number | null)[]
}

export interface Answer {
  readonly name: string
  readonly dims: readonly number[]
  readonly values: Float32Array
  /** Writes the tensor's place as a file name instead of its numbers. */
  readonly elsewhere?: string
}

/** A network that ignores its picture and always gives the same answers. */
export function makeOnnx(network: { readonly inputs: readonly Port[]; readonly answers: readonly Answer[]; readonly notes?: Readonly<Record<string, string>>; readonly operator?: string }): Uint8Array {
  const graph = Buffer.concat([
    ...network.answers.map((answer) => part(1, Buffer.concat([text(1, `${answer.name}_fixed`), text(2, answer.name), text(4, network.operator ?? 'Identity')]))),
    text(2, 'test'),
    ...network.answers.map((answer) => part(5, tensor(answer))),
    ...network.inputs.map((port) => part(11, portBytes(port))),
    ...network.answers.map((answer) => part(12, portBytes({ name: answer.name, type: 'float32', dims: answer.dims }))),
  ])
  const notes = Object.entries(network.notes ?? {}).map(([key, value]) => part(14, Buffer.concat([text(1, key), text(2, value)])))
  return Buffer.concat([number(1, 8), part(7, graph), part(8, Buffer.concat([text(1, ''), number(2, 13)])), ...notes])
}

function tensor(answer: Answer): Buffer {
  const head = [...answer.dims.map((dim) => number(1, dim)), number(2, 1), text(8, `${answer.name}_fixed`)]
  if (answer.elsewhere !== undefined) return Buffer.concat([...head, part(13, Buffer.concat([text(1, 'location'), text(2, answer.elsewhere)])), number(14, 1)])
  return Buffer.concat([...head, part(9, Buffer.from(answer.values.buffer, answer.values.byteOffset, answer.values.byteLength))])
}

function portBytes(port: Port): Buffer {
  const shape = Buffer.concat(port.dims.map((dim, at) => part(1, dim === null ? text(2, `free${at}`) : number(1, dim))))
  const type = part(1, Buffer.concat([number(1, port.type === 'float32' ? 1 : 2), part(2, shape)]))
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
