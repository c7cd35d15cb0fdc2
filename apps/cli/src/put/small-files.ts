import { setImmediate } from 'node:timers/promises'
import type { OperationResult } from '@cairn/client'
import type { TaskGroup } from '../concurrency/task-group.ts'
import { type BatchOperation, encodeBatch, MAX_BODY_BYTES, MAX_OPERATIONS, MAX_SMALL_BYTES } from './batch-body.ts'
import { applied } from './operation-error.ts'
import type { LocalFile, PutRun } from './put-run.ts'
import { readSmall, type SmallContent } from './read-small.ts'

/** Sends small files, many in one request. */
export interface SmallFiles {
  /** Waits while too much is on its way. */
  add(file: LocalFile): Promise<void>
  /** Sends what is left; the group's end tells when all is done. */
  flush(): Promise<void>
}

// Room for heads of frames and the operations' JSON beside the content.
const CONTENT_BYTES = MAX_BODY_BYTES - 1024 * 1024
const FILES_PER_TURN = 32

export interface SmallFilesOptions {
  readonly group: TaskGroup
  /** For a file that has grown meanwhile. */
  readonly large: (file: LocalFile) => Promise<void>
}

export function createSmallFiles(run: PutRun, { group, large }: SmallFilesOptions): SmallFiles {
  let files: LocalFile[] = []
  let bytes = 0

  const flush = async () => {
    if (files.length === 0) return
    const [batch, size] = [files, bytes]
    files = []
    bytes = 0
    await group.run(async (signal) => {
      const release = await run.memory.take(size, signal)
      const grown = await sendBatch(run, batch).finally(release)
      for (const file of grown) await large(file)
    })
  }

  return {
    add: async (file) => {
      if (bytes + file.size > CONTENT_BYTES) await flush()
      files.push(file)
      bytes += file.size
      if (files.length >= MAX_OPERATIONS) await flush()
    },
    flush
  }
}

interface Ready {
  readonly file: LocalFile
  readonly content: SmallContent
  readonly parentId: string
}

/** Returns files that turned out to be too large. Failures are reported one by one. */
async function sendBatch(run: PutRun, batch: readonly LocalFile[]): Promise<LocalFile[]> {
  const grown: LocalFile[] = []
  const ready: Ready[] = []
  for (const [index, file] of batch.entries()) {
    // Reading is synchronous: others get their turn in between.
    if (index % FILES_PER_TURN === 0) await setImmediate()
    try {
      const parentId = await file.parent.id
      const content = readSmall(file, MAX_SMALL_BYTES)
      if (content === undefined) grown.push(file)
      else ready.push({ file, content, parentId })
    } catch (error) {
      await fail(run, file, error)
    }
  }
  run.signal.throwIfAborted()
  for (const part of fitting(ready)) await send(run, part)
  return grown
}

// Files may have grown since they were counted.
function* fitting(ready: readonly Ready[]): Generator<readonly Ready[]> {
  let part: Ready[] = []
  let bytes = 0
  for (const next of ready) {
    const size = next.content.bytes.length
    if (part.length > 0 && bytes + size > CONTENT_BYTES) {
      yield part
      part = []
      bytes = 0
    }
    part.push(next)
    bytes += size
  }
  if (part.length > 0) yield part
}

async function send(run: PutRun, part: readonly Ready[]): Promise<void> {
  const frames = part.flatMap(({ content: { bytes } }) =>
    bytes.length === 0 ? [] : [{ wireId: run.cutters.hash(bytes), bytes }]
  )
  let frame = 0
  const operations = part.map(
    ({ file, content, parentId }): BatchOperation => ({
      op: 'put',
      opId: run.uuid(),
      parentId,
      name: file.name,
      ...(content.bytes.length === 0 ? {} : { frame: frame++ }),
      mtime: content.mtimeMs,
      onConflict: 'version'
    })
  )
  try {
    const body = encodeBatch(frames, operations)
    const results = await run.client.uploads.batch(run.drive, body, { signal: run.signal })
    for (const [index, ready] of part.entries()) await settle(run, ready, results[index])
  } catch (error) {
    if (run.signal.aborted) throw error
    for (const { file } of part) await fail(run, file, error)
  }
}

async function settle(run: PutRun, { file, content }: Ready, result: OperationResult | undefined): Promise<void> {
  try {
    const node = applied(result)
    run.report.sent(content.bytes.length)
    run.progress.advance(file.size)
    run.progress.fileDone()
    await run.report.add({
      status: file.replaces ? 'updated' : 'uploaded',
      type: 'file',
      path: file.path,
      remote: file.remote,
      size: content.bytes.length,
      nodeId: node.id,
      ...(node.versionId === null ? {} : { versionId: node.versionId })
    })
  } catch (error) {
    await fail(run, file, error)
  }
}

const fail = (run: PutRun, { path, remote }: LocalFile, error: unknown): Promise<void> => {
  if (run.signal.aborted) return Promise.resolve()
  return run.report.add({ status: 'failed', type: 'file', path, remote, error })
}
