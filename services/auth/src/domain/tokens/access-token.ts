import { ACCESS_TOKEN_AUDIENCE, ACCESS_TOKEN_TYPE } from '@cairn/identity'
import { SignJWT } from 'jose'
import type { AuthContext } from '../../context.ts'
import { ACCESS_TOKEN_LIFE } from '../../lifetimes.ts'

/** Not the origin: an installation may move. */
const ISSUER = 'cairn'

export interface AccessClaims {
  readonly userId: string
  readonly sessionId: string
  readonly admin: boolean
}

export const signAccessToken = async (context: AuthContext, claims: AccessClaims): Promise<string> => {
  const key = await context.keys.current()
  const issuedAt = Math.floor(context.clock.now() / 1000)
  return new SignJWT({ sid: claims.sessionId, adm: claims.admin })
    .setProtectedHeader({ alg: 'EdDSA', typ: ACCESS_TOKEN_TYPE, kid: key.kid })
    .setIssuer(ISSUER)
    .setAudience(ACCESS_TOKEN_AUDIENCE)
    .setSubject(claims.userId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ACCESS_TOKEN_LIFE / 1000)
    .setJti(context.random.uuid())
    .sign(key.privateKey)
}
