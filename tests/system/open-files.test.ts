import { openFilesMax } from '../../server/system/open-files.js'

test.each<[sentence: string, limits: string, max: number]>([
  ['as Linux says it', 'Limit  Soft Limit  Hard Limit  Units\nMax open files            20000                524288               files \n', 20_000],
  ['without a limit', 'Max open files            unlimited            unlimited            files \n', 1_000_000],
  ['where nothing is said', '', 1_024],
])('how many files may be open, %s', (_sentence, limits, max) => expect(openFilesMax(limits)).toBe(max))
