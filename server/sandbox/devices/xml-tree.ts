import { XMLParser, XMLValidator } from 'fast-xml-parser'

/**
 * XML from strangers as a small tree with names resolved to their namespaces, because clients choose their own prefixes
 * and the meaning is in the namespace. A document type is refused before parsing: SOAP forbids it, and it is how entity
 * expansion and file reading begin.
 */
export interface XmlElement {
  readonly name: string
  readonly namespace: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  readonly text: string
}

export type XmlRead = { readonly ok: true; readonly root: XmlElement } | { readonly ok: false; readonly reason: string }

const DEPTH_MAX = 60

const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false, parseAttributeValue: false, trimValues: false, processEntities: false, ignoreDeclaration: true, ignorePiTags: true, maxNestedTags: DEPTH_MAX })

export function readXml(text: string): XmlRead {
  if (/<!\s*(DOCTYPE|ENTITY)/i.test(text)) return { ok: false, reason: 'a document type declaration is not allowed' }
  const validity = XMLValidator.validate(text)
  if (validity !== true) return { ok: false, reason: `not well-formed XML: ${validity.err.msg} (line ${validity.err.line})` }
  try {
    const nodes: unknown = parser.parse(text)
    const roots = elementsOf(nodes, new Map(), 0)
    const root = roots[0]
    return root && roots.length === 1 ? { ok: true, root } : { ok: false, reason: 'expected exactly one root element' }
  } catch (error) {
    return { ok: false, reason: `cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** fast-xml-parser's ordered form: each node is `{ [tag]: children, ':@': attributes }` or `{ '#text': text }`. */
function elementsOf(nodes: unknown, scope: ReadonlyMap<string, string>, depth: number): XmlElement[] {
  if (!Array.isArray(nodes)) return []
  if (depth > DEPTH_MAX) throw new Error(`nested deeper than ${DEPTH_MAX}`)
  const elements: XmlElement[] = []
  for (const node of nodes as readonly Readonly<Record<string, unknown>>[]) {
    const tag = Object.keys(node).find((key) => key !== ':@' && key !== '#text')
    if (tag === undefined) continue
    const written = Object.entries((node[':@'] ?? {}) as Readonly<Record<string, unknown>>).map(([name, value]) => [name, unescapeXml(String(value))] as const)
    const inner = new Map(scope)
    for (const [name, value] of written) {
      if (name === 'xmlns') inner.set('', value)
      else if (name.startsWith('xmlns:')) inner.set(name.slice(6), value)
    }
    const [prefix, name] = splitName(tag)
    elements.push({
      name,
      namespace: inner.get(prefix) ?? '',
      attributes: new Map(written.filter(([key]) => key !== 'xmlns' && !key.startsWith('xmlns:')).map(([key, value]) => [splitName(key)[1], value])),
      children: elementsOf(node[tag], inner, depth + 1),
      text: textOf(node[tag]),
    })
  }
  return elements
}

function textOf(nodes: unknown): string {
  if (!Array.isArray(nodes)) return ''
  return (nodes as readonly Readonly<Record<string, unknown>>[]).map((node) => (typeof node['#text'] === 'string' ? unescapeXml(node['#text']) : '')).join('').trim()
}

function splitName(tag: string): readonly [prefix: string, name: string] {
  const colon = tag.indexOf(':')
  return colon < 0 ? ['', tag] : [tag.slice(0, colon), tag.slice(colon + 1)]
}

export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((candidate) => candidate.name === name)
}

export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => child(at, name), element)?.text
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

export function escapeXml(text: string): string {
  // XML 1.0 has no way to write most control characters, so they are dropped.
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[<>&"']/g, (sign) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&apos;' })[sign] ?? sign)
}
