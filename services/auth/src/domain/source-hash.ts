import { createHmac } from 'node:crypto'
import type { AuthContext } from '../context.ts'
import type { Caller } from './caller.ts'

/** Recognises an address group without keeping it. */
export const sourceHash = (context: AuthContext, caller: Caller): Uint8Array =>
  createHmac('sha256', context.sourceKey).update(caller.source).digest().subarray(0, 16)
