import type { Node } from '@cairn/client'
import { type MouseEvent, useMemo, useRef } from 'react'
import type { EntryHandlers } from './entry-handlers.ts'
import { startNodeDrag } from './node-drag.ts'
import { useDrive } from './use-drive.ts'
import { useNodeOperations } from './use-node-operations.ts'
import type { SelectionState } from './use-selection.ts'

interface Options extends SelectionState {
  readonly folder: string
  readonly open: (node: Node) => void
  readonly onRenamed: () => void
}

const isTouch = (event: MouseEvent): boolean =>
  'pointerType' in event.nativeEvent && event.nativeEvent.pointerType === 'touch'

/** Mouse and touch, in terms of selection and opening. Rows are many: the object never changes. */
export const useEntryHandlers = (
  options: Options
): EntryHandlers & { readonly onContextMenu: (event: MouseEvent) => void } => {
  const drive = useDrive()
  const operations = useNodeOperations(drive)
  const latest = useRef({ ...options, operations })
  latest.current = { ...options, operations }
  const { folder } = options
  return useMemo(
    () => ({
      onPress: (event, node) => {
        const { change, selection, open } = latest.current
        if (isTouch(event)) {
          // Once something is selected, touching goes on selecting.
          if (selection.ids.size > 0) change({ kind: 'toggle', id: node.id })
          else open(node)
          return
        }
        change({ kind: event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'only', id: node.id })
      },
      onToggle: (node) => latest.current.change({ kind: 'toggle', id: node.id }),
      onOpen: (node) => latest.current.open(node),
      onLink: (event, node) => {
        const { selection, change } = latest.current
        // With keys it is a selection, or a new tab, which is the browser's affair.
        if (event.ctrlKey || event.metaKey) {
          event.stopPropagation()
          return
        }
        if (event.shiftKey || (isTouch(event) && selection.ids.size > 0)) {
          event.preventDefault()
          return
        }
        event.stopPropagation()
        if (event.button === 0) change({ kind: 'only', id: node.id })
      },
      onRenamed: () => latest.current.onRenamed(),
      onDragStart: (event, node) => {
        const { selection, change } = latest.current
        const ids = selection.ids.has(node.id) ? [...selection.ids] : [node.id]
        if (!selection.ids.has(node.id)) change({ kind: 'only', id: node.id })
        startNodeDrag(event, { drive: node.driveId, ids })
      },
      onDropInto: (ids, target, copy) => {
        if (ids.includes(target.id)) return
        void (copy ? latest.current.operations.copy : latest.current.operations.move)(ids, target)
      },
      linkOf: (node) =>
        node.kind === 'folder'
          ? { to: '/files/$folderId', params: { folderId: node.id } }
          : { to: '/files/$folderId', params: { folderId: folder }, search: { preview: node.id } },
      onContextMenu: (event) => {
        const row = event.target instanceof Element ? event.target.closest('[data-node]') : null
        const id = row instanceof HTMLElement ? row.dataset['node'] : undefined
        const { selection, change } = latest.current
        if (id === undefined) change({ kind: 'clear' })
        else if (!selection.ids.has(id)) change({ kind: 'only', id })
      }
    }),
    [folder]
  )
}
