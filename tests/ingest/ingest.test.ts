import { readdirSync, readFileSync } from 'node:fs'
import type { SessionFaultName } from '../../server/ingest/session-news.js'
import type { Log } from '../../server/system/log.js'
import { startOddCamera, type Oddity } from '../support/odd-camera.js'
import { closeAllOpened, hasFfmpeg, hasRtspServer, makeClip, startRtspServer } from '../support/rtsp-server.js'
import { hasOpenssl, startTlsFront } from '../support/tls-front.js'
import { isLive, isWaiting, STREAM, watchStream, type Watched } from './watch-session.js'

afterEach(closeAllOpened)

const ready = hasFfmpeg()
const withFfmpeg = ready ? test : test.skip
const withRtsp = ready && hasRtspServer() ? test : test.skip

/** Every ffmpeg of this test process: pid and its arguments, as any user of the machine can read them. */
function ffmpegs(): readonly { readonly pid: number; readonly args: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      if (!readFileSync(`/proc/${name}/environ`, 'latin1').includes(`VONGLAU_RUN=test:${process.pid}\0`)) return []
      return [{ pid: Number(name), args: readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ') }]
    } catch {
      return [] // it ended while we looked
    }
  })
}

/** Waits for packets by subscribing, as every reader does. */
async function pictures(watched: Watched, count: number): Promise<readonly { readonly key: boolean; readonly decodeTime: number }[]> {
  const reader = watched.hub.subscribe(STREAM, { from: 'next_key', capacity: 100, whenFull: 'mark_gap' })
  const seen: { key: boolean; decodeTime: number }[] = []
  for await (const packet of reader) if (seen.push(packet) >= count) break
  return seen
}

const LOGIN = { user: 'trực ban', password: 'mật "khẩu":@/1' }

for (const scheme of ['digest', 'basic'] as const) {
  withRtsp(`a camera behind ${scheme} authentication is read, and no secret stands in any argument or log line`, async () => {
    const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } }, login: { ...LOGIN, scheme } })
    const lines: string[] = []
    const log: Log = { info: (facts, message) => lines.push(JSON.stringify(facts) + message), warn: (facts, message) => lines.push(JSON.stringify(facts) + message), error: (facts, message) => lines.push(JSON.stringify(facts) + message), child: () => log }
    const watched = await watchStream({ url: server.url('/main'), ...LOGIN, transport: 'auto' }, { log })
    const seen = await pictures(watched, 30)
    expect(seen[0]?.key).toBe(true)
    expect(await watched.until(isLive)).toMatchObject({ codec: expect.stringMatching(/^avc1\./), width: 320, height: 180, attempts: 0 })
    const [ffmpeg, ...more] = ffmpegs()
    expect(more).toEqual([])
    expect(ffmpeg?.args).toMatch(/ -i rtsp:\/\/127\.0\.0\.1:\d+\/[\w-]{24} /)
    expect(`${ffmpeg?.args}${lines.join('')}`).not.toMatch(new RegExp(`khẩu|${encodeURIComponent('khẩu')}|trực|${server.port}/`))
    await watched.close()
    expect(ffmpegs()).toEqual([])
    await server.close()
  })
}

withRtsp('a wrong password, a wrong path and a missing login each have their name', async () => {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } }, login: LOGIN })
  const cases = [
    { wish: { url: server.url('/main'), user: LOGIN.user, password: 'wrong' }, fault: { name: 'auth', words: 'DESCRIBE was answered with 401: user or password is not accepted' } },
    { wish: { url: server.url('/main') }, fault: { name: 'auth', words: 'DESCRIBE was answered with 401: the camera wants a user and a password' } },
    { wish: { url: server.url('/nothing'), ...LOGIN }, fault: { name: 'not_found', words: 'DESCRIBE was answered with 404: no stream at this path' } },
  ]
  for (const { wish, fault } of cases) {
    const watched = await watchStream({ ...wish, transport: 'auto' })
    expect(await watched.until(isWaiting)).toMatchObject({ fault, attempts: 1 })
    await watched.close()
  }
  await server.close()
})

withRtsp('a corrected password is tried at once', async () => {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } }, login: LOGIN })
  const watched = await watchStream({ url: server.url('/main'), user: LOGIN.user, password: 'wrong', transport: 'auto' })
  await watched.until(isWaiting)
  watched.ingest.setStream(STREAM, { url: server.url('/main'), ...LOGIN, transport: 'auto' })
  await watched.until(isLive)
  await watched.close()
  await server.close()
})

withRtsp('UDP works through the gate too, asked for or found by itself after 461', async () => {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } }, login: LOGIN, transports: 'udp' })
  for (const transport of ['udp', 'auto'] as const) {
    const watched = await watchStream({ url: server.url('/main'), ...LOGIN, transport })
    expect((await pictures(watched, 10))[0]?.key).toBe(true)
    await watched.close()
  }
  const watched = await watchStream({ url: server.url('/main'), ...LOGIN, transport: 'tcp' })
  expect(await watched.until(isWaiting)).toMatchObject({ fault: { name: 'transport' } })
  await watched.close()
  await server.close()
})

const withTls = ready && hasRtspServer() && hasOpenssl() ? test : test.skip
withTls('rtsps: encrypted up to the camera, also with a certificate that nobody signed', async () => {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } }, login: LOGIN })
  const front = await startTlsFront(server.port)
  const watched = await watchStream({ url: `rtsps://127.0.0.1:${front.port}/main`, ...LOGIN, transport: 'auto' })
  expect((await pictures(watched, 10))[0]?.key).toBe(true)
  await watched.close()
})

withRtsp('a camera that freezes (T5) is stalled, then comes back on the same time line with a new init segment', async () => {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } } })
  const watched = await watchStream({ url: server.url('/main'), transport: 'auto' }, { bounds: { stallMsMax: 700, connectMsMax: 1_000, backOffMsMin: 200, backOffMsMax: 400 } })
  await pictures(watched, 5)
  server.freeze()
  expect(await watched.until((news) => news.state === 'stalled')).toMatchObject({ fault: { name: 'timed_out' } })
  const before = watched.hub.recall(STREAM, 0, 1e15)
  await watched.until(isWaiting)
  watched.forgetNews()
  server.thaw()
  await watched.until(isLive)
  await pictures(watched, 5)
  const after = watched.hub.recall(STREAM, 0, 1e15).slice(before.length)
  expect(after[0]).toMatchObject({ key: true, decodeTime: (before.at(-1)?.decodeTime ?? 0) + (before.at(-1)?.durationTicks ?? 0) })
  expect(after[0]?.init).not.toBe(before[0]?.init)
  await watched.close()
  await server.close()
})

withRtsp('ffmpeg killed from outside (T4) costs one back-off, and never leaves two', async () => {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } } })
  const watched = await watchStream({ url: server.url('/main'), transport: 'auto' }, { bounds: { backOffMsMin: 50 } })
  for (let round = 0; round < 4; round += 1) {
    await watched.until(isLive)
    const running = ffmpegs()
    expect(running).toHaveLength(1)
    watched.forgetNews()
    process.kill(running[0]?.pid ?? 0, round % 2 === 0 ? 'SIGKILL' : 'SIGSEGV')
    expect(await watched.until(isWaiting)).toMatchObject({ fault: { name: 'hung_up' } })
  }
  await watched.until(isLive)
  await watched.close()
  expect(ffmpegs()).toEqual([])
  await server.close()
})

withRtsp('a camera that dies and returns at the same address with another picture size (T9) is found again, with an init segment that says so', async () => {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } } })
  const watched = await watchStream({ url: server.url('/main'), transport: 'auto' }, { bounds: { backOffMsMin: 100, backOffMsMax: 300 } })
  await watched.until(isLive)
  watched.forgetNews()
  await server.close()
  await watched.until((news) => news.fault?.name === 'refused')
  watched.forgetNews()
  const again = await startRtspServer({ mounts: { '/main': { clip: makeClip({ size: '480x272' }) } }, port: server.port })
  expect(await watched.until(isLive)).toMatchObject({ width: 480, height: 272 })
  await pictures(watched, 2)
  expect(watched.hub.recall(STREAM, 0, 1e15).at(-1)?.init).toMatchObject({ width: 480, height: 272 })
  await watched.close()
  await again.close()
})

const ODD: readonly (readonly [name: string, oddity: Oddity, fault: SessionFaultName, words: RegExp])[] = [
  ['that takes the connection and says nothing', 'silent', 'timed_out', /did not start to play/],
  ['that speaks no RTSP', 'garbage', 'invalid_media', /RTSP head/],
  ['that hangs up on the first word', 'hang_up', 'hung_up', /hung up|ended the connection/],
  ['that offers a codec nobody here reads', 'h263', 'codec_unsupported', /H263-1998; H\.264, H\.265/],
  ['that has no video', 'sound_only', 'no_video', /no video/],
  ['that is busy', 'busy', 'refused', /PLAY was answered with 453/],
  ['that plays and sends nothing', 'no_picture', 'invalid_media', /no description of the picture|no key picture/],
]
for (const [name, oddity, fault, words] of ODD) {
  withFfmpeg(`a camera ${name} is named: ${fault}`, async () => {
    const camera = await startOddCamera(oddity)
    // Only the silent one is waited for to the end; the others are named by what they answer, however long our own start took.
    const watched = await watchStream({ url: camera.url(), transport: 'tcp' }, { bounds: { ...(oddity === 'silent' ? { connectMsMax: 1_200 } : {}), initMsMax: 500, firstKeyMsMax: 500 } })
    expect(await watched.until(isWaiting)).toMatchObject({ fault: { name: fault, words: expect.stringMatching(words) } })
    await watched.close()
    await camera.close()
  })
}

withFfmpeg('a session that we end says goodbye: cheap cameras allow few, and keep a lost one for a minute', async () => {
  const camera = await startOddCamera('no_picture')
  const watched = await watchStream({ url: camera.url(), transport: 'tcp' })
  await camera.asked('PLAY')
  watched.ingest.removeStream(STREAM)
  expect(await camera.asked('TEARDOWN')).toMatch(/^TEARDOWN rtsp:\/\/127\.0\.0\.1:\d+\/odd RTSP\/1\.0\r\n[^]*Session: 1/)
  await watched.close()
})

withFfmpeg('requests reach the camera under its own address, numbered by the gate, and without the token', async () => {
  const camera = await startOddCamera('no_picture')
  const watched = await watchStream({ url: `${camera.url()}?channel=1`, transport: 'tcp' })
  await camera.asked('PLAY')
  expect(camera.requests.map((request) => /^\S+ \S+/.exec(request)?.[0])).toEqual(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY'].map((method) => `${method} ${camera.url()}?channel=1${method === 'SETUP' ? '/track1' : method === 'PLAY' ? '/' : ''}`))
  expect(camera.requests.map((request) => /^CSeq: (\d+)/m.exec(request)?.[1])).toEqual(['1', '2', '3', '4'])
  await watched.close()
})

test('a port where nobody listens is refused; an address outside of the camera networks is never connected to', async () => {
  const camera = await startOddCamera('silent')
  const refused = await watchStream({ url: 'rtsp://127.0.0.1:1/x', transport: 'auto' })
  const guarded = await watchStream({ url: camera.url(), transport: 'auto' }, { mayConnect: (ip) => !ip.startsWith('127.') })
  if (ready) expect(await refused.until(isWaiting)).toMatchObject({ fault: { name: 'refused' } })
  if (ready) expect(await guarded.until(isWaiting)).toMatchObject({ fault: { name: 'not_allowed' } })
  expect(camera.requests).toEqual([])
  await refused.close()
  await guarded.close()
  await camera.close()
})

test.each([
  ['ffmpeg is not there: named', 'rtsp://127.0.0.1:1/x', null, { state: 'waiting', fault: { name: 'tools_missing' } }],
  ['ffmpeg cannot be started: named', 'rtsp://127.0.0.1:1/x', '/nonexistent/ffmpeg', { state: 'waiting', fault: { name: 'tools_missing' } }],
  ['a password in the address is refused with the field', 'rtsp://a:b@127.0.0.1/x', 'ffmpeg', { state: 'off', fault: { name: 'invalid_address', words: expect.stringMatching(/^url: .*fields of their own/) } }],
  ['another scheme is refused with the field', 'file:///etc/passwd', 'ffmpeg', { state: 'off', fault: { name: 'invalid_address', words: expect.stringMatching(/^url: must begin with rtsp/) } }],
])('%s', async (_, url, ffmpeg, news) => {
  const watched = await watchStream({ url, transport: 'auto' }, { ffmpeg })
  expect(await watched.until((one) => one.fault !== undefined)).toMatchObject(news)
  await watched.close()
})
