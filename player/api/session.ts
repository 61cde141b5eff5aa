import type { QueryClient } from '@tanstack/react-query'
import type { CameraView } from '../../server/contract/cameras.js'
import { EMPTY_BOOK, hear, parted, put, resumed, seed } from './alert-book.js'
import { withNews } from './camera-news.js'
import { api, Refused } from './client.js'
import { changeBook, useHere } from './here.js'
import { openLiveSocket, type LiveSocket } from './live-socket.js'

const LIST_AGAIN_MS = 3000

/**
 * From sign-in to sign-out: the list fetched once, then kept true by the socket. Returns what ends it. Store, then say: a
 * push is a nudge, so after each gap we ask for all past our cursor, and fetch the list anew when too far behind.
 */
export function openSession(queries: QueryClient, signedOut: () => void, claimAnswered: (fault: Refused | null, title: string) => void): () => void {
  let open = true
  let listAgain: ReturnType<typeof setTimeout> | null = null
  const seedBook = async (): Promise<void> => {
    try {
      const list = await api.alerts('open')
      if (!open) return
      changeBook((book) => seed(book, list))
      live.resume()
    } catch (fault) {
      if (fault instanceof Refused && fault.problem.status === 401) return signedOut()
      if (open && !(fault instanceof Refused && fault.problem.status === 403)) setTimeout(() => void seedBook(), 3000)
    }
  }
  const live: LiveSocket = openLiveSocket({
    cursor: () => useHere.getState().book.cursor,
    up: () => {
      useHere.setState({ link: { is: 'up' } })
      void queries.invalidateQueries()
      void sendClaims(claimAnswered)
    },
    down: () => {
      changeBook(parted)
      if (useHere.getState().link.is !== 'down') useHere.setState({ link: { is: 'down', sinceMs: Date.now() } })
    },
    resumed: (answer) => {
      changeBook((book) => resumed(book, answer))
      if (answer.reset) void seedBook()
    },
    alert: (change) => {
      changeBook((book) => hear(book, change))
      void queries.invalidateQueries({ queryKey: ['alert', change.alert.id] })
    },
    camera: (news) => {
      queries.setQueryData<readonly CameraView[]>(['cameras'], (known) => (known ? withNews(known, news) : known))
      // The news does not carry when the last packet came; the list does. One asking serves a whole street that went dark.
      listAgain ??= setTimeout(() => {
        listAgain = null
        void queries.invalidateQueries({ queryKey: ['cameras'], exact: true })
      }, LIST_AGAIN_MS)
    },
    report: (reportId) => {
      void queries.invalidateQueries({ queryKey: ['reports'] })
      void queries.invalidateQueries({ queryKey: ['report', reportId] })
      void queries.invalidateQueries({ queryKey: ['alert'] })
    },
    wall: (news) => {
      if (news.kind === 'screens') return void queries.invalidateQueries({ queryKey: ['screens'] })
      queries.setQueryData(['screen', news.screen.number], news.screen)
    },
    signedOut,
  })
  const stopShowing = useHere.subscribe((here, before) => {
    if (here.screen !== before.screen) live.showScreen(here.screen)
  })
  live.showScreen(useHere.getState().screen)
  void seedBook()
  return () => {
    open = false
    if (listAgain) clearTimeout(listAgain)
    stopShowing()
    live.close()
    useHere.setState({ book: EMPTY_BOOK, link: { is: 'joining' }, claims: {} })
  }
}

/** Claims made offline go out in the order they were asked; the server alone says who was first. */
async function sendClaims(answered: (fault: Refused | null, title: string) => void): Promise<void> {
  const claims = Object.values(useHere.getState().claims).sort((a, b) => a.askedAtMs - b.askedAtMs)
  for (const claim of claims) {
    try {
      const whole = await api.deed(claim.alert.id, { do: 'claim', version: claim.alert.version })
      changeBook((book) => put(book, whole, 0))
      answered(null, claim.alert.title.vi)
    } catch (fault) {
      if (!(fault instanceof Refused) || fault.problem.code === 'offline') return
      answered(fault, claim.alert.title.vi)
    }
    useHere.setState((here) => ({ claims: Object.fromEntries(Object.entries(here.claims).filter(([id]) => id !== claim.alert.id)) }))
  }
}
