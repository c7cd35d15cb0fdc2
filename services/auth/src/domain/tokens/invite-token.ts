import { formatKeyedToken, parseKeyedToken } from './keyed-token.ts'

const PREFIX = 'cri_'

export interface InviteToken {
  readonly inviteId: string
  readonly secret: Uint8Array
}

export const formatInviteToken = ({ inviteId, secret }: InviteToken): string =>
  formatKeyedToken(PREFIX, { ids: [inviteId], secret })

export const parseInviteToken = (text: string): InviteToken | undefined => {
  const parsed = parseKeyedToken(PREFIX, 1, text)
  const [inviteId] = parsed?.ids ?? []
  return parsed === undefined || inviteId === undefined ? undefined : { inviteId, secret: parsed.secret }
}
