import { create } from 'zustand'
import type { AlertView } from '../../server/contract/alerts.js'
import { EMPTY_BOOK, type AlertBook } from './alert-book.js'

/** The connection as the screens show it. */
export type Link = { readonly is: 'joining' } | { readonly is: 'up' } | { readonly is: 'down'; readonly sinceMs: number }

/** A claim made while the server was away: it waits, and only the server confirms it. */
export interface PendingClaim {
  readonly alert: AlertView
  readonly askedAtMs: number
}

export interface Notice {
  readonly id: number
  readonly tone: 'plain' | 'bad'
  readonly text: string
}

interface Here {
  readonly book: AlertBook
  readonly link: Link
  readonly claims: Readonly<Record<string, PendingClaim>>
  readonly notices: readonly Notice[]
  /** Server time minus this machine's: ages are told by the server's clock. */
  readonly offsetMs: number
  /** The big screen that this browser shows, or null. */
  readonly screen: number | null
}

/** What this screen knows right now. Written by the drivers, read by the components. */
export const useHere = create<Here>(() => ({ book: EMPTY_BOOK, link: { is: 'joining' }, claims: {}, notices: [], offsetMs: 0, screen: null }))

/** The server's time now, for what is done once; what is shown ticks by `useNow`. */
export const serverNowMs = (): number => Date.now() + useHere.getState().offsetMs

export const changeBook = (step: (book: AlertBook) => AlertBook): void => useHere.setState((here) => ({ book: step(here.book) }))

let notices = 0
/** Says it for seven seconds. What is said already is not said twice: it stays longer. */
export function tell(text: string, tone: Notice['tone'] = 'plain'): void {
  const id = ++notices
  useHere.setState((here) => ({ notices: [...here.notices.filter((notice) => notice.text !== text).slice(-2), { id, tone, text }] }))
  setTimeout(() => useHere.setState((here) => ({ notices: here.notices.filter((notice) => notice.id !== id) })), 7000)
}
