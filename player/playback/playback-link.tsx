import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { may, useSignedIn } from '../ui/signed-in.js'
import { useWords } from '../words/words.js'
import { writeAt, type PlaybackSearch } from './address.js'

/** From an alert or a tile to the moment in question. */
export function searchOf(cameraId: string, atMs: number): PlaybackSearch {
  return { cams: cameraId, at: writeAt(atMs) }
}

/** Some seconds before: what led to it is worth seeing. */
const LEAD_MS = 5_000

export function searchBefore(cameraId: string, atMs: number): PlaybackSearch {
  return searchOf(cameraId, atMs - LEAD_MS)
}

export function PlaybackLink({ cameraId, atMs }: { readonly cameraId: string; readonly atMs: number }): ReactElement | null {
  const { t } = useWords()
  const me = useSignedIn()
  return may(me, 'recording.view') ? <Link to="/playback" search={searchBefore(cameraId, atMs)} className="btn sm" data-do="open-playback">{t('do.open_playback')}</Link> : null
}
