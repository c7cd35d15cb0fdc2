const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const
const STEP = 1000

const cached = <T>(make: (key: string) => T): ((key: string) => T) => {
  const known = new Map<string, T>()
  return (key) => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
}

const sizeFormat = cached((key) => {
  const [locale = 'en', unit = 'byte', digits = '0'] = key.split(' ')
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: Number(digits)
  })
})

/** Decimal units, three significant places at most: "1.2 MB". */
export const formatBytes = (bytes: number, locale: string): string => {
  const exponent = bytes < STEP ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1)
  const scaled = bytes / STEP ** exponent
  const digits = exponent === 0 || scaled >= 100 ? 0 : 1
  // 999.96 would be shown as 1000.
  if (exponent < UNITS.length - 1 && Number(scaled.toFixed(digits)) >= STEP) {
    return sizeFormat(`${locale} ${UNITS[exponent + 1]} 1`).format(scaled / STEP)
  }
  return sizeFormat(`${locale} ${UNITS[exponent]} ${digits}`).format(scaled)
}

/** "4 min", "1 hr 10 min", "12 sec". */
export const formatDuration = (seconds: number, locale: string): string => {
  const whole = Math.max(1, Math.ceil(seconds))
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  if (whole < 60) return unit(whole, 'second')
  const minutes = Math.round(whole / 60)
  if (minutes < 60) return unit(minutes, 'minute')
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return unit(Math.round(hours / 24), 'day')
  return minutes % 60 === 0 ? unit(hours, 'hour') : `${unit(hours, 'hour')} ${unit(minutes % 60, 'minute')}`
}

const dayFormat = cached((key) => {
  const [locale, timeZone, kind] = key.split(' ') as [string, string, string]
  const zone = timeZone === 'local' ? {} : { timeZone }
  if (kind === 'time') return new Intl.DateTimeFormat(locale, { ...zone, hour: '2-digit', minute: '2-digit' })
  if (kind === 'day') return new Intl.DateTimeFormat(locale, { ...zone, day: 'numeric', month: 'short' })
  if (kind === 'date')
    return new Intl.DateTimeFormat(locale, { ...zone, day: 'numeric', month: 'short', year: 'numeric' })
  if (kind === 'stamp')
    return new Intl.DateTimeFormat('en-CA', { ...zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return new Intl.DateTimeFormat(locale, { ...zone, dateStyle: 'long', timeStyle: 'medium' })
})

export interface TimeStyle {
  readonly locale: string
  /** IANA name; `local` = the device's. */
  readonly timeZone: string
}

/** As short as is unambiguous now: the time of today, the day of this year, else the date. */
export const formatWhen = (iso: string, now: number, { locale, timeZone }: TimeStyle): string => {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  const stamp = dayFormat(`en-CA ${timeZone} stamp`)
  const [day, today] = [stamp.format(date), stamp.format(now)]
  if (day === today) return dayFormat(`${locale} ${timeZone} time`).format(date)
  const kind = day.slice(0, 4) === today.slice(0, 4) ? 'day' : 'date'
  return dayFormat(`${locale} ${timeZone} ${kind}`).format(date)
}

export const formatMoment = (iso: string, { locale, timeZone }: TimeStyle): string =>
  dayFormat(`${locale} ${timeZone} full`).format(new Date(iso))
