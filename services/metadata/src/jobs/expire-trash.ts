import type { MetadataContext } from '../context.ts'
import { submit } from '../operations/submit.ts'
import { type ExpiredNode, findExpiredTrash } from '../store/expired-trash.ts'

const NODES_PER_BATCH = 500

/** Purges what has been in the trash for longer than the configured time. */
export const expireTrash = async (context: MetadataContext, signal: AbortSignal): Promise<void> => {
  const { trashRetention } = context.config
  if (trashRetention === 0) return
  const before = context.clock.now() - trashRetention
  for (;;) {
    const nodes = await findExpiredTrash(context.database, { before, limit: NODES_PER_BATCH })
    if (nodes.length === 0) return
    let purged = 0
    for (const group of byDrive(nodes)) {
      if (signal.aborted) return
      purged += await purgeNodes(context, group)
    }
    context.kickPurge()
    // Whatever could not be purged now would be found again at once: leave it to the next run.
    if (purged === 0) return
  }
}

const byDrive = (nodes: readonly ExpiredNode[]): readonly (readonly [ExpiredNode, ...ExpiredNode[]])[] => {
  const groups = new Map<string, [ExpiredNode, ...ExpiredNode[]]>()
  for (const node of nodes) {
    const group = groups.get(node.driveId)
    if (group === undefined) groups.set(node.driveId, [node])
    else group.push(node)
  }
  return [...groups.values()]
}

const purgeNodes = async (
  context: MetadataContext,
  nodes: readonly [ExpiredNode, ...ExpiredNode[]]
): Promise<number> => {
  const [first] = nodes
  const { outcomes } = await submit(context, first, {
    actor: { userId: first.vaultId, deviceId: '', role: 'owner' },
    atomic: false,
    // A node that was restored and trashed again meanwhile has another rev.
    operations: nodes.map(({ nodeId, metaRev }) => ({
      opId: context.random.uuid(),
      kind: 'purge',
      nodeId,
      expect: { metaRev }
    }))
  })
  return outcomes.filter((outcome) => outcome.applied).length
}
