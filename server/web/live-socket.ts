import type { Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import type { AlertChange, ClientEvents, Resumed, ServerEvents } from '../contract/socket.js'
import { Resume } from '../contract/socket.js'
import type { Access } from './access.js'
import type { Alert } from '../domain/alert.js'
import { asId, type AlertId, type PersonId, type ReportId } from '../domain/ids.js'
import { may } from '../domain/person.js'
import type { Bus } from '../flow/topics.js'
import type { Change, Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { cookieOf } from './cookie.js'
import type { Asker } from './route.js'
import type { SignIns } from './sign-in.js'
import { openScreenRooms, type ScreenPeer } from './screen-socket.js'
import { playingView, troubleView, type LiveFacts, type Views } from './views.js'
import type { WallViews } from './wall-views.js'

interface SocketState {
  asker: Asker
  token: string
}
type OurSocket = Socket<ClientEvents, ServerEvents, Record<string, never>, SocketState>

export interface LiveSocket {
  /** This person's rights changed: each of their sockets is asked again, and closed if it may no longer. */
  recheck(personId: PersonId): Promise<void>
  /** Big screens that a browser shows now. */
  screensConnected(): ReadonlySet<number>
  close(): Promise<void>
}

/** A client this far behind fetches the list anew: 1,000 changes are caught up in one answer after another. */
const RESUME_PAGE = 500
const RESUME_MAX = 5_000
/** Rights are asked again at least this often, also on sockets that only listen (S6). */
const RECHECK_MS = 60_000
/** A socket that reads slower than this much is dropped; it resumes by its cursor (T15). */
const BUFFER_MAX = 512
const POLL_MS = 2_000

/**
 * Pushes what was stored. A message on the bus is only a nudge: the change log is read behind `sent`, so that a lost nudge
 * costs two seconds and never an alert. Who may see a change is decided for each socket, on the server.
 */
export function openLiveSocket(http: HttpServer, { store, bus, clock, log, views, wallViews, access, signIns, playing }: { readonly store: Store; readonly bus: Bus; readonly clock: Clock; readonly log: Log; readonly views: Views; readonly wallViews: WallViews; readonly access: Access; readonly signIns: SignIns; readonly playing: LiveFacts['playing'] }): LiveSocket {
  const io = new Server<ClientEvents, ServerEvents, Record<string, never>, SocketState>(http, {
    serveClient: false,
    maxHttpBufferSize: 64 * 1024,
    transports: ['websocket', 'polling'],
    pingInterval: 10_000,
    pingTimeout: 8_000,
    // A page of another site must not open our socket with the visitor's cookie; no CORS is ever granted.
    allowRequest: (request, answer) => answer(null, sameOrigin(request.headers.origin, request.headers.host)),
  })

  io.use((socket, next) => {
    const token = cookieOf(socket.handshake.headers.cookie)
    signIns.who(token).then(
      (asker) => {
        if (!asker || !token || !may(asker.person, 'alert.view')) return next(new Error('sign_in_needed'))
        socket.data.asker = asker
        socket.data.token = token
        next()
      },
      (fault: unknown) => {
        log.error({ fault }, 'a socket could not be admitted')
        next(new Error('not_ready'))
      },
    )
  })

  const peers = new Map<OurSocket, ScreenPeer>()
  const screens = openScreenRooms({ bus, log, views: wallViews, peers: () => peers.values() })

  io.on('connection', (socket) => {
    const peer: ScreenPeer = { asker: () => socket.data.asker, say: (news) => emit(socket, () => socket.emit('wall', news)) }
    peers.set(socket, peer)
    socket.on('disconnect', () => {
      peers.delete(socket)
      screens.leave(peer)
    })
    socket.on('show_screen', (ask, answer) => {
      if (typeof answer !== 'function') return socket.disconnect(true)
      screens.show(peer, ask).then(answer, (fault: unknown) => {
        log.error({ fault }, 'a big screen could not be shown')
        socket.disconnect(true)
      })
    })
    socket.on('error', () => socket.disconnect(true))
    socket.on('resume', (ask, answer) => {
      const parsed = Resume.safeParse(ask)
      if (!parsed.success || typeof answer !== 'function') return socket.disconnect(true)
      resume(socket.data.asker, parsed.data.cursor).then(answer, (fault: unknown) => {
        log.error({ fault }, 'a socket could not resume')
        socket.disconnect(true)
      })
    })
  })

  const resume = async (asker: Asker, cursor: number): Promise<Resumed> => {
    const newest = await store.changes.newest()
    if (newest - cursor > RESUME_MAX || cursor > newest) return { changes: [], cursor: newest, more: false, reset: true }
    const page = await store.changes.since(cursor, RESUME_PAGE)
    const told = await alertChanges(page)
    return { changes: told.filter(({ row }) => access.alert(asker, row)).map(({ change }) => change), cursor: page.at(-1)?.seq ?? cursor, more: page.length === RESUME_PAGE, reset: false }
  }

  const alertChanges = async (page: readonly Change[]): Promise<readonly { readonly change: AlertChange; readonly row: Alert }[]> => {
    const wanted = page.filter(({ topic }) => topic === 'alert' || topic === 'incident')
    const rows = new Map<string, Alert>()
    for (const change of wanted) {
      const alert = change.topic === 'alert' ? await store.alerts.get(asId<AlertId>(change.entityId)) : await store.alerts.ofIncident(asId(change.entityId))
      if (alert) rows.set(change.entityId, alert)
    }
    const viewed = new Map((await views.alerts([...rows.values()])).map((view) => [view.id, view]))
    return wanted.flatMap((change) => {
      const row = rows.get(change.entityId)
      const alert = row && viewed.get(row.id)
      return row && alert ? [{ row, change: { seq: change.seq, what: change.what, alert } }] : []
    })
  }

  let sent: number | null = null
  let pushing: Promise<void> = Promise.resolve()
  const push = async (): Promise<void> => {
    sent ??= await store.changes.newest()
    for (let more = true; more; ) {
      const page = await store.changes.since(sent, RESUME_PAGE)
      more = page.length === RESUME_PAGE
      const sockets = [...io.of('/').sockets.values()] as OurSocket[]
      if (sockets.length > 0) {
        const told = await alertChanges(page)
        for (const socket of sockets) for (const { change, row } of told) if (access.alert(socket.data.asker, row)) emit(socket, () => socket.emit('alert', change))
        await pushReports(page, sockets)
      }
      sent = page.at(-1)?.seq ?? sent
    }
  }

  const pushReports = async (page: readonly Change[], sockets: readonly OurSocket[]): Promise<void> => {
    for (const { topic, entityId, seq } of page) {
      if (topic !== 'report' && topic !== 'link') continue
      const reportId = topic === 'report' ? entityId : (await store.links.get(asId(entityId)))?.reportId
      const report = reportId ? await store.reports.get(asId<ReportId>(reportId)) : null
      for (const socket of report ? sockets : []) if (may(socket.data.asker.person, 'report.view') && access.report(socket.data.asker, report!)) emit(socket, () => socket.emit('report', { reportId: report!.id, seq }))
    }
  }

  const pushSoon = (): void => {
    pushing = pushing.then(push).catch((fault: unknown) => log.error({ fault }, 'changes could not be pushed; tried again in two seconds'))
  }

  const recheckOne = async (socket: OurSocket): Promise<void> => {
    const asker = await signIns.who(socket.data.token)
    if (asker && may(asker.person, 'alert.view')) socket.data.asker = asker
    else {
      socket.emit('signed_out')
      socket.disconnect(true)
    }
  }
  const recheckAll = (who: (socket: OurSocket) => boolean): Promise<unknown> => Promise.all(([...io.of('/').sockets.values()] as OurSocket[]).filter(who).map((socket) => recheckOne(socket)))

  const stops = [
    bus.subscribe('changes.appended', pushSoon),
    bus.subscribe('session.changed', async ({ cameraId, news }) => {
      const camera = await store.cameras.get(cameraId)
      if (!camera) return
      const way = playingView(news.streamId, news.codec ?? camera.streams.find(({ id }) => id === news.streamId)?.codec ?? null, { playing })
      for (const socket of io.of('/').sockets.values() as Iterable<OurSocket>) {
        if (access.camera(socket.data.asker, camera)) emit(socket, () => socket.emit('camera', { cameraId, streamId: news.streamId, state: news.state, stateSinceMs: news.sinceMs, trouble: troubleView(news.trouble) ?? way.trouble, codec: news.codec, playing: way.playing }))
      }
    }),
    clock.every(POLL_MS, pushSoon),
    clock.every(RECHECK_MS, () => void recheckAll(() => true).catch((fault: unknown) => log.error({ fault }, 'sockets could not be rechecked'))),
  ]

  pushSoon() // fixes where pushing starts, before anything can be appended

  return {
    async recheck(personId) {
      await recheckAll((socket) => socket.data.asker.person.id === personId)
    },
    screensConnected: () => screens.connected(),
    async close() {
      for (const stop of stops) stop()
      screens.close()
      await pushing
      await io.close()
    },
  }
}

/** Nobody waits for the slowest: a socket whose buffer is full is dropped, and catches up by its cursor when it is back. */
function emit(socket: OurSocket, act: () => void): void {
  const waiting = (socket.conn as unknown as { writeBuffer?: readonly unknown[] }).writeBuffer?.length ?? 0
  if (waiting > BUFFER_MAX) socket.disconnect(true)
  else act()
}

function sameOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
}
