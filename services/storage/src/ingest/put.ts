import { CairnError, type PutTarget, type StoredContent } from '@cairn/contracts'
import type { StorageContext } from '../context.ts'
import { storageFailure } from '../errors.ts'
import { SMALL_BODY } from '../format/limits.ts'
import { release } from '../format/release.ts'
import { sealStream } from '../seal.ts'
import { closeUpload, openUpload } from '../store/uploads.ts'
import { ContentStream } from './content-stream.ts'
import { registerSegment, type UploadCursor } from './register.ts'
import type { SmallPuts } from './small-puts.ts'

const LEASE_SECONDS = 3600

/** See StorageData.put. */
export const put = async (
  context: StorageContext & { readonly smallPuts: SmallPuts },
  target: PutTarget,
  input: { body: AsyncIterable<Uint8Array>; signal: AbortSignal }
): Promise<StoredContent> => {
  const source = countedBody(target, input)
  const { head, ended } = await readHead(source)
  if (ended) {
    const [stored] = await context.smallPuts.put(target.vaultId, [{ referenceId: target.referenceId, bytes: head }])
    if (!stored) throw new CairnError('internal', 'The content could not be stored.')
    return stored
  }
  try {
    return await putStream(context, target, { head, source })
  } catch (error) {
    throw storageFailure(error)
  }
}

/** Enforces the declared length and the limit while the body is read. */
async function* countedBody(
  target: PutTarget,
  input: { body: AsyncIterable<Uint8Array>; signal: AbortSignal }
): AsyncGenerator<Uint8Array> {
  let received = 0
  for await (const bytes of input.body) {
    input.signal.throwIfAborted()
    received += bytes.length
    if (received > target.limit) throw new CairnError('quota_exceeded', 'This file is larger than the space left.')
    if (target.length !== undefined && received > target.length) break
    yield bytes
  }
  input.signal.throwIfAborted()
  if (target.length !== undefined && received !== target.length) {
    throw new CairnError('invalid_request', `The body has not the announced length of ${target.length} bytes.`)
  }
}

/** The whole body when it is small, else at least its first bytes. */
const readHead = async (source: AsyncGenerator<Uint8Array>): Promise<{ head: Uint8Array; ended: boolean }> => {
  const parts: Uint8Array[] = []
  let length = 0
  while (length <= SMALL_BODY) {
    const next = await source.next()
    if (next.done) return { head: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts), ended: true }
    parts.push(next.value)
    length += next.value.length
  }
  return { head: Buffer.concat(parts), ended: false }
}

const putStream = async (
  context: StorageContext,
  target: PutTarget,
  input: { head: Uint8Array; source: AsyncGenerator<Uint8Array> }
): Promise<StoredContent> => {
  const { vaultId } = target
  const keys = await context.vaults.keys(vaultId)
  const uploadId = context.random.uuid()
  await openUpload(context.database.query, vaultId, { uploadId, leaseSeconds: LEASE_SECONDS })
  const cursor: UploadCursor = { vaultId, uploadId, keys, durableOffset: 0 }
  try {
    await using stream = new ContentStream(context, {
      vaultId,
      keys,
      register: (segment) => {
        const offset = cursor.durableOffset + segment.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
        return registerSegment(context, cursor, { segment, tail: undefined, offset })
      }
    })
    await stream.push(input.head)
    for await (const bytes of input.source) {
      await stream.push(bytes)
      release(bytes)
    }
    await stream.finish({ cutTail: true })
    return await sealStream(context, { vaultId, uploadId }, target.referenceId)
  } catch (error) {
    await context.database
      .transaction((tx) => closeUpload(tx, vaultId, { uploadId, state: 'expired' }))
      .catch((failure) =>
        context.logger.warn({ err: failure }, 'an abandoned upload keeps its pins until its lease ends')
      )
    throw error
  }
}
