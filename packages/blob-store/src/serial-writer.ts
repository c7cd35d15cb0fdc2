import { BlobError, type BlobWriter } from './blob-store.ts'

/** What a driver does for a writer. Never called twice at once; nothing is called after commit or discard. */
export interface WriterSteps {
  readonly write: (parts: readonly Uint8Array[]) => Promise<void>
  readonly commit: () => Promise<void>
  /** Drops what was written. Must not reject. */
  readonly discard: () => Promise<void>
  readonly toBlobError: (error: unknown, doing: string) => BlobError
}

/**
 * The life of a writer, the same for every driver: calls run one after the other, a failed or aborted
 * call discards the whole object, and a writer that has ended refuses.
 */
export const createSerialWriter = (steps: WriterSteps, signal: AbortSignal | undefined): BlobWriter => {
  let state: 'open' | 'committed' | 'discarded' = 'open'
  let tail: Promise<unknown> = Promise.resolve()

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = tail.then(work)
    tail = turn.catch(() => undefined)
    return turn
  }

  const discard = async (): Promise<void> => {
    state = 'discarded'
    await steps.discard()
  }

  const orDiscard = async (doing: string, work: () => Promise<void>): Promise<void> => {
    if (state !== 'open') throw new BlobError('unavailable', `${doing}: the writer is ${state}`)
    try {
      signal?.throwIfAborted()
      await work()
    } catch (error) {
      await discard()
      throw signal?.aborted === true ? signal.reason : steps.toBlobError(error, doing)
    }
  }

  return {
    write: (parts) => inTurn(() => orDiscard('writing a blob', () => steps.write(parts))),
    commit: () =>
      inTurn(async () => {
        await orDiscard('committing a blob', steps.commit)
        state = 'committed'
      }),
    abort: () =>
      inTurn(async () => {
        if (state === 'open') await discard()
      })
  }
}
