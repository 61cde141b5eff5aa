import { parseArgs } from 'node:util'
import { loadSettings, SettingsFault } from '../../config/load-settings.js'
import { placesOf } from '../../config/places.js'
import { checkDisk, mend } from '../recording/check.js'
import { identifyDisk, takeDisk } from '../recording/disk-identity.js'
import { sumGaps, writeReport } from '../recording/disk-report.js'
import { asId, type CameraId } from '../domain/ids.js'
import { openStore } from '../storage/open.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { silentLog } from '../system/log.js'

export const USAGE = `npm run doctor [-- --config FILE] [--data FOLDER] [--hash] [--mend] [--json] [--days N] [--take-disk]

Compares the recordings on the disk with the rows of the database, and tells what was not recorded and why.
  --hash       read every byte and compare its hash: finds what names and sizes do not tell, and takes long
  --mend       mend what is safe: adopt whole files, put moved ones back, turn rows without a file into gaps. Removes no picture
  --days N     how far back gaps are told (default 7)
  --take-disk  this disk is the recording disk from now on
  --json       one object
Ends with 0 when all agrees or was mended, 3 when differences are left, 2 for wrong input.`

export interface DoctorTools {
  readonly clock: Clock
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (text: string) => void
  readonly complain: (text: string) => void
}

const DAY_MS = 86_400_000
const HOLD_REVIEW_MS = 14 * DAY_MS
/** A running server gives a file its row within some seconds. */
const YOUNG_MS = 60_000

export async function doctor(argv: readonly string[], { clock, env, say, complain }: DoctorTools): Promise<number> {
  const wishes = readWishes(argv)
  if ('fault' in wishes) {
    complain(`✗ ${wishes.fault}\n\n${USAGE}\n`)
    return 2
  }
  if (wishes.help) {
    say(`${USAGE}\n`)
    return 0
  }
  let settings
  try {
    settings = loadSettings(wishes.config, { ...env, ...(wishes.data ? { VONGLAU_DATA: wishes.data } : {}) })
  } catch (fault) {
    if (!(fault instanceof SettingsFault)) throw fault
    complain(`✗ ${fault.message}\n`)
    return 2
  }
  const { storageUrl, recordings: root } = placesOf(settings)
  const store = await openStore({ url: storageUrl, log: silentLog, clock })
  try {
    if (wishes.takeDisk) await takeDisk(store, root)
    const disk = await identifyDisk(store, root)
    if (disk.is === 'refused') {
      complain(`✗ ${disk.said.en}\n`)
      return 3
    }
    return await examine({ store, root, clock, say }, wishes)
  } finally {
    await store.close()
  }
}

interface Wishes {
  readonly help: boolean
  readonly config: string | undefined
  readonly data: string | undefined
  readonly hash: boolean
  readonly mend: boolean
  readonly json: boolean
  readonly takeDisk: boolean
  readonly days: number
}

function readWishes(argv: readonly string[]): Wishes | { readonly fault: string } {
  try {
    const { values } = parseArgs({ args: [...argv], options: { config: { type: 'string' }, data: { type: 'string' }, days: { type: 'string' }, hash: { type: 'boolean' }, mend: { type: 'boolean' }, json: { type: 'boolean' }, 'take-disk': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })
    const days = Number(values.days ?? 7)
    if (!Number.isInteger(days) || days < 1 || days > 3650) return { fault: `--days: write a whole number from 1 to 3650, not ${values.days}` }
    return { help: values.help ?? false, config: values.config, data: values.data, hash: values.hash ?? false, mend: values.mend ?? false, json: values.json ?? false, takeDisk: values['take-disk'] ?? false, days }
  } catch (fault) {
    return { fault: fault instanceof Error ? fault.message : String(fault) }
  }
}

async function examine({ store, root, clock, say }: { readonly store: Store; readonly root: string; readonly clock: Clock; readonly say: (text: string) => void }, { hash, mend: shallMend, json, days }: Wishes): Promise<number> {
  const parts = { store, root, clock, hash, youngMs: YOUNG_MS }
  const nowMs = clock.wallMs()
  const check = await checkDisk(parts)
  const mended = shallMend ? await mend(parts, check.findings) : []
  const within = { fromMs: nowMs - days * DAY_MS, toMs: nowMs }
  const gaps = sumGaps((await Promise.all(check.cameras.map(({ cameraId }) => store.recordings.gaps(asId<CameraId>(cameraId), within.fromMs, within.toMs)))).flat(), within)
  const holdsEnding = await store.holds.endingBefore(nowMs + HOLD_REVIEW_MS, nowMs)
  const left = shallMend ? mended.filter(({ done }) => done === 'left') : check.findings
  const names = new Map((await store.cameras.list()).map(({ id, name }) => [id as string, name]))
  say(json ? `${JSON.stringify({ ok: left.length === 0, hashed: check.hashed, cameras: check.cameras, findings: check.findings.map((one) => ({ is: one.is, file: one.file, ...('foundAs' in one ? { foundAs: one.foundAs } : {}) })), mended: mended.map(({ finding, done, said }) => ({ file: finding.file, is: finding.is, done, said })), gaps, holdsEnding })}\n` : writeReport({ check, gaps, days, holdsEnding, mended, names }))
  return left.length === 0 ? 0 : 3
}
