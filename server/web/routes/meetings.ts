import { randomBytes } from 'node:crypto'
import { MeetingForm, ShowForm, type MeetingMade, type RoomShowing } from '../../contract/meetings.js'
import { asId, isId, type CameraId, type MeetingId, type WallId } from '../../domain/ids.js'
import { camerasOf, givenPages, judgeMeeting, showingFault, type Meeting, type MeetingShowing } from '../../domain/meeting.js'
import { may } from '../../domain/person.js'
import { pagesFault, type WallPage } from '../../domain/wall.js'
import type { Store } from '../../storage/store.js'
import type { Clock } from '../../system/clock.js'
import { newId } from '../../system/ids.js'
import { changeOf, type Guests } from '../guests.js'
import type { MeetingViews } from '../meeting-views.js'
import { badForm, conflict, notFound, notPresenter } from '../problems.js'
import { json, refuse, route, type Asker, type Route } from '../route.js'
import { hashOf } from '../sign-in.js'
import { cameraIdsOf, type Sight, type WallViews } from '../wall-views.js'

export interface MeetingParts {
  readonly store: Store
  readonly clock: Clock
  readonly guests: Guests
  readonly views: MeetingViews
  readonly wallViews: Pick<WallViews, 'sight'>
}

/** More rooms than one person can present to. */
const RUNNING_MAX = 10
/** 128 bits: nobody finds a link by trying. */
const TOKEN_BYTES = 16
const scope = { kind: 'meeting', param: 'meetingId' } as const

/** What a maker does with links: make, list, present, revoke. What the room does stands in room.ts. */
export function meetingRoutes(parts: MeetingParts): readonly Route[] {
  return [...makingRoutes(parts), ...presentingRoutes(parts)]
}

function makingRoutes({ store, clock, views, wallViews }: MeetingParts): readonly Route[] {
  const running = async (asker: Asker): Promise<readonly Meeting[]> => {
    const atMs = clock.wallMs()
    const makers = new Map((await store.people.list()).map((person) => [person.id, person]))
    const answersFor = may(asker.person, 'people.manage')
    return (await store.meetings.running(atMs)).filter((meeting) => {
      const maker = makers.get(meeting.by) ?? null
      const theirs = meeting.by === asker.person.id || (answersFor && maker?.areas.some((area) => asker.areas.has(area)))
      return theirs && judgeMeeting(meeting, maker, atMs).is === 'running'
    })
  }
  return [
    route({
      method: 'get',
      path: '/api/meetings',
      needs: 'meeting.open',
      scope: 'none',
      act: async ({ asker }) => json({ meetings: await views.meetings(asker!, await running(asker!)) }),
    }),
    route<MeetingForm>({
      method: 'post',
      path: '/api/meetings',
      needs: 'meeting.open',
      scope: 'none',
      form: MeetingForm,
      async act({ asker, body }) {
        const board = await boardOf(store, asker!, body.board, await wallViews.sight(asker!))
        if ('field' in board) return refuse(badForm([board]))
        if (camerasOf(board).length === 0) return refuse(badForm([{ field: 'board', reason: 'holds no camera you can see' }]))
        if ((await running(asker!)).filter(({ by }) => by === asker!.person.id).length >= RUNNING_MAX) return refuse(conflict('too_many_meetings', `Đang có ${RUNNING_MAX} liên kết; thu hồi bớt một liên kết`, `There are ${RUNNING_MAX} links; revoke one`))
        const token = randomBytes(TOKEN_BYTES).toString('base64url')
        const atMs = clock.wallMs()
        const meeting: Meeting = { id: newId<MeetingId>(), by: asker!.person.id, ...board, showing: { kind: 'page', page: 0 }, turn: 0, createdAtMs: atMs, endsAtMs: atMs + body.minutes * 60_000, guestHash: null, openedAtMs: null, revokedAtMs: null }
        await store.transact(async (tx) => {
          await tx.meetings.add(meeting, hashOf(token))
          await tx.changes.append(changeOf(meeting, { what: 'meeting_made', by: meeting.by, atMs }))
        })
        const [view] = await views.meetings(asker!, [meeting])
        return json({ meeting: view!, path: `/meeting#${token}` } satisfies MeetingMade, 201)
      },
    }),
  ]
}

function presentingRoutes({ store, clock, guests, views }: MeetingParts): readonly Route[] {
  const found = async (params: Readonly<Record<string, string>>): Promise<Meeting | null> => {
    const meeting = await store.meetings.get(asId<MeetingId>(params['meetingId']!))
    return meeting && judgeMeeting(meeting, await store.people.get(meeting.by), clock.wallMs()).is === 'running' ? meeting : null
  }
  return [
    route<ShowForm>({
      method: 'put',
      path: '/api/meetings/:meetingId/showing',
      needs: 'meeting.open',
      scope,
      form: ShowForm,
      async act({ asker, params, body }) {
        const meeting = await found(params)
        if (!meeting) return refuse(notFound)
        if (meeting.by !== asker!.person.id) return refuse(notPresenter)
        const showing = showingOf(body.showing)
        const fault = showingFault(meeting, showing)
        if (fault) return refuse(badForm([fault]))
        const moved = await store.meetings.show(meeting.id, showing)
        guests.forget()
        return moved ? json((await views.meetings(asker!, [moved]))[0]) : refuse(notFound)
      },
    }),
    route({
      method: 'delete',
      path: '/api/meetings/:meetingId',
      needs: 'meeting.open',
      scope,
      async act({ asker, params }) {
        const meeting = await found(params)
        return meeting && (await guests.revoke(meeting, asker!.person.id)) ? json({ ok: true }) : refuse(notFound)
      },
    }),
  ]
}

/** Nobody gives away what they could not open themselves. */
async function boardOf(store: Store, asker: Asker, asked: MeetingForm['board'], { sees }: Sight): Promise<{ readonly name: string; readonly pages: readonly WallPage[] } | { readonly field: string; readonly reason: string }> {
  if (asked.kind === 'wall') {
    const wall = isId(asked.wallId) ? await store.walls.get(asId<WallId>(asked.wallId)) : null
    if (!wall || (!wall.shared && wall.ownerId !== asker.person.id)) return { field: 'board.wallId', reason: 'is no wall of yours or shared with you' }
    return { name: wall.name, pages: givenPages(wall.pages, sees) }
  }
  const fault = pagesFault(asked.pages, sees)
  if (fault) return { field: `board.${fault.field}`, reason: fault.reason }
  return { name: asked.name, pages: asked.pages.map(({ layout, cameraIds }) => ({ layout, cameraIds: cameraIdsOf(cameraIds) })) }
}

function showingOf(asked: RoomShowing): MeetingShowing {
  return asked.kind === 'camera' ? { kind: 'camera', cameraId: asId<CameraId>(asked.cameraId) } : asked
}
