import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, type ReactElement } from 'react'
import type { Me } from '../../server/contract/sign-in.js'
import { api } from '../api/client.js'
import { speak, useWords } from '../words/words.js'
import { choose, keep, useChoices } from './choices.js'
import { Segments } from './pieces.js'
import { may } from './signed-in.js'

export function PersonMenu({ me, onClose }: { readonly me: Me; readonly onClose: () => void }): ReactElement {
  const { t, language } = useWords()
  const { theme, size, sound } = useChoices()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const outside = (event: MouseEvent): void => {
      const target = event.target instanceof Element ? event.target : null
      if (target && !box.current?.contains(target) && !target.closest('[data-menu="person"]')) onClose()
    }
    const escape = (event: KeyboardEvent): void => { if (event.key === 'Escape') onClose() }
    document.addEventListener('mousedown', outside)
    document.addEventListener('keydown', escape)
    return () => {
      document.removeEventListener('mousedown', outside)
      document.removeEventListener('keydown', escape)
    }
  }, [onClose])

  const pickLanguage = (picked: 'vi' | 'en'): void => {
    speak(picked)
    keep('vonglau.language', picked)
    // The screen has switched already; the server only remembers it for the next sign-in.
    void api.language(picked).then(() => queries.setQueryData<Me>(['me'], (known) => (known ? { ...known, language: picked } : known)), () => null)
  }
  const signOut = async (): Promise<void> => {
    await api.signOut().catch(() => null) // The cookie may be dead already; the door is where we go in any case.
    queries.clear()
    await navigate({ to: '/sign-in', search: {} })
  }

  return (
    <div className="menu" role="dialog" aria-label={t('menu.title')} ref={box}>
      <div><span>{t('menu.language')}</span><Segments label={t('menu.language')} value={language} options={[['vi', 'Tiếng Việt'], ['en', 'English']]} onPick={pickLanguage} /></div>
      <div><span>{t('menu.theme')}</span><Segments label={t('menu.theme')} value={theme} options={[['screen', t('menu.theme_screen')], ['dark', t('menu.theme_dark')], ['light', t('menu.theme_light')]]} onPick={(picked) => choose({ theme: picked })} /></div>
      <div><span>{t('menu.size')}</span><Segments label={t('menu.size')} value={size} options={[['100', '100 %'], ['125', '125 %'], ['150', '150 %']]} onPick={(picked) => choose({ size: picked })} /></div>
      <div><span>{t('menu.sound')}</span><Segments label={t('menu.sound')} value={sound ? 'on' : 'off'} options={[['on', t('menu.on')], ['off', t('menu.off')]]} onPick={(picked) => choose({ sound: picked === 'on' })} /></div>
      {may(me, 'people.manage') ? <Link to="/admin/people" className="btn sm" onClick={onClose}>{t('people.title')}</Link> : null}
      {may(me, 'model.manage') ? <Link to="/models" className="btn sm" onClick={onClose} data-do="models">{t('models.title')}</Link> : null}
      <button type="button" className="btn sm" onClick={() => void signOut()}>{t('menu.sign_out')}</button>
    </div>
  )
}
