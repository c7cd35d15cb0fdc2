import assert from 'node:assert/strict'
import type { MessageInitShape } from '@bufbuild/protobuf'
import type { metadataV1 } from '@cairn/contracts'
import type { ApiReply, TestMetadata } from './_metadata.ts'

type PutInit = MessageInitShape<typeof metadataV1.PutFileSchema>
export type OperationInit = MessageInitShape<typeof metadataV1.OperationSchema>

/** A user with a personal drive, and short ways to fill it. */
export interface Person {
  readonly id: string
  readonly driveId: string
  readonly rootId: string
  commit(operations: OperationInit[], atomic?: boolean): Promise<metadataV1.CommitResponse>
  put(parentId: string, name: string, extra?: PutInit): Promise<metadataV1.NodeState>
  folder(parentId: string, name: string): Promise<metadataV1.NodeState>
  api(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<ApiReply>
  /** No finding, or the test fails. */
  check(): Promise<metadataV1.CheckTreeResponse>
}

export const putOperation = (metadata: TestMetadata, put: PutInit): OperationInit => ({
  opId: metadata.uuid(),
  kind: {
    case: 'putFile',
    value: {
      versionId: metadata.uuid(),
      manifestId: new Uint8Array([1, 2, 3]),
      size: 10n,
      mtimeMs: 1_700_000_000_000n,
      ...put
    }
  }
})

export const folderOperation = (
  metadata: TestMetadata,
  folder: { parentId: string; name: string; exclusive?: boolean }
): OperationInit => ({
  opId: metadata.uuid(),
  kind: { case: 'makeFolder', value: folder }
})

export const addPerson = async (metadata: TestMetadata): Promise<Person> => {
  const id = metadata.uuid()
  const drive = await metadata.call(id, { url: '/v1/drives/personal' })
  assert.equal(drive.status, 200, drive.text)
  const { id: driveId, rootId } = drive.body
  const commit: Person['commit'] = (operations, atomic = false) =>
    metadata.rpc.commit({ userId: id, drive: driveId, deviceId: 'test', operations, atomic })
  const one = async (operation: OperationInit): Promise<metadataV1.NodeState> => {
    const { results } = await commit([operation])
    const [result] = results
    assert.equal(result?.errorCode, '', result?.errorMessage ?? 'no result')
    assert.ok(result?.node)
    return result.node
  }
  return {
    id,
    driveId,
    rootId,
    commit,
    put: (parentId, name, extra = {}) => one(putOperation(metadata, { parentId, name, ...extra })),
    folder: (parentId, name) => one(folderOperation(metadata, { parentId, name })),
    api: (method, path, body) =>
      metadata.call(id, { method, url: `/v1/drives/${driveId}${path}`, ...(body === undefined ? {} : { body }) }),
    check: async () => {
      const report = await metadata.rpc.checkTree({ vaultId: id })
      assert.deepEqual(
        report.findings.map(({ code, message, subject }) => ({ code, message, subject })),
        []
      )
      return report
    }
  }
}
