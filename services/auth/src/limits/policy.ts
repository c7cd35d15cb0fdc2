/** At most `max` in a window that begins with the first. */
export interface Limit {
  readonly name: string
  readonly max: number
  readonly windowMs: number
}

const MINUTE = 60_000
const QUARTER = 15 * MINUTE
const HOUR = 60 * MINUTE

/** The table "Limits" of docs/auth.md. */
export const LIMITS = {
  signInSource: { name: 'sign-in-source', max: 100, windowMs: QUARTER },
  signInAccountAndSource: { name: 'sign-in-account-source', max: 10, windowMs: QUARTER },
  signInAccount: { name: 'sign-in-account', max: 50, windowMs: HOUR },
  registerSource: { name: 'register-source', max: 20, windowMs: HOUR },
  setupSource: { name: 'setup-source', max: 10, windowMs: QUARTER },
  resetRequestSource: { name: 'reset-request-source', max: 10, windowMs: HOUR },
  resetRequestTarget: { name: 'reset-request-target', max: 3, windowMs: HOUR },
  resetConfirmSource: { name: 'reset-confirm-source', max: 20, windowMs: QUARTER },
  refreshSource: { name: 'refresh-source', max: 600, windowMs: QUARTER },
  refreshSession: { name: 'refresh-session', max: 60, windowMs: MINUTE },
  currentPassword: { name: 'current-password', max: 10, windowMs: QUARTER }
} as const satisfies Record<string, Limit>
