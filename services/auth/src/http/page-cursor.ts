import { CairnError } from '@cairn/contracts'

/** Where a listing goes on. Opaque to clients; holds nothing that its reader may not see. */
export const encodeCursor = (position: string): string => Buffer.from(position, 'utf8').toString('base64url')

/** Throws `invalid_cursor`. */
export const decodeCursor = (cursor: string): string => {
  const position = Buffer.from(cursor, 'base64url').toString('utf8')
  if (position === '' || position.includes('\u0000') || encodeCursor(position) !== cursor) {
    throw new CairnError('invalid_cursor', 'The cursor is not one of ours')
  }
  return position
}
