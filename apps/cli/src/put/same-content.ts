import type { Node } from '@cairn/client'
import { openRegular } from '../files/open-regular.ts'
import type { LocalEntry } from './local-entries.ts'
import type { PutRun } from './put-run.ts'

type FileEntry = Extract<LocalEntry, { type: 'file' }>

/**
 * Whether the server's file need not be sent again: same size and modification time, or, with
 * --checksum, same size and same bytes.
 */
export async function sameContent(run: PutRun, { path, snapshot }: FileEntry, node: Node): Promise<boolean> {
  if (node.size !== snapshot.size) return false
  if (Date.parse(node.mtime) === snapshot.mtimeMs) return true
  return run.checksum && (await compareBytes(run, path, node))
}

async function compareBytes(run: PutRun, path: string, node: Node): Promise<boolean> {
  await using local = await openRegular(path, { follow: true })
  const remote = await run.client.content.read(run.drive, node.id, { signal: run.signal })
  let position = 0
  for await (const theirs of remote.bytes) {
    const ours = Buffer.alloc(theirs.length)
    const { bytesRead } = await local.handle.read(ours, 0, theirs.length, position)
    // Leaving the loop ends the transfer.
    if (bytesRead !== theirs.length || ours.compare(theirs) !== 0) return false
    position += bytesRead
  }
  return position === node.size
}
