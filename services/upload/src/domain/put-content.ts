import type { metadataV1 } from '@cairn/contracts'
import type { UploadContext } from '../context.ts'
import { type Authorized, authorizeWrite, type Destination } from './authorize.ts'
import { appliedNode, commitOperations, releaseUnused } from './commit.ts'
import { asPreconditionFailure, assertPrecondition, commitGuards, type Precondition } from './precondition.ts'

export interface PutContent {
  readonly userId: string
  readonly deviceId: string
  readonly destination: Destination
  readonly precondition: Precondition
  readonly mtimeMs: number
  /** Asked for only after the write was allowed. */
  readonly open: () => AsyncIterable<Uint8Array>
}

export interface PutOutcome {
  readonly node: metadataV1.NodeState
  readonly driveId: string
  readonly created: boolean
}

/** A whole file in one request: authorise, store, commit. An interrupted body leaves nothing behind. */
export const putContent = async (context: UploadContext, put: PutContent): Promise<PutOutcome> => {
  const { size } = put.destination
  const target = await authorizeWrite(context, put.userId, put.destination)
  assertPrecondition(put.precondition, target.existing)
  const { vaultId, byteLimit: limit } = target
  const versionId = context.random.uuid()
  const content = await context.storageData.put(
    { vaultId, referenceId: versionId, length: size, limit },
    put.open(),
    context.stopping
  )
  const [result] = await commitOperations(context, {
    userId: put.userId,
    driveId: target.driveId,
    deviceId: put.deviceId,
    operations: [
      {
        opId: context.random.uuid(),
        kind: {
          case: 'putFile',
          value: {
            ...placeOf(target),
            ...commitGuards(put.precondition, target.existing),
            versionId,
            manifestId: content.manifestId,
            size: BigInt(content.size),
            mtimeMs: BigInt(put.mtimeMs)
          }
        }
      }
    ]
  })
  context.events.received('put', content.size)
  if (result?.node?.versionId !== versionId) await releaseUnused(context, vaultId, [versionId])
  try {
    const node = appliedNode(result)
    context.events.committed('put', 1)
    return { node, driveId: target.driveId, created: target.existing === undefined }
  } catch (error) {
    context.events.refused('put', result?.errorCode ?? '')
    throw asPreconditionFailure(put.precondition, error)
  }
}

const placeOf = ({ nodeId, parentId, name }: Authorized) =>
  nodeId === undefined ? { parentId: parentId ?? '', name } : { nodeId }
