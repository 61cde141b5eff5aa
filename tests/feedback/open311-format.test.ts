import fc from 'fast-check'
import { readJsonList, readXmlList } from '../../server/feedback/open311-answer.js'
import { format } from '../../server/feedback/open311-format.js'
import { readDate, writeDate } from '../../server/feedback/open311-terms.js'

const listOf = (description: string) => ({ is: 'list', of: 'service_requests', each: 'request', items: [{ service_request_id: 'r1', description }] }) as const

/** What XML can carry, as a reader gets it: control characters replaced, line ends as one, blanks at the ends gone. */
const asXmlCarries = (text: string): string | null => text.replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}').replaceAll(/\r\n?/g, '\n').trim() || null

test('whatever a citizen writes comes out of our XML and into a reader of it as the same words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const read = readXmlList(format(listOf(text), 'xml'))
      expect(read?.rows).toEqual([{ service_request_id: 'r1', description: asXmlCarries(text) }])
    }),
    { numRuns: 500 },
  )
})

test('and out of our JSON, unchanged but for blanks alone', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => expect(readJsonList(format(listOf(text), 'json'))?.rows[0]?.['description']).toBe(text.trim() === '' ? null : text)))
})

test('no text, however broken, makes a reader throw', () => {
  const pieces = fc.constantFrom('<', '>', '</', '/>', '<![CDATA[', ']]>', '<!--', '-->', '<?xml', '?>', '&', '&#x', ';', 'service_requests', 'request', '__proto__', '"', '=', ' ', 'a', '{', '[', ']', '}', ':', ',')
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const text = parts.join('')
      readXmlList(text)
      readXmlList(`<service_requests>${text}</service_requests>`)
      readJsonList(text)
    }),
    { numRuns: 1_000 },
  )
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test.each<[string, string | null]>([
  ['2026-11-20T09:01:00Z', '2026-11-20T09:01:00Z'],
  ['2026-11-20T16:01:00+07:00', '2026-11-20T09:01:00Z'],
  ['2026-11-20T16:01:00 07:00', '2026-11-20T09:01:00Z'],
  ['2026-11-20T16:01+07:00', '2026-11-20T09:01:00Z'],
  ['2026-11-20T09:01:00.999Z', '2026-11-20T09:01:00Z'],
  ['2026-11-20', null],
  ['2026-11-20T09:01:00', null],
  ['20/11/2026', null],
  ['2026-02-30T09:01:00Z', null],
  ['1', null],
])('the date %p is read as %p', (text, meant) => {
  const atMs = readDate(text)
  expect(atMs === null ? null : writeDate(atMs)).toBe(meant)
})
