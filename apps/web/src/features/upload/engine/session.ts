import type { CairnClient, UploadRef } from '@cairn/client'
import { fromBase64Url } from './hex.ts'

export interface OpenUpload {
  readonly ref: UploadRef
  readonly profile: number
  readonly key: Uint8Array
}

/** The server's side of a job: keeps chunks that arrived until they are committed, also over a closed tab. */
export interface UploadSession {
  get(): Promise<OpenUpload>
  /** The server has forgotten it; the next `get` opens another one. */
  forget(lost: OpenUpload): void
  close(): Promise<void>
}

export const createUploadSession = (
  client: CairnClient,
  { drive, clientKey }: { drive: string; clientKey: string }
): UploadSession => {
  let current: Promise<OpenUpload> | undefined
  let opened: OpenUpload | undefined
  const open = async (): Promise<OpenUpload> => {
    const { uploadId, profile, chunkingKey } = await client.uploads.open(drive, { clientKey })
    opened = { ref: { drive, uploadId }, profile, key: fromBase64Url(chunkingKey) }
    return opened
  }
  return {
    get: () => {
      current ??= open().catch((error: unknown) => {
        current = undefined
        throw error
      })
      return current
    },
    forget: (lost) => {
      if (lost !== opened) return
      opened = undefined
      current = undefined
    },
    close: async () => {
      const last = opened
      opened = undefined
      current = undefined
      if (last !== undefined) await client.uploads.abort(last.ref).catch(() => undefined)
    }
  }
}
