import { useCallback, useEffect, useState } from 'react'
import { api, askPicturesAt, problemOf } from '../api/client.js'
import { useHere } from '../api/here.js'
import { betterClock, type ServerClock } from '../api/server-clock.js'
import { openRoomTalk } from './room-talk.js'
import { OPENING, stepRoom, type Room, type RoomNews } from './room-state.js'

/** The room of one link, from opening to its end. */
export function useRoom(token: string): readonly [Room, (news: RoomNews) => void] {
  const [room, setRoom] = useState<Room>(OPENING)
  const say = useCallback((news: RoomNews) => setRoom((before) => stepRoom(before, news)), [])
  const ended = room.is !== 'opening' && room.is !== 'unreached' && room.is !== 'running'
  useEffect(() => {
    if (ended) return
    let known: ServerClock | null = null
    askPicturesAt('/room')
    const talk = openRoomTalk({
      token,
      api,
      say,
      problemOf,
      wallMs: () => Date.now(),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      reached: (is) => useHere.setState(({ link }) => ({ link: is ? { is: 'up' } : link.is === 'down' ? link : { is: 'down', sinceMs: Date.now() } })),
      clock: (sample) => {
        known = betterClock(known, sample)
        useHere.setState({ offsetMs: known.offsetMs })
      },
    })
    return () => {
      talk.stop()
      askPicturesAt('/api')
      useHere.setState({ link: { is: 'joining' } })
    }
  }, [token, ended, say])
  return [room, say]
}
