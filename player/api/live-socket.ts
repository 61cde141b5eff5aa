import { io, type Socket } from 'socket.io-client'
import type { WallNews } from '../../server/contract/wall.js'
import type { AlertChange, CameraNews, ClientEvents, Resumed, ServerEvents } from '../../server/contract/socket.js'

export interface Hears {
  readonly cursor: () => number
  readonly up: () => void
  readonly down: () => void
  readonly resumed: (answer: Resumed) => void
  readonly alert: (change: AlertChange) => void
  readonly camera: (news: CameraNews) => void
  readonly report: (reportId: string) => void
  readonly wall: (news: WallNews) => void
  readonly signedOut: () => void
}

export interface LiveSocket {
  /** Ask again for all past the cursor, after the list was fetched anew. */
  readonly resume: () => void
  /** This browser shows that big screen from now on, through every gap; null: none any more. */
  readonly showScreen: (number: number | null) => void
  readonly close: () => void
}

/** The answer to `resume` may be lost with the connection; then it is asked again. */
const RESUME_MS_MAX = 8000
const PAGES_MAX = 100

/** The one connection to the server. It knows no React and keeps nothing but itself. */
export function openLiveSocket(hears: Hears): LiveSocket {
  const socket: Socket<ServerEvents, ClientEvents> = io({ transports: ['websocket', 'polling'], reconnectionDelay: 500, reconnectionDelayMax: 5000, randomizationFactor: 0.5 })
  let asking = false
  let screen: number | null = null

  const resume = async (): Promise<void> => {
    if (asking || !socket.connected) return
    asking = true
    try {
      for (let page = 0; page < PAGES_MAX; page++) {
        const answer = await socket.timeout(RESUME_MS_MAX).emitWithAck('resume', { cursor: hears.cursor() })
        hears.resumed(answer)
        if (answer.reset || !answer.more) break
      }
    } catch {
      // No answer in time: break the connection, so that it is made and resumed anew.
      if (socket.connected) socket.disconnect().connect()
    } finally {
      asking = false
    }
  }

  const sayScreen = async (): Promise<void> => {
    if (screen === null || !socket.connected) return
    try {
      const shown = await socket.timeout(RESUME_MS_MAX).emitWithAck('show_screen', { number: screen })
      if (shown) hears.wall({ kind: 'screen', screen: shown })
    } catch {
      // No answer in time: the connection is made anew, and the screen said again.
      if (socket.connected) socket.disconnect().connect()
    }
  }

  socket.on('connect', () => {
    hears.up()
    void sayScreen()
    void resume()
  })
  socket.on('disconnect', (reason) => {
    hears.down()
    // The library does not come back by itself when the server hung up; a server that restarts does just that.
    if (reason === 'io server disconnect') socket.connect()
  })
  socket.on('connect_error', (fault) => {
    hears.down()
    if (/sign|auth|session|401/i.test(fault.message)) hears.signedOut()
  })
  socket.on('alert', hears.alert)
  socket.on('camera', hears.camera)
  socket.on('report', (news) => hears.report(news.reportId))
  socket.on('wall', hears.wall)
  socket.on('signed_out', hears.signedOut)
  return {
    resume: () => void resume(),
    showScreen(number) {
      // The server forgets a screen only with its connection.
      if (number === null && screen !== null && socket.connected) socket.disconnect().connect()
      screen = number
      void sayScreen()
    },
    close: () => socket.close(),
  }
}
