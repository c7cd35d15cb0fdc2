import type { MakeRemote, MoveRemote, RemoteRef, RestoreRemote, TrashRemote } from '../plan/actions.ts'
import type { RemoteNode } from '../trees/remote-tree.ts'
import type { SyncedNode } from '../trees/synced-node.ts'
import type { Execution, RemoteOperation } from './ports.ts'
import type { Round } from './report.ts'
import { movedRow, rowOf } from './rows.ts'

export type RemoteAction = MakeRemote | MoveRemote | RestoreRemote | TrashRemote

const MAX_OPERATIONS = 500

/** Many operations in one request; a folder that an earlier one makes is waited for. */
export const changeRemote = async (
  execution: Execution,
  actions: readonly RemoteAction[],
  round: Round
): Promise<void> => {
  let batch: { readonly action: RemoteAction; readonly operation: RemoteOperation }[] = []
  const send = async (): Promise<void> => {
    if (batch.length > 0) await sendBatch(execution, batch, round)
    batch = []
  }
  for (const action of actions) {
    let operation = operationOf(execution, action, round)
    if (operation === undefined || batch.length >= MAX_OPERATIONS) {
      await send()
      operation ??= operationOf(execution, action, round)
    }
    // Its folder could not be made: planned again in the next round.
    if (operation !== undefined) batch.push({ action, operation })
  }
  await send()
}

const operationOf = ({ knownSeq }: Execution, action: RemoteAction, round: Round): RemoteOperation | undefined => {
  switch (action.kind) {
    case 'make-remote': {
      const parentId = resolveRef(action.parent, round)
      return parentId === undefined ? undefined : { op: 'make-folder', parentId, name: action.name }
    }
    case 'move-remote': {
      const { node, name } = action
      const parentId = resolveRef(action.parent, round)
      return parentId === undefined ? undefined : { op: 'move', id: node.id, parentId, name, baseRev: node.metaRev }
    }
    case 'restore-remote':
      return { op: 'restore', id: action.id }
    case 'trash-remote': {
      const { id, kind, contentRev } = action.node
      return kind === 'file' ? { op: 'trash', id, baseRev: contentRev } : { op: 'trash', id, observedSeq: knownSeq }
    }
  }
}

export const resolveRef = (ref: RemoteRef, { made }: Round): string | undefined =>
  'id' in ref ? ref.id : made.get(ref.madeFrom)

const sendBatch = async (
  { drive, state }: Execution,
  batch: readonly { readonly action: RemoteAction; readonly operation: RemoteOperation }[],
  round: Round
): Promise<void> => {
  const results = await drive.operate(batch.map(({ operation }) => operation))
  const put: SyncedNode[] = []
  const remote: RemoteNode[] = []
  for (const [index, { action }] of batch.entries()) {
    const result = results[index]
    if (result === undefined) continue
    if (!result.ok) {
      round.failures.push({ path: pathOf(action), code: result.code, detail: result.detail })
      continue
    }
    const { node } = result
    round.done += 1
    remote.push(node)
    if (action.kind === 'make-remote') {
      const { entry } = action
      round.made.set(entry.path, node.id)
      put.push(rowOf(node, entry.path, { ...entry, content: undefined }))
    }
    if (action.kind === 'move-remote' && !action.parking) {
      const row = state.synced(node.id)
      if (row !== undefined) put.push(movedRow(row, node, action.localName))
    }
  }
  state.write({ put, remote })
}

const pathOf = (action: RemoteAction): string => {
  if (action.kind === 'make-remote') return action.entry.path
  return action.kind === 'restore-remote' ? action.id : action.node.name
}
