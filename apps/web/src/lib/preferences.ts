/** What one person chose on one device. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  /** Undefined: the browser's. */
  readonly language: 'en' | 'de' | undefined
  /** IANA name; `local` = the device's. */
  readonly timeZone: string
  readonly view: 'list' | 'grid'
  readonly details: boolean
  readonly sort: { readonly field: 'name' | 'size' | 'modified' | 'kind'; readonly descending: boolean }
}

export const DEFAULTS: Preferences = {
  theme: 'system',
  language: undefined,
  timeZone: 'local',
  view: 'list',
  details: false,
  sort: { field: 'name', descending: false }
}

/** Storage is the user's to edit: what cannot be read is the default. */
export const parsePreferences = (text: string | null): Preferences => {
  let value: Record<string, unknown>
  try {
    const parsed: unknown = JSON.parse(text ?? '{}')
    value = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch {
    return DEFAULTS
  }
  const one = <T extends string>(key: string, allowed: readonly T[], fallback: T): T =>
    allowed.find((item) => item === value[key]) ?? fallback
  const sort = (typeof value['sort'] === 'object' && value['sort'] !== null ? value['sort'] : {}) as Record<
    string,
    unknown
  >
  const field = (['name', 'size', 'modified', 'kind'] as const).find((item) => item === sort['field'])
  return {
    theme: one('theme', ['system', 'light', 'dark'], DEFAULTS.theme),
    language: (['en', 'de'] as const).find((item) => item === value['language']),
    timeZone: isTimeZone(value['timeZone']) ? value['timeZone'] : DEFAULTS.timeZone,
    view: one('view', ['list', 'grid'], DEFAULTS.view),
    details: value['details'] === true,
    sort: { field: field ?? DEFAULTS.sort.field, descending: sort['descending'] === true }
  }
}

const isTimeZone = (value: unknown): value is string => {
  if (typeof value !== 'string') return false
  if (value === 'local') return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: value })
    return true
  } catch {
    return false
  }
}
