import { ModelFault } from '../detect/detector.js'
import { openGraph, type FloatTensor, type Graph, type Tensor } from '../detect/onnx-session.js'
import type { Point } from '../geometry/point.js'
import { lettersOf } from './ctc.js'
import { blaming, formOf } from './plate-form.js'
import { ALPHABET, checked, PLATE_COLOURS, type PlateFinder, type PlateFound, type PlateReader, type PlateSeen, type Still as Frame } from './plate.js'
import { withoutTwins } from './twins.js'
import { allWindows, vehicleWindows, type Window } from './windows.js'

/** Score from which a find is read; where precision and recall meet on drawn streets. */
const SCORE_MIN = 0.4
/** Windows looked at in one call: each is sampled at 320 x 320 x 3 floats. */
const WINDOWS_MAX = 16
const STRIPS_MAX = 32
const STEPS = 48

/** Our own pair as a reader, tried on a grey frame. Rejects with a ModelFault; the graphs stay the caller's to close then. */
export async function ownPlateReader(name: string, finds: Graph, reads: Graph): Promise<PlateReader> {
  if (reads.notes.get('alphabet') !== ALPHABET) throw new ModelFault('plate-reader', `the plate-reader reads other letters than “${ALPHABET}”`, 'Train it on this alphabet, and write it into the file as the note “alphabet”.')
  await blaming('plate-finder', () => find(finds, GREY, [GREY_WINDOW]))
  await blaming('plate-reader', () => read(reads, GREY, [{ corners: [{ x: 0.2, y: 0.2 }, { x: 0.8, y: 0.2 }, { x: 0.8, y: 0.6 }, { x: 0.2, y: 0.6 }], score: 1, rows: 2, widthPx: 38 }]))
  return {
    name,
    async read(frame, boxes) {
      return read(reads, frame, await find(finds, checked(frame), boxes === 'all' ? allWindows(frame) : vehicleWindows(boxes, frame)))
    },
    async close() {
      await Promise.all([finds.close(), reads.close()])
    },
  }
}

/**
 * Opens our finder alone, for whoever covers plates and must not read them, and tries it on a grey frame. Rejects with a
 * ModelFault, for a finder of another form too: what a copy hides must not depend on a stranger's model.
 */
export async function openPlateFinder({ name, finder }: { readonly name: string; readonly finder: Uint8Array }): Promise<PlateFinder> {
  const finds = await blaming('plate-finder', () => openGraph(finder))
  try {
    if (formOf('plate-finder', finds) !== 'ours') throw new ModelFault('plate-finder', 'the plate-finder is not of our own form', 'Export it as models/training/plates/export.py does.')
    await find(finds, GREY, [GREY_WINDOW])
  } catch (error) {
    await finds.close()
    throw error
  }
  return {
    name,
    find: (frame, boxes) => find(finds, checked(frame), boxes === 'all' ? allWindows(frame) : vehicleWindows(boxes, frame)),
    close: () => finds.close(),
  }
}

const GREY: Frame = { width: 64, height: 48, rgb: new Uint8Array(64 * 48 * 3).fill(114) }
const GREY_WINDOW: Window = { x: 32, y: 24, side: 48 }

function frameTensor(frame: Frame): Tensor {
  return { type: 'uint8', dims: [1, frame.height, frame.width, 3], values: frame.rgb }
}

async function find(graph: Graph, frame: Frame, windows: readonly Window[]): Promise<readonly PlateFound[]> {
  const all: PlateFound[] = []
  for (let at = 0; at < windows.length; at += WINDOWS_MAX) {
    const part = windows.slice(at, at + WINDOWS_MAX)
    const answer = await graph.run({ frame: frameTensor(frame), windows: { type: 'float32', dims: [part.length, 3], values: Float32Array.from(part.flatMap(({ x, y, side }) => [x, y, side])) } })
    all.push(...foundIn(answer, frame, part))
  }
  return withoutTwins(all, frame)
}

function foundIn(answer: Readonly<Record<string, FloatTensor>>, frame: Frame, windows: readonly Window[]): PlateFound[] {
  const { scores, corners, two } = answer as Record<'scores' | 'corners' | 'two', FloatTensor>
  const kept = scores.dims[1] ?? 0
  return windows.flatMap((window, w) =>
    Array.from({ length: kept }, (_, k) => w * kept + k).flatMap((i): PlateFound[] => {
      const score = scores.values[i]!
      if (!(score >= SCORE_MIN)) return []
      const c = corners.values.subarray(i * 8, i * 8 + 8)
      if (!c.every(Number.isFinite)) return []
      const at = (k: number): Point => ({ x: c[k * 2]! / frame.width, y: c[k * 2 + 1]! / frame.height })
      const middle = [(c[0]! + c[2]! + c[4]! + c[6]!) / 4, (c[1]! + c[3]! + c[5]! + c[7]!) / 4] as const
      // What lies at a window's rim may be cut by it; the next window over, or nobody's vehicle, has it whole.
      if (Math.max(Math.abs(middle[0] - window.x), Math.abs(middle[1] - window.y)) > window.side * 0.49) return []
      return [{ corners: [at(0), at(1), at(2), at(3)], score, rows: two.values[i]! > 0.5 ? 2 : 1, widthPx: Math.hypot(c[2]! - c[0]!, c[3]! - c[1]!) }]
    }),
  )
}

async function read(graph: Graph, frame: Frame, found: readonly PlateFound[]): Promise<readonly PlateSeen[]> {
  const seen: PlateSeen[] = []
  for (let at = 0; at < found.length; at += STRIPS_MAX) {
    const part = found.slice(at, at + STRIPS_MAX)
    const { letters, colour } = (await graph.run({
      frame: frameTensor(frame),
      corners: { type: 'float32', dims: [part.length, 4, 2], values: Float32Array.from(part.flatMap(({ corners }) => corners.flatMap(({ x, y }) => [x * frame.width, y * frame.height]))) },
      two: { type: 'float32', dims: [part.length], values: Float32Array.from(part, ({ rows }) => rows - 1) },
    })) as Record<'letters' | 'colour', FloatTensor>
    const wide = STEPS * (ALPHABET.length + 1)
    if (letters.values.length !== part.length * wide) throw new ModelFault('plate-reader', `the reader answered ${letters.dims.join('x')}; ${part.length}x${STEPS}x${ALPHABET.length + 1} is wanted`, 'Export it as models/training/plates/export.py does.')
    part.forEach((one, k) => {
      const colours = Array.from(colour.values.subarray(k * PLATE_COLOURS.length, (k + 1) * PLATE_COLOURS.length))
      const colourShare = Math.max(...colours)
      seen.push({ ...one, letters: lettersOf(letters.values.subarray(k * wide, (k + 1) * wide), one.rows), colour: PLATE_COLOURS[colours.indexOf(colourShare)] ?? 'white', colourShare })
    })
  }
  return seen
}
