import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A device made by hand: what it answers to each ONVIF action is written in the animal (animals.ts). */
export const ACTIONS = ['GetSystemDateAndTime', 'GetServices', 'GetCapabilities', 'GetDeviceInformation', 'GetProfiles', 'GetStreamUri', 'GetSnapshotUri', 'GetNodes', 'GetPresets', 'GetStatus', 'CreatePullPointSubscription', 'Unsubscribe'] as const
export type Action = (typeof ACTIONS)[number]

export interface Asked {
  readonly action: Action | 'other'
  readonly body: string
  readonly path: string
  readonly authorization: string | null
  /** host:port of this device as the client knows it. */
  readonly origin: string
  /** How often this action was asked before. */
  readonly before: number
}
/** The content of the SOAP body, or a whole answer of its own kind. */
export type Answer = string | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> } | ((response: ServerResponse) => void)
export type Animal = { readonly [action in Action]?: (asked: Asked) => Answer }

export interface SoapDevice {
  readonly port: number
  readonly url: string
  readonly asked: readonly Asked[]
  close(): Promise<void>
}

export async function startSoapDevice(animal: Animal): Promise<SoapDevice> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      const action = ACTIONS.find((name) => new RegExp(`<(?:\\w+:)?${name}[\\s/>]`).test(body)) ?? 'other'
      const ask: Asked = { action, body, path: request.url ?? '', authorization: request.headers.authorization ?? null, origin: `127.0.0.1:${port}`, before: asked.filter((one) => one.action === action).length }
      asked.push(ask)
      const answer = action === 'other' ? undefined : animal[action]?.(ask)
      reply(response, answer ?? fault('ter:ActionNotSupported', 'Optional Action Not Implemented'))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}/onvif/device_service`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function reply(response: ServerResponse, answer: Answer): void {
  if (typeof answer === 'function') return answer(response)
  const { status, body, headers } = typeof answer === 'string' ? { status: 200, body: envelope(answer), headers: {} } : { headers: {}, ...answer }
  response.writeHead(status, { 'content-type': 'application/soap+xml', ...headers })
  response.end(body)
}

export function envelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" xmlns:tev="http://www.onvif.org/ver10/events/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:ter="http://www.onvif.org/ver10/error"><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`
}

export function fault(subcode: string, text: string, status = 400): Answer {
  return { status, body: envelope(`<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value><SOAP-ENV:Subcode><SOAP-ENV:Value>${subcode}</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text xml:lang="en">${text}</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>`) }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
