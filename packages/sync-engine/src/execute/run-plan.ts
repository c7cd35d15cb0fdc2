import type { Action, Plan } from '../plan/actions.ts'
import { downloadFiles } from './downloads.ts'
import { deleteLocal } from './local-deletions.ts'
import { makeLocal, moveLocal } from './local-structure.ts'
import type { Execution } from './ports.ts'
import { changeRemote } from './remote-structure.ts'
import { Round, type RoundReport } from './report.ts'
import { rowOf } from './rows.ts'
import { uploadFiles } from './uploads.ts'

type Kind = Action['kind']
const only = <K extends Kind>(plan: Plan, ...kinds: readonly K[]): Extract<Action, { kind: K }>[] =>
  plan.actions.filter((action): action is Extract<Action, { kind: K }> => kinds.some((kind) => kind === action.kind))

/**
 * Carries out one plan, in its order. What fails is left for the next round, which plans anew. Rejects when
 * the server cannot be reached.
 */
export const runPlan = async (execution: Execution, plan: Plan): Promise<RoundReport> => {
  const round = new Round()
  writeRows(execution, plan, round)
  const inPlace = await arrangeLocal(execution, plan, round)
  await changeRemote(execution, only(plan, 'restore-remote', 'make-remote', 'move-remote'), round)
  if (inPlace) {
    const uploads = uploadFiles(execution, only(plan, 'upload'), round)
    const [up, down] = await Promise.allSettled([uploads, downloadFiles(execution, only(plan, 'download'), round)])
    for (const result of [up, down]) if (result.status === 'rejected') throw result.reason
  }
  await changeRemote(execution, only(plan, 'trash-remote'), round)
  if (inPlace) {
    for (const action of only(plan, 'delete-local')) {
      await deleteLocal(execution, action, round).catch((error: unknown) => round.fail(action.path, error))
    }
  }
  return round
}

const writeRows = ({ state }: Execution, plan: Plan, round: Round): void => {
  const forget = only(plan, 'forget').map(({ id }) => id)
  const put = only(plan, 'agree').map(({ node, entry, content }) => rowOf(node, entry.path, { ...entry, content }))
  if (forget.length + put.length === 0) return
  state.write({ forget, put })
  round.done += forget.length + put.length
}

/** The paths of all that follows suppose that every step before succeeded: the first failure ends it. */
const arrangeLocal = async (execution: Execution, plan: Plan, round: Round): Promise<boolean> => {
  for (const action of only(plan, 'make-local', 'move-local')) {
    try {
      if (action.kind === 'make-local') await makeLocal(execution, action, round)
      else await moveLocal(execution, action, round)
    } catch (error) {
      round.fail(action.kind === 'make-local' ? action.path : action.from, error)
      return false
    }
  }
  return true
}
