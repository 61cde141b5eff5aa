import '../wall/wall.css'
import './room.css'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useState, type ReactElement } from 'react'
import { useHere } from '../api/here.js'
import { useKeys } from '../keys/use-keys.js'
import { OfflineBand } from '../ui/bands.js'
import { useLook } from '../ui/choices.js'
import { KeysHelp } from '../ui/keys-help.js'
import { useNow } from '../ui/now.js'
import { Mark } from '../ui/symbol.js'
import { useStills } from '../wall/use-link.js'
import { clock } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { RoomBoard } from './room-board.js'
import type { Room, RoomNews } from './room-state.js'
import { useRoom } from './use-room.js'

/** The page of a meeting room: a board that others move, and nothing else of the system. */
export function RoomScreen(): ReactElement {
  const token = useLocation({ select: ({ hash }) => hash })
  // Another link typed over this one is another visit, though the browser loads nothing for it.
  return <Visit key={token} token={token} />
}

function Visit({ token }: { readonly token: string }): ReactElement {
  const { t } = useWords()
  useLook('dark', '125')
  const [room, say] = useRoom(token)
  const now = useNow()
  const stills = useStills()
  const link = useHere((here) => here.link)
  const [help, setHelp] = useState(false)
  useEffect(() => {
    document.title = `${t('room.title')} – ${t('brand.name')}`
  }, [t])
  useEffect(() => say({ is: 'time', nowMs: now }), [say, now])
  useKeys((key) => {
    if (key.is === 'help') return setHelp(true), true
    const news: RoomNews | null = key.is === 'arrow' && key.to === 'left' ? { is: 'key', key: 'before' } : key.is === 'arrow' && key.to === 'right' ? { is: 'key', key: 'after' } : key.is === 'letter' && key.letter === 'B' ? { is: 'key', key: 'blank' } : null
    if (news) say(news)
    return news !== null
  })
  return (
    <div className="app kiosk room" data-room={room.is}>
      <OfflineBand link={link} claims={0} />
      {room.is === 'running' ? <RoomBoard room={room} now={now} stills={stills} /> : <RoomNote room={room} />}
      {help ? <KeysHelp screen="meeting" onClose={() => setHelp(false)} /> : null}
    </div>
  )
}

/** What the room reads where there is no board: why, and what to do. */
export function RoomNote({ room }: { readonly room: Exclude<Room, { is: 'running' }> }): ReactElement {
  const { t } = useWords()
  const [title, next] = useNoteWords(room)
  return (
    <main className="room-note" role="status">
      <Mark height={64} />
      <h1>{title}</h1>
      {next ? <p>{next}</p> : null}
      <small>{t('brand.name')} · {t('room.title')}</small>
    </main>
  )
}

function useNoteWords(room: Exclude<Room, { is: 'running' }>): readonly [title: string, next: string | null] {
  const { t } = useWords()
  switch (room.is) {
    case 'opening':
      return [t('room.opening'), null]
    case 'expired':
      return [t('room.expired', { time: clock(room.atMs).slice(0, 5) }), t('room.ask')]
    case 'revoked':
      return [t('room.revoked', { time: clock(room.atMs).slice(0, 5) }), t('room.ask')]
    case 'in_use':
      return [t('room.in_use'), t('room.in_use_next')]
    case 'unknown':
      return [t('room.unknown'), t('room.unknown_next')]
    case 'unreached':
      return [t('room.unreached'), t('room.unreached_next')]
  }
}
