import { ApiError, type CommittedNode } from '@cairn/client'
import { CliError } from '../exit-codes.ts'
import { type OpenFile, openRegular } from '../files/open-regular.ts'
import { sameSnapshot } from '../files/snapshot.ts'
import { chunkStream, fileBytes } from './chunk-stream.ts'
import { commitFile } from './commit-file.ts'
import type { LocalFile, PutRun } from './put-run.ts'
import { changing } from './read-small.ts'
import { sendContent } from './send-content.ts'
import type { OpenUpload } from './upload-session.ts'

const TRIES = 4

/** Sends one file in chunks: what the server has already, also from an interrupted run, is not sent again. */
export async function putLargeFile(run: PutRun, file: LocalFile): Promise<void> {
  const { path, remote } = file
  try {
    const { node, size } = await sendUntilStable(run, file)
    run.progress.fileDone()
    const versionId = node.versionId === null ? {} : { versionId: node.versionId }
    const status = file.replaces ? 'updated' : 'uploaded'
    await run.report.add({ status, type: 'file', path, remote, size, nodeId: node.id, ...versionId })
  } catch (error) {
    if (run.signal.aborted) throw error
    await run.report.add({ status: 'failed', type: 'file', path, remote, error })
  }
}

interface Sent {
  readonly node: CommittedNode
  readonly size: number
}

async function sendUntilStable(run: PutRun, file: LocalFile): Promise<Sent> {
  const parentId = await file.parent.id
  for (let tries = 1; ; tries++) {
    await using open = await openRegular(file.path, { follow: file.follow })
    const upload = await run.upload.get()
    try {
      const sent = await sendOnce(run, { file, open, upload, parentId })
      if (sent !== undefined) return sent
      if (tries === TRIES) throw changing(file.path)
    } catch (error) {
      if (tries === TRIES || !startsAgain(error)) throw error
      run.upload.forget(upload)
    }
    run.progress.advance(-open.snapshot.size)
  }
}

interface Attempt {
  readonly file: LocalFile
  readonly open: OpenFile
  readonly upload: OpenUpload
  readonly parentId: string
}

/** `undefined` when the file was changed meanwhile; nothing is visible then. */
async function sendOnce(run: PutRun, { file, open, upload, parentId }: Attempt): Promise<Sent | undefined> {
  const cutter = run.cutters.take(upload.profile, upload.chunkingKey)
  const chunks = await sendContent(run, chunkStream(fileBytes(open.handle), { cutters: run.cutters, cutter }), {
    upload: upload.ref,
    signal: run.signal
  }).finally(() => run.cutters.giveBack(cutter))
  const size = chunks.reduce((sum, { length }) => sum + length, 0)
  if (size !== open.snapshot.size || !sameSnapshot(open.snapshot, await open.look())) return undefined
  const { name } = file
  const node = await commitFile(run, upload.ref, { parentId, name, chunks, mtime: open.snapshot.mtimeMs })
  return { node, size }
}

const RESTARTED = new Set(['upload_expired', 'chunk_missing', 'not_found', 'upload_incomplete'])

// The server has forgotten the upload or lost a chunk of it.
const startsAgain = (error: unknown): boolean =>
  (error instanceof ApiError || error instanceof CliError) && RESTARTED.has(error.code)
