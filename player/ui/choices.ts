import { useEffect } from 'react'
import { create } from 'zustand'

export type Theme = 'dark' | 'light'
export type TextSize = '100' | '125' | '150'

/** What a person chose on this screen. Kept by the browser; nothing here is worth a row at the server. */
interface Choices {
  /** `screen`: dark for wall and desk, light for offices. */
  readonly theme: Theme | 'screen'
  readonly size: TextSize
  readonly sound: boolean
}

const PLACE = 'vonglau.choices'

function read(): Choices {
  const fallback: Choices = { theme: 'screen', size: '100', sound: true }
  try {
    return { ...fallback, ...(JSON.parse(localStorage.getItem(PLACE) ?? '{}') as Partial<Choices>) }
  } catch {
    return fallback // Storage is off or the note is torn: the defaults serve.
  }
}

export const useChoices = create<Choices>(() => read())

export function choose(part: Partial<Choices>): void {
  useChoices.setState(part)
  keep(PLACE, JSON.stringify(useChoices.getState()))
}

export function keep(place: string, text: string): void {
  try {
    localStorage.setItem(place, text)
  } catch {
    // A browser without storage forgets the choice at the next visit; nothing else depends on it.
  }
}

export function kept(place: string): string | null {
  try {
    return localStorage.getItem(place)
  } catch {
    return null // As above.
  }
}

/** The theme and text size of the page, from the person's choice and the screen's own default. */
export function useLook(ofScreen: Theme, sizeOfScreen: TextSize = '100'): void {
  const { theme, size } = useChoices()
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme === 'screen' ? ofScreen : theme
    document.documentElement.dataset['size'] = size === '100' ? sizeOfScreen : size
  }, [theme, size, ofScreen, sizeOfScreen])
}
