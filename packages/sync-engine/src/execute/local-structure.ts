import type { MakeLocal, MoveLocal } from '../plan/actions.ts'
import { baseName, type LocalEntry, parentPath, sameState } from '../trees/local-tree.ts'
import { type Execution, FolderError } from './ports.ts'
import type { Round } from './report.ts'
import { movedRow, rowOf } from './rows.ts'

export const makeLocal = async (
  { folder, state }: Execution,
  { node, path }: MakeLocal,
  round: Round
): Promise<void> => {
  await folder.makeFolder(path)
  await folder.flush([parentPath(path)])
  const made = await folder.look(path)
  if (made?.kind !== 'folder') throw new FolderError('missing', 'the new folder has gone')
  state.write({ put: [rowOf(node, path, { ...made, content: undefined })] })
  round.done += 1
}

export const moveLocal = async ({ folder, state }: Execution, action: MoveLocal, round: Round): Promise<void> => {
  const { node, entry, from, to, parking, conflict } = action
  await assertUnchanged(await folder.look(from), entry)
  const moving = entry.kind === 'file'
  if (moving) state.write({ moving: { from, to } })
  try {
    await folder.move(from, to)
  } catch (error) {
    if (moving) state.write({ moving: null })
    throw error
  }
  await folder.flush([parentPath(to), parentPath(from)])
  const row = node === undefined || parking ? undefined : state.synced(node.id)
  const put = row === undefined || node === undefined ? [] : [movedRow(row, node, baseName(to))]
  state.write({ put, moving: null, ...(conflict ? { conflict: { path: to, of: entry.path } } : {}) })
  round.done += 1
}

/** Folders may have got other times and sizes meanwhile: what counts is that it is the same folder. */
export const assertUnchanged = async (found: LocalEntry | undefined, expected: LocalEntry): Promise<void> => {
  if (found === undefined) throw new FolderError('missing', 'it has gone meanwhile')
  const same =
    found.kind === expected.kind &&
    (expected.kind === 'folder'
      ? (found.fileId ?? expected.fileId) === (expected.fileId ?? found.fileId)
      : sameState(found, expected))
  if (!same) throw new FolderError('failed', 'it has changed meanwhile')
}

/** A crash in the middle of a move may have left one file under two names: the old one goes. */
export const finishMove = async (
  { folder, state }: Pick<Execution, 'folder' | 'state'>,
  moving: { readonly from: string; readonly to: string }
): Promise<void> => {
  const [before, after] = [await folder.look(moving.from), await folder.look(moving.to)]
  if (
    before?.kind === 'file' &&
    after?.kind === 'file' &&
    before.fileId !== undefined &&
    before.fileId === after.fileId
  ) {
    await folder.flush([parentPath(moving.to)])
    await folder.removeFile(moving.from)
    await folder.flush([parentPath(moving.from)])
  }
  state.write({ moving: null })
}
