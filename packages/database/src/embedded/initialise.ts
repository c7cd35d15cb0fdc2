import { chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Logger, Random } from '@cairn/runtime'
import type { ServerAccount } from './account.ts'
import { majorVersion, type PostgresBinaries, programPath } from './binaries.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { orMissing } from './file-errors.ts'
import { runProgram } from './run-program.ts'

export const SUPERUSER = 'cairn'
const PASSWORD_FILE = 'cairn-password'
const UNFINISHED = '.initialising-'

export interface InitialiseOptions {
  readonly binaries: PostgresBinaries
  readonly cluster: string
  readonly account: ServerAccount | undefined
  readonly durable: boolean
  readonly random: Random
  readonly logger: Logger
}

/**
 * Creates the cluster unless it is there, and returns its superuser's password. It is made under another
 * name and renamed when complete: a kill half-way leaves nothing that could be taken for a cluster.
 */
export const initialiseCluster = async (options: InitialiseOptions): Promise<string> => {
  const { binaries, cluster, account, random, logger } = options
  await removeUnfinished(cluster)
  if ((await orMissing(stat(cluster))) === undefined) {
    const unfinished = `${cluster}${UNFINISHED}${random.uuid()}`
    logger.info({ version: binaries.version }, 'creating the database, once')
    await createCluster(unfinished, options)
    await rename(unfinished, cluster)
    await syncFolder(dirname(cluster))
  }
  await assertVersion(cluster, binaries)
  await assertOwner(cluster, account)
  return (await readFile(join(cluster, PASSWORD_FILE), 'utf8')).trim()
}

const createCluster = async (
  folder: string,
  { binaries, account, durable, random }: InitialiseOptions
): Promise<void> => {
  const password = Buffer.from(random.bytes(24)).toString('base64url')
  await mkdir(folder, { mode: 0o700 })
  const passwordFile = `${folder}.password`
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' })
  if (account !== undefined) {
    await chown(folder, account.uid, account.gid)
    await chown(passwordFile, account.uid, account.gid)
  }
  try {
    await runProgram({
      program: programPath(binaries, 'initdb'),
      args: [
        `--pgdata=${folder}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        // Order by code point like C, but upper and lower case of every script.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--text-search-config=simple',
        ...(durable ? [] : ['--no-sync'])
      ],
      account,
      cwd: dirname(folder)
    })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw new EmbeddedPostgresError('start_failed', `the database could not be created: ${messageOf(error)}`, {
      cause: error
    })
  } finally {
    await rm(passwordFile, { force: true })
  }
  // Inside the cluster, so that the two are only ever moved, copied and deleted together.
  await writeFile(join(folder, PASSWORD_FILE), `${password}\n`, { mode: 0o600, flush: true })
  await syncFolder(folder)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const removeUnfinished = async (cluster: string): Promise<void> => {
  const home = dirname(cluster)
  for (const name of await readdir(home)) {
    if (name.includes(UNFINISHED)) await rm(join(home, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

const assertVersion = async (cluster: string, binaries: PostgresBinaries): Promise<void> => {
  const version = (await orMissing(readFile(join(cluster, 'PG_VERSION'), 'utf8')))?.trim()
  if (version === majorVersion(binaries)) return
  throw new EmbeddedPostgresError(
    'wrong_version',
    version === undefined
      ? `${cluster} is not a PostgreSQL database: move it away or restore it from a backup`
      : `${cluster} was made by PostgreSQL ${version}, this program brings ${binaries.version}: ` +
          'export it with the program that made it and import it here'
  )
}

const assertOwner = async (cluster: string, account: ServerAccount | undefined): Promise<void> => {
  const expected = account?.uid ?? process.getuid?.()
  const { uid } = await stat(cluster)
  if (expected === undefined || uid === expected) return
  throw new EmbeddedPostgresError(
    'not_accessible',
    `${cluster} belongs to user id ${uid}, but PostgreSQL would run as ${account?.name ?? `user id ${expected}`}: ` +
      'start this program as the user who created it, or change the owner of the folder and all in it'
  )
}

const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return
  await using handle = await open(folder)
  await handle.sync()
}
