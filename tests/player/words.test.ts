import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { en } from '../../player/words/en.js'
import { bytes, elapsed, found, number, pictureAge, span } from '../../player/words/measures.js'
import { vi } from '../../player/words/vi.js'

const facts = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((hit) => hit[1] ?? '').sort()

test('both languages have the same keys', () => expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort()))
test('both languages tell the same facts under each key', () => {
  for (const [key, text] of Object.entries(vi)) expect([key, facts(en[key as keyof typeof vi])]).toEqual([key, facts(text)])
})
test.each(['vi', 'en'])('no key of %s stands in two files: the later one would take the other’s word', async (language) => {
  const folder = join(process.cwd(), 'player/words')
  const parts = await Promise.all(readdirSync(folder).filter((file) => file.startsWith(`${language}-`)).map((file) => import(join(folder, file)) as Promise<Record<string, object>>))
  const keys = parts.flatMap((part) => Object.values(part).flatMap((words) => Object.keys(words)))
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
  expect(keys.length).toBe(Object.keys(vi).length)
})
test('no word is empty', () => expect([...Object.entries(vi), ...Object.entries(en)].filter(([, text]) => !text.trim())).toEqual([]))

test('every word is used, and every component takes its words from here', () => {
  const root = join(process.cwd(), 'player')
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file) && !/^(words|gallery)[\\/]/.test(file)).map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
  const all = sources.map(({ text }) => text).join('\n')
  // Keys put together from parts, such as `priority.${…}`, count by their first part.
  const families = new Set([...all.matchAll(/[`'"]([a-z_]+(?:\.[a-z_]+)?\.)(?:\$\{|['`])/g)].map((hit) => hit[1] ?? ''))
  const unused = Object.keys(vi).filter((key) => !all.includes(`'${key}'`) && ![...families].some((family) => key.startsWith(family)))
  expect(unused).toEqual([])
  // Vietnamese letters in a component would be words outside the dictionary; `Tiếng Việt` names itself in its own language.
  const stray = sources.filter(({ text }) => /[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]/i.test(withoutComments(text).replaceAll('Tiếng Việt', '')))
  expect(stray.map(({ file }) => file)).toEqual([])
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
}

describe('measures', () => {
  test.each([
    ['a young picture has tenths', pictureAge(1_149, 'vi'), '1,1 s'],
    ['English has a point', pictureAge(1_149, 'en'), '1.1 s'],
    ['an old one has none', pictureAge(47_900, 'vi'), '47 s'],
    ['minutes', span(134 * 60_000, 'vi'), '2 g 14 ph'],
    ['a whole hour', span(3_600_000, 'vi'), '1 g'],
    ['two days', span(48 * 3_600_000, 'en'), '2 d'],
    ['an age below nothing is nothing', pictureAge(-5, 'vi'), '0,0 s'],
    ['an alert clock', elapsed(38_000, 'vi'), '00:38'],
    ['past an hour', elapsed(3_730_000, 'vi'), '1:02:10'],
    ['past two days', elapsed(50 * 3_600_000, 'vi'), '2 ngày'],
    ['thousands', number(1234.5, 'vi', 1), '1.234,5'],
    ['bytes', bytes(38_412, 'vi'), '38 KB'],
    ['megabytes', bytes(1_234_567, 'vi'), '1,2 MB'],
  ])('%s', (_name, told, expected) => expect(told).toBe(expected))
  test.each([['dao', 'Trần Hưng Đạo', true], ['đạo', 'TRAN HUNG DAO', true], ['dao hung', 'Trần Hưng Đạo', true], ['daoo', 'Trần Hưng Đạo', false]])('%s in %s: %p', (asked, text, expected) => expect(found(asked, [text, null])).toBe(expected))
})
