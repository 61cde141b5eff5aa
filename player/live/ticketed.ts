import type { TICKET_HEADER } from '../../server/contract/tickets.js'
import { api } from '../api/client.js'
import { serverNowMs } from '../api/here.js'
import { cameraOf, isRefused, makeTickets } from '../api/tickets.js'

const HEADER: typeof TICKET_HEADER = 'x-vonglau-ticket'

/** One for the whole page: the tiles of a camera, large and small, live and past, share its ticket. */
const tickets = makeTickets({ ask: api.ticket, monotonicMs: () => performance.now(), serverNowMs })

/** For hls.js's `xhrSetup`: shows the camera's ticket with every list, part, segment and init of this address. */
export function ticketSetup(source: string): (xhr: XMLHttpRequest, url: string) => Promise<void> {
  return async (xhr, url) => {
    const cameraId = cameraOf(source)
    // Without a ticket the server's refusal is the answer, and the tile says what became of it.
    const ticket = cameraId === null ? null : await tickets.of(cameraId).catch(() => null)
    if (xhr.readyState === XMLHttpRequest.UNSENT) xhr.open('GET', url, true)
    if (cameraId === null || ticket === null) return
    xhr.setRequestHeader(HEADER, ticket)
    xhr.addEventListener('load', () => {
      if (isRefused(xhr.status)) tickets.spoil(cameraId, ticket)
    })
  }
}
