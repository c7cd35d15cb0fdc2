import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { orMissing } from './file-errors.ts'

/** The user PostgreSQL runs as when that is not the user of this process. */
export interface ServerAccount {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

const CANDIDATES = ['postgres', 'nobody']

/**
 * PostgreSQL refuses to run as root: then it runs as the owner of the existing cluster, or else as
 * `postgres` or `nobody`. Undefined when this process is not root, or on Windows.
 */
export const chooseAccount = async (cluster: string): Promise<ServerAccount | undefined> => {
  if (process.getuid?.() !== 0) return undefined
  const accounts = parsePasswd((await orMissing(readFile('/etc/passwd', 'utf8'))) ?? '')
  const owner = await orMissing(stat(cluster))
  if (owner !== undefined && owner.uid !== 0) {
    const known = accounts.find(({ uid }) => uid === owner.uid)
    return { name: known?.name ?? `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid }
  }
  const account = CANDIDATES.flatMap((name) => accounts.find((candidate) => candidate.name === name) ?? [])[0]
  if (account === undefined) {
    throw new EmbeddedPostgresError(
      'not_accessible',
      'PostgreSQL does not run as root and there is no user "postgres" or "nobody" to run it as: ' +
        'start this program as an ordinary user or create one of these'
    )
  }
  return account
}

export const parsePasswd = (text: string): readonly ServerAccount[] =>
  text.split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':')
    if (!/^-?\d+$/.test(uid) || !/^-?\d+$/.test(gid)) return []
    // macOS writes nobody as -2.
    return [{ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }]
  })

/** The first folder on the way to `path`, itself included, that the account cannot pass. */
export const blockingFolder = async (path: string, account: ServerAccount): Promise<string | undefined> => {
  const ancestors: string[] = []
  for (let at = path; ; at = dirname(at)) {
    ancestors.unshift(at)
    if (dirname(at) === at) break
  }
  for (const folder of ancestors) {
    const { mode, uid, gid } = await stat(folder)
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0
    if (((mode >> shift) & 1) === 0) return folder
  }
  return undefined
}
