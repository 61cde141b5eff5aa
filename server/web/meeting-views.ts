import type { CameraView, TroubleView } from '../contract/cameras.js'
import type { MeetingView, RoomCamera, RoomNow, RoomView } from '../contract/meetings.js'
import { camerasOf, type Meeting } from '../domain/meeting.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Access } from './access.js'
import type { Asker } from './route.js'
import type { Views } from './views.js'
import { pageViews, type WallViews } from './wall-views.js'

export interface MeetingViews {
  /** As the one who asks may see them. */
  meetings(asker: Asker, meetings: readonly Meeting[]): Promise<readonly MeetingView[]>
  room(asker: Asker, meeting: Meeting): Promise<RoomView>
  now(meeting: Meeting): RoomNow
}

export function makeMeetingViews({ store, clock, views, wallViews, access }: { readonly store: Store; readonly clock: Clock; readonly views: Pick<Views, 'cameras'>; readonly wallViews: Pick<WallViews, 'sight'>; readonly access: Pick<Access, 'camera'> }): MeetingViews {
  const now = ({ endsAtMs, showing, turn }: Meeting): RoomNow => ({ nowMs: clock.wallMs(), endsAtMs, showing, turn })
  return {
    now,
    async meetings(asker, meetings) {
      const [seen, people] = await Promise.all([wallViews.sight(asker), store.people.list()])
      return meetings.map((meeting) => {
        const { id, name, showing, turn, createdAtMs, endsAtMs, openedAtMs } = meeting
        return { id, name, by: people.find((person) => person.id === meeting.by)?.displayName ?? '', mine: meeting.by === asker.person.id, pages: pageViews(meeting.pages, seen), showing, turn, createdAtMs, endsAtMs, openedAtMs }
      })
    },
    async room(asker, meeting) {
      const ids = camerasOf(meeting)
      const shown = (await store.cameras.list()).filter((camera) => ids.includes(camera.id) && access.camera(asker, camera))
      return { ...now(meeting), name: meeting.name, by: asker.person.displayName, pages: pageViews(meeting.pages, await wallViews.sight(asker)), cameras: (await views.cameras(shown)).map(roomCamera) }
    },
  }
}

function roomCamera({ id, name, enabled, streams }: CameraView): RoomCamera {
  return { id, name, enabled, streams: streams.map((stream) => ({ ...stream, playlist: `/room${stream.playlist}`, trouble: stream.trouble && quiet(stream.trouble) })) }
}

/** Why there is no picture and since when may be told in a meeting; which address was tried, and what it answered, may not. */
function quiet({ code, state, next }: TroubleView): TroubleView {
  return { code, state, next, tried: '', on: '', said: '' }
}
