/** A tour turns pages by itself; held while an alert has the spotlight, it goes on with what was left of the page. */
export type Tour =
  | { readonly is: 'stopped'; readonly page: number }
  | { readonly is: 'running'; readonly page: number; readonly turnsAtMs: number }
  | { readonly is: 'held'; readonly page: number; readonly leftMs: number }

export type TourNews =
  | { readonly is: 'toggle' | 'tick' | 'hold' | 'release' }
  | { readonly is: 'go'; readonly page: number }

export interface TourPlan {
  readonly pages: number
  readonly dwellMs: number
}

export function stepTour(tour: Tour, news: TourNews, plan: TourPlan, atMs: number): Tour {
  const page = Math.min(tour.page, plan.pages - 1)
  switch (news.is) {
    case 'toggle':
      if (tour.is !== 'stopped') return { is: 'stopped', page }
      // One page is no tour.
      return plan.pages > 1 ? { is: 'running', page, turnsAtMs: atMs + plan.dwellMs } : { is: 'stopped', page }
    case 'go': {
      const to = (news.page + plan.pages) % plan.pages
      if (tour.is === 'stopped') return { is: 'stopped', page: to }
      // Whoever turned the page wants to see it: it stays its whole time.
      return tour.is === 'held' ? { is: 'held', page: to, leftMs: plan.dwellMs } : { is: 'running', page: to, turnsAtMs: atMs + plan.dwellMs }
    }
    case 'hold':
      return tour.is === 'running' ? { is: 'held', page, leftMs: Math.max(0, tour.turnsAtMs - atMs) } : tour
    case 'release':
      return tour.is === 'held' ? { is: 'running', page, turnsAtMs: atMs + tour.leftMs } : tour
    case 'tick':
      if (tour.is !== 'running') return tour.page === page ? tour : { ...tour, page }
      if (plan.pages < 2) return { is: 'stopped', page }
      // A page that slept (a hidden tab) turns once and stays its time, rather than racing through all it missed.
      return atMs >= tour.turnsAtMs ? { is: 'running', page: (page + 1) % plan.pages, turnsAtMs: atMs + plan.dwellMs } : tour
  }
}

/** Whole seconds until the page turns; null while nothing turns. */
export function secondsLeft(tour: Tour, atMs: number): number | null {
  if (tour.is === 'stopped') return null
  return Math.max(0, Math.ceil((tour.is === 'held' ? tour.leftMs : tour.turnsAtMs - atMs) / 1000))
}
