import { LOOKS, type Looks } from './judge-look.js'

/** What `npm run judge` was asked to do. */
export interface JudgeOptions {
  readonly clip: string
  readonly truth: string
  /** An ONNX file; null: our own embedded model. */
  readonly model: string | null
  readonly json: boolean
  /** Frames a second looked at, at most; a clip of fewer keeps its own. */
  readonly fpsMax: number
  readonly width: number
  readonly height: number
  readonly looks: Looks
}

/** Wrong input that the person at the keyboard can mend: exit code 2, one line, the field first. */
export class JudgeFault extends Error {
  constructor(
    readonly field: string,
    message: string,
    readonly next: string,
  ) {
    super(message)
    this.name = 'JudgeFault'
  }
}

export const USAGE = `npm run judge -- --clip FILE --truth FILE.json [--model FILE.onnx] [--fps N] [--size WxH] [--looks every|new|crops|far] [--json]

Runs the eyes alone on a video file, with the geometry of the truth file, and prints how right they were.
  --clip FILE      any video file that ffmpeg reads
  --truth FILE     what happened in it, and where the lines and zones are (format: analytics/README.md)
  --model FILE     another detector (our own format, YOLOX, YOLOv8 or PicoDet); default: ours, in models/
  --fps N          frames a second looked at, at most (default 10; a camera in service gets 5)
  --size WxH       input of a model that leaves it free, multiples of 32 (default 640x384)
  --looks WHICH    every frame (default), or as a camera in service is looked at: what shows something new, and of that the
                   parts that do (crops); far: every frame, and the part where small things move once more, nearer
  --json           one object a line {figure, value, unit, against, ratio, bar, held}, nothing else on standard output`

const TAKES_VALUE = ['--clip', '--truth', '--model', '--fps', '--size', '--looks'] as const

export function parseJudgeOptions(argv: readonly string[]): JudgeOptions {
  const values = new Map<string, string>()
  let json = false
  for (let i = 0; i < argv.length; i++) {
    const [name = '', inline] = (argv[i] ?? '').split(/=(.*)/s, 2)
    if (name === '--json') {
      json = true
      continue
    }
    if (!TAKES_VALUE.some((known) => known === name)) throw new JudgeFault(name, 'is no option of judge', USAGE)
    const value = inline ?? argv[++i]
    if (value === undefined || value === '' || (inline === undefined && value.startsWith('--'))) throw new JudgeFault(name, 'needs a value', USAGE)
    values.set(name, value)
  }
  const fpsMax = Number(values.get('--fps') ?? 10)
  if (!(fpsMax >= 1 && fpsMax <= 60)) throw new JudgeFault('--fps', `“${values.get('--fps')}” is no number from 1 to 60`, 'Leave it out for 10.')
  const size = /^(\d{2,4})x(\d{2,4})$/.exec(values.get('--size') ?? '640x384')
  if (!size || Number(size[1]) % 32 !== 0 || Number(size[2]) % 32 !== 0) throw new JudgeFault('--size', `“${values.get('--size')}” is no size in multiples of 32`, 'Write it as 640x384.')
  return { clip: needed(values, '--clip'), truth: needed(values, '--truth'), model: values.get('--model') ?? null, json, fpsMax, width: Number(size[1]), height: Number(size[2]), looks: parseLooks(values.get('--looks')) }
}

export function parseLooks(wanted = 'every'): Looks {
  const looks = LOOKS.find((known) => known === wanted)
  if (!looks) throw new JudgeFault('--looks', `“${wanted}” is none of ${LOOKS.join(', ')}`, 'Leave it out for every.')
  return looks
}

function needed(values: ReadonlyMap<string, string>, name: string): string {
  const value = values.get(name)
  if (value === undefined) throw new JudgeFault(name, 'is missing', USAGE)
  return value
}
