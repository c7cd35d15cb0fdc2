import { constants } from 'node:fs'
import { dirname } from 'node:path'
import { BlobError, type BlobWriter } from '../blob-store.ts'
import { systemCode, toBlobError } from './errors.ts'
import type { FileSystem } from './file-system.ts'
import type { FolderSync } from './folder-sync.ts'
import type { Folders } from './folders.ts'
import { writeFully } from './write-fully.ts'

export interface WriterContext {
  readonly fs: FileSystem
  readonly folders: Folders
  readonly sync: FolderSync
  /** Leftovers that no longer matter to the caller; the next start sweeps them. */
  readonly onProblem: (message: string, cause: unknown) => void
}

export interface WriterTarget {
  readonly key: string
  readonly path: string
  readonly tempPath: string
  readonly signal: AbortSignal | undefined
}

const FILE_MODE = 0o600
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)

/** Opens the temp file. */
export const openFilesystemWriter = async (context: WriterContext, target: WriterTarget): Promise<FilesystemWriter> => {
  target.signal?.throwIfAborted()
  try {
    const descriptor = await context.fs.open(target.tempPath, CREATE, FILE_MODE)
    return new FilesystemWriter(context, target, descriptor)
  } catch (error) {
    throw toBlobError(error, 'creating a temp file')
  }
}

export class FilesystemWriter implements BlobWriter {
  readonly #context: WriterContext
  readonly #target: WriterTarget
  #descriptor: number | undefined
  #position = 0
  #state: 'open' | 'committed' | 'discarded' = 'open'
  /** One call at a time: a descriptor closed under a running write could hit another file. */
  #tail: Promise<unknown> = Promise.resolve()

  constructor(context: WriterContext, target: WriterTarget, descriptor: number) {
    this.#context = context
    this.#target = target
    this.#descriptor = descriptor
  }

  write(parts: readonly Uint8Array[]): Promise<void> {
    return this.#inTurn(() =>
      this.#orDiscard('writing a blob', async () => {
        const destination = { fs: this.#context.fs, descriptor: this.#openDescriptor() }
        this.#position = await writeFully(destination, parts, this.#position)
      })
    )
  }

  commit(): Promise<void> {
    return this.#inTurn(() =>
      this.#orDiscard('committing a blob', async () => {
        await bothDone(this.#finishFile(), this.#context.folders.ensure(dirname(this.#target.path)))
        this.#target.signal?.throwIfAborted()
        await this.#publish()
        this.#state = 'committed'
      })
    )
  }

  abort(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state === 'open') await this.#discard()
    })
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#tail.then(work)
    this.#tail = turn.catch(() => undefined)
    return turn
  }

  async #orDiscard(doing: string, work: () => Promise<void>): Promise<void> {
    if (this.#state !== 'open') throw new BlobError('unavailable', `${doing}: the writer is ${this.#state}`)
    try {
      this.#target.signal?.throwIfAborted()
      await work()
    } catch (error) {
      await this.#discard()
      throw this.#target.signal?.aborted === true ? this.#target.signal.reason : toBlobError(error, doing)
    }
  }

  #openDescriptor(): number {
    if (this.#descriptor === undefined) throw new BlobError('unavailable', 'the temp file is closed')
    return this.#descriptor
  }

  async #finishFile(): Promise<void> {
    await this.#context.fs.fdatasync(this.#openDescriptor())
    await this.#close()
  }

  async #publish(): Promise<void> {
    const { fs, sync } = this.#context
    const { path, tempPath } = this.#target
    await this.#link()
    const temp = fs.unlink(tempPath).catch((error: unknown) => {
      this.#context.onProblem('a temp file could not be removed', error)
    })
    try {
      await sync.sync(dirname(path))
    } catch (error) {
      // Not acknowledged, so it must not stay visible: the caller writes it again under a new key.
      await fs.unlink(path).catch((cause: unknown) => {
        this.#context.onProblem('a blob that was not acknowledged could not be removed', cause)
      })
      throw error
    } finally {
      await temp
    }
  }

  async #link(): Promise<void> {
    const { fs, folders } = this.#context
    const { key, path, tempPath } = this.#target
    try {
      await fs.link(tempPath, path)
      return
    } catch (error) {
      if (systemCode(error) === 'EEXIST') throw new BlobError('exists', `there is an object ${key} already`)
      if (systemCode(error) !== 'ENOENT') throw error
    }
    // The folder was removed after it had become known.
    folders.forget(dirname(path))
    await folders.ensure(dirname(path))
    await fs.link(tempPath, path)
  }

  async #close(): Promise<void> {
    const descriptor = this.#descriptor
    this.#descriptor = undefined
    if (descriptor !== undefined) await this.#context.fs.close(descriptor)
  }

  async #discard(): Promise<void> {
    this.#state = 'discarded'
    const { fs, onProblem } = this.#context
    await this.#close().catch((error: unknown) => onProblem('a temp file could not be closed', error))
    await fs.unlink(this.#target.tempPath).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') onProblem('a temp file could not be removed', error)
    })
  }
}

/** Unlike Promise.all it leaves nothing running on the descriptor when one side fails. */
const bothDone = async (...work: readonly [Promise<void>, Promise<void>]): Promise<void> => {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason
  }
}
