import { SignJWT } from 'jose'
import type { AuthContext } from '../../context.ts'
import { ACCESS_TOKEN_LIFE } from '../../lifetimes.ts'

export const ACCESS_TOKEN_ISSUER = 'cairn'
export const ACCESS_TOKEN_AUDIENCE = 'cairn-api'
export const ACCESS_TOKEN_TYPE = 'at+jwt'

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
    .setIssuer(ACCESS_TOKEN_ISSUER)
    .setAudience(ACCESS_TOKEN_AUDIENCE)
    .setSubject(claims.userId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ACCESS_TOKEN_LIFE / 1000)
    .setJti(context.random.uuid())
    .sign(key.privateKey)
}
