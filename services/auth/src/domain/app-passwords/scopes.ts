/** What an app password may be allowed. "*" is everything its owner may do, but never managing credentials. */
export const SCOPES = ['files:read', 'files:write', '*'] as const

export type Scope = (typeof SCOPES)[number]

export const DEFAULT_SCOPES: readonly Scope[] = ['files:read', 'files:write']
