import { execFileSync } from 'node:child_process'
import { Settings } from '../../config/settings.js'
import { loadSettings, SettingsFault } from '../../config/load-settings.js'
import { plateFilesOf } from '../../config/places.js'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { filesBelow, ROOT, textOf } from './sources.js'

const TOP = ['package.json', 'package-lock.json', 'tsconfig.json', 'server', 'analytics', 'models', 'player', 'config', 'tests', 'README.md', 'LICENSE', '.npmrc', '.gitignore', '.ci']
const BANNED = /manager|handler|processor|helper|utils?(?![a-z])|misc|common/i
const code = ['server', 'analytics', 'models', 'player', 'config'].flatMap((folder) => filesBelow(folder))

test('the top level stays closed', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean)
  expect([...new Set(tracked.map((path) => path.split('/')[0]))].filter((name) => !TOP.includes(name!))).toEqual([])
})

test('a file is named for its one thing: a noun in kebab-case, none of the words that say nothing', () => {
  const odd = code.map((path) => basename(path)).filter((name) => BANNED.test(name) || !/^[a-z0-9][a-z0-9.-]*\.(ts|tsx|d\.ts)$/.test(name))
  expect(odd).toEqual([])
})

test('no file is longer than 400 lines', () => {
  expect(code.map((path) => [path, textOf(path).split('\n').length] as const).filter(([, lines]) => lines > 400)).toEqual([])
})

test('no folder that could hold anything', () => {
  const anything = /(^|\/)(src|utils|helpers|types|lib|common)(\/|$)/
  expect(code.filter((path) => anything.test(path))).toEqual([])
})

test('no secret, machine path or weight of others is in the tree', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean)
  // Our own weights, from which every later version of our detector begins (models/training/README.md).
  expect(tracked.filter((path) => /\.(mp4|mkv|avi|pt|pth|pem|key|db)$/.test(path))).toEqual(['models/training/eyes-3.pt'])
  expect(tracked.filter((path) => path.endsWith('.onnx') && !path.startsWith('models/'))).toEqual([])
})

describe('settings', () => {
  const written = (text: string): string => {
    const file = join(mkdtempSync(join(tmpdir(), 'vonglau-settings-')), 'vonglau.yaml')
    writeFileSync(file, text)
    return file
  }

  test('the example is valid and says what the code says', () => {
    expect(loadSettings(join(ROOT, 'config/settings.example.yaml'), {}).siteName).toBe('IOC Long Xuyên')
    expect(loadSettings(join(ROOT, 'config/settings.example.yaml'), {}).eyes).toEqual(Settings.parse({}).eyes)
  })

  test('plates are read unless a city says otherwise', () => {
    expect([Settings.parse({}).eyes.plates, loadSettings(written('eyes: { plates: false }'), {}).eyes.plates]).toEqual([true, false])
  })

  test('a person’s own pair that reads plates lies where the settings say, relative to the data', () => {
    const settings = loadSettings(written('dataFolder: /var/lib/vonglau\neyes: { plateModels: { finder: plates/f.onnx, reader: /srv/r.onnx, letters: l.json } }'), {})
    expect(plateFilesOf(settings)).toEqual({ finder: '/var/lib/vonglau/plates/f.onnx', reader: '/srv/r.onnx', letters: '/var/lib/vonglau/l.json' })
    expect(plateFilesOf(Settings.parse({}))).toBeUndefined()
  })

  test('nothing written is the defaults', () => expect(loadSettings(written(''), {})).toEqual(Settings.parse({})))

  test('the environment wins over the file', () => {
    expect(loadSettings(written('http: { port: 9000, host: 10.0.0.1 }'), { VONGLAU_PORT: '9100' }).http).toMatchObject({ port: 9100, host: '10.0.0.1' })
  })

  test.each<[sentence: string, text: string, field: string]>([
    ['an unknown name is refused', 'sitename: x', '(top)'],
    ['a wrong port is named', 'http: { port: 99999 }', 'http.port'],
    ['plates are yes or no', 'eyes: { plates: sometimes }', 'eyes.plates'],
    ['half a pair that reads plates is named', 'eyes: { plateModels: { finder: a.onnx } }', 'eyes.plateModels.reader'],
    ['letters alone are no pair', 'eyes: { plateModels: { letters: a.json } }', 'eyes.plateModels.finder'],
    ['a wrong zone is named', 'timeZone: Asia/Saigon2', 'timeZone'],
    ['a wrong network is named', 'cameras: { networks: [ten] }', 'cameras.networks.0'],
    ['a name written twice is refused', 'siteName: a\nsiteName: b', '(file)'],
    ['a list is no map', '- a', '(file)'],
    ['an alias bomb is refused', `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]`, '(file)'],
    ['a tag makes no object', 'siteName: !!js/function "function () {}"', '(file)'],
  ])('%s', (_sentence, text, field) => {
    try {
      loadSettings(written(text), {})
      throw new Error('was taken')
    } catch (fault) {
      expect(fault).toBeInstanceOf(SettingsFault)
      expect((fault as SettingsFault).faults.map((one) => one.field)).toContain(field)
    }
  })

  test('a missing file says so', () => expect(() => loadSettings('/nowhere/vonglau.yaml', {})).toThrow(/cannot be read/))
})
