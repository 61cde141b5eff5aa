import { closeAllOpened, hasFfmpeg, hasRtspServer } from '../support/rtsp-server.js'
import { ROWS, type FaultFigure } from './long-rows.js'

/** `npm run faults [-- --only T5] [--json]`: every fault at full length, each figure beside its bar. Progress goes to standard error. */
const USAGE = `usage: npm run faults [-- --only T4,T5] [--json]

  ${Object.keys(ROWS).join(' ')}   what each does and its bars: tests/faults/README.md
  --only  some rows
  --json  one object a line: {figure, value, unit, against, ratio, bar, held, fault, injected}
`

async function run(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE)
    return 0
  }
  const at = args.indexOf('--only')
  const only = at < 0 ? Object.keys(ROWS) : (args[at + 1] ?? '').split(',')
  const unknown = only.find((name) => !(name in ROWS)) ?? args.find((arg, index) => arg !== '--json' && arg !== '--only' && index !== at + 1)
  if (unknown !== undefined) {
    process.stderr.write(`unknown: ${unknown}\n\n${USAGE}`)
    return 2
  }
  if (!hasFfmpeg() || !hasRtspServer()) {
    process.stderr.write('ffmpeg and GStreamer’s RTSP server are needed: apt-get install ffmpeg python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad\n')
    return 2
  }
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const figures: FaultFigure[] = []
  let broken = false
  for (const name of only) {
    say(`${name} …`)
    try {
      const found = (await ROWS[name]?.(say)) ?? []
      if ('skipped' in found) say(`${name} SKIPPED: ${found.skipped}`)
      else figures.push(...found)
    } catch (fault) {
      // One row that falls over does not hide the others, and the run fails.
      broken = true
      say(`${name} BROKEN: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`)
    }
    await closeAllOpened()
  }
  process.stdout.write(args.includes('--json') ? figures.map((figure) => `${JSON.stringify(figure)}\n`).join('') : `${tableOf(figures)}\n`)
  return broken || figures.some(({ held }) => held === false) ? 1 : 0
}

function tableOf(figures: readonly FaultFigure[]): string {
  const rows = [['fault', 'injected', 'figure', 'measured', 'unit', 'bar', ''], ...figures.map((one) => [one.fault, one.injected, one.figure.replace(/^faults\.\w+\./, ''), one.value === null ? '-' : String(one.value), one.unit, one.bar === null ? '-' : String(one.bar), one.held === null ? '' : one.held ? 'held' : 'MISSED'])]
  const widths = (rows[0] as string[]).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n')
}

process.exit(await run(process.argv.slice(2)))
