import { constants } from 'node:fs'
import { open, readFile, rm } from 'node:fs/promises'
import { isSystemError } from '../system-error.ts'

/** Which parts of a partial file are complete and on disk. */
export interface PartsJournal extends AsyncDisposable {
  readonly done: ReadonlySet<number>
  /** To be called after the part's bytes are durable. */
  add(part: number): Promise<void>
}

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0)

export async function openPartsJournal(path: string): Promise<PartsJournal> {
  const file = await open(path, FLAGS, 0o600)
  try {
    const done = parse(await readFile(path, 'utf8'))
    return {
      done,
      add: async (part) => {
        await file.write(`${part}.\n`)
      },
      [Symbol.asyncDispose]: () => file.close()
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

export async function removePartsJournal(path: string): Promise<void> {
  try {
    await rm(path)
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error
  }
}

// A line that a kill cut short has no dot: its part is fetched again.
const parse = (text: string): Set<number> => {
  const lines = text.split('\n').filter((line) => /^\d+\.$/.test(line))
  return new Set(lines.map((line) => Number.parseInt(line, 10)))
}
