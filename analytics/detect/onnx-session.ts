import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import ort from 'onnxruntime-node'
import { ModelFault } from './detector.js'
import { MODEL_BYTES_MAX, readWire } from './onnx-wire.js'

/** The one door to onnxruntime. A tensor here is plain: a kind, dimensions, numbers. */
export interface Tensor {
  readonly type: 'uint8' | 'float32' | 'int64'
  readonly dims: readonly number[]
  readonly values: Uint8Array | Float32Array | BigInt64Array
}

/** What a model says of one input or output; a dimension that is free is null. */
export interface TensorNote {
  readonly name: string
  readonly type: string
  readonly dims: readonly (number | null)[]
}

/** What computes: a graphics card where the runtime offers one, else the processor. */
export type RunsOn = 'cuda' | 'cpu'

export interface OnnxSession {
  readonly runsOn: RunsOn
  /** The input that takes the picture. */
  readonly picture: TensorNote
  /** A second input that wants to be told the size of the picture; most models have none. */
  readonly size: TensorNote | null
  readonly outputs: readonly TensorNote[]
  readonly notes: ReadonlyMap<string, string>
  /** Outputs come in the order of `outputs`. */
  run(picture: Tensor, size?: Tensor): Promise<readonly FloatTensor[]>
  close(): Promise<void>
}

export interface FloatTensor {
  readonly dims: readonly number[]
  readonly values: Float32Array
}

/** A model with any number of inputs, each fed by its name. */
export interface Graph {
  readonly runsOn: RunsOn
  readonly inputs: readonly TensorNote[]
  readonly outputs: readonly TensorNote[]
  readonly notes: ReadonlyMap<string, string>
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, FloatTensor>>>
  close(): Promise<void>
}

/**
 * Opens a model from its bytes, never from a path: a path lets `external_data` name any file beside it. One thread for each
 * model: the pool above has one model for each core, and two threads for one picture cost more than they give (eyes.md).
 */
export async function openGraph(model: Uint8Array): Promise<Graph> {
  if (model.length === 0) throw new ModelFault('model.bytes', 'the model file is empty', 'Copy the file again.')
  if (model.length > MODEL_BYTES_MAX) throw new ModelFault('model.bytes', `the model has ${model.length} bytes; ${MODEL_BYTES_MAX} are allowed`, 'Use a smaller detector: one that keeps up on a CPU has a few megabytes, on a graphics card some tens.')
  const { notes } = readWire(model)
  const { session, runsOn } = await create(model).catch((error: unknown) => {
    throw new ModelFault('model.graph', `the runtime cannot build the network: ${wordsOf(error)}`, 'Export the model with standard operators, opset 21 or lower.')
  })
  const outputs = session.outputMetadata.map(noteOf)
  return {
    runsOn,
    inputs: session.inputMetadata.map(noteOf),
    outputs,
    notes,
    async run(feeds) {
      // A Buffer is a Uint8Array: the runtime's tensor shares its memory, no pixel is copied on our side.
      const tensors = Object.fromEntries(Object.entries(feeds).map(([name, { type, values, dims }]) => [name, new ort.Tensor(type, values, dims)]))
      const answer = await session.run(tensors).catch((error: unknown) => {
        const [picture] = Object.values(feeds)
        throw new ModelFault('model.run', `the network failed on a picture of ${picture?.dims.join('x') ?? 'no size'}: ${wordsOf(error)}`, 'Check the input size that the model was exported for.')
      })
      return Object.fromEntries(outputs.map(({ name }) => [name, floatsOf(name, answer[name])]))
    },
    close: () => session.release(),
  }
}

/** A detector's model: one input that takes the picture, and at most one that is told its size. */
export async function openOnnx(model: Uint8Array): Promise<OnnxSession> {
  const graph = await openGraph(model)
  const { inputs, outputs } = graph
  const size = inputs.find(isSize) ?? null
  const pictures = inputs.filter((input) => input !== size)
  const [picture] = pictures
  if (!picture || pictures.length !== 1) {
    await graph.close()
    throw new ModelFault('model.inputs', `the model has ${inputs.length} inputs; a detector has one, the picture, and at most its size beside it`, 'Export the model without its extra inputs.')
  }
  return {
    runsOn: graph.runsOn,
    picture,
    size,
    outputs,
    notes: graph.notes,
    async run(shown, told) {
      const answer = await graph.run({ [picture.name]: shown, ...(size && told ? { [size.name]: told } : {}) })
      return outputs.map(({ name }) => answer[name]!)
    },
    close: () => graph.close(),
  }
}

/** As the official export of RT-DETR has it: whole numbers, two for each picture. */
function isSize({ type, dims }: TensorNote): boolean {
  return type === 'int64' && dims.length === 2 && dims[1] === 2
}

const SETTINGS = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', logSeverityLevel: 4 } as const

/** The graphics card first, where there is one; a card that refuses (no driver, no memory left) costs a moment and no model. */
async function create(model: Uint8Array): Promise<{ readonly session: ort.InferenceSession; readonly runsOn: RunsOn }> {
  const onCard = offersCuda() ? await ort.InferenceSession.create(model, { ...SETTINGS, executionProviders: ['cuda', 'cpu'] }).catch(() => null) : null
  if (onCard) return { session: onCard, runsOn: 'cuda' }
  return { session: await ort.InferenceSession.create(model, { ...SETTINGS, executionProviders: ['cpu'] }), runsOn: 'cpu' }
}

/**
 * The runtime names CUDA on every Linux, whether or not its library was installed (a download of 200 MB that our setup does not
 * make), and writes the failure on our error output; so the library is looked for first.
 */
function offersCuda(): boolean {
  if (!ort.listSupportedBackends().some(({ name }) => name === 'cuda')) return false
  const home = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  return existsSync(join(home, 'bin/napi-v6', process.platform, process.arch, 'libonnxruntime_providers_cuda.so'))
}

function noteOf(raw: ort.InferenceSession.ValueMetadata): TensorNote {
  if (!raw.isTensor) throw new ModelFault('model.inputs', `“${raw.name}” is not a tensor`, 'Export the model so that it takes and gives plain tensors.')
  return { name: raw.name, type: raw.type, dims: raw.shape.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : null)) }
}

function floatsOf(name: string, tensor: ort.Tensor | undefined): FloatTensor {
  // Labels are whole numbers, and small ones: a float holds them exactly.
  if (tensor?.type === 'int64' || tensor?.type === 'int32') return { dims: tensor.dims, values: Float32Array.from(tensor.data as BigInt64Array | Int32Array, Number) }
  if (tensor?.type !== 'float32') throw new ModelFault('model.outputs', `output “${name}” is ${tensor?.type ?? 'missing'}; float32 is wanted`, 'Export the model with float32 outputs.')
  return { dims: tensor.dims, values: tensor.data as Float32Array }
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300)
}
