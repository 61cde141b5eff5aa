import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchModel } from '../../models/fetch.js'
import { fetchedFile, SHELF, type ShelfModel } from '../../models/shelf.js'
import { modelsFetch } from '../../server/commands/models-fetch-command.js'

/** The maker's address, on this machine: what it answers is set by each test. */
let server: Server
let answer: (request: IncomingMessage, response: ServerResponse) => void
let folder: string
let model: ShelfModel
const asked: (string | undefined)[] = []
const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7919) % 251))
const sha256 = createHash('sha256').update(bytes).digest('hex')

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.headers.range)
    answer(request, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  folder = mkdtempSync(join(tmpdir(), 'vonglau-fetch-'))
  model = { name: 'thu', title: 'Thử', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.onnx`, sha256, bytes: bytes.length, licence: 'Apache-2.0', attribution: 'người làm' }
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  asked.length = 0
  rmSync(fetchedFile(folder, model), { force: true })
  rmSync(`${fetchedFile(folder, model)}.part`, { force: true })
})

const whole = (_request: IncomingMessage, response: ServerResponse): void => void response.writeHead(200).end(bytes)
/** Half of it, then the line is dead. */
const half = (_request: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(200, { 'content-length': bytes.length })
  response.write(bytes.subarray(0, 90_000), () => response.destroy())
}
const rest = (request: IncomingMessage, response: ServerResponse): void => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(206, { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }).end(bytes.subarray(from))
}
const kept = (): Buffer => readFileSync(fetchedFile(folder, model))
const nothing = (): readonly boolean[] => [existsSync(fetchedFile(folder, model)), existsSync(`${fetchedFile(folder, model)}.part`)]

test('a model is fetched once; the second time it is there and nobody is asked', async () => {
  answer = whole
  const shares: number[] = []
  expect(await fetchModel(model, folder, (share) => shares.push(share))).toEqual({ is: 'fetched', file: fetchedFile(folder, model) })
  expect([kept().equals(bytes), shares.at(-1)]).toEqual([true, 1])
  expect(await fetchModel(model, folder)).toEqual({ is: 'there', file: fetchedFile(folder, model) })
  expect(asked).toEqual([undefined])
})

test('cut off, it says so; the next try asks for the rest alone', async () => {
  answer = half
  expect(await fetchModel(model, folder)).toMatchObject({ is: 'cut', next: expect.stringContaining('again') as string })
  const had = readFileSync(`${fetchedFile(folder, model)}.part`).length
  answer = rest
  expect(await fetchModel(model, folder)).toMatchObject({ is: 'fetched' })
  expect([kept().equals(bytes), asked]).toEqual([true, [undefined, `bytes=${had}-`]])
})

test('a server that cannot go on sends all of it, and it begins anew', async () => {
  answer = half
  await fetchModel(model, folder)
  answer = whole
  expect(await fetchModel(model, folder)).toMatchObject({ is: 'fetched' })
  expect(kept().equals(bytes)).toBe(true)
})

test('another file of the same length is refused, and nothing of it stays', async () => {
  answer = (_request, response) => void response.writeHead(200).end(Buffer.alloc(bytes.length))
  expect(await fetchModel(model, folder)).toMatchObject({ is: 'wrong_hash', said: expect.stringContaining(sha256) as string })
  expect(nothing()).toEqual([false, false])
  answer = whole
  expect(await fetchModel(model, folder)).toMatchObject({ is: 'fetched' })
})

test('a file that was spoilt on the disk is fetched anew', async () => {
  answer = whole
  await fetchModel(model, folder)
  writeFileSync(fetchedFile(folder, model), 'x')
  expect(await fetchModel(model, folder)).toMatchObject({ is: 'fetched' })
  expect(kept().equals(bytes)).toBe(true)
})

test('more than was promised is refused', async () => {
  answer = (_request, response) => void response.writeHead(200).end(Buffer.concat([bytes, bytes]))
  expect(await fetchModel(model, folder)).toMatchObject({ is: 'too_long' })
  expect(nothing()).toEqual([false, false])
})

test('an address that has moved, and no network at all, are told apart, each with the next step', async () => {
  answer = (_request, response) => void response.writeHead(404).end()
  expect(await fetchModel(model, folder)).toMatchObject({ is: 'refused', said: `${model.url} answers 404` })
  const closed = createServer()
  await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening))
  const { port } = closed.address() as AddressInfo
  await new Promise((done) => closed.close(done))
  expect(await fetchModel({ ...model, url: `http://127.0.0.1:${port}/x` }, folder)).toMatchObject({ is: 'offline', said: `127.0.0.1:${port} cannot be reached: ECONNREFUSED`, next: expect.stringContaining('upload it') as string })
})

describe('the command', () => {
  async function run(...argv: readonly string[]): Promise<{ readonly code: number; readonly said: string; readonly complained: string }> {
    let [said, complained] = ['', '']
    const code = await modelsFetch(argv, { env: { VONGLAU_DATA: folder }, say: (text) => (said += text), complain: (text) => (complained += text), shelf: [model] })
    return { code, said, complained }
  }

  test('puts the file where the server looks, and names licence and next step', async () => {
    answer = whole
    const { code, said } = await run('thu')
    expect([code, existsSync(fetchedFile(join(folder, 'models'), model))]).toEqual([0, true])
    expect(said).toContain('100 %')
    expect(said).toMatch(/Licence Apache-2.0\. người làm\.\n.*“Mô hình”/)
  })

  test.each([
    [['nobody'], 2, /no model is called “nobody”[\s\S]*thu {14}Thử, 0\.2 MB, Apache-2\.0/],
    [[], 2, /no model was named/],
    [['a', 'b'], 2, /one model at a time/],
  ] as const)('%j: %d', async (argv, code, says) => {
    const done = await run(...argv)
    expect([done.code, done.complained]).toEqual([code, expect.stringMatching(says)])
  })

  test('without the file it ends with 3 and says why', async () => {
    rmSync(join(folder, 'models'), { recursive: true, force: true })
    answer = (_request, response) => void response.writeHead(503).end()
    expect(await run('thu')).toMatchObject({ code: 3, complained: expect.stringMatching(/answers 503\n {2}\w/) as string })
  })
})

test('the shelf holds permissive licences alone, each file by one commit and one hash', () => {
  for (const { url, sha256: hash, licence, bytes: size, name } of SHELF) {
    expect([name, licence]).toEqual([name, expect.stringMatching(/^(Apache-2\.0|MIT|BSD-[23]-Clause)$/)])
    expect([url, hash]).toEqual([expect.stringMatching(/^https:\/\/.*\/[0-9a-f]{40}\/.*\.onnx$/), expect.stringMatching(/^[0-9a-f]{64}$/)])
    expect(size).toBeGreaterThan(1_000_000)
  }
  expect(new Set(SHELF.map(({ name }) => name)).size).toBe(SHELF.length)
})
