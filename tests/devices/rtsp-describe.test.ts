import { makeAddressGuard } from '../../server/devices/address-guard.js'
import { probeStream, type Probed } from '../../server/devices/rtsp-describe.js'
import type { Credentials } from '../../server/devices/secrets.js'
import { systemClock } from '../../server/system/clock.js'
import { hasFfmpeg, hasRtspServer, makeClip, startRtspServer, type RtspServer } from '../support/rtsp-server.js'
import { rtpPacket, rtspReply, sdp, startRtspDevice, type RtspAnimal, type RtspDevice } from '../zoo/rtsp-device.js'

const guard = makeAddressGuard({ networks: ['127.0.0.0/8'] }, systemClock)
const ACCOUNT: Credentials = { user: 'cam"era', password: 'S3cret phrase & more' }

function probe(url: string, credentials: Credentials | null = null, deadlineMs = 15_000): Promise<Probed> {
  return probeStream({ url, credentials, guard, clock: systemClock, deadlineMs })
}

describe('GStreamer’s RTSP server, an independent peer', () => {
  const peer = hasRtspServer() && hasFfmpeg() ? test : test.skip
  let server: RtspServer | null = null
  afterEach(async () => {
    await server?.close()
    server = null
  })

  peer('an H.264 stream tells codec, size and rate', async () => {
    server = await startRtspServer({ mounts: { '/main': { clip: makeClip({ size: '320x180', fps: 25 }), fps: 25 } } })
    expect(await probe(server.url('/main'))).toEqual({ ok: true, facts: { codec: 'h264', width: 320, height: 180, fps: 25 } })
  })

  peer.each(['digest', 'basic'] as const)('%s sign-in: the right account is in, the wrong is named, none is named', async (scheme) => {
    server = await startRtspServer({ mounts: { '/main': { clip: makeClip({ size: '320x180', fps: 25 }), fps: 25 } }, login: { user: 'user', password: 'pa:ss', scheme } })
    expect(await probe(server.url('/main'), { user: 'user', password: 'pa:ss' })).toMatchObject({ ok: true, facts: { codec: 'h264' } })
    expect(await probe(server.url('/main'), { user: 'user', password: 'wrong' })).toMatchObject({ ok: false, trouble: { code: 'auth', tried: 'RTSP DESCRIBE', said: 'RTSP 401 Unauthorized' } })
    expect(await probe(server.url('/main'))).toMatchObject({ ok: false, trouble: { code: 'auth' } })
  })

  peer('a path that is not there is not_found', async () => {
    server = await startRtspServer({ mounts: { '/main': { clip: makeClip({ size: '320x180', fps: 25 }), fps: 25 } } })
    expect(await probe(server.url('/other'))).toMatchObject({ ok: false, trouble: { code: 'not_found', on: `127.0.0.1:${server.port}/other` } })
  })

  peer('a server that refuses TCP is named transport', async () => {
    server = await startRtspServer({ mounts: { '/main': { clip: makeClip({ size: '320x180', fps: 25 }), fps: 25 } }, transports: 'udp' })
    expect(await probe(server.url('/main'))).toMatchObject({ ok: false, trouble: { code: 'transport', tried: 'RTSP SETUP' } })
  })

  peer('a server that falls silent is timed_out, within the deadline', async () => {
    server = await startRtspServer({ mounts: { '/main': { clip: makeClip({ size: '320x180', fps: 25 }), fps: 25 } } })
    server.freeze()
    expect(await probe(server.url('/main'), null, 800)).toMatchObject({ ok: false, trouble: { code: 'timed_out', tried: 'RTSP DESCRIBE', said: 'no end after 800 ms' } })
  })
})

describe('devices made by hand', () => {
  let device: RtspDevice | null = null
  afterEach(async () => {
    await device?.close()
    device = null
  })
  const H264 = ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=control:track1']
  const described = (media: readonly string[]) => () => rtspReply('200 OK', {}, sdp(media))
  const open = { SETUP: () => rtspReply('200 OK', { Session: '12;timeout=60' }), PLAY: () => rtspReply('200 OK', { Session: '12' }) }

  test.each(([
    ['sound alone', { answers: { DESCRIBE: described(['m=audio 0 RTP/AVP 0', 'a=control:a']) } }, 'no_video', /only audio/],
    ['a description of nothing', { answers: { DESCRIBE: described([]) } }, 'no_video', /names no media/],
    ['H.263 of 1998', { answers: { DESCRIBE: described(['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H263-1998/90000']) } }, 'codec_unsupported', /H263-1998/],
    ['a codec of its own', { answers: { DESCRIBE: described(['m=video 0 RTP/AVP 107']) } }, 'codec_unsupported', /PT107/],
    ['no such session', { answers: { DESCRIBE: () => rtspReply('454 Session Not Found') } }, 'not_found', /454/],
    ['an elsewhere', { answers: { DESCRIBE: () => rtspReply('302 Moved', { Location: 'rtsp://10.0.0.1/' }) } }, 'not_found', /302/],
    ['a forbidden stream', { answers: { DESCRIBE: () => rtspReply('403 Forbidden') } }, 'auth', /403/],
    ['no TCP', { answers: { DESCRIBE: described(H264), SETUP: () => rtspReply('461 Unsupported transport') } }, 'transport', /461/],
    ['an overloaded camera', { answers: { DESCRIBE: () => rtspReply('503 Service Unavailable') } }, 'invalid_media', /503/],
    ['a session without a name', { answers: { DESCRIBE: described(H264), SETUP: () => rtspReply('200 OK') } }, 'invalid_media', /no session/],
    ['bytes that are no RTSP', { onConnect: (socket) => socket.write(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8])) }, 'invalid_media', /not RTSP/],
    ['a web server', { answers: { DESCRIBE: (_asked, socket) => (socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), null) } }, 'invalid_media', /web server/],
    ['a head without end', { onConnect: (socket) => socket.write(`RTSP/1.0 200 OK\r\n${'X: y\r\n'.repeat(4_000)}`) }, 'invalid_media', /longer than 16384/],
    ['a body of 5 GB', { answers: { DESCRIBE: () => rtspReply('200 OK', { 'Content-Length': '5000000000' }) } }, 'invalid_media', /announces a body/],
    ['a device that hangs up', { answers: { DESCRIBE: (_asked, socket) => (socket.end(), null) } }, 'hung_up', /closed/],
    ['a challenge that nobody can answer', { answers: { DESCRIBE: () => rtspReply('401 Unauthorized', { 'WWW-Authenticate': 'Negotiate abc' }) } }, 'auth', /401/],
  ] as [name: string, animal: RtspAnimal, code: string, said: RegExp][]).map(([name, animal, code, said]) => ({ name, animal, code, said })))('$name is $code', async ({ animal, code, said }) => {
    device = await startRtspDevice(animal)
    const answer = await probe(device.url(), ACCOUNT)
    expect(answer).toMatchObject({ ok: false, trouble: { code } })
    expect(answer.ok ? '' : answer.trouble.said).toMatch(said)
  })

  test('an answer that drips a byte at a time ends at the deadline', async () => {
    device = await startRtspDevice({ onConnect: (socket) => { const timer = setInterval(() => socket.write('R'), 20); socket.on('close', () => clearInterval(timer)) } })
    expect(await probe(device.url(), null, 500)).toMatchObject({ ok: false, trouble: { code: 'timed_out' } })
  })

  test('a closed port is refused, an address outside the networks forbidden', async () => {
    device = await startRtspDevice({})
    const url = device.url()
    await device.close()
    expect(await probe(url)).toMatchObject({ ok: false, trouble: { code: 'refused', tried: 'RTSP connect' } })
    expect(await probe('rtsp://192.0.2.1/x')).toMatchObject({ ok: false, trouble: { code: 'address_forbidden' } })
  })

  test('a stream that plays and sends nothing is stalled', async () => {
    device = await startRtspDevice({ answers: { ...open, DESCRIBE: described(H264) } })
    expect(await probe(device.url())).toMatchObject({ ok: false, trouble: { code: 'stalled', tried: 'RTSP PLAY' } })
  }, 30_000)

  test('without parameter sets in the description the size is read from the first pictures, the rate from their times', async () => {
    // x264's set for 704x576 at 15 a second; the packets come at 12.5, and what is seen wins over what is told.
    const sps = Buffer.from('Z0LAHtoCwEmwEQAAAwABAAADAB4PFi6g', 'base64')
    device = await startRtspDevice({
      answers: {
        ...open,
        DESCRIBE: described(H264),
        PLAY: (_asked, socket) => {
          setImmediate(() => { for (let i = 0; i < 8; i += 1) socket.write(rtpPacket(i === 0 ? sps : Buffer.from([0x61, 1, 2]), { time: 4_294_960_000 + i * 7_200 })) })
          return rtspReply('200 OK', { Session: '12' })
        },
      },
    })
    expect(await probe(device.url())).toEqual({ ok: true, facts: { codec: 'h264', width: 704, height: 576, fps: 12.5 } })
  })

  test('Motion JPEG tells its size in its own header', async () => {
    device = await startRtspDevice({
      answers: {
        ...open,
        DESCRIBE: described(['m=video 0 RTP/AVP 26', 'a=framerate:10', 'a=control:track1']),
        PLAY: (_asked, socket) => {
          setImmediate(() => socket.write(rtpPacket(Buffer.from([0, 0, 0, 0, 1, 80, 160, 90, 1, 2, 3]), { time: 0, payloadType: 26 })))
          return rtspReply('200 OK', { Session: '12' })
        },
      },
    })
    expect(await probe(device.url())).toEqual({ ok: true, facts: { codec: 'mjpeg', width: 1280, height: 720, fps: 10 } })
  })

  test('one wrong password is one try, and a stale nonce is no wrong password', async () => {
    const challenge = (extra = '') => rtspReply('401 Unauthorized', { 'WWW-Authenticate': `Digest realm="cam", nonce="n"${extra}` })
    device = await startRtspDevice({ answers: { DESCRIBE: () => challenge() } })
    await probe(device.url(), ACCOUNT)
    expect(device.asked.filter((one) => /Authorization/i.test(one.head))).toHaveLength(1)
    await device.close()
    device = await startRtspDevice({ answers: { ...open, DESCRIBE: ({ before }) => (before < 1 ? challenge() : rtspReply('200 OK', {}, sdp(H264))), SETUP: ({ before }) => (before === 0 ? challenge(', stale=TRUE') : rtspReply('461 Unsupported transport')) } })
    expect(await probe(device.url(), ACCOUNT)).toMatchObject({ ok: false, trouble: { code: 'transport' } })
  })

  test('a device that echoes what it was sent does not get the password into our answer', async () => {
    device = await startRtspDevice({
      answers: {
        DESCRIBE: ({ head, before }) => (before === 0 ? rtspReply('401 Unauthorized', { 'WWW-Authenticate': 'Basic realm="cam"' }) : rtspReply(`401 ${ACCOUNT.password} ${/Authorization: (.*)/.exec(head)?.[1]}`, { 'WWW-Authenticate': 'Basic realm="cam"' })),
      },
    })
    const answer = JSON.stringify(await probe(device.url(), ACCOUNT))
    expect(answer).toContain('***')
    expect(answer).not.toContain(ACCOUNT.password)
    expect(answer).not.toContain(Buffer.from(`${ACCOUNT.user}:${ACCOUNT.password}`).toString('base64'))
  })
})
