import type { Upload } from '../plan/actions.ts'
import type { Execution, UploadItem } from './ports.ts'
import { resolveRef } from './remote-structure.ts'
import type { Round } from './report.ts'
import { rowOf, storedRow } from './rows.ts'

export const uploadFiles = async (
  { drive, state }: Execution,
  actions: readonly Upload[],
  round: Round
): Promise<void> => {
  const items: UploadItem[] = []
  for (const { path, entry, target } of actions) {
    if ('node' in target) items.push({ path, entry, target: { id: target.node.id, baseRev: target.baseRev } })
    else {
      const parentId = resolveRef(target.parent, round)
      if (parentId !== undefined) items.push({ path, entry, target: { parentId, name: target.name } })
    }
  }
  if (items.length === 0) return
  await drive.upload(items, async (index, result) => {
    const item = items[index]
    if (item === undefined) return
    if (!result.ok) {
      round.failures.push({ path: item.path, code: result.code, detail: result.detail })
      return
    }
    const { node, state: read, content } = result
    const row = 'id' in item.target ? state.synced(node.id) : undefined
    const next =
      row === undefined ? rowOf(node, item.path, { ...read, content }) : storedRow(row, node, { ...read, content })
    state.write({ put: [next], remote: [node] })
    round.done += 1
  })
}
