import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react'
import { en, type Messages } from '../i18n/en.ts'
import { formatBytes, formatDuration, formatMoment, formatWhen } from '../lib/format.ts'
import { usePreferences } from './preferences.tsx'

export type Language = 'en' | 'de'

interface Locale {
  readonly language: Language
  readonly t: Messages
  readonly bytes: (value: number) => string
  readonly duration: (seconds: number) => string
  /** Short, relative to now. */
  readonly when: (iso: string) => string
  /** In full. */
  readonly moment: (iso: string) => string
  readonly number: (value: number) => string
}

const Context = createContext<Locale | undefined>(undefined)

const CATALOGUES: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => en,
  de: async () => (await import('../i18n/de.ts')).de
}

const preferred = (): Language =>
  navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'en' || tag === 'de') === 'de' ? 'de' : 'en'

/** English is part of the app; other languages are loaded when they are wanted. */
export const LocaleProvider = ({ children }: { readonly children: ReactNode }) => {
  const { preferences } = usePreferences()
  const wanted = preferences.language ?? preferred()
  const [loaded, setLoaded] = useState<{ language: Language; t: Messages } | undefined>(() =>
    wanted === 'en' ? { language: 'en', t: en } : undefined
  )

  useEffect(() => {
    let current = true
    CATALOGUES[wanted]()
      .then((t) => current && setLoaded({ language: wanted, t }))
      .catch(() => current && setLoaded((before) => before ?? { language: 'en', t: en }))
    return () => {
      current = false
    }
  }, [wanted])

  const { timeZone } = preferences
  const value = useMemo((): Locale | undefined => {
    if (loaded === undefined) return undefined
    const { language, t } = loaded
    const region = navigator.languages.find((tag) => tag.startsWith(language)) ?? language
    const style = { locale: region, timeZone }
    const numbers = new Intl.NumberFormat(region)
    return {
      language,
      t,
      bytes: (bytes) => formatBytes(bytes, region),
      duration: (seconds) => formatDuration(seconds, region),
      when: (iso) => formatWhen(iso, Date.now(), style),
      moment: (iso) => formatMoment(iso, style),
      number: (count) => numbers.format(count)
    }
  }, [loaded, timeZone])

  useEffect(() => {
    if (value !== undefined) document.documentElement.lang = value.language
  }, [value])

  return value === undefined ? null : <Context value={value}>{children}</Context>
}

export const useLocale = (): Locale => {
  const value = use(Context)
  if (value === undefined) throw new Error('outside of LocaleProvider')
  return value
}
