import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { NOTES_FD, startRawChild } from '../../server/system/child.js'

/** Runs it to its end; answers the exit code, how many bytes came, their hash, and how many came at once at most. */
async function run(program: string, args: readonly string[], { input = '', room = 1 << 20 } = {}): Promise<{ code: number | null; bytes: number; hash: string; most: number; notes: readonly string[] }> {
  const hash = createHash('sha256')
  let bytes = 0
  let most = 0
  const told: string[] = []
  const memory = new Uint8Array(room)
  const sink = {
    room: () => memory,
    took(came: number) {
      bytes += came
      most = Math.max(most, came)
      hash.update(memory.subarray(0, came))
      told.push(notes())
    },
  }
  const { child, drained, notes } = startRawChild(program, args, { runId: 'test', sink })
  child.stderr.resume()
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  await drained
  return { code, bytes, hash: hash.digest('hex'), most, notes: [...told, notes()] }
}

const lines = Array.from({ length: 400_000 }, (_, at) => `${at}\n`).join('')

test.each([{ room: 1 << 20 }, { room: 1_000 }, { room: 7 }])('every byte comes, in order, also those written just before it left, into rooms of $room', async ({ room }) => {
  const input = lines.slice(0, Math.min(lines.length, room * 30_000))
  expect(await run('cat', [], { input, room })).toMatchObject({ code: 0, bytes: input.length, hash: createHash('sha256').update(input).digest('hex') })
})

test('a picture comes in a few pieces, not in a dozen: the pipe is wider than 64 kB', async () => {
  const { most, bytes } = await run('dd', ['if=/dev/zero', 'bs=737280', 'count=8'])
  expect([bytes, most > 64 << 10]).toEqual([8 * 737_280, true])
})

test('what it noted before its bytes is there when they come, once, however long; and nothing is read from a program that has left', async () => {
  const long = 'n'.repeat(9_000)
  const { notes } = await run('sh', ['-c', `printf first >&${NOTES_FD}; printf x; sleep 0.3; printf ${long} >&${NOTES_FD}; printf y; sleep 0.3; printf late >&${NOTES_FD}`])
  expect(notes).toEqual(['first', long, ''])
})

test('a program that writes nothing ends as quietly, with its code', async () => {
  expect(await run('sh', ['-c', 'exit 7'])).toMatchObject({ code: 7, bytes: 0 })
})

test('a program that is not there is told, and its output ends', async () => {
  expect((await run('/nowhere/ffmpeg', [])).code).not.toBe(0)
})
