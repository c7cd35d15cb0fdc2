import { foldName } from './fold.ts'

/** A name that passed the rules of docs/auth.md. */
export interface Username {
  /** NFC, as typed. */
  readonly text: string
  /** Unique among all accounts that ever were. */
  readonly fold: string
}

export const MAX_USERNAME_LENGTH = 64

/** Letters, marks and digits, single signs between them. */
const SHAPE = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[._-][\p{L}\p{M}\p{N}]+)*$/u
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u
const LATIN = /\p{Script=Latin}/u
const LOOKS_LATIN = /[\p{Script=Greek}\p{Script=Cyrillic}]/u

export type UsernameResult =
  | { readonly ok: true; readonly username: Username }
  | { readonly ok: false; readonly reason: string }

export const parseUsername = (typed: string): UsernameResult => {
  if (!typed.isWellFormed()) return refuse('A username must be valid Unicode')
  const text = typed.normalize('NFC')
  const reason = fault(text)
  if (reason !== undefined) return refuse(reason)
  const fold = foldName(text)
  return fault(fold) === undefined ? { ok: true, username: { text, fold } } : refuse('This username cannot be used')
}

const refuse = (reason: string): UsernameResult => ({ ok: false, reason })

const fault = (text: string): string | undefined => {
  const length = [...text].length
  if (length === 0) return 'A username cannot be empty'
  if (length > MAX_USERNAME_LENGTH) return `A username has at most ${MAX_USERNAME_LENGTH} characters`
  if (!SHAPE.test(text) || INVISIBLE.test(text)) {
    return 'A username consists of letters and digits, with single ".", "_" or "-" between them'
  }
  if (LATIN.test(text) && LOOKS_LATIN.test(text)) return 'A username cannot mix Latin with Greek or Cyrillic letters'
  return undefined
}
