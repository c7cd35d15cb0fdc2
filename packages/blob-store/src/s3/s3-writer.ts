import type { BlobWriter } from '../blob-store.ts'
import { createSerialWriter } from '../serial-writer.ts'
import { toWriteError } from './errors.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { PartsUploading } from './parts-upload.ts'
import { type PublishContext, publishUnconditionally, publishWhole } from './publish.ts'

export interface S3WriterContext extends PublishContext {
  readonly partBytes: number
  readonly onProblem: (message: string, cause: unknown) => void
}

export interface S3WriterTarget {
  /** Full object name. */
  readonly key: string
  readonly writer: string
  readonly signal: AbortSignal | undefined
}

/** Holds at most one part's worth of bytes; what goes beyond is sent as parts while it is written. */
export const createS3Writer = (context: S3WriterContext, target: S3WriterTarget): BlobWriter => {
  const buffer = new GrowingBuffer(context.partBytes)
  let parts: PartsUploading | undefined

  const flush = async (): Promise<void> => {
    parts ??= await PartsUploading.start(context, target)
    await parts.send(buffer.bytes)
    buffer.clear()
  }

  const write = async (given: readonly Uint8Array[]): Promise<void> => {
    for (const part of given) {
      let rest = part
      while (rest.byteLength > 0) {
        if (buffer.isFull) await flush()
        rest = rest.subarray(buffer.append(rest))
      }
    }
  }

  const commit = async (): Promise<void> => {
    if (parts === undefined) {
      await publishWhole(context, { ...target, size: buffer.bytes.byteLength }, buffer.bytes)
    } else {
      await flush()
      await publishParts(context, target, parts)
    }
    buffer.release()
  }

  const discard = async (): Promise<void> => {
    buffer.release()
    await parts?.drop()
  }

  return createSerialWriter({ write, commit, discard, toBlobError: toWriteError }, target.signal)
}

const publishParts = (context: S3WriterContext, target: S3WriterTarget, parts: PartsUploading): Promise<void> =>
  publishUnconditionally(context, { ...target, size: parts.size }, { bytes: 0, send: (signal) => parts.finish(signal) })
