import fc from 'fast-check'
import { attributeOf, elementsAt, escapeXml, parseXml, textAt } from '../../server/devices/xml.js'

function root(text: string): unknown {
  const parsed = parseXml(text)
  if (!parsed.ok) throw new Error(parsed.why)
  return parsed.root
}

test.each([
  ['a DOCTYPE', '<!DOCTYPE a><a/>', /DOCTYPE/],
  ['an entity bomb', '<?xml version="1.0"?><!doctype l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><l>&b;</l>', /DOCTYPE/],
  ['more than a megabyte', `<a>${'x'.repeat(1 << 20)}</a>`, /larger/],
  ['twenty thousand levels', '<a>'.repeat(20_000), /not XML/],
])('%s is refused', (_name, text, why) => {
  const parsed = parseXml(text)
  expect(parsed.ok ? '' : parsed.why).toMatch(why)
})

test('values stay as they were written', () => {
  const read = root('<s:E xmlns:s="x"><f>5.10</f><n>12345678901234567890</n><t token="0">1.0</t><z>007</z><b>true</b></s:E>')
  expect([textAt(read, 'E', 'f'), textAt(read, 'E', 'n'), textAt(read, 'E', 't'), attributeOf(elementsAt(read, 'E', 't')[0], 'token'), textAt(read, 'E', 'z'), textAt(read, 'E', 'b')]).toEqual(['5.10', '12345678901234567890', '1.0', '0', '007', 'true'])
})

test('references of XML itself are resolved, once', () => {
  expect(textAt(root('<u>rtsp://a/?c=1&amp;s=2&#38;&#x26;&amp;lt;&unknown;&#0;</u>'), 'u')).toBe('rtsp://a/?c=1&s=2&&&lt;&unknown;&#0;')
})

test('an element named like an inner part of objects is refused, or reaches nothing', () => {
  expect(parseXml('<a><__proto__><polluted>1</polluted></__proto__></a>')).toMatchObject({ ok: false })
  const parsed = parseXml('<a><constructor><prototype><polluted>1</polluted></prototype></constructor><b>3</b></a>')
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  expect(elementsAt(parsed.ok ? parsed.root : {}, 'toString')).toEqual([])
})

test('whatever a stranger sends, reading ends in a value', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 300, unit: 'binary' }), fc.stringMatching(/^(<\/?[a-c:!?[\]-]{0,4}[> ="']{0,2}){0,30}$/)), (text) => {
    const parsed = parseXml(text)
    expect(typeof parsed.ok).toBe('boolean')
    if (parsed.ok) elementsAt(parsed.root, 'a', 'b')
  }))
})

test('escaped text comes back as itself', () => {
  fc.assert(fc.property(fc.string({ maxLength: 60 }).filter((text) => text.trim() === text && text !== ''), (text) => {
    expect(textAt(root(`<a><b>${escapeXml(text)}</b></a>`), 'a', 'b')).toBe(text)
  }))
})
