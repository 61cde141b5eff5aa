import { randomBytes } from 'node:crypto'
import type { Clock } from '../../system/clock.js'

/** What the camera can say about itself by events; each is a property that is true or false (ONVIF Core 9, property events). */
export const TOPICS = {
  motion: { path: 'tns1:RuleEngine/CellMotionDetector/Motion', state: 'IsMotion', source: 'rule' },
  motionAlarm: { path: 'tns1:VideoSource/MotionAlarm', state: 'State', source: 'video' },
  tamper: { path: 'tns1:RuleEngine/TamperDetector/Tamper', state: 'IsTamper', source: 'rule' },
  sceneChange: { path: 'tns1:VideoSource/GlobalSceneChange/ImagingService', state: 'State', source: 'video' },
  tooBlurry: { path: 'tns1:VideoSource/ImageTooBlurry/ImagingService', state: 'State', source: 'video' },
  tooDark: { path: 'tns1:VideoSource/ImageTooDark/ImagingService', state: 'State', source: 'video' },
} as const
export type Topic = keyof typeof TOPICS

export interface Notice {
  readonly topic: Topic
  readonly state: boolean
  readonly operation: 'Initialized' | 'Changed'
  readonly atMs: number
}

export interface Subscription {
  readonly id: string
  /** On the device's clock. */
  readonly endsAtMs: number
  renew(lifeMs: number): void
  /** Begins again with the present state of everything, as after a new subscription. */
  resynchronize(): void
  /** What is new, at once if there is something, else when there is or when the time is over. */
  pull(options: { readonly timeoutMs: number; readonly limit: number; readonly gone: AbortSignal }): Promise<readonly Notice[]>
  end(): void
}

export interface EventDesk {
  tell(states: Partial<Record<Topic, boolean>>): void
  /** Null when there are too many. `wants` says which topics pass its filter. */
  subscribe(lifeMs: number, wants: (topicPath: string) => boolean): Subscription | null
  find(id: string): Subscription | undefined
  readonly subscriptions: number
  close(): void
}

const SUBSCRIPTIONS_MAX = 16
/** A client that does not come back in time loses the oldest, and finds the present state by resynchronizing. */
const WAITING_MAX = 100

interface Seat extends Subscription {
  offer(notice: Notice): void
  expired(): boolean
}

export function makeEventDesk({ clock, deviceWallMs }: { readonly clock: Clock; readonly deviceWallMs: () => number }): EventDesk {
  const states = new Map<Topic, boolean>((Object.keys(TOPICS) as Topic[]).map((topic) => [topic, false]))
  const seats = new Map<string, Seat>()
  const sweep = (): void => {
    for (const seat of seats.values()) if (seat.expired()) seat.end()
  }
  return {
    tell(news) {
      sweep()
      for (const [topic, state] of Object.entries(news) as [Topic, boolean][]) {
        if (states.get(topic) === state) continue
        states.set(topic, state)
        for (const seat of seats.values()) seat.offer({ topic, state, operation: 'Changed', atMs: deviceWallMs() })
      }
    },
    subscribe(lifeMs, wants) {
      sweep()
      if (seats.size >= SUBSCRIPTIONS_MAX) return null
      const seat = openSeat({ lifeMs, wants, clock, deviceWallMs, states, leave: (id) => seats.delete(id) })
      seats.set(seat.id, seat)
      seat.resynchronize()
      return seat
    },
    find(id) {
      sweep()
      return seats.get(id)
    },
    get subscriptions() { return seats.size },
    close() {
      for (const seat of seats.values()) seat.end()
    },
  }
}

interface SeatOptions {
  readonly lifeMs: number
  readonly wants: (topicPath: string) => boolean
  readonly clock: Clock
  readonly deviceWallMs: () => number
  readonly states: ReadonlyMap<Topic, boolean>
  readonly leave: (id: string) => void
}

function openSeat({ lifeMs, wants, clock, deviceWallMs, states, leave }: SeatOptions): Seat {
  const id = randomBytes(8).toString('hex')
  let endsMonotonicMs = clock.monotonicMs() + lifeMs
  let waiting: Notice[] = []
  let wake: (() => void) | null = null
  const seat: Seat = {
    id,
    get endsAtMs() { return deviceWallMs() + endsMonotonicMs - clock.monotonicMs() },
    expired: () => clock.monotonicMs() > endsMonotonicMs,
    renew(ms) { endsMonotonicMs = clock.monotonicMs() + ms },
    offer(notice) {
      if (!wants(TOPICS[notice.topic].path)) return
      waiting.push(notice)
      if (waiting.length > WAITING_MAX) waiting.shift()
      wake?.()
    },
    resynchronize() {
      waiting = []
      for (const [topic, state] of states) seat.offer({ topic, state, operation: 'Initialized', atMs: deviceWallMs() })
    },
    async pull({ timeoutMs, limit, gone }) {
      wake?.() // a second pull on one subscription sends the first one home empty-handed
      if (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(timeoutMs, () => wake?.())
          const finish = (): void => {
            cancel()
            gone.removeEventListener('abort', finish)
            if (wake === finish) wake = null
            resolve()
          }
          wake = finish
          gone.addEventListener('abort', finish)
          if (gone.aborted) finish()
        })
      }
      return gone.aborted ? [] : waiting.splice(0, limit)
    },
    end() {
      leave(id)
      wake?.()
    },
  }
  return seat
}
