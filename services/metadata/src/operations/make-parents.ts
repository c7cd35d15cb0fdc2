import { CairnError } from '@cairn/contracts'
import type { ValidName } from '@cairn/names'
import type { MetadataContext } from '../context.ts'
import { MAX_DEPTH } from '../domain/node.ts'
import type { Actor } from '../domain/operation.ts'
import { notFound, refusal } from '../errors.ts'
import { walk } from '../places.ts'
import type { DriveKey } from '../store/database.ts'
import type { ApiOperation } from './api-operation.ts'
import { submit } from './submit.ts'

/** The folder at a path; what is missing of it is made, all or nothing. */
export const makeParents = async (
  context: MetadataContext,
  key: DriveKey,
  request: { readonly actor: Actor; readonly names: readonly ValidName[]; readonly make: boolean }
): Promise<string> => {
  const { node, missing } = await walk(context.database.query, key, request.names)
  if (node.kind !== 'folder') throw new CairnError('not_a_folder', 'A part of the path is a file')
  if (missing.length === 0) return node.id
  if (!request.make) throw notFound()
  if (request.names.length > MAX_DEPTH) throw new CairnError('too_deep', `Folders are nested at most ${MAX_DEPTH} deep`)
  let parent = node.id
  const operations = missing.map(({ text }): ApiOperation => {
    const opId = context.random.uuid()
    const operation: ApiOperation = { opId, kind: 'make-folder', parent, name: text, exclusive: false }
    parent = `op:${opId}`
    return operation
  })
  const { outcomes } = await submit(context, key, { actor: request.actor, operations, atomic: true })
  const failed = outcomes.find((outcome) => !outcome.applied)
  if (failed?.applied === false) throw refusal(failed)
  const last = outcomes.at(-1)
  if (last?.applied !== true) throw notFound()
  return last.view.node.id
}
