import type { NewItem } from './engine/protocol.ts'

/** What somebody dropped or chose: files with the folders they came in. */
export interface Collected {
  readonly items: readonly NewItem[]
  /** Relative paths, parents before children. */
  readonly folders: readonly string[]
}

export const fromFiles = (files: Iterable<File>): Collected => {
  const folders = new Set<string>()
  const items = [...files].map((file): NewItem => {
    // Set when a whole folder was chosen.
    const path = file.webkitRelativePath.split('/').slice(0, -1)
    for (let depth = 1; depth <= path.length; depth++) folders.add(path.slice(0, depth).join('/'))
    return { path: path.join('/'), name: file.name, file }
  })
  return { items, folders: [...folders] }
}

/** Must be called while the event is handled: afterwards browsers take the items away. */
export const fromDrop = (data: DataTransfer, onProgress: (found: number) => void): Promise<Collected> => {
  const sources = [...data.items].filter(({ kind }) => kind === 'file').map(sourceOf)
  return walk(sources, onProgress)
}

type Source =
  | {
      readonly kind: 'handle'
      readonly handle: Promise<FileSystemHandle | null>
      readonly entry: FileSystemEntry | null
      readonly file: File | null
    }
  | { readonly kind: 'entry'; readonly entry: FileSystemEntry }
  | { readonly kind: 'file'; readonly file: File | null }

const sourceOf = (item: DataTransferItem): Source => {
  const entry = item.webkitGetAsEntry()
  const file = item.getAsFile()
  // Handles can be kept, so that a closed tab goes on without asking for the files.
  if (item.getAsFileSystemHandle !== undefined)
    return { kind: 'handle', handle: item.getAsFileSystemHandle(), entry, file }
  return entry === null ? { kind: 'file', file } : { kind: 'entry', entry }
}

const walk = async (sources: readonly Source[], onProgress: (found: number) => void): Promise<Collected> => {
  const items: NewItem[] = []
  const folders: string[] = []
  const found = (item: NewItem) => {
    items.push(item)
    if (items.length % 100 === 0) onProgress(items.length)
  }
  const out: Out = { found, folder: (path) => folders.push(path) }
  for (const source of sources) {
    if (source.kind === 'file') {
      if (source.file !== null) found({ path: '', name: source.file.name, file: source.file })
      continue
    }
    if (source.kind === 'entry') {
      await walkEntry(source.entry, '', out)
      continue
    }
    const handle = await source.handle.catch(() => null)
    if (handle !== null) await walkHandle(handle, '', out)
    else if (source.entry !== null) await walkEntry(source.entry, '', out)
    else if (source.file !== null) found({ path: '', name: source.file.name, file: source.file })
  }
  return { items, folders }
}

interface Out {
  readonly found: (item: NewItem) => void
  readonly folder: (path: string) => void
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}/${name}`)

const walkHandle = async (handle: FileSystemHandle, path: string, out: Out): Promise<void> => {
  if (handle.kind === 'file') {
    const file = await (handle as FileSystemFileHandle).getFile()
    out.found({ path, name: handle.name, file, handle: handle as FileSystemFileHandle })
    return
  }
  const here = join(path, handle.name)
  out.folder(here)
  for await (const child of (handle as FileSystemDirectoryHandle).values()) await walkHandle(child, here, out)
}

const walkEntry = async (entry: FileSystemEntry, path: string, out: Out): Promise<void> => {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      ;(entry as FileSystemFileEntry).file(resolve, reject)
    })
    out.found({ path, name: entry.name, file })
    return
  }
  const here = join(path, entry.name)
  out.folder(here)
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    const children = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    // Browsers give a hundred at a time, and none at the end.
    if (children.length === 0) return
    for (const child of children) await walkEntry(child, here, out)
  }
}
