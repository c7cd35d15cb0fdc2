import { AsyncLocalStorage } from 'node:async_hooks'
import { CairnError } from '@cairn/contracts'
import type { Finished, Session } from '../domain/session.ts'
import type { BodyOptions } from '../http/body.ts'
import type { HeldLock } from '../lock/held-lock.ts'
import type { Urgency } from '../lock/holders.ts'
import type { NewSession } from '../store/sessions.ts'
import type { Checksum } from './checksum.ts'

/** One tus request as the library's callbacks see it; they receive nothing but an id. */
export interface TusCall {
  readonly userId: string
  readonly method: 'POST' | 'HEAD' | 'PATCH' | 'DELETE' | 'OPTIONS'
  readonly urgency: Urgency
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal
  /** POST only: the session to be made. */
  readonly creation?: NewSession
  /** Undefined when the request carries no content. */
  readonly body?: TusBody
  /** Filled in on the way. */
  lock?: HeldLock
  session?: Session
  /** Storage's durable offset as last seen. */
  offset?: number
  finished?: Finished
}

export interface TusBody {
  readonly contentLength: number | undefined
  readonly checksum: Checksum | undefined
  open(options: BodyOptions): AsyncIterable<Uint8Array>
}

export const createTusCalls = () => {
  const storage = new AsyncLocalStorage<TusCall>()
  return {
    run: <T>(call: TusCall, work: () => Promise<T>): Promise<T> => storage.run(call, work),
    current: (): TusCall => {
      const call = storage.getStore()
      if (call === undefined) throw new CairnError('internal', 'The tus library was called outside a request.')
      return call
    }
  }
}

export type TusCalls = ReturnType<typeof createTusCalls>
