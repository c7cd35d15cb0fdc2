import type { Node } from '@cairn/client'
import { CliError, EXIT, usageError } from '../exit-codes.ts'
import type { RemoteDrive } from './lookup.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Ids of items in the trash, given as ids or names. @throws CliError for a name that several items have. */
export async function trashedIds(remote: RemoteDrive, wanted: readonly string[]): Promise<string[]> {
  const names = new Set(wanted.filter((text) => !UUID.test(text)))
  const found = names.size === 0 ? new Map<string, Node[]>() : await findByName(remote, names)
  return wanted.map((text) => {
    if (UUID.test(text)) return text.toLowerCase()
    const nodes = found.get(text) ?? []
    const [only] = nodes
    if (only === undefined) throw new CliError(EXIT.notFound, 'not_found', `${text} is not in the trash`)
    if (nodes.length > 1)
      throw usageError(`Several items in the trash are named ${text}; use an id of "cairn trash list"`)
    return only.id
  })
}

async function findByName({ client, drive, signal }: RemoteDrive, names: ReadonlySet<string>) {
  const found = new Map<string, Node[]>()
  for await (const node of client.trash.list(drive, { signal })) {
    if (names.has(node.name)) found.set(node.name, [...(found.get(node.name) ?? []), node])
  }
  return found
}
