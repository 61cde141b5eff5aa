import ort from 'onnxruntime-node'
import { ModelFault } from './detector.js'
import { readWire } from './onnx-wire.js'

/** The one door to onnxruntime. A tensor here is plain: a kind, dimensions, numbers. */
export interface Tensor {
  readonly type: 'uint8' | 'float32'
  readonly dims: readonly number[]
  readonly values: Uint8Array | Float32Array
}

/** What a model says of one input or output; a dimension that is free is null. */
export interface TensorNote {
  readonly name: string
  readonly type: string
  readonly dims: readonly (number | null)[]
}

export interface OnnxSession {
  readonly inputs: readonly TensorNote[]
  readonly outputs: readonly TensorNote[]
  readonly notes: ReadonlyMap<string, string>
  /** For models with one input: outputs come in the order of `outputs`. */
  run(input: Tensor): Promise<readonly FloatTensor[]>
  close(): Promise<void>
}

export interface FloatTensor {
  readonly dims: readonly number[]
  readonly values: Float32Array
}

/** A model with any number of inputs, each fed by its name. */
export interface Graph {
  readonly inputs: readonly TensorNote[]
  readonly outputs: readonly TensorNote[]
  readonly notes: ReadonlyMap<string, string>
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, FloatTensor>>>
  close(): Promise<void>
}

/** Far above any detector that keeps up on a CPU (PicoDet-S is 4 MB), far below what would hurt the machine. */
export const MODEL_BYTES_MAX = 64 << 20

/**
 * Opens a model from its bytes, never from a path: a path lets `external_data` name any file beside it. One thread for each
 * model: the pool above has one model for each core, and two threads for one picture cost more than they give (eyes.md).
 */
export async function openGraph(model: Uint8Array): Promise<Graph> {
  if (model.length === 0) throw new ModelFault('model.bytes', 'the model file is empty', 'Copy the file again.')
  if (model.length > MODEL_BYTES_MAX) throw new ModelFault('model.bytes', `the model has ${model.length} bytes; ${MODEL_BYTES_MAX} are allowed`, 'Use a smaller detector: one that keeps up on a CPU has a few megabytes.')
  const { notes } = readWire(model)
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
  }).catch((error: unknown) => {
    throw new ModelFault('model.graph', `the runtime cannot build the network: ${wordsOf(error)}`, 'Export the model with standard operators, opset 21 or lower.')
  })
  const outputs = session.outputMetadata.map(noteOf)
  return {
    inputs: session.inputMetadata.map(noteOf),
    outputs,
    notes,
    async run(feeds) {
      // A Buffer is a Uint8Array: the runtime's tensor shares its memory, no pixel is copied on our side.
      const tensors = Object.fromEntries(Object.entries(feeds).map(([name, { type, values, dims }]) => [name, new ort.Tensor(type, values, dims)]))
      const answer = await session.run(tensors).catch((error: unknown) => {
        throw new ModelFault('model.run', `the network failed on ${Object.values(feeds).map(({ dims }) => dims.join('x')).join(', ')}: ${wordsOf(error)}`, 'Check the input size that the model was exported for.')
      })
      return Object.fromEntries(outputs.map(({ name }) => [name, floatsOf(name, answer[name])]))
    },
    close: () => session.release(),
  }
}

/** A detector's model: one input, the picture. */
export async function openOnnx(model: Uint8Array): Promise<OnnxSession> {
  const graph = await openGraph(model)
  const { inputs, outputs, notes } = graph
  const [only] = inputs
  if (!only || inputs.length !== 1) {
    await graph.close()
    throw new ModelFault('model.inputs', `the model has ${inputs.length} inputs; a detector has one, the picture`, 'Export the model without its extra inputs.')
  }
  return {
    inputs,
    outputs,
    notes,
    async run(input) {
      const answer = await graph.run({ [only.name]: input })
      return outputs.map(({ name }) => answer[name]!)
    },
    close: () => graph.close(),
  }
}

function noteOf(raw: ort.InferenceSession.ValueMetadata): TensorNote {
  if (!raw.isTensor) throw new ModelFault('model.inputs', `“${raw.name}” is not a tensor`, 'Export the model so that it takes and gives plain tensors.')
  return { name: raw.name, type: raw.type, dims: raw.shape.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : null)) }
}

function floatsOf(name: string, tensor: ort.Tensor | undefined): FloatTensor {
  if (tensor?.type !== 'float32') throw new ModelFault('model.outputs', `output “${name}” is ${tensor?.type ?? 'missing'}; float32 is wanted`, 'Export the model with float32 outputs.')
  return { dims: tensor.dims, values: tensor.data as Float32Array }
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300)
}
