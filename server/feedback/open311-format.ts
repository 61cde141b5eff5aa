import type { Open311Fault, Open311Format } from './open311-terms.js'

export type Scalar = string | number | boolean | null
export type Fields = Readonly<Record<string, Scalar>>

/** What is answered, with the element names that XML needs and JSON leaves out. */
export type Body =
  | { readonly is: 'list'; readonly of: 'services' | 'service_requests'; readonly each: 'service' | 'request'; readonly items: readonly object[] }
  | { readonly is: 'definition'; readonly serviceCode: string }
  | { readonly is: 'errors'; readonly faults: readonly Open311Fault[] }

/** The one place that knows how a value looks in each of the two formats that the standard names. */
export function format(body: Body, as: Open311Format): string {
  return as === 'json' ? JSON.stringify(asJson(body)) : `<?xml version="1.0" encoding="utf-8"?>\n${asXml(body)}\n`
}

function asJson(body: Body): unknown {
  if (body.is === 'list') return body.items
  if (body.is === 'errors') return body.faults.map(({ code, description }) => ({ code, description }))
  return { service_code: body.serviceCode, attributes: [] }
}

function asXml(body: Body): string {
  if (body.is === 'list') return element(body.of, body.items.map((item) => element(body.each, fields(item as Fields, 2), 1)))
  if (body.is === 'errors') return element('errors', body.faults.map(({ code, description }) => element('error', fields({ code, description }, 2), 1)))
  return element('service_definition', [...fields({ service_code: body.serviceCode }, 1), `${indent(1)}<attributes/>`])
}

const indent = (depth: number): string => '  '.repeat(depth)

function fields(values: Fields, depth: number): readonly string[] {
  return Object.entries(values).map(([name, value]) => indent(depth) + (value === null || value === '' ? `<${name}/>` : `<${name}>${escape(String(value))}</${name}>`))
}

function element(name: string, children: readonly string[], depth = 0): string {
  return children.length === 0 ? `${indent(depth)}<${name}/>` : [`${indent(depth)}<${name}>`, ...children, `${indent(depth)}</${name}>`].join('\n')
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** XML 1.0 cannot carry most control characters even escaped: one in a citizen's text would break the whole list. */
function escape(text: string): string {
  return text.replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}').replaceAll(/[&<>"']/g, (mark) => ESCAPES[mark] ?? mark)
}
