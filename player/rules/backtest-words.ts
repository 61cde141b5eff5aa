import type { SpanView } from '../../server/contract/recordings.js'
import { clock, day } from '../words/measures.js'

/** "29/11 16:00–19:00", "28/11 22:00 – 29/11 05:00": the day once where it is the same. */
export function spanWords({ fromMs, toMs }: SpanView): string {
  const [from, to] = [clock(fromMs).slice(0, 5), clock(toMs).slice(0, 5)]
  const [fromDay, toDay] = [day(fromMs).slice(0, 5), day(toMs).slice(0, 5)]
  return fromDay === toDay ? `${fromDay} ${from}–${to}` : `${fromDay} ${from} – ${toDay} ${to}`
}
