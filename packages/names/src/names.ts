import { Buffer } from 'node:buffer'
import { foldCase } from './case-fold.ts'

/** A name that passed the table in docs/tree.md: NFC, otherwise as typed. */
export interface ValidName {
  readonly text: string
  /** Equality key among live siblings. */
  readonly fold: string
}

export const MAX_NAME_BYTES = 255

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters to refuse
const FORBIDDEN = /[\u0000-\u001f\u007f/]/
const TRAILING = /[. ]+$/
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i

const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8')

export const foldName = (name: string): string => foldCase(name.normalize('NFC')).normalize('NFC').replace(TRAILING, '')

/** Why a name cannot be used, or undefined. */
const fault = (name: string): string | undefined => {
  if (!name.isWellFormed()) return 'A name must be valid Unicode'
  if (FORBIDDEN.test(name)) return 'A name cannot contain "/" or control characters'
  if (byteLength(name) > MAX_NAME_BYTES) return `A name has at most ${MAX_NAME_BYTES} bytes`
  if (foldName(name) === '') return 'A name cannot be empty or only dots and spaces'
  return undefined
}

export type NameResult =
  | { readonly ok: true; readonly name: ValidName }
  | { readonly ok: false; readonly reason: string }

export const parseName = (typed: string): NameResult => {
  if (typed.length > MAX_NAME_BYTES * 2) return { ok: false, reason: `A name has at most ${MAX_NAME_BYTES} bytes` }
  const text = typed.normalize('NFC')
  const reason = fault(text)
  return reason === undefined ? { ok: true, name: { text, fold: foldName(text) } } : { ok: false, reason }
}

/** Names such as CON or nul.txt: stored as they are, escaped by clients on Windows. */
export const isWindowsReserved = (name: string): boolean => RESERVED.test(name.replace(TRAILING, ''))

const cutToBytes = (text: string, limit: number): string => {
  let bytes = 0
  let kept = ''
  for (const char of text) {
    bytes += byteLength(char)
    if (bytes > limit) break
    kept += char
  }
  return kept
}

/** Room for " (1234567)". */
const SUFFIX_BYTES = 10
const MAX_EXTENSION_BYTES = 32

export interface NameFamily {
  /** Every candidate's fold begins with this. */
  readonly foldPrefix: string
  candidate(number: number): ValidName
}

/** The names "stem (2).ext", "stem (3).ext", … that may stand in for a taken name. */
export const nameFamily = (name: ValidName): NameFamily => {
  const dot = name.text.lastIndexOf('.')
  const split = dot > 0 && byteLength(name.text.slice(dot)) <= MAX_EXTENSION_BYTES ? dot : name.text.length
  const extension = name.text.slice(split)
  const room = MAX_NAME_BYTES - SUFFIX_BYTES - byteLength(extension)
  const stem = cutToBytes(name.text.slice(0, split), room)
  return {
    foldPrefix: foldName(`${stem} (0`).slice(0, -1),
    candidate: (number) => {
      const text = `${stem} (${number})${extension}`.normalize('NFC')
      return { text, fold: foldName(text) }
    }
  }
}
