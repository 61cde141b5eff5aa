import './room.css'
import { useState, type ReactElement } from 'react'
import type { MeetingView, RoomShowing } from '../../server/contract/meetings.js'
import type { CameraView } from '../../server/contract/cameras.js'
import { useWords } from '../words/words.js'
import { openedWords } from './meetings-dialog.js'
import { leftOf } from './room-state.js'

export interface PresenterProps {
  readonly meetings: readonly MeetingView[]
  readonly cameras: readonly Pick<CameraView, 'id' | 'name'>[]
  readonly now: number
  readonly onShow: (meeting: MeetingView, showing: RoomShowing) => void
}

/** While a link of one's own runs: what its room looks at. */
export function PresenterCard({ meetings, cameras, now, onShow }: PresenterProps): ReactElement | null {
  const { t } = useWords()
  const [asked, setAsked] = useState<string | null>(null)
  const own = meetings.filter(({ mine, endsAtMs }) => mine && endsAtMs > now)
  const meeting = own.find(({ id }) => id === asked) ?? own[0]
  if (!meeting) return null
  const left = leftOf(meeting.endsAtMs, now)
  return (
    <section className="card" aria-label={t('room.title')} data-presents={meeting.id}>
      <div className="hd"><span>{t('room.title')}</span><span className="text2 small">{t(left.words, { count: left.count })} · {openedWords(t, meeting)}</span></div>
      <div className="present">
        {own.length > 1 ? <label className="field">{t('meeting.which')}<select value={meeting.id} onChange={(event) => setAsked(event.target.value)}>{own.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label> : <b className="cut">{meeting.name}</b>}
        <Present key={meeting.id} meeting={meeting} cameras={cameras} onShow={(showing) => onShow(meeting, showing)} />
      </div>
    </section>
  )
}

function Present({ meeting: { pages, showing }, cameras, onShow }: { readonly meeting: MeetingView; readonly cameras: PresenterProps['cameras']; readonly onShow: (showing: RoomShowing) => void }): ReactElement {
  const { t } = useWords()
  // What is come back to when the picture is switched on again.
  const [last, setLast] = useState<RoomShowing>(showing.kind === 'blank' ? { kind: 'page', page: 0 } : showing)
  const show = (to: RoomShowing): void => {
    if (to.kind !== 'blank') setLast(to)
    onShow(to)
  }
  const blank = showing.kind === 'blank'
  const page = last.kind === 'page' ? last.page : 0
  const ids = [...new Set(pages.flatMap(({ cameraIds }) => cameraIds.filter((id) => id !== null)))]
  return (
    <>
      {pages.length > 1 ? (
        <div className="pager">
          <button type="button" className="btn sm step" disabled={page === 0} onClick={() => show({ kind: 'page', page: page - 1 })} aria-label={t('wall.page_before')}>‹</button>
          <span data-presented={page + 1}>{t('room.page', { page: page + 1, pages: pages.length })}</span>
          <button type="button" className="btn sm step" disabled={page === pages.length - 1} onClick={() => show({ kind: 'page', page: page + 1 })} aria-label={t('wall.page_after')}>›</button>
        </div>
      ) : null}
      <div className="two">
        <label className="field"><span className="unseen">{t('meeting.present_what')}</span>
          <select name="present-camera" value={last.kind === 'camera' ? last.cameraId : ''} onChange={({ target }) => show(target.value ? { kind: 'camera', cameraId: target.value } : { kind: 'page', page })}>
            <option value="">{t('meeting.present_page')}</option>
            {ids.map((id) => <option key={id} value={id}>{cameras.find((camera) => camera.id === id)?.name ?? id}</option>)}
          </select>
        </label>
        <button type="button" className="btn" aria-pressed={blank} onClick={() => show(blank ? last : { kind: 'blank' })} data-do="blank-room">{t(blank ? 'meeting.unblank' : 'meeting.blank')}</button>
      </div>
    </>
  )
}
