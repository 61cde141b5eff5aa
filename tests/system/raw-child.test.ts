import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { startRawChild } from '../../server/system/child.js'

/** Runs it to its end; answers the exit code, how many bytes came, and their hash. */
async function run(program: string, args: readonly string[], input = ''): Promise<{ code: number | null; bytes: number; hash: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  const { child, drained } = startRawChild(program, args, { runId: 'test', onBytes: (part) => void ((bytes += part.length), hash.update(part)) })
  child.stderr.resume()
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  await drained
  return { code, bytes, hash: hash.digest('hex') }
}

test('every byte comes, in order, also those written just before it left', async () => {
  const lines = Array.from({ length: 200_000 }, (_, at) => `${at}\n`).join('')
  expect(await run('cat', [], lines)).toEqual({ code: 0, bytes: lines.length, hash: createHash('sha256').update(lines).digest('hex') })
})

test('a program that writes nothing ends as quietly, with its code', async () => {
  expect(await run('sh', ['-c', 'exit 7'])).toMatchObject({ code: 7, bytes: 0 })
})

test('a program that is not there is told, and its output ends', async () => {
  expect((await run('/nowhere/ffmpeg', [])).code).not.toBe(0)
})
