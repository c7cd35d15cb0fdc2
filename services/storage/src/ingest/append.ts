import { type AppendResult, type AppendTarget, CairnError } from '@cairn/contracts'
import type { StorageContext } from '../context.ts'
import type { VaultKeys } from '../crypto/vault-keys.ts'
import { storageFailure } from '../errors.ts'
import { release } from '../format/release.ts'
import { getUpload, type UploadRow } from '../store/uploads.ts'
import { ContentStream } from './content-stream.ts'
import { registerSegment, type UploadCursor } from './register.ts'
import { openTail, sealTail } from './tail.ts'

/** See StorageData.append. */
export const append = async (
  context: StorageContext,
  target: AppendTarget,
  input: { body: AsyncIterable<Uint8Array>; signal: AbortSignal }
): Promise<AppendResult> => {
  const keys = await context.vaults.keys(target.vaultId)
  const upload = await getUpload(context.database.query, target.vaultId, target.uploadId)
  if (upload.durableOffset !== target.offset) {
    throw new CairnError('offset_mismatch', `The upload continues at byte ${upload.durableOffset}.`, {
      details: { offset: upload.durableOffset }
    })
  }
  try {
    return await appendFrom(context, { target, keys, upload }, input)
  } catch (error) {
    throw storageFailure(error)
  }
}

interface AppendState {
  readonly target: AppendTarget
  readonly keys: VaultKeys
  readonly upload: UploadRow
}

const appendFrom = async (
  context: StorageContext,
  { target, keys, upload }: AppendState,
  input: { body: AsyncIterable<Uint8Array>; signal: AbortSignal }
): Promise<AppendResult> => {
  const { vaultId, uploadId } = target
  const cursor: UploadCursor = { vaultId, uploadId, keys, durableOffset: upload.durableOffset }
  const kept = upload.tail ? openTail(keys, uploadId, upload.tail) : Buffer.alloc(0)
  /** Stream position up to which chunks are registered; the tail lies behind it. */
  let chunked = upload.durableOffset - kept.length
  let tailKept = kept.length > 0

  await using stream = new ContentStream(context, {
    vaultId,
    keys,
    register: async (segment) => {
      // The kept tail holds no cut, so the first chunk reaches behind it: the offset never moves back.
      chunked += segment.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
      await registerSegment(context, cursor, { segment, tail: undefined, offset: chunked })
      tailKept = false
      target.onDurable?.(cursor.durableOffset)
    }
  })
  if (kept.length > 0) await stream.push(kept)
  let received = upload.durableOffset
  const interrupted = await pump(input, async (bytes) => {
    if (received + bytes.length > target.limit) {
      throw new CairnError('payload_too_large', 'More bytes came than the upload was declared to have.')
    }
    received += bytes.length
    await stream.push(bytes)
    release(bytes)
  })
  const tail = await stream.finish({ cutTail: received === target.limit })
  if (tail.length > 0 && !(tailKept && received === upload.durableOffset)) {
    const sealed = sealTail(keys, uploadId, { plain: tail, random: context.random })
    const segment = { chunks: [], present: [], pack: undefined }
    await registerSegment(context, cursor, { segment, tail: sealed, offset: chunked + tail.length })
    target.onDurable?.(cursor.durableOffset)
  }
  return { durableOffset: cursor.durableOffset, ...(interrupted && { interrupted }) }
}

/** Feeds the body until it ends; a body that breaks off is reported, a sink that fails is thrown. */
const pump = async (
  input: { body: AsyncIterable<Uint8Array>; signal: AbortSignal },
  sink: (bytes: Uint8Array) => Promise<void>
): Promise<Error | undefined> => {
  const body = input.body[Symbol.asyncIterator]()
  for (;;) {
    let next: IteratorResult<Uint8Array>
    try {
      next = await body.next()
      input.signal.throwIfAborted()
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
    if (next.done) return undefined
    try {
      await sink(next.value)
    } catch (error) {
      await body.return?.().catch(() => undefined)
      throw error
    }
  }
}
