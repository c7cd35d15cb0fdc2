import type { CairnError } from '@cairn/contracts'
import { badRequest } from '../errors.ts'

const DIGITS = /^(?:0|[1-9]\d*)$/

/**
 * A header that must be one non-negative decimal integer. Signs, exponents, lists (also what Node
 * makes of a repeated header) are refused; a number beyond `max` throws `beyond()`.
 */
export const parseCount = (header: { name: string; value: unknown; max: number; beyond: () => CairnError }): number => {
  const { name, value, max, beyond } = header
  if (typeof value !== 'string' || !DIGITS.test(value)) throw badRequest(`${name} must be a non-negative integer.`)
  if (value.length > 16 || Number(value) > max) throw beyond()
  return Number(value)
}
