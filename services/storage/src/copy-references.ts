import { CairnError } from '@cairn/contracts'
import type { StorageContext } from './context.ts'
import { findReferences, insertReferences } from './store/references.ts'
import { shareVault } from './store/vaults.ts'

/** New references to manifests that are referenced now; under the vault's lock, so that GC sees either both or none. */
export const copyReferences = async (
  context: StorageContext,
  vaultId: string,
  copies: readonly { readonly fromReferenceId: string; readonly toReferenceId: string }[]
): Promise<void> => {
  if (copies.length === 0) return
  await context.database.transaction(async (tx) => {
    await shareVault(tx, vaultId)
    const sources = await findReferences(
      tx,
      vaultId,
      copies.map((copy) => copy.fromReferenceId)
    )
    const references = copies.map((copy) => {
      const source = sources.get(copy.fromReferenceId)
      if (!source) throw new CairnError('not_found', 'The content to copy is not there any more.')
      return { referenceId: copy.toReferenceId, manifestId: source.manifestId }
    })
    await insertReferences(tx, vaultId, references)
  })
}
