import type { BookmarkForm, BookmarkView, ExportForm, ExportView, HoldExtensionForm, HoldForm, HoldView, RecordCheckView, RecordingStateView, RecordReportView, SpanView, TimelineView } from '../../server/contract/recordings.js'
import { ask } from '../api/client.js'

const at = (id: string): string => encodeURIComponent(id)

/** The calls of the screen of the past. */
export const past = {
  timeline: (cameraId: string, fromMs: number, toMs: number) => ask<TimelineView>('GET', `/api/cameras/${at(cameraId)}/timeline?from=${fromMs}&to=${toMs}`),
  state: () => ask<RecordingStateView>('GET', '/api/recording'),
  bookmark: (cameraId: string, form: BookmarkForm) => ask<BookmarkView>('POST', `/api/cameras/${at(cameraId)}/bookmarks`, form),
  removeBookmark: (cameraId: string, id: string) => ask<unknown>('DELETE', `/api/cameras/${at(cameraId)}/bookmarks/${at(id)}`),
  hold: (cameraId: string, form: HoldForm) => ask<HoldView>('POST', `/api/cameras/${at(cameraId)}/holds`, form),
  endHold: (cameraId: string, id: string) => ask<unknown>('DELETE', `/api/cameras/${at(cameraId)}/holds/${at(id)}`),
  extendHold: (cameraId: string, id: string, form: HoldExtensionForm) => ask<HoldView>('PATCH', `/api/cameras/${at(cameraId)}/holds/${at(id)}`, form),
  endingHolds: async () => (await ask<{ holds: HoldView[] }>('GET', '/api/holds/ending')).holds,
  export: (cameraId: string, form: ExportForm) => ask<ExportView>('POST', `/api/cameras/${at(cameraId)}/exports`, form),
  exports: async () => (await ask<{ exports: ExportView[] }>('GET', '/api/exports')).exports,
  recordReport: (cameraId: string, { fromMs, toMs }: SpanView) => ask<RecordReportView>('GET', `/api/cameras/${at(cameraId)}/record-report?from=${fromMs}&to=${toMs}`),
  checkRecord: (cameraId: string, { fromMs, toMs }: SpanView) => ask<RecordCheckView>('POST', `/api/cameras/${at(cameraId)}/record-check`, { fromMs, toMs }),
  endExport: (id: string) => ask<unknown>('DELETE', `/api/exports/${at(id)}`),
}

export function exportFileUrl(id: string): string {
  return `/api/exports/${at(id)}/file`
}

export function recordReportUrl(cameraId: string, { fromMs, toMs }: SpanView): string {
  return `/api/cameras/${at(cameraId)}/record-report.csv?from=${fromMs}&to=${toMs}`
}

/** Whole seconds, so that a hand that trembles asks for the same picture. */
export function recordedStillUrl(cameraId: string, atMs: number): string {
  return `/api/cameras/${at(cameraId)}/recorded-still?at=${Math.round(atMs / 1000) * 1000}`
}
