import { formatKeyedToken, parseKeyedToken } from './keyed-token.ts'

const PREFIX = 'crs_'

export interface ResetToken {
  readonly userId: string
  readonly tokenId: string
  readonly secret: Uint8Array
}

export const formatResetToken = ({ userId, tokenId, secret }: ResetToken): string =>
  formatKeyedToken(PREFIX, { ids: [userId, tokenId], secret })

export const parseResetToken = (text: string): ResetToken | undefined => {
  const parsed = parseKeyedToken(PREFIX, 2, text)
  const [userId, tokenId] = parsed?.ids ?? []
  if (parsed === undefined || userId === undefined || tokenId === undefined) return undefined
  return { userId, tokenId, secret: parsed.secret }
}
