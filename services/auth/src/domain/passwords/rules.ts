import type { Blocklist } from './blocklist.ts'

export const MIN_PASSWORD_LENGTH = 12
export const MAX_PASSWORD_BYTES = 1024

export interface PasswordContext {
  /** What must not make up the password: username, e-mail address. */
  readonly personal: readonly string[]
  readonly isBlocked: Blocklist
}

/** Why a new password is refused, or undefined. */
export const passwordFault = (password: string, { personal, isBlocked }: PasswordContext): string | undefined => {
  if (!password.isWellFormed()) return 'A password must be valid Unicode'
  const normal = password.normalize('NFKC')
  if ([...normal].length < MIN_PASSWORD_LENGTH) return `A password has at least ${MIN_PASSWORD_LENGTH} characters`
  if (Buffer.byteLength(normal, 'utf8') > MAX_PASSWORD_BYTES) {
    return `A password has at most ${MAX_PASSWORD_BYTES} bytes`
  }
  if (isBlocked(normal)) return 'This password is among those guessed first; choose another'
  if (personal.some((word) => isMostly(normal, word))) return 'The password is too similar to the name of the account'
  return undefined
}

/** Little is left when the word is taken out. */
const isMostly = (password: string, word: string): boolean => {
  const lower = password.toLowerCase()
  const part = word.normalize('NFKC').toLowerCase()
  if (part.length < 3 || !lower.includes(part)) return false
  return lower.replaceAll(part, '').length < MIN_PASSWORD_LENGTH / 2
}
