import { escapeXml, type XmlElement } from './xml-tree.js'

/** SOAP 1.2 as ONVIF uses it: one operation in, one answer or one fault out (ONVIF Core Specification 5.11). Pure. */
export const NS = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  device: 'http://www.onvif.org/ver10/device/wsdl',
  media: 'http://www.onvif.org/ver10/media/wsdl',
  ptz: 'http://www.onvif.org/ver20/ptz/wsdl',
  events: 'http://www.onvif.org/ver10/events/wsdl',
  notification: 'http://docs.oasis-open.org/wsn/b-2',
  schema: 'http://www.onvif.org/ver10/schema',
  topics: 'http://www.onvif.org/ver10/topics',
  network: 'http://www.onvif.org/ver10/network/wsdl',
} as const

const PREFIXES = Object.entries({
  env: NS.soap, tds: NS.device, trt: NS.media, tptz: NS.ptz, tev: NS.events, wsnt: NS.notification, tt: NS.schema, tns1: NS.topics,
  ter: 'http://www.onvif.org/ver10/error', wsa5: 'http://www.w3.org/2005/08/addressing', wstop: 'http://docs.oasis-open.org/wsn/t-1',
  xsd: 'http://www.w3.org/2001/XMLSchema',
}).map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`).join(' ')

/** One operation that a client asks for. `argument` is the element inside the SOAP body. */
export interface Call {
  readonly service: string
  readonly operation: string
  readonly argument: XmlElement
  /** `http://host:port` as the client addressed us, for the addresses in our answers. */
  readonly origin: string
  /** Path of the HTTP request, which names the subscription in event calls. */
  readonly path: string
  /** The client hung up: stop waiting. */
  readonly gone: AbortSignal
}

export type Answer = { readonly kind: 'done'; readonly body: string; readonly action?: string } | Refusal

export interface Refusal {
  readonly kind: 'fault'
  readonly side: 'Sender' | 'Receiver'
  /** Outermost first, for example `['ter:InvalidArgVal', 'ter:NoProfile']`. */
  readonly codes: readonly string[]
  readonly reason: string
  readonly httpStatus?: number
}

export function done(body: string, action?: string): Answer {
  return { kind: 'done', body, ...(action === undefined ? {} : { action }) }
}

export const NOT_AUTHORIZED: Refusal = { kind: 'fault', side: 'Sender', codes: ['ter:NotAuthorized'], reason: 'Sender not Authorized' }

export function notSupported(operation: string): Refusal {
  return { kind: 'fault', side: 'Receiver', codes: ['ter:ActionNotSupported'], reason: `Optional Action Not Implemented: ${operation}` }
}

export function badArgument(code: string, reason: string): Refusal {
  return { kind: 'fault', side: 'Sender', codes: ['ter:InvalidArgVal', code], reason }
}

export function malformed(reason: string): Refusal {
  return { kind: 'fault', side: 'Sender', codes: ['ter:WellFormed'], reason }
}

export function writeEnvelope(body: string, action?: string): string {
  const header = action === undefined ? '' : `<env:Header><wsa5:Action>${action}</wsa5:Action></env:Header>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<env:Envelope ${PREFIXES}>${header}<env:Body>${body}</env:Body></env:Envelope>`
}

export function writeFault({ side, codes, reason }: Refusal): string {
  const subcodes = codes.reduceRight((inner, code) => `<env:Subcode><env:Value>${code}</env:Value>${inner}</env:Subcode>`, '')
  return writeEnvelope(`<env:Fault><env:Code><env:Value>env:${side}</env:Value>${subcodes}</env:Code><env:Reason><env:Text xml:lang="en">${escapeXml(reason)}</env:Text></env:Reason></env:Fault>`)
}

/** SOAP 1.2 part 2, table 20: the sender's faults are 400, the receiver's 500. */
export function statusOf(refusal: Refusal): number {
  return refusal.httpStatus ?? (refusal.side === 'Sender' ? 400 : 500)
}

/** xsd:duration as clients write it (`PT60S`, `PT1M`, `PT0.5S`); null when it is none. Years and months have no length here. */
export function readDurationMs(text: string): number | null {
  const [whole, days, hours, minutes, seconds] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text) ?? []
  if (whole === undefined || /[PT]$/.test(whole)) return null
  return (((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000
}

export function writeTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
