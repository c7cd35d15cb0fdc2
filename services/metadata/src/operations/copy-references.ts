import type { MetadataContext } from '../context.ts'

const REFERENCES_PER_CALL = 500

export interface ReferenceCopy {
  readonly from: string
  readonly to: string
}

/**
 * Has storage hold the same content under new names. Before the transaction that commits them: what a
 * crash leaves behind is an orphan, which is fenced and released.
 */
export const copyReferences = async (
  context: MetadataContext,
  vaultId: string,
  copies: readonly ReferenceCopy[]
): Promise<void> => {
  for (let start = 0; start < copies.length; start += REFERENCES_PER_CALL) {
    const part = copies.slice(start, start + REFERENCES_PER_CALL)
    await context.storage().copyReferences({
      vaultId,
      copies: part.map(({ from, to }) => ({ fromReferenceId: from, toReferenceId: to }))
    })
  }
}
