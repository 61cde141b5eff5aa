import './room.css'
import { useState, type FormEvent, type ReactElement } from 'react'
import type { MeetingForm, MeetingMade, MeetingView } from '../../server/contract/meetings.js'
import type { WallView } from '../../server/contract/wall.js'
import { Given } from '../ui/given.js'
import { Confirm, Modal, Refusal, Segments } from '../ui/pieces.js'
import { clock } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { camerasIn, LENGTHS, USUAL_LENGTH } from './meeting-board.js'
import { leftOf } from './room-state.js'

export interface MeetingsProps {
  /** The wall as it is now; null when it shows no camera. */
  readonly board: Extract<MeetingForm['board'], { kind: 'pages' }> | null
  /** The saved wall that is shown, or null. */
  readonly shownWall: WallView | null
  readonly walls: readonly WallView[]
  readonly meetings: readonly MeetingView[]
  readonly made: MeetingMade | null
  readonly now: number
  readonly busy: boolean
  readonly fault: unknown
  readonly onMake: (form: MeetingForm) => void
  readonly onRevoke: (meeting: MeetingView) => void
}

/** Links for meeting rooms: make one, take it along, see those that run, revoke. */
export function MeetingsDialog(props: MeetingsProps & { readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  return <Modal title={t('room.title')} onClose={props.onClose}><MeetingsBody {...props} /></Modal>
}

export function MeetingsBody(props: MeetingsProps): ReactElement {
  const { made, fault, now } = props
  const { t } = useWords()
  return (
    <div className="meetings">
      {made ? (
        <>
          <Given words={t('meeting.link')} text={`${window.location.origin}${made.path}`} name="meeting-link" />
          <p role="note"><b>{t('meeting.once', { time: clock(made.meeting.endsAtMs).slice(0, 5) })}</b></p>
        </>
      ) : <MakeForm {...props} />}
      <Refusal fault={fault} />
      <RunningList meetings={props.meetings} now={now} onRevoke={props.onRevoke} />
    </div>
  )
}

const NOW = 'now'

function MakeForm({ board, shownWall, walls, busy, onMake }: MeetingsProps): ReactElement {
  const { t } = useWords()
  const saved = walls.filter(({ pages }) => camerasIn(pages) > 0)
  const [chosen, setChosen] = useState(saved.find(({ id }) => id === shownWall?.id)?.id ?? (board ? NOW : (saved[0]?.id ?? NOW)))
  const [minutes, setMinutes] = useState<string>(String(USUAL_LENGTH))
  const form: MeetingForm['board'] | null = chosen === NOW ? board : { kind: 'wall', wallId: chosen }
  const make = (event: FormEvent): void => {
    event.preventDefault()
    if (form) onMake({ board: form, minutes: Number(minutes) })
  }
  if (!form) return <p className="text2">{t('meeting.no_cameras')}</p>
  return (
    <form onSubmit={make} aria-label={t('meeting.make')}>
      <label className="field">{t('meeting.what')}
        <select name="meeting-board" autoFocus value={chosen} onChange={(event) => setChosen(event.target.value)}>
          {board ? <option value={NOW}>{t('meeting.now', { name: board.name, count: camerasIn(board.pages) })}</option> : null}
          {saved.map(({ id, name, pages }) => <option key={id} value={id}>{`${name} · ${t('walls.cameras', { count: camerasIn(pages) })}`}</option>)}
        </select>
      </label>
      <div className="field"><span>{t('meeting.length')}</span><Segments label={t('meeting.length')} value={minutes} options={LENGTHS.map((count) => [String(count), count < 120 ? t('meeting.minutes', { count }) : t('meeting.hours', { count: count / 60 })] as const)} onPick={setMinutes} /></div>
      <button type="submit" className="btn main centre" disabled={busy} data-do="make-meeting">{t('meeting.make')}</button>
    </form>
  )
}

function RunningList({ meetings, now, onRevoke }: Pick<MeetingsProps, 'meetings' | 'now' | 'onRevoke'>): ReactElement {
  const { t } = useWords()
  const [asked, setAsked] = useState<MeetingView | null>(null)
  const running = meetings.filter(({ endsAtMs }) => endsAtMs > now)
  return (
    <section aria-label={t('meeting.running')}>
      <h3>{t('meeting.running')}</h3>
      {running.length ? null : <p className="text3">{t('meeting.none')}</p>}
      <ol>
        {running.map((meeting) => {
          const left = leftOf(meeting.endsAtMs, now)
          return (
            <li key={meeting.id} data-meeting={meeting.id}>
              <div className="grow"><b className="cut">{meeting.name}</b><small>{t(left.words, { count: left.count })} · {openedWords(t, meeting)}{meeting.mine ? '' : ` · ${meeting.by}`}</small></div>
              <button type="button" className="btn sm" onClick={() => setAsked(meeting)} data-do="revoke-meeting">{t('meeting.revoke')}</button>
            </li>
          )
        })}
      </ol>
      {asked ? <Confirm title={t('meeting.revoke')} text={t('meeting.revoke_sure', { name: asked.name })} act={t('meeting.revoke')} busy={false} onClose={() => setAsked(null)} onAct={() => { onRevoke(asked); setAsked(null) }} /> : null}
    </section>
  )
}

export function openedWords(t: ReturnType<typeof useWords>['t'], { openedAtMs }: Pick<MeetingView, 'openedAtMs'>): string {
  return openedAtMs === null ? t('meeting.not_opened') : t('meeting.opened', { time: clock(openedAtMs).slice(0, 5) })
}
