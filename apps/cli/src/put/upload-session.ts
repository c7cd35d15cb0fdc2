import { createHash } from 'node:crypto'
import type { CairnClient, UploadRef } from '@cairn/client'

/** The upload that keeps this run's chunks until they are committed. */
export interface UploadSession {
  /** Opens it at the first call. */
  get(): Promise<OpenUpload>
  /** The server has forgotten `lost`: the next `get` opens another one. */
  forget(lost: OpenUpload): void
  /** Everything is committed: the server need not keep it any longer. */
  close(): Promise<void>
}

export interface OpenUpload {
  readonly ref: UploadRef
  readonly profile: number
  readonly chunkingKey: Uint8Array
}

export interface UploadSessionOptions {
  readonly client: CairnClient
  readonly drive: string
  readonly signal: AbortSignal
  /**
   * What makes this run the same as one that was interrupted: it then finds its upload again, with
   * the chunks that had arrived.
   */
  readonly identity: readonly string[]
}

export function createUploadSession({ client, drive, signal, identity }: UploadSessionOptions): UploadSession {
  const clientKey = `cli-${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 40)}`
  let current: Promise<OpenUpload> | undefined
  let opened: OpenUpload | undefined

  const open = async (): Promise<OpenUpload> => {
    const { uploadId, profile, chunkingKey } = await client.uploads.open(drive, { clientKey }, { signal })
    opened = { ref: { drive, uploadId }, profile, chunkingKey: Buffer.from(chunkingKey, 'base64url') }
    return opened
  }
  return {
    get: () => {
      current ??= open()
      return current
    },
    forget: (lost) => {
      if (lost !== opened) return
      opened = undefined
      current = undefined
    },
    close: async () => {
      if (opened !== undefined) await client.uploads.abort(opened.ref, { signal })
    }
  }
}
