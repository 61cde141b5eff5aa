import { ARROWS, CLOCK_DOOR, DOORS, TYPES_ONLY } from '../../config/tooling/arrows.js'
import { filesBelow, importsOf, textOf } from './sources.js'

const OURS = ['models', 'analytics', 'config', 'server', 'player', 'tests'] as const
const files = OURS.flatMap((folder) => filesBelow(folder)).filter((path) => !path.endsWith('.d.ts'))
const imports = files.flatMap((path) => [...importsOf(path)])

/** The longest name in the law that holds this path: `server/live/playlist.ts` lives in `server/live`. */
function roomOf(path: string): string | null {
  const bare = path.replace(/\.(js|ts|tsx)$/, '')
  const names = Object.keys(ARROWS).filter((name) => path === name || bare === name.replace(/\.ts$/, '') || path.startsWith(`${name}/`))
  return names.sort((a, b) => b.length - a.length)[0] ?? null
}

const allowed = (from: string, to: string): boolean => from === to || (ARROWS[from] ?? []).some((name) => to === name || to.startsWith(`${name}/`) || to === `${name}.ts`)

test('every file of ours lives in a room that the law names', () => {
  expect(files.filter((path) => roomOf(path) === null)).toEqual([])
})

test('imports follow the arrows; what the law does not name is forbidden', () => {
  const broken = imports.filter(({ ours }) => ours).flatMap(({ from, to }) => {
    const [room, target] = [roomOf(from), roomOf(to)]
    return room && target && allowed(room, target) ? [] : [`${from} → ${to}: ${room ?? '?'} may import ${(ARROWS[room ?? ''] ?? []).join(', ') || 'nothing of ours'}`]
  })
  expect(broken).toEqual([])
})

test('where only types may cross, only types do', () => {
  const broken = imports.filter(({ from, to, ours, typesOnly }) => ours && !typesOnly && TYPES_ONLY.some(([room, target]) => roomOf(from) === room && roomOf(to) === target))
  expect(broken.map(({ from, to }) => `${from} → ${to}: write import type`)).toEqual([])
})

test('one outside package, one door', () => {
  const broken = imports.filter(({ from, to, ours }) => !ours && DOORS[to] && !from.startsWith('tests/') && !DOORS[to].some((door) => from === door || from.startsWith(`${door}/`)))
  expect(broken.map(({ from, to }) => `${from} imports ${to}: only ${DOORS[to]?.join(', ')} may`)).toEqual([])
})

test('nothing but the tests imports tests', () => {
  expect(imports.filter(({ from, to, ours }) => ours && to.startsWith('tests/') && !from.startsWith('tests/')).map(({ from }) => from)).toEqual([])
})

test('time is passed in: only the clock reads the real one', () => {
  const reading = /\b(Date\.now\(|new Date\(\)|performance\.now\(|setTimeout\(|setInterval\(|setImmediate\()/
  const broken = files.filter((path) => /^(server|analytics)\//.test(path) && path !== CLOCK_DOOR).filter((path) => reading.test(textOf(path).replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')))
  expect(broken.map((path) => `${path}: take a Clock instead (server/system/clock.ts)`)).toEqual([])
})
