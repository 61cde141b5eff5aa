import { RateLimiterMemory } from 'rate-limiter-flexible'
import { OpenForm } from '../../contract/meetings.js'
import type { Clock } from '../../system/clock.js'
import { cookieOf, ROOM_COOKIE } from '../cookie.js'
import type { Guests, Opened } from '../guests.js'
import type { MeetingViews } from '../meeting-views.js'
import { meetingEnded, meetingInUse, meetingUnknown, tooManyTries } from '../problems.js'
import { json, refuse, route, type ProblemDraft, type Route } from '../route.js'

export interface RoomParts {
  readonly clock: Clock
  readonly guests: Guests
  readonly views: MeetingViews
}

/** Each opening is a line in the log, so nobody may write without end: thirty refused ones an address, sixty of the room itself, in fifteen minutes. */
const TRY_WINDOW_S = 15 * 60
const REFUSED_MAX = 30
const OPENED_MAX = 60

/** All that a meeting room can ask for, with its pictures (live.ts, tickets.ts, cameras.ts). */
export function roomRoutes({ clock, guests, views }: RoomParts): readonly Route[] {
  const refusedOf = new RateLimiterMemory({ points: REFUSED_MAX, duration: TRY_WINDOW_S })
  const openedOf = new RateLimiterMemory({ points: OPENED_MAX, duration: TRY_WINDOW_S })

  return [
    route<OpenForm>({
      method: 'post',
      path: '/room/open',
      needs: 'anyone',
      scope: 'none',
      form: OpenForm,
      async act({ body, headers, ip }) {
        const brought = cookieOf(headers['cookie'], ROOM_COOKIE)
        const isGuest = (await guests.who(brought)) !== null
        const [limit, key, max] = isGuest ? ([openedOf, brought!, OPENED_MAX] as const) : ([refusedOf, ip, REFUSED_MAX] as const)
        const tried = await limit.get(key)
        if (tried && tried.consumedPoints >= max) return refuse(tooManyTries(tried.msBeforeNext))
        const opened = await guests.open(body.token, brought)
        if (opened.is !== 'open' || isGuest) await limit.penalty(key, 1)
        if (opened.is !== 'open') return refuse(whyNot(opened))
        const asker = await guests.who(opened.cookie)
        // It may have ended in this very moment.
        if (!asker?.guest) return refuse(meetingEnded('expired', opened.meeting.endsAtMs))
        return { kind: 'json', value: await views.room(asker, asker.guest.meeting), cookie: { set: opened.cookie, maxAgeMs: opened.meeting.endsAtMs - clock.wallMs(), room: true } }
      },
    }),
    route({
      method: 'get',
      path: '/room/board',
      needs: 'guest',
      scope: 'none',
      act: async ({ asker }) => json(await views.room(asker!, asker!.guest!.meeting)),
    }),
    route({
      method: 'get',
      path: '/room/now',
      needs: 'guest',
      scope: 'none',
      act: async ({ asker }) => json(views.now(asker!.guest!.meeting)),
    }),
  ]
}

function whyNot(opened: Exclude<Opened, { readonly is: 'open' }>): ProblemDraft {
  switch (opened.is) {
    case 'unknown':
      return meetingUnknown
    case 'in_use':
      return meetingInUse
    default:
      return meetingEnded(opened.is, opened.atMs)
  }
}
