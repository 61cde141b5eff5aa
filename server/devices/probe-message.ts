import { elementsAt, escapeXml, parseXml, textAt } from './xml.js'

/** The three questions of WS-Discovery that find all: some devices answer only to their own type (cameras.md: measured). */
export const PROBE_TYPES = ['dn:NetworkVideoTransmitter', 'tds:Device', null] as const
export type ProbeType = (typeof PROBE_TYPES)[number]

export function writeProbe(messageId: string, type: ProbeType): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">' +
    '<s:Header><a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>' +
    `<a:MessageID>${escapeXml(messageId)}</a:MessageID>` +
    '<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>' +
    '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>' +
    `<s:Body><d:Probe>${type ? `<d:Types>${type}</d:Types>` : ''}</d:Probe></s:Body></s:Envelope>`
  )
}

export interface ProbeMatch {
  /** The device's endpoint reference: stays the same over its addresses and reboots. */
  readonly epr: string
  readonly types: readonly string[]
  readonly scopes: readonly string[]
  readonly xaddrs: readonly string[]
}
export type Matches = { readonly ok: true; readonly relatesTo: string | null; readonly matches: readonly ProbeMatch[] } | { readonly ok: false; readonly why: string }

const MATCHES_MAX = 64
const WORDS_MAX = 64

/** Reads one datagram; an NVR may answer with several matches at once. */
export function readProbeMatches(text: string): Matches {
  const parsed = parseXml(text)
  if (!parsed.ok) return parsed
  const [envelope] = elementsAt(parsed.root, 'Envelope')
  if (envelope === undefined) return { ok: false, why: 'the answer is no SOAP envelope' }
  const answers = elementsAt(envelope, 'Body', 'ProbeMatches')
  if (answers.length === 0) return { ok: false, why: 'the answer is no ProbeMatches' }
  const matches = elementsAt(answers, 'ProbeMatch').slice(0, MATCHES_MAX).flatMap((match): ProbeMatch[] => {
    const epr = textAt(match, 'EndpointReference', 'Address')?.slice(0, 200)
    if (!epr) return []
    return [{ epr, types: words(textAt(match, 'Types')), scopes: words(textAt(match, 'Scopes')), xaddrs: words(textAt(match, 'XAddrs')) }]
  })
  return { ok: true, relatesTo: textAt(envelope, 'Header', 'RelatesTo'), matches }
}

function words(text: string | null): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '' && word.length <= 500).slice(0, WORDS_MAX)
}

/** `onvif://www.onvif.org/name/Cau%20Giay` → 'Cau Giay'. */
export function scopeValue(scopes: readonly string[], name: 'name' | 'hardware' | 'location'): string | null {
  const prefix = `onvif://www.onvif.org/${name}/`
  const found = scopes.find((scope) => scope.toLowerCase().startsWith(prefix))?.slice(prefix.length)
  if (!found) return null
  try {
    return decodeURIComponent(found).slice(0, 100)
  } catch (fault) {
    if (fault instanceof URIError) return found.slice(0, 100) // a stray % is common in camera names
    throw fault
  }
}
