import { TRIAL_SEEDS, TRIAL_TONES, type TrialTone } from '../sandbox/trials/trial.js'
import type { Looks } from './judge-look.js'
import { JudgeFault, parseLooks } from './judge-options.js'

/** What `npm run judge -- --all` was asked to do. */
export interface JudgeAllOptions {
  /** Null: every kind. */
  readonly kinds: readonly string[] | null
  readonly seeds: readonly number[]
  readonly tones: readonly TrialTone[]
  /** Real clips beside the drawn ones: NAME.mp4 with NAME.json; null: none. */
  readonly clips: { readonly videos: string; readonly truths: string } | null
  /** Clips and truths stay here for who wants to look; null: they go. */
  readonly keep: string | null
  readonly looks: Looks
  readonly json: boolean
}

export const ALL_USAGE = `npm run judge -- --all [--kinds A,B] [--seeds 1,2,3] [--tones day,night] [--videos FOLDER --truths FOLDER] [--looks every|new|crops|far] [--keep FOLDER] [--json]

Draws every trial of every kind of rule (server/sandbox/trials), watches each at the 5 pictures a second of a camera in service, and prints the
table of analytics/README.md.
  --kinds A,B      only these kinds of rule
  --seeds 1,2      other traffic, people and places (default 1,2,3)
  --tones day      light (default day,night)
  --videos FOLDER  real clips, NAME.mp4, whose truths lie in --truths as NAME.json
  --looks WHICH    every picture (default), or as a camera in service is looked at: crops
  --keep FOLDER    keep the drawn clips and their truths there
  --json           one object a line {figure, value, unit, against, ratio, bar, held}, nothing else on standard output`

const TAKES_VALUE = ['--kinds', '--seeds', '--tones', '--videos', '--truths', '--looks', '--keep'] as const

export function parseJudgeAllOptions(argv: readonly string[], known: readonly string[]): JudgeAllOptions {
  const values = new Map<string, string>()
  let json = false
  for (let i = 0; i < argv.length; i++) {
    const [name = '', inline] = (argv[i] ?? '').split(/=(.*)/s, 2)
    if (name === '--all') continue
    if (name === '--json') {
      json = true
      continue
    }
    if (!TAKES_VALUE.some((one) => one === name)) throw new JudgeFault(name, 'is no option of judge --all', ALL_USAGE)
    const value = inline ?? argv[++i]
    if (value === undefined || value === '' || (inline === undefined && value.startsWith('--'))) throw new JudgeFault(name, 'needs a value', ALL_USAGE)
    values.set(name, value)
  }
  const kinds = values.get('--kinds')?.split(',') ?? null
  const strange = kinds?.find((kind) => !known.includes(kind))
  if (strange !== undefined) throw new JudgeFault('--kinds', `“${strange}” has no trial`, `Choose among ${known.join(', ')}.`)
  const seeds = (values.get('--seeds') ?? TRIAL_SEEDS.join(',')).split(',').map(Number)
  if (!seeds.every((seed) => Number.isInteger(seed) && seed > 0)) throw new JudgeFault('--seeds', 'are whole numbers from 1 up, with commas between', 'Leave it out for 1,2,3.')
  const tones = (values.get('--tones') ?? TRIAL_TONES.join(',')).split(',')
  const light = tones.filter((tone): tone is TrialTone => TRIAL_TONES.some((one) => one === tone))
  if (light.length < tones.length) throw new JudgeFault('--tones', `are of ${TRIAL_TONES.join(', ')}`, 'Leave it out for both.')
  const [videos, truths] = [values.get('--videos'), values.get('--truths')]
  if ((videos === undefined) !== (truths === undefined)) throw new JudgeFault(videos === undefined ? '--videos' : '--truths', 'is missing beside the other', ALL_USAGE)
  return { kinds, seeds, tones: light, clips: videos !== undefined && truths !== undefined ? { videos, truths } : null, looks: parseLooks(values.get('--looks')), keep: values.get('--keep') ?? null, json }
}
