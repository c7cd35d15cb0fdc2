import type { ValidName } from '@cairn/names'
import type { OperationContext } from './context.ts'
import { checkExpectation, liveNode } from './live-node.ts'
import { newNode } from './new-node.ts'
import type { TreeNode } from './node.ts'
import type { NodeRef, PutFileAction } from './operation.ts'
import { applied, type Outcome, type Refused, refused } from './outcome.ts'
import { fitsDepth, nameBeside, TOO_DEEP, targetFolder, validName } from './place.ts'
import { record } from './record.ts'

/** Whether the content may become a version: not abandoned, not in use, and it fits. */
const admit = (context: OperationContext, action: PutFileAction, view?: TreeNode): Refused | undefined => {
  const current = view === undefined ? undefined : ({ node: view, state: view.state } as const)
  const fate = context.set.fate(action.content.versionId)
  if (fate === 'abandoned') return refused('conflict', 'The content was given up before it was committed', current)
  if (fate === 'committed') return refused('conflict', 'The content is already committed', current)
  if (!context.set.quotaAllows(action.content.size)) {
    return refused('quota_exceeded', 'The storage quota is used up', current)
  }
  return undefined
}

const write = (context: OperationContext, action: PutFileAction, file: TreeNode, before?: TreeNode): Outcome => {
  const { versionId, manifestId, size, mtime } = action.content
  const node = record(context, { ...file, versionId, size, mtime, treeSize: size }, before)
  context.set.addVersion({
    id: versionId,
    nodeId: node.id,
    manifestId,
    size,
    mtime,
    userId: context.actor.userId,
    deviceId: context.actor.deviceId,
    createdSeq: node.seq,
    createdAt: context.at
  })
  return applied(node)
}

const newVersion = (context: OperationContext, action: PutFileAction, file: TreeNode): Outcome => {
  if (file.kind !== 'file') return refused('not_a_file', 'It is a folder', { node: file, state: 'live' })
  const stale = checkExpectation(file, action.expect) ?? admit(context, action, file)
  if (stale !== undefined) return stale
  return write(context, action, { ...file, contentRev: file.contentRev + 1 }, file)
}

/** Any expected rev but 0 means that a file must stand there already. */
const expectsNothing = (action: PutFileAction): boolean =>
  (action.expect.contentRev ?? 0) === 0 && (action.expect.metaRev ?? 0) === 0

const putByName = (
  context: OperationContext,
  action: PutFileAction,
  place: { parent: NodeRef; name: string }
): Outcome => {
  const named = validName(place.name)
  if (!named.applied) return named
  const folder = targetFolder(context, place.parent)
  if (!folder.applied) return folder

  const standing = context.set.child(folder.node.id, named.name.fold)
  if (standing !== null && action.onConflict !== 'rename') {
    if (action.onConflict === 'version' && standing.kind === 'file') return newVersion(context, action, standing)
    return refused('name_taken', 'The name is taken', { node: standing, state: 'live' })
  }
  if (standing === null && !expectsNothing(action)) return refused('stale', 'It does not exist any more')
  const refusal = fitsDepth(folder, 0) ? admit(context, action) : refused('too_deep', TOO_DEEP)
  if (refusal !== undefined) return refusal
  const name: ValidName = standing === null ? named.name : nameBeside(context.set, folder.node.id, named.name)
  return write(
    context,
    action,
    newNode(context, { id: action.newNodeId, parentId: folder.node.id, name, kind: 'file' })
  )
}

export const putFile = (context: OperationContext, action: PutFileAction): Outcome => {
  if ('parent' in action.target) return putByName(context, action, action.target)
  const found = liveNode(context, action.target.nodeId)
  return found.applied ? newVersion(context, action, found.node) : found
}
