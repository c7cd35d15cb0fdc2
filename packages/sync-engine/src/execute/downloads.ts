import { OWN_FOLDER } from '../names/reserved.ts'
import type { Download } from '../plan/actions.ts'
import { parentPath, sameState } from '../trees/local-tree.ts'
import { dropTrashed, trashPlace } from './local-trash.ts'
import { type Execution, FolderError } from './ports.ts'
import type { Round } from './report.ts'
import { rowOf } from './rows.ts'

export const TEMP_FOLDER = `${OWN_FOLDER}/temp`

export const downloadFiles = async (
  execution: Execution,
  actions: readonly Download[],
  round: Round
): Promise<void> => {
  const queue = [...actions]
  const work = async (): Promise<void> => {
    for (let action = queue.shift(); action !== undefined; action = queue.shift()) {
      execution.signal.throwIfAborted()
      try {
        await download(execution, action)
        round.done += 1
      } catch (error) {
        round.fail(action.path, error)
      }
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: Math.min(execution.parallel, actions.length) }, work))
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason
}

const download = async (execution: Execution, { node, path, replaces }: Download): Promise<void> => {
  const { folder, drive, state } = execution
  const temp = `${TEMP_FOLDER}/${execution.unique()}`
  let placed = false
  try {
    const { content, state: written } = await drive.download(node, temp, replaces)
    const aside = replaces === undefined ? undefined : await setAside(execution, path, replaces)
    // Never over something: what came here meanwhile stays, and the next round sees it.
    await folder.move(temp, path)
    placed = true
    await folder.flush([parentPath(path)])
    const put = [rowOf(node, path, { ...written, content })]
    state.write({ put })
    if (aside !== undefined) await dropTrashed(execution, aside)
  } finally {
    if (!placed) await folder.removeFile(temp).catch(() => undefined)
  }
}

/** What is moved away is exactly what was known, or it comes back. Until the row is written it is in the local trash. */
const setAside = async (
  execution: Execution,
  path: string,
  expected: NonNullable<Download['replaces']>
): Promise<string> => {
  const { folder } = execution
  const aside = await trashPlace(execution, path)
  await folder.move(path, aside)
  const moved = await folder.look(aside)
  if (moved?.kind === 'file' && sameState(moved, expected)) return aside
  await bringBack({ folder }, aside, path)
  throw new FolderError('failed', 'it has changed meanwhile')
}

/** To where it was, or beside it when something new is there. */
export const bringBack = async ({ folder }: Pick<Execution, 'folder'>, from: string, to: string): Promise<string> => {
  for (let number = 1; ; number += 1) {
    const target = number === 1 ? to : `${to} (recovered ${number})`
    try {
      await folder.move(from, target)
      await folder.flush([parentPath(to)])
      return target
    } catch (error) {
      if (!(error instanceof FolderError) || error.code !== 'exists') throw error
    }
  }
}
