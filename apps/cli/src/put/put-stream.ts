import { chunkStream } from './chunk-stream.ts'
import { commitFile } from './commit-file.ts'
import type { PutRun } from './put-run.ts'
import { sendContent } from './send-content.ts'

export interface StreamTarget {
  readonly parentId: string
  readonly name: string
  readonly remote: string
  readonly replaces: boolean
}

/** Sends what comes from a pipe; it becomes visible when the pipe ends. Cannot be resumed. */
export async function putStream(run: PutRun, bytes: AsyncIterable<Uint8Array>, target: StreamTarget): Promise<void> {
  const { parentId, name, remote, replaces } = target
  const upload = await run.upload.get()
  const cutter = run.cutters.take(upload.profile, upload.chunkingKey)
  const chunks = await sendContent(run, chunkStream(bytes, { cutters: run.cutters, cutter }), {
    upload: upload.ref,
    signal: run.signal
  }).finally(() => run.cutters.giveBack(cutter))
  const node = await commitFile(run, upload.ref, { parentId, name, chunks, mtime: Date.now() })
  const versionId = node.versionId === null ? {} : { versionId: node.versionId }
  const size = chunks.reduce((sum, { length }) => sum + length, 0)
  const status = replaces ? 'updated' : 'uploaded'
  await run.report.add({ status, type: 'file', path: '-', remote, size, nodeId: node.id, ...versionId })
}
