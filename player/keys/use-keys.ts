import { useEffect, useRef } from 'react'
import { readKey, type Key } from './key-law.js'

/** Calls with every key of ours. `true` back means taken: nobody else hears it. `first`: before the screens (the shell's own keys). */
export function useKeys(onKey: (key: Key) => boolean, first = false): void {
  const latest = useRef(onKey)
  latest.current = onKey
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return
      const target = event.target instanceof HTMLElement ? event.target : null
      const typing = target !== null && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
      const key = readKey(event, typing)
      if (!key) return
      // Enter and Space belong to the button or link that has the focus.
      if ((key.is === 'enter' || key.is === 'space') && target?.closest('button, a')) return
      if (key.is === 'escape' && typing) target?.blur()
      if (latest.current(key)) event.preventDefault()
    }
    window.addEventListener('keydown', listen, first)
    return () => window.removeEventListener('keydown', listen, first)
  }, [first])
}
