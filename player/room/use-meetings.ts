import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { MeetingForm, MeetingMade, MeetingView, RoomShowing } from '../../server/contract/meetings.js'
import { api, type Refused } from '../api/client.js'
import { tell } from '../api/here.js'
import { useMeetings as useMeetingList } from '../api/queries.js'
import { useWords } from '../words/words.js'

export interface MeetingDeeds {
  readonly meetings: readonly MeetingView[]
  /** The link that was just made: it is told once. */
  readonly made: MeetingMade | null
  readonly busy: boolean
  readonly fault: unknown
  readonly make: (form: MeetingForm) => void
  /** The link was taken along. */
  readonly forgetMade: () => void
  readonly revoke: (meeting: MeetingView) => void
  readonly present: (meeting: MeetingView, showing: RoomShowing) => void
}

/** Links to meeting rooms: those that run, and what their maker does with them. */
export function useMeetings(allowed: boolean): MeetingDeeds {
  const { t, pick } = useWords()
  const queries = useQueryClient()
  const meetings = useMeetingList(allowed).data ?? []
  const again = (): void => void queries.invalidateQueries({ queryKey: ['meetings'] })
  const refused = (fault: Refused): void => {
    tell(`${pick(fault.problem.title)}. ${fault.problem.next ? pick(fault.problem.next) : ''}`, 'bad')
    again()
  }
  const make = useMutation<MeetingMade, Refused, MeetingForm>({ mutationFn: api.makeMeeting, onSuccess: again })
  const revoke = useMutation<unknown, Refused, MeetingView>({
    mutationFn: ({ id }) => api.revokeMeeting(id),
    onSuccess: (_answer, { name }) => {
      tell(t('meeting.revoked', { name }))
      again()
    },
    onError: refused,
  })
  const present = useMutation<MeetingView, Refused, { readonly meeting: MeetingView; readonly showing: RoomShowing }>({
    mutationFn: ({ meeting, showing }) => api.present(meeting.id, showing),
    onSuccess: (moved) => queries.setQueryData<readonly MeetingView[]>(['meetings'], (known) => known?.map((one) => (one.id === moved.id ? moved : one))),
    onError: refused,
  })
  return { meetings, made: make.data ?? null, busy: make.isPending, fault: make.error, make: make.mutate, forgetMade: make.reset, revoke: revoke.mutate, present: (meeting, showing) => present.mutate({ meeting, showing }) }
}
