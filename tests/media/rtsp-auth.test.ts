import fc from 'fast-check'
import { readChallenge, signRequest } from '../../server/media/rtsp-auth.js'

const MUFASA = { user: 'Mufasa', password: 'Circle of Life' }
const RFC = 'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
const ASKED = { method: 'GET', uri: '/dir/index.html', count: 1, cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' }

test.each([
  ['RFC 7616 §3.9.1, MD5', `Digest ${RFC}, algorithm=MD5`, '8ca523f5e9506fed4657c9700eebdbec'],
  ['RFC 7616 §3.9.1, SHA-256', `Digest ${RFC}, algorithm=SHA-256`, '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
])('%s', (_, header, response) => {
  const challenge = readChallenge([header])
  expect(challenge && signRequest(challenge, MUFASA, ASKED)).toContain(`response="${response}"`)
})

test('a camera of 2004 without qop (RFC 2069) gets the short form', () => {
  const challenge = readChallenge(['Digest realm="IP Camera(12345)", nonce="abc"'])
  const signed = challenge && signRequest(challenge, { user: 'admin', password: '12345' }, { method: 'DESCRIBE', uri: 'rtsp://10.0.0.5/s', count: 3 })
  expect(signed).toMatch(/^Digest username="admin", realm="IP Camera\(12345\)", nonce="abc", uri="rtsp:\/\/10\.0\.0\.5\/s", response="[0-9a-f]{32}"$/)
})

test.each([
  ['the strongest of two headers', ['Basic realm="x"', 'Digest realm="x", nonce="n"'], { scheme: 'digest', algorithm: 'MD5' }],
  ['the strongest of two in one header', ['Digest realm="x", nonce="n", algorithm=MD5, Digest realm="x", nonce="m", algorithm=SHA-256'], { scheme: 'digest', algorithm: 'SHA-256', nonce: 'm' }],
  ['Basic where nothing else is offered', ['Basic realm="x"'], { scheme: 'basic' }],
  ['a stale nonce', ['Digest realm="x", nonce="n", stale=TRUE'], { stale: true }],
  ['an algorithm of the future falls back to what we know', ['Digest realm="x", nonce="n", algorithm=SHA-999', 'Digest realm="x", nonce="n", algorithm=MD5'], { algorithm: 'MD5' }],
])('read: %s', (_, headers, challenge) => {
  expect(readChallenge(headers)).toMatchObject(challenge)
})

test.each([[['Negotiate']], [['Digest realm="x"']], [['Digest realm="x", nonce="n", qop="auth-int"']], [[]]])('nothing to answer: %j', (headers) => {
  expect(readChallenge(headers)).toBeNull()
})

test('quotes and line ends in a user name cannot leave their header', () => {
  const challenge = readChallenge(['Digest realm="x", nonce="n"'])
  const signed = challenge && signRequest(challenge, { user: 'a"\r\nX: y', password: '' }, { method: 'PLAY', uri: 'rtsp://h/', count: 1 })
  expect(signed).not.toMatch(/[\r\n]/)
  expect(signed).toContain('username="a\\"X: y"')
})

test('digest as in the example of RFC 2617, section 3.5', () => {
  const challenge = readChallenge(['Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'])!
  const header = signRequest(challenge, { user: 'Mufasa', password: 'Circle Of Life' }, { method: 'GET', uri: '/dir/index.html', count: 1, cnonce: '0a4f113b' })
  expect(header).toContain('response="6629fae49393a05397450978507c4ef1"')
  expect(header).toContain('opaque="5ccc069c403ebaf9f0171e9517f40e41"')
})

test('challenges that make no sense are no challenges', () => {
  expect(readChallenge(['Digest', 'Digest realm="a"', 'Digest nonce="x", algorithm=SHA-512', 'NTLM'])).toBeNull()
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void readChallenge([text, `Digest ${text}`])))
})
