import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import { api, Refused } from '../api/client.js'
import { tell, useHere } from '../api/here.js'
import { clock, isoLocal } from '../words/measures.js'
import { useWords } from '../words/words.js'

const REPLAY_MS = 10_000

/** The last ten seconds of a camera, and marks in its past. A server that keeps no past has no bookmarks, and they are not offered again. */
export function usePast(): { readonly replay: (camera: CameraView) => void; readonly bookmark: (camera: CameraView) => void; readonly bookmarks: boolean } {
  const { t, pick } = useWords()
  const router = useRouter()
  const [bookmarks, setBookmarks] = useState(true)
  const nowMs = (): number => Date.now() + useHere.getState().offsetMs
  return {
    bookmarks,
    // By its address: the screen of the past is another one, and only this string is agreed with it.
    replay: (camera) => router.history.push(`/playback?cams=${encodeURIComponent(camera.id)}&at=${encodeURIComponent(isoLocal(nowMs() - REPLAY_MS))}`),
    bookmark(camera) {
      const atMs = nowMs()
      api.bookmark(camera.id, atMs).then(
        () => tell(t('wall.bookmarked', { name: camera.name, time: clock(atMs) })),
        (fault: unknown) => {
          if (!(fault instanceof Refused)) throw fault
          if (fault.problem.status === 404) {
            setBookmarks(false)
            tell(t('wall.no_bookmarks'), 'bad')
          } else tell(pick(fault.problem.title), 'bad')
        },
      )
    },
  }
}
