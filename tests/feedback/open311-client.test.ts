import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asId, type ReportId } from '../../server/domain/ids.js'
import { openFeedback } from '../../server/feedback/feedback.js'
import { readJsonList, readXmlList } from '../../server/feedback/open311-answer.js'
import { judge, makeOpen311Client, type ClientOptions, type OutgoingRequest } from '../../server/feedback/open311-client.js'
import { openStore } from '../../server/storage/open.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { serveFeedback, startLocalServer, type LocalServer } from '../support/open311-server.js'
import { LAN, settle, T0 } from '../support/small-city.js'
import { makeStillClock } from '../support/still-clock.js'

const KEY = 'khóa chung'
const REQUEST: OutgoingRequest = { serviceCode: 'illegal-parking', description: 'Xe tải đỗ “chắn” lối & vỉa hè <12>', latitude: 10.3712, longitude: 105.4326, address: 'Chợ Mỹ Bình', mediaUrl: null, externalId: 'ta-1' }
const OTHER_CITY = readFileSync(new URL('./golden/other-city-request.xml', import.meta.url), 'utf8')

const clientOf = (url: string, part: Partial<ClientOptions> = {}) => makeOpen311Client({ url, apiKey: KEY, format: 'json', clock: systemClock, firstRetryMs: 1, ...part })

let server: LocalServer
afterEach(() => server.close())

describe.each(['json', 'xml'] as const)('our own endpoint over HTTP, in %s', (format) => {
  test('a request is sent, sent again without becoming two, followed, and its answer read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vonglau-client-'))
    const clock = makeStillClock()
    const store = await openStore({ url: `sqlite:${join(folder, 'city.db')}`, log: silentLog, clock })
    await settle(store)
    const feedback = await openFeedback({ store, clock, log: silentLog, apiKeyHashes: [createHash('sha256').update(KEY).digest('hex')] })
    server = await startLocalServer(serveFeedback(feedback))
    const client = clientOf(server.url, { format })

    expect((await client.services()).ok && (await client.services())).toMatchObject({ value: expect.arrayContaining([{ code: 'illegal-parking', name: 'Dừng đỗ sai quy định', needsAttributes: false }]) })
    const [first, second] = [await client.send(REQUEST), await client.send(REQUEST)]
    expect(first).toEqual({ ok: true, value: { is: 'request', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) } })
    expect(second).toEqual(first)
    const requestId = first.ok && first.value.is === 'request' ? first.value.requestId : ''
    expect(await store.reports.get(asId<ReportId>(requestId))).toMatchObject({ description: REQUEST.description, address: 'Chợ Mỹ Bình', latitude: 10.3712, sourceId: 'ta-1' })
    expect(await client.follow(requestId)).toEqual({ ok: true, value: { requestId, status: 'open', statusNotes: null, updatedAtMs: T0 } })
    await feedback.answerReport(asId<ReportId>(requestId), { notes: 'Đã lập biên bản “A” & <B>', close: true }, LAN)
    expect(await client.follow(requestId)).toMatchObject({ ok: true, value: { status: 'closed', statusNotes: 'Đã lập biên bản “A” & <B>' } })
    expect(await client.redeem(requestId)).toEqual({ ok: true, value: requestId })

    expect(await clientOf(server.url, { format, apiKey: 'sai' }).send(REQUEST)).toMatchObject({ ok: false, trouble: { code: 'refused', mayPass: false, said: expect.stringMatching(/^403 api_key is missing or not known/) } })
    expect(await client.follow('none')).toMatchObject({ ok: false, trouble: { code: 'not_found', said: expect.stringMatching(/^404 service_request_id was not found/) } })
    await feedback.close()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
})

test('another city’s answer in XML is read: its escapes, CDATA, lists and extensions', async () => {
  server = await startLocalServer((_request, _body, response) => response.end(OTHER_CITY))
  expect(await clientOf(server.url, { format: 'xml', jurisdictionId: 'longxuyen.vn' }).follow('2026-00417')).toEqual({ ok: true, value: { requestId: '2026-00417', status: 'closed', statusNotes: 'Đã thu gom & rửa đường.', updatedAtMs: Date.parse('2026-11-20T09:05:09Z') } })
  expect(server.seen[0]?.url).toBe(`/open311/requests/2026-00417.xml?jurisdiction_id=longxuyen.vn&${new URLSearchParams({ api_key: KEY }).toString()}`)
  expect(readXmlList(OTHER_CITY)?.rows[0]).toMatchObject({ description: 'Rác ở đầu hẻm "12" – cạnh chợ <Mỹ Bình>', agency_responsible: 'Phòng TN&MT', service_notice: null, service_code: '012' })
})

test('a server that gives a token first is asked for the number later', async () => {
  let given = false
  server = await startLocalServer((request, _body, response) => {
    if (request.method === 'POST') response.end('[{"token":"t-1"}]')
    else response.end(given ? '[{"service_request_id":42,"token":"t-1"}]' : '[{"token":"t-1"}]')
  })
  const client = clientOf(server.url)
  expect(await client.send(REQUEST)).toEqual({ ok: true, value: { is: 'token', token: 't-1' } })
  expect(await client.redeem('t-1')).toEqual({ ok: true, value: null })
  given = true
  expect(await client.redeem('t-1')).toEqual({ ok: true, value: '42' })
})

test('the key goes into the body of a POST, and into no word of trouble', async () => {
  server = await startLocalServer((_request, _body, response) => response.writeHead(500).end('lỗi'))
  const sent = await clientOf(server.url).send(REQUEST)
  expect(new URLSearchParams(server.seen[0]?.body).get('api_key')).toBe(KEY)
  expect(server.seen[0]?.url).toBe('/open311/requests.json')
  const followed = await clientOf(server.url).follow('1')
  expect(JSON.stringify([sent, followed])).not.toContain('khóa')
})

describe('when the other server misbehaves', () => {
  test('a question is asked again after a fault that may pass; a report is not sent twice', async () => {
    let fails = 2
    server = await startLocalServer((_request, _body, response) => (fails-- > 0 ? response.writeHead(503).end('bận') : response.end('[{"service_request_id":"1","status":"open"}]')))
    expect(await clientOf(server.url).follow('1')).toMatchObject({ ok: true })
    expect(server.seen).toHaveLength(3)
    fails = 1
    expect(await clientOf(server.url).send(REQUEST)).toMatchObject({ ok: false, trouble: { code: 'server_fault', mayPass: true, said: 'HTTP 503: bận' } })
    expect(server.seen).toHaveLength(4)
  })

  test('a redirect is not followed: the key goes nowhere else', async () => {
    server = await startLocalServer((_request, _body, response) => response.writeHead(307, { location: `${server.url}/elsewhere` }).end())
    expect(await clientOf(server.url).send(REQUEST)).toMatchObject({ ok: false, trouble: { code: 'redirected', mayPass: false } })
    expect(server.seen).toHaveLength(1)
  })

  test('an answer without end is cut off at the size cap', async () => {
    server = await startLocalServer((_request, _body, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x20)));
        response.once('drain', more)
      }
      more()
    })
    expect(await clientOf(server.url, { bytesMax: 1 << 20 }).follow('1')).toMatchObject({ ok: false, trouble: { code: 'too_big', said: 'more than 1048576 bytes' } })
  })

  test.each(['says nothing', 'stops in the middle'])('a server that %s is given up at the deadline of the given clock', async (kind) => {
    const clock = makeStillClock()
    let arrive: () => void = () => undefined
    const reached = new Promise<void>((resolve) => (arrive = resolve))
    server = await startLocalServer((_request, _body, response) => {
      if (kind === 'stops in the middle') response.writeHead(200).write('[{"service_')
      arrive()
    })
    const sent = clientOf(server.url, { clock, timeoutMs: 15_000 }).send(REQUEST)
    await reached
    clock.move(15_000)
    expect(await sent).toMatchObject({ ok: false, trouble: { code: 'timed_out', mayPass: true, said: 'no whole answer in 15000 ms' } })
  })

  test('a port where nobody listens, and a peer that hangs up, are unreachable, with the reason', async () => {
    server = await startLocalServer((_request, _body, response) => response.destroy())
    expect(await clientOf(server.url).follow('1')).toMatchObject({ ok: false, trouble: { code: 'unreachable', mayPass: true, said: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) } })
    expect(server.seen).toHaveLength(3)
    const port = await new Promise<number>((resolve) => {
      const probe = createServer((socket: Socket) => socket.destroy()).listen(0, '127.0.0.1', () => {
        const address = probe.address()
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
      })
    })
    expect(await clientOf(`http://127.0.0.1:${port}/`).send(REQUEST)).toMatchObject({ ok: false, trouble: { code: 'unreachable', said: expect.stringContaining('ECONNREFUSED') } })
  })

  test.each(['ftp://example.vn/', 'example.vn', 'file:///etc/passwd', ''])('the address %p is refused at the start', async (url) => {
    server = await startLocalServer((_request, _body, response) => response.end())
    expect(() => clientOf(url)).toThrow(/is not an http or https address: write the one below which services\.json stands/)
  })
})

test.each<[string, number, string, 'json' | 'xml', object]>([
  ['a list', 200, '[{"a":1,"b":null,"c":{"d":1},"e":true}]', 'json', { ok: true, value: [{ a: '1', b: null, e: 'true' }] }],
  ['one object instead of a list', 200, '{"token":"t"}', 'json', { ok: true, value: [{ token: 't' }] }],
  ['text that looks escaped in JSON stays as it is', 200, '[{"a":"x &amp; y"}]', 'json', { ok: true, value: [{ a: 'x &amp; y' }] }],
  ['an empty list in XML', 200, '<service_requests/>', 'xml', { ok: true, value: [] }],
  ['errors with status 200', 200, '[{"code":400,"description":"sai"}]', 'json', { ok: false, trouble: { code: 'refused', said: '400 sai' } }],
  ['errors in XML', 400, '<errors><error><code>400</code><description>thiếu &amp; sai</description></error></errors>', 'xml', { ok: false, trouble: { code: 'refused', said: '400 thiếu & sai' } }],
  ['a web page', 200, '<html><body>Xin chào</body></html>', 'xml', { ok: false, trouble: { code: 'not_understood', said: 'HTTP 200: <html><body>Xin chào</body></html>' } }],
  ['broken JSON', 200, '[{', 'json', { ok: false, trouble: { code: 'not_understood' } }],
  ['broken XML', 200, '<service_requests><request>', 'xml', { ok: false, trouble: { code: 'not_understood' } }],
  ['a number where a list should be', 200, '7', 'json', { ok: false, trouble: { code: 'not_understood' } }],
  ['too many questions', 429, '', 'json', { ok: false, trouble: { code: 'server_fault', mayPass: true } }],
])('%s is understood as such', (_name, status, text, format, meant) => {
  expect(judge(status, text, format, 'GET x')).toMatchObject(meant)
})

test('an XML bomb and a look into a file are refused before parsing', () => {
  const bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><service_requests><request><service_request_id>&b;&c;</service_request_id></request></service_requests>'
  expect(readXmlList(bomb)).toBeNull()
})

test('names that mean something to JavaScript change nothing', () => {
  readXmlList('<service_requests><request><__proto__><polluted>1</polluted></__proto__><constructor>x</constructor></request></service_requests>')
  readJsonList('[{"__proto__":{"polluted":1},"constructor":"x"}]')
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})
