import { XMLParser } from 'fast-xml-parser'

/** What a list of another server is, in either format: objects of texts. */
export type Row = Readonly<Record<string, string | null>>

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: true, processEntities: false, isArray: (name) => LIST_ITEMS.has(name) })
const LIST_ITEMS = new Set(['request', 'service', 'error'])

/**
 * Reads `<service_requests><request>…`, `<services><service>…` or `<errors><error>…`. Null when it is none of them. A
 * document type is refused before parsing: entities defined there are how a small answer becomes a gigabyte.
 */
export function readXmlList(text: string): { readonly of: string; readonly rows: readonly Row[] } | null {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return null
  let read: unknown
  try {
    read = parser.parse(text, true)
  } catch {
    return null // malformed: the caller says so, with the first words of the answer
  }
  if (!isRecord(read)) return null
  for (const [of, each] of [['service_requests', 'request'], ['services', 'service'], ['errors', 'error']] as const) {
    if (!Object.hasOwn(read, of)) continue
    const list = read[of]
    const items = isRecord(list) && Object.hasOwn(list, each) ? list[each] : []
    return { of, rows: (Array.isArray(items) ? items : []).filter(isRecord).map((item) => rowOf(item, unescape)) }
  }
  return null
}

/** The same from JSON: an array of objects; errors are known by their `code` and `description`. */
export function readJsonList(text: string): { readonly of: string; readonly rows: readonly Row[] } | null {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return null // malformed: as above
  }
  // Some servers answer one request as an object instead of a list of one.
  const items = Array.isArray(read) ? read : isRecord(read) ? [read] : null
  if (!items) return null
  const rows = items.filter(isRecord).map((item) => rowOf(item, (field) => field))
  const areErrors = rows.length > 0 && rows.every((row) => row['code'] != null && row['description'] !== undefined && row['service_request_id'] === undefined)
  return { of: areErrors ? 'errors' : 'items', rows }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Fields that hold structures (extensions) are left out: nothing here reads them. */
function rowOf(value: Readonly<Record<string, unknown>>, read: (field: string) => string): Row {
  const entries = Object.entries(value).flatMap(([name, field]): [string, string | null][] => {
    if (typeof field === 'string') return [[name, field.trim() === '' ? null : read(field)]]
    if (typeof field === 'number' || typeof field === 'boolean') return [[name, String(field)]]
    return field === null ? [[name, null]] : []
  })
  return Object.fromEntries(entries)
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** XML's own five names and numbers; entities of a document type do not exist for us. */
function unescape(text: string): string {
  return text.replaceAll(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi, (whole, name: string | undefined, decimal: string | undefined, hex: string | undefined) => {
    if (name) return NAMED[name.toLowerCase()] ?? whole
    const point = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16)
    return point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff) ? String.fromCodePoint(point) : whole
  })
}
