import { ApiError, type Drive, type Node, type NodeOperation } from '@cairn/client'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useClient } from '../../api/client.tsx'
import { placeNode, placeNodes, removeNodes } from '../../api/entries-cache.ts'
import { explain } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { useNotify } from '../../ui/toasts.tsx'

const PER_REQUEST = 500

export interface FolderTarget {
  readonly id: string
  readonly name: string
}

export interface NodeOperations {
  /** Rejects: the one who asked shows why at the place where it was typed. */
  readonly rename: (node: Node, name: string) => Promise<void>
  readonly makeFolder: (parent: string, name: string) => Promise<Node>
  readonly move: (ids: readonly string[], to: FolderTarget) => Promise<void>
  readonly copy: (ids: readonly string[], to: FolderTarget) => Promise<void>
  readonly trash: (ids: readonly string[]) => Promise<void>
  readonly restore: (ids: readonly string[]) => Promise<void>
}

type Draft = NodeOperation extends infer O ? (O extends NodeOperation ? Omit<O, 'opId'> : never) : never

/** Changes to the tree, shown at once when the server agreed; told with a way back where there is one. */
export const useNodeOperations = (drive: Drive): NodeOperations => {
  const client = useClient()
  const queries = useQueryClient()
  const notify = useNotify()
  const { t } = useLocale()
  return useMemo(() => {
    const operate = async (
      drafts: readonly Draft[]
    ): Promise<{ nodes: Node[]; failed: { code: string; detail: string }[] }> => {
      const nodes: Node[] = []
      const failed: { code: string; detail: string }[] = []
      for (let at = 0; at < drafts.length; at += PER_REQUEST) {
        const operations = drafts
          .slice(at, at + PER_REQUEST)
          .map((draft) => ({ ...draft, opId: crypto.randomUUID() }) as NodeOperation)
        const { results } = await client.nodes.operate(drive.id, { operations })
        for (const { node, error } of results) {
          if (error !== undefined) failed.push(error)
          else if (node !== undefined) nodes.push(node)
        }
      }
      void queries.invalidateQueries({ queryKey: ['drive'] })
      return { nodes, failed }
    }
    const tellFailed = (failed: readonly { code: string; detail: string }[]) => {
      const [first] = failed
      if (first === undefined) return
      const { title } = explain(new ApiError({ status: 409, ...first }), t)
      notify.failed(t.files.someFailed(failed.length), title)
    }
    const told = (run: () => Promise<void>) =>
      run().catch((error: unknown) => {
        const { title, advice } = explain(error, t)
        notify.failed(title, advice)
      })

    const restore: NodeOperations['restore'] = (ids) =>
      told(async () => {
        const { nodes, failed } = await operate(ids.map((nodeId) => ({ op: 'restore', nodeId })))
        placeNodes(queries, nodes)
        void queries.invalidateQueries({ queryKey: ['trash'] })
        if (nodes.length > 0) notify.done(t.files.restored(nodes.length))
        tellFailed(failed)
      })
    return {
      rename: async (node, name) => {
        placeNode(queries, await client.nodes.update(drive.id, node.id, { name }))
      },
      makeFolder: async (parentId, name) => {
        const folder = await client.nodes.makeFolder(drive.id, { parentId, name, exclusive: true })
        placeNode(queries, folder)
        return folder
      },
      move: (ids, to) =>
        told(async () => {
          const { nodes, failed } = await operate(
            ids
              .filter((id) => id !== to.id)
              .map((nodeId) => ({ op: 'move', nodeId, parentId: to.id, onConflict: 'rename' }))
          )
          placeNodes(queries, nodes)
          if (nodes.length > 0) notify.done(t.files.moved(nodes.length, to.name))
          tellFailed(failed)
        }),
      copy: (ids, to) =>
        told(async () => {
          const { nodes, failed } = await operate(
            ids.map((nodeId) => ({ op: 'copy', nodeId, parentId: to.id, onConflict: 'rename' }))
          )
          placeNodes(queries, nodes)
          if (nodes.length > 0) notify.done(t.files.copied(nodes.length, to.name))
          tellFailed(failed)
        }),
      trash: (ids) =>
        told(async () => {
          const { nodes, failed } = await operate(ids.map((nodeId) => ({ op: 'trash', nodeId })))
          removeNodes(
            queries,
            nodes.map(({ id }) => id)
          )
          void queries.invalidateQueries({ queryKey: ['trash'] })
          if (nodes.length > 0) {
            const undo = { label: t.common.undo, run: () => void restore(nodes.map(({ id }) => id)) }
            notify.done(t.files.trashed(nodes.length), undo)
          }
          tellFailed(failed)
        }),
      restore
    }
  }, [client, drive.id, notify, queries, t])
}
