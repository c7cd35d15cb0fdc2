import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger, Random } from '@cairn/runtime'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { orMissing } from './file-errors.ts'
import { guardAnswers, listenAsGuard } from './guard-socket.ts'
import { identifyThisProcess, isRunning, type ProcessIdentity } from './process-identity.ts'

export interface FolderLock {
  release(): Promise<void>
}

interface Claim extends ProcessIdentity {
  readonly id: string
}

/**
 * Makes this process the only one using a data folder; what a killed process has left is cleared away.
 * Everyone writes a claim first and looks for other living claims afterwards, so that of two processes
 * starting at once at least one sees the other: both may give up, never may both go on.
 */
export const lockFolder = async (
  folder: string,
  { random, logger }: { readonly random: Random; readonly logger: Logger }
): Promise<FolderLock> => {
  const claims = join(folder, 'locks')
  await mkdir(claims, { recursive: true, mode: 0o700 })
  const id = random.uuid()
  const guard = await listenAsGuard(claims, `${id}.sock`)
  const claim: Claim = { id, ...(await identifyThisProcess()) }
  await writeFile(join(claims, `${id}.tmp`), JSON.stringify(claim), { mode: 0o600 })
  await rename(join(claims, `${id}.tmp`), join(claims, `${id}.json`))

  const release = async () => {
    await rm(join(claims, `${id}.json`), { force: true })
    await guard?.close()
  }
  try {
    for (const other of await readClaims(claims)) {
      if (other.id === id) continue
      if (await isHeld(claims, other)) {
        throw new EmbeddedPostgresError(
          'in_use',
          `the data folder ${folder} is in use by process ${other.pid} on ${other.host}: ` +
            'stop that one first, or give this one a folder of its own'
        )
      }
      logger.info({ pid: other.pid, host: other.host }, 'clearing the claim of a process that has ended')
      for (const suffix of ['json', 'sock']) await rm(join(claims, `${other.id}.${suffix}`), { force: true })
    }
    return { release }
  } catch (error) {
    await release()
    throw error
  }
}

const isHeld = async (claims: string, other: Claim): Promise<boolean> =>
  (await isRunning(other)) ?? (await guardAnswers(claims, `${other.id}.sock`))

const readClaims = async (claims: string): Promise<readonly Claim[]> => {
  const names = (await readdir(claims)).filter((name) => name.endsWith('.json'))
  const found = await Promise.all(
    names.map(async (name) => {
      const text = await orMissing(readFile(join(claims, name), 'utf8'))
      return text === undefined ? [] : [parseClaim(name.slice(0, -'.json'.length), text)]
    })
  )
  return found.flat()
}

/** A claim torn by a power cut names no process, so nobody holds it. */
const parseClaim = (id: string, text: string): Claim => {
  const fields = new Map<string, unknown>(Object.entries(parseObject(text)))
  const field = (name: string) => String(fields.get(name) ?? '')
  return { id, pid: Number(field('pid')), started: field('started'), table: field('table'), host: field('host') }
}

const parseObject = (text: string): object => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
