import { scopesOf, SERVICE_PATHS, type DeviceFacts } from './device-facts.js'
import { child, escapeXml, readXml, textAt, type XmlElement } from './xml-tree.js'

/** WS-Discovery, April 2005, as ONVIF Core 7.3 uses it: who is asked for, and one answer for each device that fits. Pure. */
const DISCOVERY = 'http://schemas.xmlsoap.org/ws/2005/04/discovery'
const ADDRESSING = 'http://schemas.xmlsoap.org/ws/2004/08/addressing'
const ANONYMOUS = `${ADDRESSING}/role/anonymous`
const TYPES = ['NetworkVideoTransmitter', 'Device']

export type Question =
  | { readonly kind: 'probe'; readonly messageId: string; readonly types: readonly string[]; readonly scopes: readonly string[]; readonly matchBy: string }
  | { readonly kind: 'resolve'; readonly messageId: string; readonly endpoint: string }

/** Null for anything that is not a question to us; the network is full of such, so it is no fault. */
export function readQuestion(text: string): Question | null {
  const read = readXml(text)
  if (!read.ok || read.root.name !== 'Envelope') return null
  const header = child(read.root, 'Header')
  const messageId = textAt(header, 'MessageID') ?? ''
  const action = textAt(header, 'Action') ?? ''
  const asked = child(read.root, 'Body')?.children[0]
  if (messageId === '' || asked?.namespace !== DISCOVERY) return null
  if (action === `${DISCOVERY}/Probe` && asked.name === 'Probe') return { kind: 'probe', messageId, types: words(child(asked, 'Types')).map((name) => name.replace(/^.*:/, '')), scopes: words(child(asked, 'Scopes')), matchBy: child(asked, 'Scopes')?.attributes.get('MatchBy') ?? `${DISCOVERY}/rfc3986` }
  if (action === `${DISCOVERY}/Resolve` && asked.name === 'Resolve') return { kind: 'resolve', messageId, endpoint: textAt(asked, 'EndpointReference', 'Address') ?? '' }
  return null
}

function words(element: XmlElement | undefined): string[] {
  return (element?.text ?? '').split(/\s+/).filter((word) => word !== '')
}

export function fits(question: Question, facts: DeviceFacts): boolean {
  if (question.kind === 'resolve') return question.endpoint === endpointOf(facts)
  if (!question.types.every((type) => TYPES.includes(type))) return false
  const own = scopesOf(facts)
  if (question.matchBy === `${DISCOVERY}/strcmp0`) return question.scopes.every((wanted) => own.includes(wanted))
  if (question.matchBy !== `${DISCOVERY}/rfc3986`) return question.scopes.length === 0
  return question.scopes.every((wanted) => own.some((scope) => isBelow(scope, wanted)))
}

/** Section 5.1: whole path segments count, so `name/Cam` does not find `name/Camera`; host names ignore case. */
function isBelow(scope: string, wanted: string): boolean {
  const split = (text: string): string[] => {
    const [head = '', ...path] = text.replace(/^([a-z]+:\/\/)([^/]*)/i, (_whole, scheme: string, host: string) => `${scheme.slice(0, -3)}|${host}`.toLowerCase()).replace(/\/+$/, '').split('/')
    return [head, ...path]
  }
  const own = split(scope)
  return split(wanted).every((segment, index) => own[index] === segment)
}

export function endpointOf(facts: DeviceFacts): string {
  return `urn:uuid:${facts.uuid}`
}

export interface AnswerMarks {
  /** Identity of this answer. */
  readonly messageId: string
  /** Seconds at which the device started, and a count: they let a listener put messages in order. */
  readonly instanceId: number
  readonly messageNumber: number
}

export function writeMatch(question: Question, facts: DeviceFacts, marks: AnswerMarks): string {
  const verb = question.kind === 'probe' ? 'Probe' : 'Resolve'
  const match = `<wsa:EndpointReference><wsa:Address>${endpointOf(facts)}</wsa:Address></wsa:EndpointReference><d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>${escapeXml(scopesOf(facts).join(' '))}</d:Scopes><d:XAddrs>${facts.origin()}${SERVICE_PATHS.device}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="${ADDRESSING}" xmlns:d="${DISCOVERY}" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><env:Header><wsa:MessageID>urn:uuid:${marks.messageId}</wsa:MessageID><wsa:RelatesTo>${escapeXml(question.messageId)}</wsa:RelatesTo><wsa:To>${ANONYMOUS}</wsa:To><wsa:Action>${DISCOVERY}/${verb}Matches</wsa:Action><d:AppSequence InstanceId="${marks.instanceId}" MessageNumber="${marks.messageNumber}"/></env:Header><env:Body><d:${verb}Matches><d:${verb}Match>${match}</d:${verb}Match></d:${verb}Matches></env:Body></env:Envelope>`
}
