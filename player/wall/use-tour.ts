import { useCallback, useEffect, useState } from 'react'
import { stepTour, type Tour, type TourNews, type TourPlan } from './tour.js'

/** The tour of one wall. It looks once a second; a page that turned a moment late is not noticed. */
export function useTour(from: { readonly page: number; readonly running: boolean }, plan: TourPlan, held: boolean): { readonly tour: Tour; readonly say: (news: TourNews) => void } {
  const { pages, dwellMs } = plan
  const [tour, setTour] = useState<Tour>(() => stepTour({ is: 'stopped', page: from.page }, { is: from.running ? 'toggle' : 'tick' }, plan, Date.now()))
  const say = useCallback((news: TourNews) => setTour((known) => stepTour(known, news, { pages, dwellMs }, Date.now())), [pages, dwellMs])
  useEffect(() => {
    const tick = (): void => say({ is: 'tick' })
    tick()
    const timer = setInterval(tick, 500)
    return () => clearInterval(timer)
  }, [say])
  useEffect(() => say({ is: held ? 'hold' : 'release' }), [held, say, tour.is])
  return { tour, say }
}
