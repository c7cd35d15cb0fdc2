import type { AuthContext } from '../../context.ts'
import { invalidEmail, invalidName, weakPassword } from '../../errors.ts'
import { type Email, parseEmail } from '../names/email.ts'
import { parseUsername, type Username } from '../names/username.ts'
import { passwordFault } from '../passwords/rules.ts'

export interface NewAccountRequest {
  readonly username: string
  readonly email?: string | undefined
  readonly password?: string | undefined
}

export interface ValidNewAccount {
  readonly username: Username
  readonly email: Email | undefined
  readonly password: string | undefined
}

/** Throws `invalid_name` or `invalid_request`. */
export const parseNewAccount = (context: AuthContext, request: NewAccountRequest): ValidNewAccount => {
  const parsed = parseUsername(request.username)
  if (!parsed.ok) throw invalidName(parsed.reason)
  const email = request.email === undefined ? undefined : requireEmail(request.email)
  if (request.password !== undefined) {
    requirePassword(context, request.password, [parsed.username.text, email?.text ?? ''])
  }
  return { username: parsed.username, email, password: request.password }
}

export const requireEmail = (typed: string): Email => {
  const email = parseEmail(typed)
  if (email === undefined) throw invalidEmail()
  return email
}

/** `personal`: what the password must not consist of. */
export const requirePassword = (context: AuthContext, password: string, personal: readonly string[]): void => {
  const words = personal.flatMap((word) => [word, word.split('@')[0] ?? ''])
  const fault = passwordFault(password, { personal: words, isBlocked: context.isBlockedPassword })
  if (fault !== undefined) throw weakPassword(fault)
}
