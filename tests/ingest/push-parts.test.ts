import fc from 'fast-check'
import { codecOf } from '../../server/ingest/flv-copy.js'
import { frameParts, openFrameReader, type MediaFrame } from '../../server/ingest/media-frames.js'
import { pushAddress, type PushDoor } from '../../server/ingest/push-address.js'
import { livePush, PUSH_BOUNDS, startPushLife, type PushLife, type PushNews } from '../../server/ingest/push-life.js'
import { openTryBook, TRY_BOUNDS } from '../../server/ingest/push-tries.js'
import { isNetwork, makeNetworkList, plainIp } from '../../server/system/networks.js'
import { hashOfPushKey, makePushKey, ownerOfPushKey } from '../../server/system/push-key.js'

describe('the life of a stream that is pushed', () => {
  const live = (news: readonly (readonly [atMs: number, news: PushNews])[], closed: string | null = null): { readonly life: PushLife; readonly ends: readonly number[] } => {
    let life = startPushLife(0, closed)
    const ends: number[] = []
    for (const [atMs, one] of news) {
      const [next, verdicts] = livePush(life, one, atMs)
      life = next
      ends.push(...verdicts.map(({ run }) => run))
    }
    return { life, ends }
  }
  const pushed: readonly (readonly [number, PushNews])[] = [[0, { kind: 'wanted' }], [10, { kind: 'began', run: 1 }], [200, { kind: 'init', run: 1 }], [300, { kind: 'packet', run: 1 }]]

  test.each<[sentence: string, news: readonly (readonly [number, PushNews])[], name: string, fault: string | null, ends: readonly number[]]>([
    ['wanted: it waits for the encoder', [[0, { kind: 'wanted' }]], 'waiting', 'not_pushed', []],
    ['a publish is a beginning', pushed.slice(0, 2), 'connecting', null, []],
    ['pictures are life', pushed, 'live', null, []],
    ['5 s without a picture: stalled, and the publisher is ended', [...pushed, [5_250, { kind: 'tick' }], [5_300, { kind: 'tick' }]], 'stalled', 'timed_out', [1]],
    ['a new picture size inside a push is no new patience', [...pushed, [400, { kind: 'init', run: 1 }], [5_300, { kind: 'tick' }]], 'stalled', 'timed_out', [1]],
    ['less is patience', [...pushed, [5_299, { kind: 'tick' }]], 'live', null, []],
    ['stalled, then ended, within 6 s of the last picture: it waits again', [...pushed, [5_500, { kind: 'tick' }], [5_600, { kind: 'ended', run: 1, fault: null }]], 'waiting', 'not_pushed', [1]],
    ['an encoder that publishes and sends nothing is ended after 20 s', [...pushed.slice(0, 2), [20_010, { kind: 'tick' }], [20_020, { kind: 'ended', run: 1, fault: null }]], 'waiting', 'invalid_media', [1]],
    ['no key picture: ended after 20 s', [...pushed.slice(0, 3), [20_200, { kind: 'tick' }]], 'connecting', 'no_video', [1]],
    ['a codec that cannot be shown stays on screen', [...pushed.slice(0, 2), [20, { kind: 'ended', run: 1, fault: { name: 'codec_unsupported', words: 'x' } }]], 'waiting', 'codec_unsupported', []],
    ['one that comes while another is here: the older is ended', [...pushed, [400, { kind: 'began', run: 2 }], [410, { kind: 'ended', run: 1, fault: null }]], 'connecting', null, [1]],
    ['let go: off, and the publisher is ended', [...pushed, [400, { kind: 'unwanted' }]], 'off', null, [1]],
    ['a publish that nobody wants is ended', [[10, { kind: 'began', run: 7 }]], 'off', null, [7]],
    ['a door that closes is told while it waits', [[0, { kind: 'wanted' }], [5, { kind: 'door', closed: 'port 1935 is used by another program' }]], 'waiting', 'intake_closed', []],
    ['and forgotten when it opens', [[0, { kind: 'wanted' }], [5, { kind: 'door', closed: 'x' }], [9, { kind: 'door', closed: null }]], 'waiting', 'not_pushed', []],
    ['what an older run still says is nothing', [...pushed, [400, { kind: 'began', run: 2 }], [500, { kind: 'packet', run: 1 }]], 'connecting', null, [1]],
  ])('%s', (_sentence, news, name, fault, ends) => {
    const lived = live(news)
    expect({ name: lived.life.name, fault: lived.life.fault?.name ?? null, ends: [...new Set(lived.ends)] }).toEqual({ name, fault, ends })
  })

  test('over thousands of lives: each run that began and is not the newest was told to end or has ended; off means no deadline', () => {
    const news = fc.oneof(fc.constantFrom<PushNews>({ kind: 'wanted' }, { kind: 'unwanted' }, { kind: 'tick' }, { kind: 'door', closed: null }, { kind: 'door', closed: 'x' }), fc.record({ kind: fc.constantFrom('init' as const, 'packet' as const), run: fc.integer({ min: 1, max: 5 }) }), fc.record({ kind: fc.constant('ended' as const), run: fc.integer({ min: 1, max: 5 }), fault: fc.constant(null) }), fc.constant({ kind: 'began' as const, run: 0 }))
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 8_000 }), news), { maxLength: 60 }), (steps) => {
        let [life, atMs, runs] = [startPushLife(0, null), 0, 0]
        const open = new Set<number>()
        for (const [waitMs, one] of steps) {
          atMs += waitMs
          const said = one.kind === 'began' ? { ...one, run: (runs += 1) } : one
          if (said.kind === 'began') open.add(said.run)
          if (said.kind === 'ended') open.delete(said.run)
          const [next, verdicts] = livePush(life, said, atMs)
          life = next
          for (const { run } of verdicts) open.delete(run)
          expect([...open].filter((run) => run !== life.run)).toEqual([])
          if (life.name === 'off') expect(life.deadline).toBeNull()
          if (life.name === 'live') expect(life.deadline!.atMs).toBeLessThanOrEqual(atMs + PUSH_BOUNDS.stallMsMax)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('wrong tries', () => {
  test('ten in a minute lock an address for a minute; tries while locked do not make it longer', () => {
    const book = openTryBook()
    for (let count = 1; count <= 9; count += 1) expect(book.noteWrong('10.0.0.1', count).locked).toBe(false)
    expect(book.isLocked('10.0.0.1', 9)).toBe(false)
    expect(book.noteWrong('10.0.0.1', 10).locked).toBe(true)
    book.noteWrong('10.0.0.1', 40_000)
    expect([9, 10 + TRY_BOUNDS.lockMs - 1, 10 + TRY_BOUNDS.lockMs].map((atMs) => book.isLocked('10.0.0.1', atMs))).toEqual([true, true, false])
    expect([book.noteWrong('10.0.0.1', 60_011).locked, book.isLocked('10.0.0.2', 20)]).toEqual([false, false])
  })

  test('over a day of trying as fast as it may, an address has at most ten tries a minute', () => {
    const book = openTryBook()
    const judged: number[] = []
    for (let atMs = 0; atMs < 86_400_000; atMs += 500) {
      if (book.isLocked('10.0.0.1', atMs)) continue
      book.noteWrong('10.0.0.1', atMs)
      judged.push(atMs)
    }
    expect(Math.max(...judged.map((from, at) => judged.slice(at, at + 20).filter((atMs) => atMs < from + 60_000).length))).toBeLessThanOrEqual(10)
  })

  test('an IPv6 address is its /64, however it is written', () => {
    const book = openTryBook()
    for (let count = 0; count < 10; count += 1) book.noteWrong(`2001:db8:0:1::${count.toString(16)}`, 0)
    expect(['2001:db8:0:1::ffff', '2001:0db8:0000:0001:5::1', '2001:db8:0:2::1', '2001:db8::1'].map((ip) => book.isLocked(ip, 1))).toEqual([true, true, false, false])
  })
})

test('frames come out as they went in, in whatever cuts the pipe makes', () => {
  const frame = fc.oneof(
    fc.record({ kind: fc.constant('began' as const), publisher: fc.nat(0xffff_ffff), streamId: fc.string(), from: fc.ipV4() }),
    fc.record({ kind: fc.constant('video' as const), publisher: fc.nat(0xffff_ffff), tag: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) }),
    fc.record({ kind: fc.constant('ended' as const), publisher: fc.nat(0xffff_ffff) }),
  )
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (frames: MediaFrame[], cuts) => {
      const bytes = Buffer.concat(frames.flatMap((one) => [...frameParts(one)]))
      const read = openFrameReader()
      const out: MediaFrame[] = []
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) out.push(...read(bytes.subarray(at, (at += cuts[turn % cuts.length]!))))
      expect(out).toEqual(frames)
    }),
  )
})

test.each([
  ['a length that lies', Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 1])],
  ['a kind that is none', Buffer.from([0, 0, 0, 0, 9, 0, 0, 0, 1])],
  ['a beginning without a stream', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0, 1, 0x5b, 0x5d])],
])('%s is out of form', (_name, bytes) => expect(() => openFrameReader()(bytes)).toThrow(RangeError))

test.each<[codec: string, first: number, letters: string]>([['H264', 0x17, ''], ['H264', 0x27, ''], ['H.263', 0x22, ''], ['H.265', 0x1c, ''], ['hvc1', 0x90, 'hvc1'], ['av01', 0x91, 'av01'], ['an unknown codec', 0x90, '\u0001\u0002<>'], ['codec 15', 0x1f, '']])('%s is read from a tag that begins with %p %p', (codec, first, letters) => expect(codecOf(Buffer.concat([Buffer.alloc(11), Buffer.from([first]), Buffer.from(letters, 'latin1')]))).toBe(codec))

test.each<[address: string, door: PushDoor, own: readonly string[]]>([
  ['rtmp://127.0.0.1/live', { host: '127.0.0.1', port: 1935 }, ['10.0.0.5']],
  ['rtmp://10.0.0.5:1936/live', { host: '0.0.0.0', port: 1936 }, ['10.0.0.5', '10.1.0.5']],
  ['rtmp://vonglau.example.vn/live', { host: '0.0.0.0', port: 1935, publicUrl: 'https://vonglau.example.vn:8443' }, ['10.0.0.5']],
  ['rtmp://day.example.vn/live', { host: '0.0.0.0', port: 1935, publicHost: 'day.example.vn', publicUrl: 'https://vonglau.example.vn' }, []],
  ['rtmp://10.20.0.2/live', { host: '10.20.0.2', port: 1935, publicUrl: 'https://vonglau.example.vn' }, []],
  ['rtmp://[fd00::1]/live', { host: 'fd00::1', port: 1935 }, []],
])('an encoder is told to dial %s', (address, door, own) => expect(pushAddress(door, own)).toBe(address))

test('a key is 128 bits, opens what is its own, and nothing that only looks like it', () => {
  const owners = [makePushKey(), makePushKey()].map((key, at) => ({ at, key, keyHash: hashOfPushKey(key) }))
  expect(owners.map(({ key }) => ownerOfPushKey(key, owners)?.at)).toEqual([0, 1])
  const key = owners[0]!.key
  expect(key).toMatch(/^[0-9a-f]{32}$/)
  expect([makePushKey(), '', key.toUpperCase(), `${key}0`, key.slice(1), `live/${key}`, owners[0]!.keyHash, '__proto__'].map((offered) => ownerOfPushKey(offered, owners))).toEqual(Array(8).fill(null))
})

test('networks: what is one, and who is in it', () => {
  expect(['10.0.0.0/8', '2001:db8::/32', '10.0.0.0/33', '10.0.0.0', 'ten/8', '::/129', '10.0.0.0/8/8', '10.0.0.0/'].map(isNetwork)).toEqual([true, true, false, false, false, false, false, false])
  const allows = makeNetworkList(['10.20.0.0/16', '2001:db8::/32', 'nonsense'])
  expect(['10.20.255.1', '10.21.0.1', '2001:db8::5', '2001:db9::5', 'x', ''].map(allows)).toEqual([true, false, true, false, false, false])
  expect([plainIp('::ffff:10.0.0.1'), plainIp('2001:db8::1'), plainIp('fe80::1%eth0'), plainIp(undefined)]).toEqual(['10.0.0.1', '2001:db8::1', 'fe80::1', ''])
})
