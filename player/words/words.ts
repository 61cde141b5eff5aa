import i18next from 'i18next'
import { useMemo } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { Worded } from '../../server/contract/cameras.js'
import { en } from './en.js'
import type { Language } from './measures.js'
import { vi, type WordKey } from './vi.js'

export function openWords(language: Language): void {
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'vi',
    resources: { vi: { translation: vi }, en: { translation: en } },
    keySeparator: false,
    nsSeparator: false,
    // React escapes by itself.
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  document.documentElement.lang = language
}

export function speak(language: Language): void {
  void i18next.changeLanguage(language)
  document.documentElement.lang = language
}

export interface Words {
  readonly language: Language
  readonly t: (key: WordKey, facts?: Readonly<Record<string, string | number>>) => string
  readonly pick: (worded: Worded) => string
}

export function useWords(): Words {
  const { t, i18n } = useTranslation()
  const language: Language = i18n.language === 'en' ? 'en' : 'vi'
  // The same words are the same functions: what is done on a change of them is not done at every drawing of a screen.
  return useMemo(() => ({ language, t: (key, facts) => t(key, facts ?? {}), pick: (worded) => worded[language] || worded.vi }), [language, t])
}
