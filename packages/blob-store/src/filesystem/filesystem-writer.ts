import { constants } from 'node:fs'
import { dirname } from 'node:path'
import { BlobError, type BlobWriter } from '../blob-store.ts'
import { createSerialWriter } from '../serial-writer.ts'
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
export const openFilesystemWriter = async (context: WriterContext, target: WriterTarget): Promise<BlobWriter> => {
  target.signal?.throwIfAborted()
  try {
    const temp = new TempFile(context, target.tempPath, await context.fs.open(target.tempPath, CREATE, FILE_MODE))
    const steps = {
      write: (parts: readonly Uint8Array[]) => temp.append(parts),
      commit: () => commitTempFile(context, target, temp),
      discard: () => temp.discard(),
      toBlobError
    }
    return createSerialWriter(steps, target.signal)
  } catch (error) {
    throw toBlobError(error, 'creating a temp file')
  }
}

class TempFile {
  readonly #context: WriterContext
  readonly #path: string
  #descriptor: number | undefined
  #position = 0

  constructor(context: WriterContext, path: string, descriptor: number) {
    this.#context = context
    this.#path = path
    this.#descriptor = descriptor
  }

  async append(parts: readonly Uint8Array[]): Promise<void> {
    const destination = { fs: this.#context.fs, descriptor: this.#openDescriptor() }
    this.#position = await writeFully(destination, parts, this.#position)
  }

  /** After a failed sync the file is good for nothing: the kernel may have dropped its pages. */
  async finish(): Promise<void> {
    await this.#context.fs.fdatasync(this.#openDescriptor())
    await this.#close()
  }

  async discard(): Promise<void> {
    const { onProblem } = this.#context
    await this.#close().catch((error: unknown) => onProblem('a temp file could not be closed', error))
    await this.unlink()
  }

  async unlink(): Promise<void> {
    try {
      await this.#context.fs.unlink(this.#path)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') this.#context.onProblem('a temp file could not be removed', error)
    }
  }

  async #close(): Promise<void> {
    const descriptor = this.#descriptor
    this.#descriptor = undefined
    if (descriptor !== undefined) await this.#context.fs.close(descriptor)
  }

  #openDescriptor(): number {
    if (this.#descriptor === undefined) throw new BlobError('unavailable', 'the temp file is closed')
    return this.#descriptor
  }
}

/** The name appears only after its bytes are on disk; see the table in docs/blob-store.md. */
const commitTempFile = async (context: WriterContext, target: WriterTarget, temp: TempFile): Promise<void> => {
  await bothDone(temp.finish(), context.folders.ensure(dirname(target.path)))
  target.signal?.throwIfAborted()
  await link(context, target)
  await bothDone(temp.unlink(), makeNameDurable(context, target))
}

const link = async (context: WriterContext, target: WriterTarget): Promise<void> => {
  try {
    await linkNew(context, target)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    // The folder was removed after it had become known.
    context.folders.forget(dirname(target.path))
    await context.folders.ensure(dirname(target.path))
    await linkNew(context, target)
  }
}

const linkNew = async ({ fs }: WriterContext, { key, path, tempPath }: WriterTarget): Promise<void> => {
  try {
    await fs.link(tempPath, path)
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? new BlobError('exists', `there is an object ${key} already`) : error
  }
}

const makeNameDurable = async ({ fs, sync, onProblem }: WriterContext, { path }: WriterTarget): Promise<void> => {
  try {
    await sync.sync(dirname(path))
  } catch (error) {
    // Not acknowledged, so it must not stay visible: the caller writes it again under a new key.
    await fs.unlink(path).catch((cause: unknown) => {
      onProblem('a blob that was not acknowledged could not be removed', cause)
    })
    throw error
  }
}

/** Unlike Promise.all it leaves nothing running on the descriptor when one side fails. */
const bothDone = async (...work: readonly [Promise<void>, Promise<void>]): Promise<void> => {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason
  }
}
