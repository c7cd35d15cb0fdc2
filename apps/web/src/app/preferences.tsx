import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react'
import { type Preferences, parsePreferences } from '../lib/preferences.ts'

const KEY = 'cairn.preferences'

interface PreferencesValue {
  readonly preferences: Preferences
  readonly prefer: (change: Partial<Preferences>) => void
}

const Context = createContext<PreferencesValue | undefined>(undefined)

const load = (): Preferences => {
  try {
    return parsePreferences(localStorage.getItem(KEY))
  } catch {
    return parsePreferences(null)
  }
}

/** Choices of this device, shared by its tabs. */
export const PreferencesProvider = ({ children }: { readonly children: ReactNode }) => {
  const [preferences, setPreferences] = useState(load)

  useEffect(() => {
    const onStorage = (event: StorageEvent) => {
      if (event.key === KEY) setPreferences(parsePreferences(event.newValue))
    }
    window.addEventListener('storage', onStorage)
    return () => window.removeEventListener('storage', onStorage)
  }, [])

  const { theme } = preferences
  useEffect(() => {
    const { dataset } = document.documentElement
    if (theme === 'system') delete dataset['theme']
    else dataset['theme'] = theme
  }, [theme])

  const prefer = useCallback((change: Partial<Preferences>) => {
    setPreferences((before) => {
      const next = { ...before, ...change }
      try {
        localStorage.setItem(KEY, JSON.stringify(next))
      } catch {
        // Kept for this visit at least.
      }
      return next
    })
  }, [])

  const value = useMemo(() => ({ preferences, prefer }), [preferences, prefer])
  return <Context value={value}>{children}</Context>
}

export const usePreferences = (): PreferencesValue => {
  const value = use(Context)
  if (value === undefined) throw new Error('outside of PreferencesProvider')
  return value
}
