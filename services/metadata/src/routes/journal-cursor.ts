import { CairnError } from '@cairn/contracts'
import type { MetadataContext } from '../context.ts'
import type { Drive } from '../store/drives.ts'

interface JournalPosition {
  readonly userId: string
  readonly drive: Drive
  readonly seq: number
}

const scopeOf = (userId: string, drive: Drive): readonly string[] => ['journal', userId, drive.driveId]

export const sealJournalCursor = (context: MetadataContext, { userId, drive, seq }: JournalPosition): string =>
  context.cursors.seal(scopeOf(userId, drive), [drive.journalId, seq])

/**
 * The position a cursor names; the journal's beginning when there is none. `conflict` with `reset` when the
 * journal is another one, or begins later: list everything again and merge by node id.
 */
export const openJournalCursor = (
  context: MetadataContext,
  { userId, drive, cursor }: { readonly userId: string; readonly drive: Drive; readonly cursor: string | undefined }
): number => {
  if (cursor === undefined) {
    if (drive.floorSeq > 0) throw reset('floor')
    return 0
  }
  const [journalId, seq] = context.cursors.open(scopeOf(userId, drive), cursor)
  if (typeof seq !== 'number' || journalId !== drive.journalId || seq > drive.headSeq) throw reset('epoch')
  if (seq < drive.floorSeq) throw reset('floor')
  return seq
}

const reset = (reason: 'epoch' | 'floor'): CairnError =>
  new CairnError('conflict', 'The journal does not reach back to this cursor: list the drive again', {
    details: { reset: reason }
  })
