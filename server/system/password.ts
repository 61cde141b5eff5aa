import { hash, verify } from '@node-rs/argon2'
import { randomBytes } from 'node:crypto'
import type { Words } from '../domain/words.js'
import { makeSlots } from './slots.js'

/** More sign-ins than the machine can weigh now; nobody's fault, and over in seconds. */
export class TooBusy extends Error {}

/** Hashes and judges people's passwords. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Pass null when nobody has that name: it takes the same effort and answers false, so that the time tells no names. */
  verify(stored: string | null, password: string): Promise<boolean>
  /** Whether the hash was made with other costs than today's: hash again at the next good sign-in. */
  needsRehash(stored: string): boolean
  /** Why a new password is refused, with the next step, or null. `about`: names of the person and the site. */
  weakness(password: string, about?: readonly string[]): Words | null
}

/** OWASP's smallest argon2id setting (argon2id is the library's own default, and a test holds it to it); 19 MiB and some 30 to 90 ms a hash on two cores. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
/** libuv has four threads for hashing, files and names together: a flood of sign-ins must leave some for the others. */
const AT_ONCE_MAX = 4
/** Beyond it a flood is refused at once instead of growing a queue that nobody waits for any more. */
const WAITING_MAX = 200

export function makePasswords(): Passwords {
  const turns = makeSlots({ atOnceMax: AT_ONCE_MAX, waitingMax: WAITING_MAX, full: () => new TooBusy('too many people are signing in at once: try again in some seconds') })
  let decoy: Promise<string> | null = null
  const hashOne = (password: string): Promise<string> => turns.run(() => hash(sameSpelling(password), COST))
  return {
    hash: hashOne,
    async verify(stored, password) {
      decoy ??= hashOne(randomBytes(16).toString('base64'))
      const against = stored ?? (await decoy)
      const fits = await turns.run(() => verify(against, sameSpelling(password)))
      return stored !== null && fits
    },
    needsRehash: (stored) => !stored.startsWith(`$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`),
    weakness,
  }
}

/** One keyboard sends "ế" as one letter, another as three: the same password either way (NIST SP 800-63B 5.1.1.2). */
function sameSpelling(password: string): string {
  return password.normalize('NFKC')
}

export const LENGTH_MIN = 12
const LENGTH_MAX = 256
/** What must be left of a password when everything guessable is taken out. */
const OWN_LENGTH_MIN = 8

/** Without marks and lower case: the words at the head of leaked lists, Vietnamese ones among them, and ours. */
const GUESSABLE = ['vonglau', 'camera', 'giamsat', 'hikvision', 'dahua', 'administrator', 'admin', 'password', 'passwd', 'pass', 'matkhau', 'qwertyuiop', 'qwerty', 'asdfghjkl', 'asdfgh', 'zxcvbnm', '1q2w3e4r5t', '1q2w3e4r', '1qaz2wsx', 'iloveyou', 'welcome', 'letmein', 'changeme', 'default', 'dragon', 'monkey', 'football', 'anhyeuem', 'emyeuanh', 'yeuem', 'vietnam', 'hanoi', 'saigon', 'congan', 'canhsat', 'giaothong'] as const

/**
 * Length first (NIST and ASVS ask for no mix of characters), then what an attacker who knows the site tries first. A
 * guessable word may stand in a password, it only does not count: enough of one's own must be left beside it.
 */
function weakness(password: string, about: readonly string[] = []): Words | null {
  const length = Array.from(sameSpelling(password)).length
  if (length < LENGTH_MIN) return { vi: `Mật khẩu có ${length} ký tự: cần ít nhất ${LENGTH_MIN}. Ghép vài từ không liên quan với nhau.`, en: `The password has ${length} characters: it needs at least ${LENGTH_MIN}. Put some unrelated words together.` }
  if (length > LENGTH_MAX) return { vi: `Mật khẩu dài quá ${LENGTH_MAX} ký tự: hãy rút ngắn.`, en: `The password is longer than ${LENGTH_MAX} characters: make it shorter.` }
  const names = about.flatMap((name) => [fold(name).replaceAll(/[^a-z0-9]/g, ''), ...fold(name).split(/[^a-z0-9]+/)]).filter((part) => part.length >= 3)
  const words = [...names, ...GUESSABLE].toSorted((a, b) => b.length - a.length)
  const own = words.reduce((rest, word) => rest.replaceAll(word, ' '), fold(password).replaceAll(/\s/g, '')).replaceAll(' ', '')
  if (withoutRuns(own).length >= OWN_LENGTH_MIN) return null
  return {
    vi: 'Mật khẩu dễ đoán: chỉ gồm từ thông dụng, tên người, tên hệ thống hoặc dãy phím liền nhau. Thêm vài từ của riêng mình.',
    en: 'The password is easy to guess: common words, names, this system’s name or keys in a row. Add some words of your own.',
  }
}

function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd')
}

/** Takes out "aaa", "1234", "cba": a character that follows the one before it by the same small step, twice or more in a row. */
function withoutRuns(text: string): readonly string[] {
  const letters = Array.from(text)
  const step = (at: number): number | null => {
    const by = (letters[at]?.codePointAt(0) ?? 0) - (letters[at - 1]?.codePointAt(0) ?? 0)
    return at > 0 && Math.abs(by) <= 1 ? by : null
  }
  return letters.filter((_, at) => step(at) === null || step(at) !== step(at - 1))
}
