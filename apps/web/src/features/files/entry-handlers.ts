import type { Node } from '@cairn/client'
import type { LinkProps } from '@tanstack/react-router'
import type { DragEvent, MouseEvent } from 'react'

/** What entries tell the page they are shown on. The object stays the same between renders. */
export interface EntryHandlers {
  readonly onPress: (event: MouseEvent, node: Node) => void
  readonly onToggle: (node: Node) => void
  readonly onOpen: (node: Node) => void
  readonly onLink: (event: MouseEvent, node: Node) => void
  readonly onRenamed: () => void
  readonly onDragStart: (event: DragEvent, node: Node) => void
  readonly onDropInto: (ids: readonly string[], folder: Node, copy: boolean) => void
  readonly linkOf: (node: Node) => Pick<LinkProps, 'to' | 'params' | 'search'>
}
