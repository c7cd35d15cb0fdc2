import { InvalidArgumentError } from 'commander'

export function positiveInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number above 0.')
  return value
}

const UNITS = new Map([
  ['', 1],
  ['k', 1024],
  ['m', 1024 ** 2],
  ['g', 1024 ** 3],
  ['t', 1024 ** 4]
])

/** `500M`, `2G`, `1048576`; `none` = 0. */
export function byteCount(text: string): number {
  if (text === 'none') return 0
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text) ?? []
  const bytes = Math.round(Number(digits) * (UNITS.get(unit.toLowerCase()) ?? Number.NaN))
  if (digits === '' || !Number.isSafeInteger(bytes)) throw new InvalidArgumentError('Give bytes, or e.g. 500M or 2G.')
  return bytes
}
