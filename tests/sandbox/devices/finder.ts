import { randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'

/** A WS-Discovery client of our own for tests: asks until the wanted number of devices has answered, or the time is over. */
export interface Found {
  readonly endpoint: string
  readonly address: string
  readonly scopes: readonly string[]
  readonly from: string
  readonly relatesTo: string
}

export function probeMessage(messageId: string, inner: string): string {
  return `<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><e:Header><w:MessageID>${messageId}</w:MessageID><w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To><w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header><e:Body><d:Probe>${inner}</d:Probe></e:Body></e:Envelope>`
}

export interface Search {
  readonly address: string
  readonly port: number
  /** What stands inside the Probe element, or a whole other message. */
  readonly inner: string
  readonly message?: string
  readonly wanted: number
  readonly multicastFrom?: string
  readonly timeoutMs?: number
}

/** After the answers that were wanted, one more probe is sent, whose answer proves that no others were on their way. */
export async function find(search: Search): Promise<readonly Found[]> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, search.multicastFrom ?? '127.0.0.1', resolve))
  if (search.multicastFrom) socket.setMulticastInterface(search.multicastFrom)
  const [ours, last] = [`urn:uuid:${randomUUID()}`, `urn:uuid:${randomUUID()}`]
  const found = new Map<string, Found>()
  const send = (text: string): void => socket.send(text, search.port, search.address)
  try {
    await new Promise<void>((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error(`only ${found.size} of ${search.wanted} devices answered`)), search.timeoutMs ?? 8000)
      const ask = (): void => {
        send(search.message ?? probeMessage(ours, search.inner))
        if (found.size >= search.wanted) send(probeMessage(last, ''))
      }
      const again = setInterval(ask, 250)
      socket.on('message', (bytes, from) => {
        const text = bytes.toString('utf8')
        const part = (name: string): string => new RegExp(`<[a-z]+:${name}>([^<]*)<`).exec(text)?.[1] ?? ''
        const relatesTo = part('RelatesTo')
        if (relatesTo === last) {
          clearTimeout(deadline)
          clearInterval(again)
          return resolve()
        }
        const endpoint = part('Address')
        found.set(endpoint, { endpoint, address: part('XAddrs'), scopes: part('Scopes').split(' '), from: from.address, relatesTo })
        if (found.size === search.wanted) send(probeMessage(last, ''))
      })
      ask()
    })
    return [...found.values()].map((device) => ({ ...device, relatesTo: device.relatesTo === ours ? 'ours' : device.relatesTo }))
  } finally {
    socket.close()
  }
}
