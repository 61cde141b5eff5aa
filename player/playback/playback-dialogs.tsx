import type { ReactElement } from 'react'
import type { SpanView, TimelineView } from '../../server/contract/recordings.js'
import { tell } from '../api/here.js'
import { Modal } from '../ui/pieces.js'
import { clock, day } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { BookmarkFields, ExportFields, GoToFields, HoldFields } from './forms.js'
import { RecordReport } from './record-report.js'
import { useRecordingState, type usePastDeeds } from './use-past.js'

export type Dialog = 'none' | 'pick' | 'bookmark' | 'hold' | 'export' | 'go_to' | 'report'

interface DialogsProps {
  readonly dialog: Dialog
  readonly cameras: readonly { readonly id: string; readonly name: string }[]
  readonly atMs: number
  readonly nowMs: number
  readonly span: SpanView
  /** What a report tells of. */
  readonly seen: SpanView
  readonly deeds: ReturnType<typeof usePastDeeds>
  readonly timelineOf: (cameraId: string) => TimelineView | null
  readonly onClose: () => void
  readonly onGoTo: (atMs: number) => void
}

/** What is asked before something is kept, marked or leaves the house. */
export function PlaybackDialogs({ dialog, cameras, atMs, nowMs, span, seen, deeds, timelineOf, onClose, onGoTo }: DialogsProps): ReactElement | null {
  const { t } = useWords()
  const recording = useRecordingState(dialog === 'export').data
  switch (dialog) {
    case 'bookmark':
      return (
        <Modal title={t('bookmark.title', { time: clock(atMs) })} onClose={onClose}>
          <BookmarkFields cameras={cameras} busy={deeds.bookmark.isPending} fault={deeds.bookmark.error} onClose={onClose} onSend={(cameraId, form) => deeds.bookmark.mutate({ cameraId, atMs: Math.round(atMs), ...form }, { onSuccess: () => { tell(t('bookmark.saved')); onClose() } })} />
        </Modal>
      )
    case 'hold':
      return (
        <Modal title={t('hold.title')} onClose={onClose}>
          <HoldFields cameras={cameras} cut={span} nowMs={nowMs} busy={deeds.hold.isPending} fault={deeds.hold.error} onClose={onClose} onSend={(cameraId, form) => deeds.hold.mutate({ cameraId, ...span, ...form }, { onSuccess: ({ untilMs }) => { tell(t('hold.saved', { day: day(untilMs) })); onClose() } })} />
        </Modal>
      )
    case 'export':
      return (
        <Modal title={t('export.title')} onClose={onClose}>
          <ExportFields cameras={cameras} cut={span} gapsOf={(id) => timelineOf(id)?.gaps ?? []} bytesOf={(id) => sizeOf(recording?.cameras.find((one) => one.cameraId === id)?.bytesPerDay, span)} busy={deeds.export.isPending} fault={deeds.export.error} onClose={onClose} onSend={(cameraId, form) => deeds.export.mutate({ cameraId, ...span, ...form }, { onSuccess: onClose })} />
        </Modal>
      )
    case 'go_to':
      return <Modal title={t('playback.go_to')} onClose={onClose}><GoToFields atMs={atMs} onClose={onClose} onGo={onGoTo} /></Modal>
    case 'report':
      return <Modal title={t('record.title')} onClose={onClose}><RecordReport cameras={cameras} span={seen} /></Modal>
    default:
      return null
  }
}

const DAY_MS = 86_400_000

function sizeOf(bytesPerDay: number | undefined, { fromMs, toMs }: SpanView): number | null {
  return bytesPerDay ? Math.round((bytesPerDay * (toMs - fromMs)) / DAY_MS) : null
}
