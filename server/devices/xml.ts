import { XMLParser } from 'fast-xml-parser'

/**
 * Reads XML from strangers. Entities stay text (an entity bomb cannot grow), a DOCTYPE is refused before parsing, size and
 * depth are bounded, and every value stays a string: "5.10" is a firmware, not a number, and a token may be "0" or "1.0".
 */
export const XML_BYTES_MAX = 1 << 20
const DEPTH_MAX = 64

export type XmlNode = { readonly [name: string]: unknown }
export type Parsed = { readonly ok: true; readonly root: XmlNode } | { readonly ok: false; readonly why: string }

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  trimValues: true,
  maxNestedTags: DEPTH_MAX,
})

export function parseXml(text: string): Parsed {
  if (Buffer.byteLength(text) > XML_BYTES_MAX) return { ok: false, why: `the answer is larger than ${XML_BYTES_MAX} bytes` }
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return { ok: false, why: 'the answer carries a DOCTYPE, which SOAP forbids' }
  try {
    const root: unknown = parser.parse(text)
    return isNode(root) ? { ok: true, root } : { ok: false, why: 'the answer is not XML' }
  } catch (fault) {
    return { ok: false, why: `the answer is not XML: ${fault instanceof Error ? fault.message.slice(0, 120) : 'unreadable'}` }
  }
}

function isNode(value: unknown): value is XmlNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** All elements at a path; repeated elements on the way fan out. */
export function elementsAt(from: unknown, ...path: readonly string[]): readonly unknown[] {
  let found: readonly unknown[] = Array.isArray(from) ? from : [from]
  for (const name of path) {
    found = found.flatMap((node) => (isNode(node) && Object.hasOwn(node, name) ? [node[name]].flat() : []))
  }
  return found
}

/** The text of the first element at a path, with XML's references resolved; null when there is none. */
export function textAt(from: unknown, ...path: readonly string[]): string | null {
  const [first] = elementsAt(from, ...path)
  if (typeof first === 'string') return decodeReferences(first)
  if (isNode(first) && typeof first['#text'] === 'string') return decodeReferences(first['#text'])
  return null
}

/** Attributes stand beside elements under `@name`. */
export function attributeOf(node: unknown, name: string): string | null {
  const value = isNode(node) ? node[`@${name}`] : undefined
  return typeof value === 'string' ? decodeReferences(value) : null
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Stream addresses carry `&amp;`; only XML's own five names and character numbers exist without a DTD. */
function decodeReferences(text: string): string {
  return text.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi, (whole, name: string | undefined, decimal: string | undefined, hex: string | undefined) => {
    if (name) return NAMED[name.toLowerCase()] ?? whole
    const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? '', 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
