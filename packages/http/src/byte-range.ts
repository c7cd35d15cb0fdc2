export interface ByteRange {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

const SINGLE = /^bytes=(\d{0,15})-(\d{0,15})$/

/**
 * RFC 9110 §14 for one range. Undefined = serve everything (no header, another unit, several ranges, bad syntax);
 * 'unsatisfiable' = 416.
 */
export const parseRange = (header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined => {
  const match = header === undefined ? null : SINGLE.exec(header)
  if (!match) return undefined
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return undefined
  if (first === '') return suffix(Number(last), size)
  const start = Number(first)
  const end = last === '' ? size : Math.min(Number(last) + 1, size)
  if (last !== '' && Number(last) < start) return undefined
  return start < size ? { start, end } : 'unsatisfiable'
}

const suffix = (length: number, size: number): ByteRange | 'unsatisfiable' =>
  length === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - length), end: size }
