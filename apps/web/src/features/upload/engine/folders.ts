import { encodeFrames } from '@cairn/chunking'
import type { CairnClient, OperationResult } from '@cairn/client'
import type { JobRecord } from './model.ts'
import { UploadRefused } from './refused.ts'

const PER_REQUEST = 400

/** Folder ids of one job by path; a failure stands for everything below. */
export interface JobFolders {
  /** Rejects with UploadRefused when that folder, or one above it, cannot be made. */
  idOf(path: string): Promise<string>
}

/** Makes (or finds) a job's folders, parents first, many in one request. Folders that are there already are used. */
export const createJobFolders = (client: CairnClient, job: JobRecord): JobFolders => {
  let made: Promise<ReadonlyMap<string, string | UploadRefused>> | undefined
  return {
    idOf: async (path) => {
      if (path === '') return job.folderId
      made ??= makeAll(client, job).catch((error: unknown) => {
        made = undefined
        throw error
      })
      const id = (await made).get(path)
      if (typeof id === 'string') return id
      throw id ?? new UploadRefused('not_found', '')
    }
  }
}

const makeAll = async (client: CairnClient, job: JobRecord): Promise<ReadonlyMap<string, string | UploadRefused>> => {
  const known = new Map<string, string | UploadRefused>([['', job.folderId]])
  for (let at = 0; at < job.folders.length; at += PER_REQUEST) {
    const paths = job.folders.slice(at, at + PER_REQUEST)
    const opIds = new Map(paths.map((path) => [path, crypto.randomUUID()]))
    const ops = paths.flatMap((path) => {
      const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
      const above = known.get(parent)
      if (above instanceof UploadRefused) {
        known.set(path, above)
        return []
      }
      const parentId = above ?? `op:${opIds.get(parent) ?? ''}`
      return [
        {
          path,
          op: {
            op: 'mkdir',
            opId: opIds.get(path) ?? '',
            parentId,
            name: path.slice(parent === '' ? 0 : parent.length + 1)
          }
        }
      ]
    })
    if (ops.length === 0) continue
    const body = encodeFrames([], { operations: { ops: ops.map(({ op }) => op) } }) as Uint8Array<ArrayBuffer>[]
    const results = await client.uploads.batch(job.drive, body)
    for (const [index, { path }] of ops.entries()) known.set(path, outcome(results[index]))
  }
  return known
}

const outcome = (result: OperationResult | undefined): string | UploadRefused => {
  if (result?.error !== undefined) return new UploadRefused(result.error.code, result.error.detail)
  return result?.node?.id ?? new UploadRefused('internal', '')
}
