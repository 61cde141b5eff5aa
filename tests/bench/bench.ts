import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { tableOf, type Figure } from './figure.js'
import { benchLive } from './live.js'

/**
 * `npm run bench -- live|watch|detect|track|rules|alerts|plates|wall [--quick] [--part NAME] [--json]`: ours beside the plain tool doing the same, in one run. Progress goes to
 * standard error; standard output holds the figures and nothing else.
 */
const USAGE = `usage: npm run bench -- live|watch|detect|track|rules|alerts|plates|wall [--quick] [--part NAME] [--json]

  live    reading and serving cameras, beside ffmpeg copying them to HLS: CPU, memory, latency
  watch   how many busy cameras are watched; their CPU beside motion, the detector beside YOLOX-nano
  detect  the detector's boxes on labelled pictures, beside PicoDet-S
  track   following people on public detections, beside a reference tracker
  rules   one rule of every kind at once on 60 tracks: what they cost a frame
  alerts  from the frame in which a condition becomes true to the alert on a wall in a real browser, ten minutes of the sandbox's city
  plates  plates found and read whole, by their width, on drawn streets and real pictures
  wall    the memory of a page with nine tiles: its growth in 20 minutes (3 with --quick)
  --part  of watch alone: cameras, motion, detector or share; the whole takes a quarter of an hour and more
  --quick one round with short windows: a first impression, and of a server that has just started
  --json  one object a line: {figure, value, unit, against, ratio, bar, held}
`

type Bench = (options: { readonly quick: boolean; readonly part: string | null; readonly root: string }, say: (line: string) => void) => Promise<readonly Figure[]>

const WATCH_PARTS = ['cameras', 'motion', 'detector', 'share'] as const

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  live: async () => benchLive,
  watch: async () => (await import('./watch.js')).benchWatch,
  detect: async () => (await import('./detect.js')).benchDetect,
  track: async () => (await import('./track.js')).benchTrack,
  rules: async () => (await import('./rules.js')).benchRules,
  alerts: async () => (await import('./alerts.js')).benchAlerts,
  plates: async () => (await import('./plates.js')).benchPlates,
  wall: async () => (await import('./wall-memory.js')).benchWall,
}

async function run(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--part')
  const part = at < 0 ? null : (args[at + 1] ?? '')
  const rest = at < 0 ? args : args.toSpliced(at, 2)
  const flags = rest.filter((arg) => arg.startsWith('-'))
  const [name, ...more] = rest.filter((arg) => !arg.startsWith('-'))
  if (flags.includes('--help')) {
    process.stdout.write(USAGE)
    return 0
  }
  const unknown = flags.find((flag) => flag !== '--json' && flag !== '--quick') ?? more[0]
  const load = name === undefined ? undefined : BENCHES[name]
  if (unknown !== undefined || !load) {
    process.stderr.write(`${unknown === undefined ? (name === undefined ? 'which bench?' : `there is no bench named ${name}`) : `unknown: ${unknown}`}\n\n${USAGE}`)
    return 2
  }
  if (part !== null && !(name === 'watch' && WATCH_PARTS.some((known) => known === part))) {
    process.stderr.write(`--part: ${name === 'watch' ? `“${part}” is none of ${WATCH_PARTS.join(', ')}` : `${name ?? ''} is measured whole`}\n\n${USAGE}`)
    return 2
  }
  const bench = await load()
  const figures = await bench({ quick: flags.includes('--quick'), part, root: rootOf(import.meta.dirname) }, (line) => process.stderr.write(`${line}\n`))
  process.stdout.write(flags.includes('--json') ? figures.map((figure) => `${JSON.stringify(figure)}\n`).join('') : `${tableOf(figures)}\n`)
  return figures.some(({ held }) => held === false) ? 1 : 0
}

/** The folder of package.json, from the sources or from dist. */
function rootOf(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootOf(join(folder, '..'))
}

process.exitCode = await run(process.argv.slice(2))
