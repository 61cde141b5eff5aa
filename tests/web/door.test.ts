import { io, type Socket } from 'socket.io-client'
import { openSmallHouse, PASSWORD, type SmallHouse } from './small-house.js'

let house: SmallHouse
beforeAll(async () => {
  house = await openSmallHouse()
})
afterAll(() => house.close())

const signIn = (name: string, password: string, headers?: Record<string, string>) => house.ask('/api/sign-in', { method: 'POST', body: { name, password }, ...(headers ? { headers } : {}) })

test('a wrong name and a wrong password get the same answer', async () => {
  const [name, password] = await Promise.all([signIn('nobody', PASSWORD), signIn('police', 'sai-mật-khẩu-rồi')])
  const [one, other] = (await Promise.all([name.json(), password.json()])) as { requestId?: string }[]
  delete one!.requestId
  delete other!.requestId
  expect([name.status, one]).toEqual([password.status, other])
  expect(name.status).toBe(401)
})

test('after five wrong tries the account waits, and says how long', async () => {
  for (let i = 0; i < 5; i += 1) await signIn('ai-do', 'sai-mật-khẩu-rồi')
  const answered = await signIn('ai-do', PASSWORD)
  expect(answered.status).toBe(429)
  expect(Number(answered.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('the cookie is out of reach of scripts and of other sites', async () => {
  const answered = await signIn('police', PASSWORD)
  expect(answered.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict|SameSite=Strict.*HttpOnly/)
})

test.each<[sentence: string, headers: Record<string, string>]>([
  ['without our header', { 'x-vonglau': '' }],
  ['from another origin', { origin: 'https://evil.example' }],
  ['that the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
])('a write %s is refused', async (_sentence, headers) => {
  expect((await signIn('police', PASSWORD, headers)).status).toBe(403)
})

test('signing out ends the session at once', async () => {
  const cookie = (await signIn('police', PASSWORD)).headers.get('set-cookie')!.split(';')[0]!
  expect((await house.ask('/api/me', { cookie })).status).toBe(200)
  await house.ask('/api/sign-out', { method: 'POST', cookie })
  expect((await house.ask('/api/me', { cookie })).status).toBe(401)
})

test('a disabled person is out at once, socket included', async () => {
  const admin = house.cookie('admin')
  const added = (await (await house.ask('/api/people', { method: 'POST', cookie: admin, body: { name: 'tam', displayName: 'Người tạm', role: 'police', areas: [house.areas.own], password: 'mật-khẩu-tạm-thời-1' } })).json()) as { id: string }
  const cookie = (await signIn('tam', 'mật-khẩu-tạm-thời-1')).headers.get('set-cookie')!.split(';')[0]!
  const socket = await connect(cookie)
  const gone = new Promise((resolve) => socket.on('disconnect', resolve))
  await house.ask(`/api/people/${added.id}`, { method: 'PATCH', cookie: admin, body: { disabled: true } })
  expect(await gone).toBe('io server disconnect')
  expect((await house.ask('/api/me', { cookie })).status).toBe(401)
})

test.each<[sentence: string, body: unknown, field: string]>([
  ['a weak password', { name: 'moi', displayName: 'Mới', role: 'police', password: 'vonglau' }, 'password'],
  ['an unknown role', { name: 'moi', displayName: 'Mới', role: 'king', password: 'mật-khẩu-tạm-thời-1' }, 'role'],
])('%s is refused with its field', async (_sentence, body, field) => {
  const answered = await house.ask('/api/people', { method: 'POST', cookie: house.cookie('admin'), body: { areas: [house.areas.own], ...(body as object) } })
  const problem = (await answered.json()) as { faults: { field: string }[] }
  expect([answered.status, problem.faults.map((fault) => fault.field)]).toEqual([400, [field]])
})

test('rights are not given beyond one’s own area', async () => {
  const answered = await house.ask('/api/people', { method: 'POST', cookie: house.cookie('admin'), body: { name: 'moi', displayName: 'Mới', role: 'admin', areas: [house.areas.foreign], password: 'mật-khẩu-tạm-thời-1' } })
  expect(answered.status).toBe(403)
})

test.each<[sentence: string, body: string, status: number]>([
  ['broken JSON', '{', 400],
  ['too much', JSON.stringify({ name: 'x'.repeat(300_000), password: 'y' }), 413],
  ['an unknown field', JSON.stringify({ name: 'police', password: PASSWORD, admin: true }), 400],
  ['a prototype', '{"__proto__":{"role":"admin"},"name":"police","password":"x"}', 400],
  ['an object for a name', '{"name":{"$ne":""},"password":"x"}', 400],
])('%s is refused plainly', async (_sentence, body, status) => {
  expect((await house.ask('/api/sign-in', { method: 'POST', body })).status).toBe(status)
})

test('a degraded server says what is missing and what to type', async () => {
  const answered = await house.ask('/readyz')
  const view = (await answered.json()) as { ready: boolean; parts: { name: string; ok: boolean; next: string | null }[] }
  expect([answered.status, view.ready]).toEqual([200, true])
  expect(view.parts.find(({ name }) => name === 'media_tools')).toMatchObject({ ok: false, next: 'apt-get install ffmpeg' })
})

test('the page is guarded by its headers', async () => {
  const { headers } = await house.ask('/api/welcome')
  expect(headers.get('content-security-policy')).toContain("script-src 'self'")
  expect([headers.get('x-content-type-options'), headers.get('x-powered-by')]).toEqual(['nosniff', null])
})

function connect(cookie: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = io(house.app.url, { transports: ['websocket'], extraHeaders: { cookie }, reconnection: false })
    socket.on('connect', () => resolve(socket))
    socket.on('connect_error', reject)
  })
}
