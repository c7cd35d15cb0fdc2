import { constants } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { createTaskGroup } from '../concurrency/task-group.ts'
import { CliError, EXIT } from '../exit-codes.ts'
import type { GetRun } from './get-run.ts'
import { openPartsJournal, removePartsJournal } from './parts-journal.ts'
import { readResuming } from './read-resuming.ts'
import type { TargetFolder } from './target-folder.ts'

export interface FileFetch {
  readonly node: string
  readonly versionId: string
  readonly size: number
  readonly mtimeMs: number | undefined
  readonly folder: TargetFolder
  readonly name: string
  /** Names the partial file. */
  readonly key: string
}

const PART_BYTES = 16 * 1024 * 1024
const WRITE_BYTES = 1024 * 1024

/**
 * Fetches a file into a partial one beside the target and then puts it in its place, whole and durable.
 * A partial file of an earlier run is completed.
 */
export async function fetchFile(run: GetRun, file: FileFetch): Promise<void> {
  const { folder, name, key } = file
  const partial = await folder.path(`.${key}.cairn-part`)
  const inParts = file.size > PART_BYTES
  await using handle = await openPartial(partial, inParts ? 0 : constants.O_TRUNC)
  if (inParts) await fetchParts(run, file, { handle, journal: await journalPath(file) })
  else await fetchWhole(run, file, handle)
  if (file.mtimeMs !== undefined) await handle.utimes(new Date(), new Date(file.mtimeMs))
  await handle.sync()
  await rename(partial, await folder.path(name))
  if (inParts) await removePartsJournal(await journalPath(file))
}

const journalPath = ({ folder, key }: FileFetch): Promise<string> => folder.path(`.${key}.cairn-parts`)

const FLAGS = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0)

async function openPartial(path: string, truncate: number): Promise<FileHandle> {
  const handle = await open(path, FLAGS | truncate, 0o666)
  const stats = await handle.stat()
  if (stats.isFile() && stats.nlink === 1) return handle
  await handle.close()
  throw new CliError(EXIT.conflict, 'not_a_file', `${path} is in the way`)
}

async function fetchWhole(run: GetRun, file: FileFetch, handle: FileHandle): Promise<void> {
  if (file.size === 0) return
  const free = await run.connections.take(1, run.remote.signal)
  try {
    await fetchRange(run, file, { handle, start: 0, end: file.size })
  } finally {
    free()
  }
}

interface PartialFile {
  readonly handle: FileHandle
  readonly journal: string
}

async function fetchParts(run: GetRun, file: FileFetch, { handle, journal }: PartialFile): Promise<void> {
  await using parts = await openPartsJournal(journal)
  // A partial file of the same content is never longer, whatever else may have written there.
  await handle.truncate(file.size)
  const group = createTaskGroup(run.jobs, run.remote.signal)
  try {
    for (let part = 0; part * PART_BYTES < file.size; part++) {
      const start = part * PART_BYTES
      const end = Math.min(file.size, start + PART_BYTES)
      if (parts.done.has(part)) {
        run.progress.advance(end - start)
        continue
      }
      await group.run(async (signal) => {
        const free = await run.connections.take(1, signal)
        try {
          await fetchRange(run, file, { handle, start, end, signal })
          await handle.datasync()
          await parts.add(part)
        } finally {
          free()
        }
      })
    }
  } finally {
    await group.end()
  }
}

interface Range {
  readonly handle: FileHandle
  readonly start: number
  readonly end: number
  readonly signal?: AbortSignal
}

async function fetchRange(run: GetRun, file: FileFetch, { handle, start, end, signal }: Range): Promise<void> {
  const remote = signal === undefined ? run.remote : { ...run.remote, signal }
  let position = start
  let held: Uint8Array[] = []
  let bytes = 0
  const flush = async () => {
    if (bytes === 0) return
    await handle.writev(held, position)
    run.progress.advance(bytes)
    position += bytes
    held = []
    bytes = 0
  }
  for await (const part of readResuming(remote, { node: file.node, version: file.versionId, start, end })) {
    held.push(part)
    bytes += part.length
    if (bytes >= WRITE_BYTES) await flush()
  }
  await flush()
}
