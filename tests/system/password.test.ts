import { hash } from '@node-rs/argon2'
import { makePasswords } from '../../server/system/password.js'

const passwords = makePasswords()
const GOOD = 'bốn con mèo đi chợ Tết'

test('a password is kept as argon2id with the costs we promise, and verifies', async () => {
  const stored = await passwords.hash(GOOD)
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await passwords.verify(stored, GOOD)).toBe(true)
  expect(await passwords.verify(stored, `${GOOD} `)).toBe(false)
  expect(await passwords.hash(GOOD)).not.toBe(stored)
})

test('the same password typed on another keyboard (letters in pieces) verifies', async () => {
  expect(await passwords.verify(await passwords.hash(GOOD.normalize('NFC')), GOOD.normalize('NFD'))).toBe(true)
})

test('nobody’s password is never right, not even the decoy’s', async () => {
  expect(await passwords.verify(null, GOOD)).toBe(false)
  expect(await passwords.verify(null, '')).toBe(false)
})

test('a broken stored hash throws rather than letting in', async () => {
  await expect(passwords.verify('not a hash', GOOD)).rejects.toThrow()
})

test('a hash of other costs asks to be made again', async () => {
  expect(passwords.needsRehash(await passwords.hash(GOOD))).toBe(false)
  expect(passwords.needsRehash(await hash(GOOD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 }))).toBe(true)
})

test('a flood beyond what can wait is refused at once, and all that waited are served', async () => {
  const stored = await hash(GOOD, { memoryCost: 64, timeCost: 1, parallelism: 1 })
  await passwords.verify(null, 'wakes the decoy')
  const answers = await Promise.allSettled(Array.from({ length: 230 }, () => passwords.verify(stored, GOOD)))
  const refused = answers.filter((answer) => answer.status === 'rejected')
  expect(refused).toHaveLength(230 - 200 - 4)
  expect(String(refused[0]?.reason)).toContain('too many people are signing in at once')
  expect(answers.filter((answer) => answer.status === 'fulfilled' && answer.value)).toHaveLength(204)
  expect(await passwords.verify(stored, GOOD)).toBe(true)
})

test.each([
  ['a phrase of one’s own', GOOD],
  ['a phrase with a common word in it', 'camera nhà ông Tư treo lệch'],
  ['random letters of twelve', 'xk4Qz9pTm2vR'],
])('%s is accepted', (_name, password) => {
  expect(passwords.weakness(password, ['lan.do', 'Đỗ Thị Lan'])).toBeNull()
})

test.each([
  ['eleven characters', 'xk4Qz9pTm2v', /11 characters: it needs at least 12/],
  ['eleven letters written in 22 pieces', 'ếếếếếếếếếếế'.normalize('NFD'), /11 characters/],
  ['a novel', 'một '.repeat(100), /longer than 256/],
  ['our name with a year', 'VongLau2026!!', /easy to guess/],
  ['our name with its marks', 'Vọng Lâu 2026', /easy to guess/],
  ['a camera with digits', 'Camera@123456789', /easy to guess/],
  ['the person’s name', 'dothilan@2026', /easy to guess/],
  ['the person’s name with marks', 'Đỗ Thị Lan 1!', /easy to guess/],
  ['the name one signs in with', 'lan.do.lan.do', /easy to guess/],
  ['password twice', 'PasswordPassword', /easy to guess/],
  ['mật khẩu in Vietnamese', 'Mật khẩu 123456', /easy to guess/],
  ['keys in a row', 'qwertyuiop[]', /easy to guess/],
  ['one key held down', 'aaaaaaaaaaaaaaaa', /easy to guess/],
  ['counting down', '9876543210987654', /easy to guess/],
])('%s is refused with the next step in both languages', (_name, password, said) => {
  const refused = passwords.weakness(password, ['lan.do', 'Đỗ Thị Lan'])
  expect(refused?.en).toMatch(said)
  expect(refused?.vi).toMatch(/^Mật khẩu/)
})
