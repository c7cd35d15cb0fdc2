export type { Identity, IdentityVerifier } from './identity.ts'
