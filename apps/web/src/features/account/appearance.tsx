import { useMemo } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { usePreferences } from '../../app/preferences.tsx'
import { DEFAULTS, type Preferences } from '../../lib/preferences.ts'
import { SelectField } from '../../ui/field.tsx'
import { Panel } from '../shell/sections.tsx'

const LANGUAGES = { en: 'English', de: 'Deutsch' } as const

export const Appearance = () => {
  const { t } = useLocale()
  const { preferences, prefer } = usePreferences()
  const zones = useMemo(() => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')], [])
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Panel title={t.account.appearance}>
      <div className="grid max-w-md gap-4">
        <SelectField
          label={t.account.theme}
          value={preferences.theme}
          onChange={(event) => prefer({ theme: event.target.value as Preferences['theme'] })}
        >
          <option value="system">{t.account.themeSystem}</option>
          <option value="light">{t.account.themeLight}</option>
          <option value="dark">{t.account.themeDark}</option>
        </SelectField>
        <SelectField
          label={t.account.language}
          value={preferences.language ?? ''}
          onChange={(event) =>
            prefer({ language: event.target.value === '' ? DEFAULTS.language : (event.target.value as 'en' | 'de') })
          }
        >
          <option value="">{t.account.languageAuto}</option>
          {Object.entries(LANGUAGES).map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t.account.timeZone}
          value={preferences.timeZone}
          onChange={(event) => prefer({ timeZone: event.target.value })}
        >
          <option value="local">{t.account.timeZoneLocal(own)}</option>
          {zones.map((zone) => (
            <option key={zone} value={zone}>
              {zone}
            </option>
          ))}
        </SelectField>
      </div>
    </Panel>
  )
}
