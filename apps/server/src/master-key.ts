import { createHash, hkdfSync } from 'node:crypto'
import { chmod, link, open, readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Random } from '@cairn/runtime'
import type { MasterKey } from '@cairn/service'

const LENGTH = 32

/**
 * The key everything at rest hangs on: given, or made once and kept in `data/master.key` (mode 0600). The file is linked
 * into place only when it is complete and synced, so no crash leaves half a key and no second start replaces it.
 */
export const loadMasterKey = async (folder: string, given: string | undefined, random: Random): Promise<MasterKey> => {
  const known = await readMasterKey(folder, given)
  if (known) return known
  const path = keyPath(folder)
  await createKeyFile(path, random)
  const created = await readKeyFile(path)
  if (!created) throw new Error(`${path} vanished while it was created`)
  return masterKey(created)
}

/** As loadMasterKey, but makes none: undefined when there is none. */
export const readMasterKey = async (folder: string, given: string | undefined): Promise<MasterKey | undefined> => {
  if (given !== undefined) return masterKey(parseKey(given, 'CAIRN_MASTER_KEY'))
  const found = await readKeyFile(keyPath(folder))
  return found && masterKey(found)
}

const keyPath = (folder: string): string => join(folder, 'master.key')

const masterKey = (secret: Uint8Array): MasterKey => ({
  id: createHash('sha256').update('cairn.master-key-id').update(secret).digest('hex').slice(0, 16),
  derive: (purpose) => new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), `cairn.master.${purpose}`, 32))
})

const parseKey = (text: string, where: string): Uint8Array => {
  const bytes = Buffer.from(text.trim(), 'base64')
  if (bytes.length !== LENGTH || bytes.toString('base64').replace(/=+$/, '') !== text.trim().replace(/=+$/, '')) {
    throw new Error(`${where} must be ${LENGTH} bytes in base64 (openssl rand -base64 ${LENGTH})`)
  }
  return bytes
}

const readKeyFile = async (path: string): Promise<Uint8Array | undefined> => {
  try {
    const text = await readFile(path, 'utf8')
    await chmod(path, 0o600)
    return parseKey(text, path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

const createKeyFile = async (path: string, random: Random): Promise<void> => {
  const temporary = `${path}.${random.uuid()}`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(`${Buffer.from(random.bytes(LENGTH)).toString('base64')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(temporary, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await unlink(temporary)
  }
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
