import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadSettings, SettingsFault } from '../../config/load-settings.js'
import { fetchModel } from '../../models/fetch.js'
import { SHELF, type ShelfModel } from '../../models/shelf.js'

const lines = (shelf: readonly ShelfModel[]): string => shelf.map(({ name, title, bytes, licence }) => `  ${name.padEnd(16)} ${title}, ${(bytes / 1e6).toFixed(1)} MB, ${licence}`).join('\n')

const usage = (shelf: readonly ShelfModel[]): string => `npm run models:fetch -- NAME [--config FILE] [--data FOLDER]

Fetches a model into the data folder and compares its SHA-256. It is then offered on the screen “Mô hình”, where an administrator
takes it in, tries it and decides. NAME is one of:
${lines(shelf)}
Ends with 0 when the file is there and is the right one, 3 when not, 2 for wrong input.
`

export interface FetchTools {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (text: string) => void
  readonly complain: (text: string) => void
  readonly shelf?: readonly ShelfModel[]
}

export async function modelsFetch(argv: readonly string[], { env, say, complain, shelf = SHELF }: FetchTools): Promise<number> {
  const wishes = readWishes(argv)
  if (typeof wishes === 'string') return complain(`✗ ${wishes}\n\n${usage(shelf)}`), 2
  if (wishes.help) return say(usage(shelf)), 0
  const model = shelf.find(({ name }) => name === wishes.name)
  if (!model) return complain(`✗ ${wishes.name === undefined ? 'no model was named' : `no model is called “${wishes.name}”`}\n\n${usage(shelf)}`), 2
  let folder
  try {
    folder = join(resolve(loadSettings(wishes.config, { ...env, ...(wishes.data ? { VONGLAU_DATA: wishes.data } : {}) }).dataFolder), 'models')
  } catch (fault) {
    if (!(fault instanceof SettingsFault)) throw fault
    return complain(`✗ ${fault.message}\n`), 2
  }
  let told = -1
  const fetched = await fetchModel(model, folder, (share) => {
    const tenth = Math.floor(share * 10)
    if (tenth > told) say(`· ${model.title}: ${tenth * 10} %\n`)
    told = Math.max(told, tenth)
  })
  if ('next' in fetched) return complain(`✗ ${fetched.said}\n  ${fetched.next}\n`), 3
  say(`✓ ${model.title} ${fetched.is === 'there' ? 'was there already' : 'is there'}: ${fetched.file}\n  Licence ${model.licence}. ${model.attribution}.\n  An administrator takes it in on the screen “Mô hình”.\n`)
  return 0
}

function readWishes(argv: readonly string[]): { readonly name: string | undefined; readonly config: string | undefined; readonly data: string | undefined; readonly help: boolean } | string {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: { config: { type: 'string' }, data: { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
    return positionals.length > 1 ? 'one model at a time' : { name: positionals[0], config: values.config, data: values.data, help: values.help ?? false }
  } catch (fault) {
    return (fault as Error).message
  }
}
