import { constants } from 'node:fs'
import { dirname, join } from 'node:path'
import { ambientClock, ambientRandom, type BlobClock, type BlobRandom } from '../ambient.ts'
import { BlobError, type BlobInfo, type BlobStore, type BlobWriter, type ReadOptions } from '../blob-store.ts'
import { assertValidKey, assertValidPrefix } from '../key.ts'
import { assertValidRange, readTarget } from '../range.ts'
import { createThrottledCheck, type ThrottledCheck } from '../throttled-check.ts'
import { isAbsent, notFound, systemCode, toBlobError } from './errors.ts'
import { type FileSystem, nodeFileSystem } from './file-system.ts'
import { openFilesystemWriter } from './filesystem-writer.ts'
import { FolderSync } from './folder-sync.ts'
import { Folders } from './folders.ts'
import { HandleCache } from './handle-cache.ts'
import { listObjects } from './listing.ts'
import { prepareRoot } from './prepare-root.ts'
import { probeDisk } from './probe.ts'
import { currentProcess } from './process-identity.ts'
import { newTempPath, type ProcessIdentity, sweepTempArea, TEMP_FOLDER, type TempArea } from './temp-area.ts'

export interface FilesystemBlobStoreOptions {
  /** Folder of the store; created when missing. Must support hard links. */
  readonly root: string
  readonly fs?: FileSystem
  readonly clock?: BlobClock
  readonly random?: BlobRandom
  readonly process?: ProcessIdentity
  /** Files kept open for reading; default 256. */
  readonly openHandles?: number
  /** Leftovers and failed clean-ups that no caller waits for; default: ignored. */
  readonly onProblem?: (message: string, cause: unknown) => void
}

const OPEN_HANDLES = 256
const HANDLE_MAX_AGE_MS = 60_000
const CHECK_KEEP_MS = 5000
const OPEN_FOR_READING = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)

/** Opens the store, sweeps dead processes' temp files and tries the disk. Throws BlobError. */
export const createFilesystemBlobStore = async (options: FilesystemBlobStoreOptions): Promise<BlobStore> => {
  const { fs = nodeFileSystem, clock = ambientClock, random = ambientRandom, onProblem = () => undefined } = options
  const sync = new FolderSync(fs, process.platform !== 'win32')
  try {
    const root = await prepareRoot(options.root, fs, sync)
    const folders = new Folders(root, fs, sync)
    const identity = options.process ?? currentProcess()
    const temp: TempArea = { fs, clock, random, folder: join(root, TEMP_FOLDER), process: identity }
    await sweepTempArea(temp)
    await probeDisk(temp)
    const capacity = options.openHandles ?? OPEN_HANDLES
    return new FilesystemBlobStore({ root, fs, clock, sync, folders, temp, onProblem, capacity })
  } catch (error) {
    throw toBlobError(error, `opening the blob store at ${options.root}`)
  }
}

interface StoreParts {
  readonly root: string
  readonly fs: FileSystem
  readonly clock: BlobClock
  readonly sync: FolderSync
  readonly folders: Folders
  readonly temp: TempArea
  readonly capacity: number
  readonly onProblem: (message: string, cause: unknown) => void
}

class FilesystemBlobStore implements BlobStore {
  readonly #parts: StoreParts
  readonly #handles: HandleCache
  readonly #check: ThrottledCheck
  #closed = false

  constructor(parts: StoreParts) {
    this.#parts = parts
    this.#handles = new HandleCache({
      open: (key) => this.#openObject(key),
      close: (descriptor) => parts.fs.close(descriptor),
      clock: parts.clock,
      capacity: parts.capacity,
      maxAgeMs: HANDLE_MAX_AGE_MS,
      onProblem: parts.onProblem
    })
    this.#check = createThrottledCheck(() => probeDisk(parts.temp), { clock: parts.clock, keepMs: CHECK_KEEP_MS })
  }

  async create(key: string, signal?: AbortSignal): Promise<BlobWriter> {
    const path = this.#path(key)
    return await openFilesystemWriter(this.#parts, { key, path, tempPath: newTempPath(this.#parts.temp), signal })
  }

  async read(key: string, offset: number, length: number, options: ReadOptions = {}): Promise<Uint8Array> {
    this.#path(key)
    assertValidRange(offset, length)
    options.signal?.throwIfAborted()
    const target = readTarget(length, options.into)
    try {
      return await this.#handles.use(key, async (descriptor) => {
        await this.#fill(target, { key, descriptor, offset })
        return target
      })
    } catch (error) {
      throw systemCode(error) === 'EISDIR' ? notFound(key, error) : toBlobError(error, `reading ${key}`)
    }
  }

  async size(key: string, signal?: AbortSignal): Promise<number | undefined> {
    const path = this.#path(key)
    signal?.throwIfAborted()
    try {
      if (!(await this.#parts.folders.exists(dirname(path)))) return undefined
      const status = await this.#parts.fs.lstat(path)
      if (status.kind === 'other') throw new BlobError('unavailable', `${key} is not a plain file`)
      return status.kind === 'file' ? status.size : undefined
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw toBlobError(error, `looking at ${key}`)
    }
  }

  async delete(key: string, signal?: AbortSignal): Promise<void> {
    const path = this.#path(key)
    signal?.throwIfAborted()
    try {
      if (!(await this.#parts.folders.exists(dirname(path)))) return
      await this.#unlink(path)
      this.#handles.retire(key)
      // Also when it was gone already: whoever removed it may not have synced yet.
      await this.#parts.sync.sync(dirname(path))
    } catch (error) {
      if (isAbsent(error)) return
      throw toBlobError(error, `deleting ${key}`)
    }
  }

  async *list(prefix: string, signal?: AbortSignal): AsyncGenerator<BlobInfo> {
    this.#assertOpen()
    assertValidPrefix(prefix)
    signal?.throwIfAborted()
    const { fs, root, folders } = this.#parts
    const start = prefix.slice(0, prefix.lastIndexOf('/') + 1)
    if (start !== '' && !(await folders.exists(join(root, start.slice(0, -1))))) return
    yield* listObjects({ fs, root, start, prefix, signal })
  }

  async check(signal?: AbortSignal): Promise<void> {
    this.#assertOpen()
    try {
      await this.#check(signal)
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : toBlobError(error, 'probing the disk')
    }
  }

  async freeBytes(): Promise<number> {
    this.#assertOpen()
    try {
      return await this.#parts.fs.freeBytes(this.#parts.root)
    } catch (error) {
      throw toBlobError(error, 'asking for free space')
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await this.#handles.close()
  }

  #path(key: string): string {
    this.#assertOpen()
    assertValidKey(key)
    return join(this.#parts.root, key)
  }

  #assertOpen(): void {
    if (this.#closed) throw new BlobError('unavailable', 'the blob store is closed')
  }

  async #openObject(key: string): Promise<number> {
    const path = this.#path(key)
    if (!(await this.#parts.folders.exists(dirname(path)))) throw notFound(key)
    try {
      return await this.#parts.fs.open(path, OPEN_FOR_READING)
    } catch (error) {
      throw isAbsent(error) ? notFound(key, error) : error
    }
  }

  async #fill(target: Uint8Array, from: { key: string; descriptor: number; offset: number }): Promise<void> {
    let filled = 0
    while (filled < target.byteLength) {
      const rest = filled === 0 ? target : target.subarray(filled)
      const bytes = await this.#parts.fs.read(from.descriptor, rest, from.offset + filled)
      if (bytes === 0) {
        const asked = `${target.byteLength} bytes at ${from.offset}`
        throw new BlobError('truncated', `${from.key} ends at ${from.offset + filled}, asked for ${asked}`)
      }
      filled += bytes
    }
  }

  async #unlink(path: string): Promise<void> {
    try {
      await this.#parts.fs.unlink(path)
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return
      // Some systems say EPERM for a folder; there is no object of that name then.
      if ((await this.#parts.fs.lstat(path)).kind !== 'folder') throw error
    }
  }
}
