import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TICKET_HEADER } from '../../server/contract/tickets.js'
import { asId, type AreaId, type CameraId, type PersonId, type StreamId } from '../../server/domain/ids.js'
import type { PacketHub } from '../../server/flow/packet-hub.js'
import { openLive, type Live } from '../../server/live/open-live.js'
import { openStore } from '../../server/storage/open.js'
import type { Store } from '../../server/storage/store.js'
import type { Clock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { makeAccess } from '../../server/web/access.js'
import { makeGuests, type Guests } from '../../server/web/guests.js'
import { makeHttp, type Patience } from '../../server/web/http.js'
import { makeMeetingViews } from '../../server/web/meeting-views.js'
import type { Route } from '../../server/web/route.js'
import { liveRoutes } from '../../server/web/routes/live.js'
import { meetingRoutes } from '../../server/web/routes/meetings.js'
import { roomRoutes } from '../../server/web/routes/room.js'
import { ticketRoutes } from '../../server/web/routes/tickets.js'
import { makeSignIns, type SignIns } from '../../server/web/sign-in.js'
import { makeTickets, type Tickets } from '../../server/web/tickets.js'
import { makeViews } from '../../server/web/views.js'
import { makeWallViews } from '../../server/web/wall-views.js'

/** Somebody who signed in, and what they show at the door. */
export interface Viewer {
  readonly personId: PersonId
  readonly token: string
  /** Cookie and ticket for one camera, good now. */
  headersFor(cameraId: CameraId): Record<string, string>
}

/** The real door for pictures (real rows, sign-ins, tickets, routes) without the stages that a picture does not pass. */
export interface MediaHouse {
  readonly url: string
  readonly server: Server
  readonly store: Store
  readonly live: Live
  readonly signIns: SignIns
  readonly tickets: Tickets
  readonly guests: Guests
  readonly areas: { readonly own: AreaId; readonly foreign: AreaId }
  readonly cameras: readonly { readonly cameraId: CameraId; readonly streamId: StreamId }[]
  signIn(name: string): Promise<Viewer>
  close(): Promise<void>
}

/** Wall's rights, and the smallest. */
const ROLE = 'police'

export async function openMediaHouse(options: { readonly hub: PacketHub; readonly clock: Clock; readonly streams: readonly StreamId[]; readonly routes?: readonly Route[]; readonly patience?: Patience }): Promise<MediaHouse> {
  const { hub, clock, streams } = options
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-media-'))
  const store = await openStore({ url: `sqlite:${join(folder, 'city.db')}`, log: silentLog, clock })
  const [root, own, foreign] = (['thanh-pho', 'phuong-nha', 'phuong-khac'] as const).map((id) => asId<AreaId>(id)) as [AreaId, AreaId, AreaId]
  for (const [id, parent] of [[root, null], [own, root], [foreign, root]] as const) await store.areas.add({ id, name: id, parent })
  const cameras = streams.map((streamId) => ({ streamId, cameraId: asId<CameraId>(`camera-of-${streamId}`) }))
  for (const [order, { cameraId, streamId }] of cameras.entries()) {
    const place = { latitude: 10.3711, longitude: 105.4325, street: 'Trần Hưng Đạo', order, heading: 90, reachM: 40 }
    await store.cameras.add({ id: cameraId, name: `Camera ${order}`, areaId: own, enabled: true, place, origin: { kind: 'rtsp' }, streams: [{ id: streamId, role: 'main', url: `rtsp://127.0.0.1:9/${order}`, codec: null, width: null, height: null, fps: null }] }, clock.wallMs())
  }
  const signIns = makeSignIns({ store, clock })
  const tickets = makeTickets(clock)
  const guests = makeGuests({ store, clock })
  const live = openLive({ hub, clock, log: silentLog })
  const access = makeAccess(store, clock)
  const wallViews = makeWallViews(store)
  const views = makeMeetingViews({ store, clock, views: makeViews(store, { session: () => null, newestAtMs: (streamId) => hub.newestAtMs(streamId), playing: live.playing, sandboxFault: () => null, waits: () => null }), wallViews, access })
  const routes = [...liveRoutes({ live, store }), ...ticketRoutes({ tickets }), ...meetingRoutes({ store, clock, guests, views, wallViews }), ...roomRoutes({ clock, guests, views }), ...(options.routes ?? [])]
  const { server } = makeHttp({ routes, signIns, guests, access, tickets, clock, log: silentLog, playerFolder: null, secure: false }, options.patience)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 2_048, resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    store,
    live,
    signIns,
    tickets,
    guests,
    areas: { own, foreign },
    cameras,
    async signIn(name) {
      const personId = asId<PersonId>(name)
      const person = (await store.people.get(personId)) ?? (await store.people.add({ id: personId, name, displayName: name, role: ROLE, areas: [own], language: 'vi', passwordHash: '$argon2id$none', createdAtMs: clock.wallMs() }))
      const { token, signIn } = await signIns.begin(person)
      return { personId, token, headersFor: (cameraId) => ({ cookie: `vonglau=${token}`, [TICKET_HEADER]: tickets.issue({ personId, signInId: signIn.id, cameraId }).ticket }) }
    },
    async close() {
      live.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Lets something see each request before the door does: pages of a measurement, headers that its viewers cannot set. */
export function before(server: Server, look: (request: IncomingMessage, response: ServerResponse) => 'taken' | 'go on'): void {
  const doors = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[]
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (look(request, response) === 'go on') for (const door of doors) door(request, response)
  })
}
