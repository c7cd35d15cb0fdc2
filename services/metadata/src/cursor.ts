import { createHmac, timingSafeEqual } from 'node:crypto'
import { CairnError } from '@cairn/contracts'

/** Positions in listings, opaque to clients and good only for the listing they came from. */
export interface CursorSealer {
  /** `scope` names the listing: user, folder, order. It is bound to the cursor, not stored in it. */
  seal(scope: readonly string[], position: CursorPosition): string
  /** Throws `invalid_cursor`, also for a genuine cursor of another listing. */
  open(scope: readonly string[], cursor: string): CursorPosition
}

export type CursorPosition = readonly (string | number)[]

const MAC_BYTES = 16

const broken = (): CairnError => new CairnError('invalid_cursor', 'The cursor does not belong to this listing')

/** @param key 32 bytes */
export const createCursorSealer = (key: Uint8Array): CursorSealer => {
  const macOf = (scope: readonly string[], body: Buffer): Buffer =>
    createHmac('sha256', key).update(JSON.stringify(scope)).update('\0').update(body).digest().subarray(0, MAC_BYTES)

  return {
    seal: (scope, position) => {
      const body = Buffer.from(JSON.stringify(position))
      return Buffer.concat([macOf(scope, body), body]).toString('base64url')
    },
    open: (scope, cursor) => {
      const bytes = Buffer.from(cursor, 'base64url')
      if (bytes.length <= MAC_BYTES || bytes.toString('base64url') !== cursor) throw broken()
      const body = bytes.subarray(MAC_BYTES)
      if (!timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(scope, body))) throw broken()
      return JSON.parse(body.toString()) as CursorPosition
    }
  }
}
