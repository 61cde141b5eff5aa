import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { CatalogueFault, loadPlateModels } from './catalogue.js'

/** The two models that read plates together, as bytes, whosever they are. */
export interface PlatePair {
  /** Which pair this is, for logs and screens. */
  readonly name: string
  /** A person's own, in place of ours. */
  readonly brought: boolean
  readonly finder: Uint8Array
  readonly reader: Uint8Array
  /** The letters of the reader's classes, in their order; null: its file notes them, or it needs none. */
  readonly letters: readonly string[] | null
}

/** Why there is no pair: the setting or model to mend, the reason in both languages, the next step. */
export interface PlatePairFault {
  readonly field: string
  readonly said: { readonly vi: string; readonly en: string }
  readonly next: string
}

/** Where a person's own pair lies. */
export interface PlateFiles {
  readonly finder: string
  readonly reader: string
  readonly letters?: string | undefined
}

/** A YOLO of size s has 28 to 45 MB; what a processor carries has no more, and the process that opens both holds them several times meanwhile. */
const MODEL_BYTES_MAX = 48 << 20
const LETTERS_BYTES_MAX = 64 << 10

/** The pair that the settings name, or ours where they name none; never ours in the place of one that cannot be read. Never rejects. */
export async function loadPlatePair(files: PlateFiles | undefined): Promise<PlatePair | PlatePairFault> {
  if (!files) return loadOurs()
  try {
    const [finder, reader] = [await readBounded('finder', files.finder, MODEL_BYTES_MAX), await readBounded('reader', files.reader, MODEL_BYTES_MAX)]
    const letters = files.letters === undefined ? null : lettersIn(await readBounded('letters', files.letters, LETTERS_BYTES_MAX))
    return { name: `${basename(files.finder)} + ${basename(files.reader)}`, brought: true, finder, reader, letters }
  } catch (error) {
    if (error instanceof FileFault) return error.fault
    throw error
  }
}

async function loadOurs(): Promise<PlatePair | PlatePairFault> {
  try {
    const { finder, reader } = await loadPlateModels()
    return { name: `${finder.card.id} ${finder.card.version}`, brought: false, finder: finder.bytes, reader: reader.bytes, letters: null }
  } catch (error) {
    if (!(error instanceof CatalogueFault)) throw error
    const { field, message: en, next } = error
    const vi = field === 'model.sha256' ? 'plate-finder.onnx hoặc plate-reader.onnx của hệ thống đã bị thay đổi' : 'thiếu hoặc không đọc được plate-finder.onnx, plate-reader.onnx của hệ thống'
    return { field, said: { vi, en }, next }
  }
}

class FileFault extends Error {
  constructor(readonly fault: PlatePairFault) {
    super(fault.said.en)
  }
}

type Part = keyof PlateFiles

/** Only the file's last name is told: whoever may see that the server lives may see this too, and need not learn its folders. */
async function readBounded(part: Part, file: string, bytesMax: number): Promise<Uint8Array> {
  const name = basename(file)
  const field = `eyes.plateModels.${part}`
  const fault = (vi: string, en: string, next: string): FileFault => new FileFault({ field, said: { vi: `tệp ${name} (${field}) ${vi}`, en: `the file ${name} (${field}) ${en}` }, next })
  const unread = (error: NodeJS.ErrnoException): FileFault =>
    error.code === 'ENOENT' ? fault('không có', 'is not there', `Put the file where ${field} says, or mend the setting; then start again.`) : fault(`không đọc được (${error.code ?? 'lỗi'})`, `cannot be read (${error.code ?? error.message})`, 'Let the server’s user read it (chmod, chown); then start again.')
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => Promise.reject(unread(error)))
  if (!found.isFile()) throw fault('không phải là tệp', 'is no file', `Name a file in ${field}.`)
  if (found.size === 0) throw fault('rỗng', 'is empty', 'Copy the file again.')
  if (found.size > bytesMax) throw fault(`quá lớn: ${found.size} byte`, `has ${found.size} bytes; ${bytesMax} are allowed`, part === 'letters' ? 'Name a JSON list of letters.' : 'Use a smaller model, of size n or s.')
  return readFile(file).catch((error: NodeJS.ErrnoException) => Promise.reject(unread(error)))
}

/** A JSON list of letters: ["0", "1", "A"]. */
function lettersIn(bytes: Uint8Array): readonly string[] {
  const field = 'eyes.plateModels.letters'
  const refuse = (): FileFault => new FileFault({ field, said: { vi: `tệp của ${field} không phải là danh sách JSON các chữ`, en: `the file of ${field} is no JSON list of letters` }, next: 'Write the letters of the reader’s classes, in their order: ["0", "1", "A"].' })
  let list: unknown
  try {
    list = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw refuse()
  }
  if (!Array.isArray(list) || list.length === 0 || !list.every((letter) => typeof letter === 'string')) throw refuse()
  return list as readonly string[]
}
