import { ShowScreen, type ScreenView, type WallNews } from '../contract/wall.js'
import { may } from '../domain/person.js'
import type { Bus } from '../flow/topics.js'
import type { Log } from '../system/log.js'
import type { Asker } from './route.js'
import type { WallViews } from './wall-views.js'

/** What a big screen's connection is to us; the socket's own library stays behind its door (live-socket.ts). */
export interface ScreenPeer {
  asker(): Asker
  say(news: WallNews): void
}

export interface ScreenRooms {
  /** Screens that a browser shows now. */
  connected(): ReadonlySet<number>
  /** The peer says which screen it shows. Null: no such screen, or no right to see pictures. */
  show(peer: ScreenPeer, asked: unknown): Promise<ScreenView | null>
  leave(peer: ScreenPeer): void
  close(): void
}

/**
 * Who shows which big screen. What is shown is a row before it is a message, and a peer is answered with the row when it
 * connects: so a push reaches a screen at once, and a screen that was away finds it when it is back.
 */
export function openScreenRooms({ bus, log, views, peers }: { readonly bus: Bus; readonly log: Log; readonly views: WallViews; readonly peers: () => Iterable<ScreenPeer> }): ScreenRooms {
  const shownBy = new Map<ScreenPeer, number>()
  const connected = (): ReadonlySet<number> => new Set(shownBy.values())

  const tellList = (): void => {
    for (const peer of peers()) peer.say({ kind: 'screens' })
  }
  const stop = bus.subscribe('screen.changed', async ({ number }) => {
    for (const [peer, shown] of shownBy) if (shown === number && may(peer.asker().person, 'camera.view')) peer.say({ kind: 'screen', screen: await views.screen(peer.asker(), number, true) })
    tellList()
  })

  return {
    connected,
    async show(peer, asked) {
      const parsed = ShowScreen.safeParse(asked)
      if (!parsed.success || !may(peer.asker().person, 'camera.view')) return null
      const { number } = parsed.data
      // Before the row is read: a push that comes meanwhile is then told, and told twice at worst.
      shownBy.set(peer, number)
      tellList()
      log.info({ number, person: peer.asker().person.id }, 'a big screen is shown')
      return views.screen(peer.asker(), number, true)
    },
    leave(peer) {
      if (shownBy.delete(peer)) tellList()
    },
    close: stop,
  }
}
