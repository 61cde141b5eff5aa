import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOrMakeKey, makeSecretBox, type SealedSecret } from '../../server/system/secret-box.js'

const key = (version: number) => ({ version, key: Buffer.alloc(32, version) })
const box = makeSecretBox({ keys: [key(1), key(2)] })
const SECRET = '{"user":"admin","password":"mật khẩu 🔑"}'

test('what is sealed for a camera opens for it, and the newest key seals', () => {
  const sealed = box.seal(SECRET, 'camera-1')
  expect(sealed.keyVersion).toBe(2)
  expect(box.open(sealed, 'camera-1')).toBe(SECRET)
  expect(Buffer.from(sealed.bytes).includes('admin')).toBe(false)
})

test('a seal of an older key still opens, and the same secret never looks the same twice', () => {
  const older = makeSecretBox({ keys: [key(1)] }).seal(SECRET, 'c')
  expect(box.open(older, 'c')).toBe(SECRET)
  expect(Buffer.from(box.seal(SECRET, 'c').bytes).equals(Buffer.from(box.seal(SECRET, 'c').bytes))).toBe(false)
})

const flip = (bytes: Uint8Array, at: number): Uint8Array => Uint8Array.from(bytes, (byte, index) => (index === (at + bytes.length) % bytes.length ? byte ^ 1 : byte))

test.each<[string, (sealed: SealedSecret) => [SealedSecret, string]]>([
  ['for another camera', (sealed) => [sealed, 'camera-2']],
  ['with a flipped bit', (sealed) => [{ ...sealed, bytes: flip(sealed.bytes, 0) }, 'camera-1']],
  ['with a flipped bit in its tag', (sealed) => [{ ...sealed, bytes: flip(sealed.bytes, -1) }, 'camera-1']],
  ['with another nonce', (sealed) => [{ ...sealed, nonce: flip(sealed.nonce, 3) }, 'camera-1']],
  ['cut short', (sealed) => [{ ...sealed, bytes: sealed.bytes.subarray(0, 10) }, 'camera-1']],
  ['that claims another key', (sealed) => [{ ...sealed, keyVersion: 1 }, 'camera-1']],
])('a seal %s does not open, and the refusal tells the next step but not the secret', (_name, change) => {
  const [sealed, about] = change(box.seal(SECRET, 'camera-1'))
  expect(() => box.open(sealed, about)).toThrow(new RegExp(`the secret of ${about} does not open: .* put the right key file back`))
  expect(() => box.open(sealed, about)).not.toThrow(/admin/)
})

test('a key that is not here is named', () => {
  expect(() => box.open({ ...box.seal(SECRET, 'c'), keyVersion: 9 }, 'c')).toThrow(/sealed with key version 9, which this server does not have/)
})

test.each([
  ['no key at all', []],
  ['a short key', [{ version: 1, key: Buffer.alloc(31) }]],
  ['one version twice', [key(1), key(1)]],
  ['version zero', [{ version: 0, key: Buffer.alloc(32) }]],
])('%s is refused', (_name, keys) => {
  expect(() => makeSecretBox({ keys })).toThrow(/key/)
})

describe('the key file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-key-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('is made once, for its owner only, and read back the same', async () => {
    const file = join(folder, 'made', 'camera.key')
    const made = await loadOrMakeKey(file)
    expect(made).toMatchObject({ version: 1, key: { length: 32 } })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(Buffer.from((await loadOrMakeKey(file)).key).equals(Buffer.from(made.key))).toBe(true)
    expect(readdirSync(join(folder, 'made'))).toEqual(['camera.key'])
  })

  test.each([
    ['half a key', () => Buffer.alloc(16, 7).toString('base64')],
    ['nothing', () => ''],
    ['something else', () => 'hunter2'],
    ['a key and more', () => `${Buffer.alloc(32, 7).toString('base64')} and more`],
  ])('that holds %s is refused and left as it is', async (_name, content) => {
    const file = join(folder, 'bad.key')
    writeFileSync(file, content(), { mode: 0o600 })
    await expect(loadOrMakeKey(file)).rejects.toThrow(/bad\.key does not hold a key .*restore it from its backup/)
    expect(readFileSync(file, 'utf8')).toBe(content())
  })

  test.each([0o640, 0o604, 0o644])('that others may read (mode %o) is refused with the command to run', async (mode) => {
    const file = join(folder, 'open.key')
    rmSync(file, { force: true })
    await loadOrMakeKey(file)
    chmodSync(file, mode)
    await expect(loadOrMakeKey(file)).rejects.toThrow(new RegExp(`can be read by others \\(mode ${mode.toString(8)}\\): run chmod 600 ${file}`))
    expect(existsSync(file)).toBe(true)
  })
})
