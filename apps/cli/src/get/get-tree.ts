import { join } from 'node:path'
import type { Node } from '@cairn/client'
import { createTaskGroup, type TaskGroup } from '../concurrency/task-group.ts'
import { CliError, EXIT } from '../exit-codes.ts'
import { download } from './download.ts'
import type { GetRun } from './get-run.ts'
import { localKey, localName } from './local-name.ts'
import { openTarget, type TargetFolder } from './target-folder.ts'

/** One thing to get. */
export interface GetSource {
  readonly node: Node
  readonly remote: string
  /** Existing or new local folder it goes into. */
  readonly into: string
  /** Its name there; a folder without one puts what is in it straight into `into`. */
  readonly name: string | undefined
}

const FILES_PER_JOB = 4

/** Fetches everything. Single failures are reported; rejects when going on makes no sense. */
export async function getTree(run: GetRun, sources: readonly GetSource[]): Promise<void> {
  // More files than transfers: while some wait for the disk others use the line.
  const group = createTaskGroup(run.jobs * FILES_PER_JOB, run.remote.signal)
  try {
    for (const source of sources) await getSource(run, group, source)
  } catch (error) {
    if (!group.signal.aborted) throw error
  }
  await group.end()
}

async function getSource(run: GetRun, group: TaskGroup, { node, remote, into, name }: GetSource): Promise<void> {
  await using target = await openTarget(into)
  if (node.kind === 'file') {
    await download(run, { node, remote, folder: target, name: name ?? localName(node.name, run.os) })
  } else if (name === undefined) {
    await getFolder(run, group, { node, remote, folder: target })
  } else {
    await enterFolder(run, group, { node, remote, folder: target, name })
  }
}

interface Folder {
  readonly node: Node
  readonly remote: string
  readonly folder: TargetFolder
}

// A folder stays open until the last of its files is in place.
async function getFolder(run: GetRun, group: TaskGroup, { node, remote, folder }: Folder): Promise<void> {
  const { client, drive, signal } = run.remote
  const seen = new Set<string>()
  const files: Promise<void>[] = []
  try {
    for await (const child of client.nodes.children(drive, node.id, { signal })) {
      const name = localName(child.name, run.os)
      const path = `${remote === '/' ? '' : remote}/${child.name}`
      const key = localKey(name, run.os)
      if (seen.has(key)) await clash(run, child, { remote: path, path: join(folder.shown, name) })
      else if (child.kind === 'folder') await enterFolder(run, group, { node: child, remote: path, folder, name })
      else files.push(...(await started(group, () => download(run, { node: child, remote: path, folder, name }))))
      seen.add(key)
    }
  } catch (error) {
    if (group.signal.aborted) throw error
    await run.report.add({ status: 'failed', type: 'folder', remote, path: folder.shown, error })
  } finally {
    await Promise.allSettled(files)
  }
}

async function enterFolder(run: GetRun, group: TaskGroup, entry: Folder & { name: string }): Promise<void> {
  const { node, remote, folder, name } = entry
  try {
    await using inner = await folder.enter(name)
    await getFolder(run, group, { node, remote, folder: inner })
  } catch (error) {
    if (group.signal.aborted) throw error
    await run.report.add({ status: 'failed', type: 'folder', remote, path: join(folder.shown, name), error })
  }
}

// Waits for a free place; the running task comes in a list, or it would be awaited as well.
async function started(group: TaskGroup, task: () => Promise<void>): Promise<Promise<void>[]> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await group.run(() => task().finally(resolve))
  return [promise]
}

const clash = (run: GetRun, { kind }: Node, { remote, path }: { remote: string; path: string }) => {
  const error = new CliError(EXIT.conflict, 'name_taken', `here its name would be that of another entry: ${path}`)
  return run.report.add({ status: 'failed', type: kind, remote, path, error })
}
