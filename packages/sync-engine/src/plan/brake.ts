import type { Learn, Plan, Problem } from './actions.ts'
import type { Deletions } from './deletions.ts'
import type { Planning } from './plan.ts'

const MANY_FILES = 200
const FEW_FILES = 10
const SHARE = 0.25

const tooMany = (deleted: number, all: number): boolean =>
  deleted > MANY_FILES || (deleted >= FEW_FILES && deleted > all * SHARE)

const SENDS = new Set(['make-remote', 'move-remote', 'upload', 'restore-remote', 'trash-remote'])

/** The plan without the deletions that must be asked for, and without what the role does not allow. */
export const holdBack = ({
  input,
  actions,
  problems,
  deletions,
  learn
}: Planning & { readonly deletions: Deletions; readonly learn: readonly Learn[] }): Plan => {
  const { options, synced } = input
  const files = [...synced.values()].filter(({ kind }) => kind === 'file').length
  const { remoteFiles, localFiles } = deletions
  const held = !options.allowDeletes && (tooMany(remoteFiles, files) || tooMany(localFiles, files))
  const wanted = held ? actions : [...actions, ...deletions.remote, ...deletions.local]
  const allowed = options.readOnly ? wanted.filter(({ kind }) => !SENDS.has(kind)) : wanted
  const notSent: Problem[] =
    allowed.length === wanted.length
      ? []
      : [{ code: 'read_only', path: '', detail: `${wanted.length - allowed.length} local changes may not be sent` }]
  return {
    actions: allowed,
    learn,
    problems: [...problems, ...notSent],
    held: held ? { remote: remoteFiles, local: localFiles } : undefined
  }
}
