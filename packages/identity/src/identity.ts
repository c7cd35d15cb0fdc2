// The port of this package. It is declared beside the hooks that use it, in the HTTP package.
export type { Identity, IdentityVerifier } from '@cairn/http'
