import type { Node } from '@cairn/client'
import type { EntryHandlers } from './entry-handlers.ts'
import { type DropTarget, useDropTarget } from './use-drop-target.ts'

/** Folders take what is dropped on them; files do not. */
export const useEntryDrop = (
  node: Node,
  handlers: EntryHandlers
): { over: boolean; props: Partial<DropTarget['props']> } => {
  const target = useDropTarget((ids, copy) => handlers.onDropInto(ids, node, copy))
  return node.kind === 'folder' ? target : { over: false, props: {} }
}
