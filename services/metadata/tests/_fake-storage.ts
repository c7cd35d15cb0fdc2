import { CairnError, type StorageService } from '@cairn/contracts'
import type { ServiceImpl } from '@connectrpc/connect'

/** Answers copyReferences and remembers what it was asked for. */
export interface FakeStorage {
  readonly implementation: ServiceImpl<typeof StorageService>
  readonly copies: { readonly from: string; readonly to: string }[]
  /** Runs before each call of copyReferences; throwing fails it. */
  beforeCopy: (count: number) => Promise<void>
}

export const fakeStorage = (): FakeStorage => {
  const copies: FakeStorage['copies'] = []
  const fake: FakeStorage = {
    copies,
    beforeCopy: async () => undefined,
    implementation: {
      ...NOT_OFFERED,
      copyReferences: async (request) => {
        await fake.beforeCopy(request.copies.length)
        for (const copy of request.copies) copies.push({ from: copy.fromReferenceId, to: copy.toReferenceId })
        return {}
      }
    }
  }
  return fake
}

const refuse = (): never => {
  throw new CairnError('internal', 'not offered by the fake')
}

const NOT_OFFERED: ServiceImpl<typeof StorageService> = {
  getVault: refuse,
  openUpload: refuse,
  getUpload: refuse,
  deriveVaultKey: refuse,
  abortUpload: refuse,
  have: refuse,
  seal: refuse,
  copyReferences: refuse,
  releaseReferences: refuse
}
