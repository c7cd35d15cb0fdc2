import { Type } from 'typebox'
import { badRequest } from '../../errors.ts'

const ID_BYTES = 32

/** 32 bytes as base64, base64url or hex. */
export const WireId = Type.String({
  pattern: '^(?:[0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$',
  description: 'Wire id of a chunk: 32 bytes as base64, base64url or lower-case hex'
})

export const parseWireId = (text: string): Buffer => {
  const bytes = Buffer.from(text, text.length === 2 * ID_BYTES ? 'hex' : 'base64')
  if (bytes.length !== ID_BYTES) throw badRequest('A wire id has 32 bytes.')
  return bytes
}
