import type { Node } from '@cairn/client'
import { createTaskGroup } from '../concurrency/task-group.ts'
import { CliError, EXIT } from '../exit-codes.ts'
import { MAX_SMALL_BYTES } from './batch-body.ts'
import { createFolderMaker, existingFolder, type FolderMaker, type FolderRef } from './folder-maker.ts'
import { putLargeFile } from './large-file.ts'
import { type LocalEntry, listFolder } from './local-entries.ts'
import type { PutRun } from './put-run.ts'
import { sameContent } from './same-content.ts'
import { createSmallFiles } from './small-files.ts'

/** One thing to put: a local entry and where it goes. */
export interface PutSource {
  readonly entry: LocalEntry
  /** Where it goes, on the server. */
  readonly folder: Node
  readonly folderPath: string
  /** Its name there. A folder without one puts what is in it straight into `folder`. */
  readonly name: string | undefined
}

/** Sends everything. Single failures are reported; rejects when going on makes no sense. */
export async function putTree(run: PutRun, sources: readonly PutSource[]): Promise<void> {
  const group = createTaskGroup(run.jobs, run.signal)
  const walkers = createTaskGroup(run.jobs, group.signal)
  const small = createSmallFiles(run, { group, large: (file) => putLargeFile(run, file) })
  const walk: Walk = { run, group, small, folders: createFolderMaker(run), queue: [] }
  try {
    for (const source of sources) await start(walk, source)
    // Last in, first out: memory stays with the depth of the tree, not its width.
    while (walk.queue.length > 0) {
      for (let next = walk.queue.pop(); next !== undefined; next = walk.queue.pop()) {
        const folder = next
        await walkers.run(() => putFolder(walk, folder))
      }
      await walkers.end()
    }
    await small.flush()
  } catch (error) {
    if (!group.signal.aborted) throw error
  }
  await group.end()
  await walk.folders.end()
}

interface Walk {
  readonly run: PutRun
  readonly group: ReturnType<typeof createTaskGroup>
  readonly small: ReturnType<typeof createSmallFiles>
  readonly folders: FolderMaker
  readonly queue: Folder[]
}

interface Folder {
  readonly path: string
  readonly remote: string
  readonly ref: FolderRef
  /** Set when it was there before: its entries are compared. */
  readonly existing: Node | undefined
}

interface Place {
  readonly parent: FolderRef
  readonly remote: string
  readonly name: string
  readonly follow: boolean
  /** What stands there already. */
  readonly standing: Node | undefined
}

async function start(walk: Walk, source: PutSource): Promise<void> {
  const { entry, folder, folderPath, name } = source
  const { run } = walk
  const parent = existingFolder(folder.id)
  if (entry.type === 'folder' && name === undefined) {
    walk.queue.push({ path: entry.path, remote: folderPath, ref: parent, existing: folder })
    return
  }
  const standing = name === undefined ? undefined : (await entriesOf(run, folder)).get(keyOf(name))
  const target = name ?? entry.name
  await putEntry(walk, entry, { parent, remote: join(folderPath, target), name: target, follow: true, standing })
}

async function putFolder(walk: Walk, folder: Folder): Promise<void> {
  const { run } = walk
  try {
    const [local, remote] = await Promise.all([
      listFolder(folder.path),
      folder.existing === undefined ? new Map<string, Node>() : entriesOf(run, folder.existing)
    ])
    const seen = new Map<string, string>()
    for (const entry of local) {
      const key = keyOf(entry.name)
      const twin = seen.get(key)
      const place = { parent: folder.ref, remote: join(folder.remote, entry.name), name: entry.name, follow: false }
      if (twin !== undefined) await failed(run, entry, place.remote, sameForServer(entry.path, twin))
      else await putEntry(walk, entry, { ...place, standing: remote.get(key) })
      seen.set(key, entry.name)
    }
  } catch (error) {
    if (walk.group.signal.aborted) throw error
    await run.report.add({ status: 'failed', type: 'folder', path: folder.path, remote: folder.remote, error })
  }
}

async function putEntry(walk: Walk, entry: LocalEntry, place: Place): Promise<void> {
  const { run } = walk
  const { path } = entry
  switch (entry.type) {
    case 'other':
      return run.report.add({ status: 'skipped', type: 'other', path, remote: place.remote, reason: entry.reason })
    case 'failed':
      return failed(run, entry, place.remote, entry.error)
    case 'folder':
      return enterFolder(walk, path, place)
    case 'file':
      return putFile(walk, entry, place)
  }
}

async function enterFolder(walk: Walk, path: string, place: Place): Promise<void> {
  const { standing, remote, parent, name } = place
  const { run } = walk
  if (standing !== undefined) {
    if (standing.kind === 'folder')
      walk.queue.push({ path, remote, ref: existingFolder(standing.id), existing: standing })
    else await run.report.add({ status: 'failed', type: 'folder', path, remote, error: inTheWay(remote, 'file') })
    return
  }
  const ref = walk.folders.make({ parent, name, path, remote })
  walk.queue.push({ path, remote, ref, existing: undefined })
}

type FileEntry = Extract<LocalEntry, { type: 'file' }>

async function putFile(walk: Walk, entry: FileEntry, place: Place): Promise<void> {
  const { run, group, small } = walk
  const { standing, remote, parent, name, follow } = place
  const { path, snapshot } = entry
  if (standing?.kind === 'folder') return failed(run, entry, remote, inTheWay(remote, 'folder'))
  run.progress.expect(snapshot.size, 1)
  if (standing !== undefined && (await sameContent(run, entry, standing))) {
    run.progress.advance(snapshot.size)
    run.progress.fileDone()
    return run.report.add({ status: 'unchanged', type: 'file', path, remote, size: snapshot.size, nodeId: standing.id })
  }
  const { size, mtimeMs } = snapshot
  const file = { path, remote, name, size, mtimeMs, follow, parent, replaces: standing !== undefined }
  if (size <= MAX_SMALL_BYTES) await small.add(file)
  else await group.run(() => putLargeFile(run, file))
}

async function entriesOf(run: PutRun, folder: Node): Promise<Map<string, Node>> {
  const entries = new Map<string, Node>()
  for await (const node of run.client.nodes.children(run.drive, folder.id, { signal: run.signal })) {
    entries.set(keyOf(node.name), node)
  }
  return entries
}

// The server lets names differ by more than case and composition. A miss here costs a comparison, not data.
const keyOf = (name: string): string => name.normalize('NFC').toLowerCase()

const join = (folder: string, name: string) => (folder === '/' ? `/${name}` : `${folder}/${name}`)

const failed = (run: PutRun, { path, type }: LocalEntry, remote: string, error: unknown) =>
  run.report.add({ status: 'failed', type: type === 'folder' ? 'folder' : 'file', path, remote, error })

const inTheWay = (remote: string, kind: string) =>
  new CliError(EXIT.conflict, 'name_taken', `on the server ${remote} is a ${kind}`)

const sameForServer = (path: string, twin: string) =>
  new CliError(EXIT.conflict, 'name_taken', `for the server ${path} has the same name as "${twin}" beside it`)
