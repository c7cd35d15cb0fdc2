import { type DragEvent, useState } from 'react'
import { isNodeDrag, readNodeDrag } from './node-drag.ts'

export interface DropTarget {
  readonly over: boolean
  readonly props: {
    readonly onDragOver: (event: DragEvent) => void
    readonly onDragLeave: () => void
    readonly onDrop: (event: DragEvent) => void
  }
}

/** A place that takes entries dragged within the app; with Alt or Ctrl they are copied. */
export const useDropTarget = (onDrop: (ids: readonly string[], copy: boolean) => void): DropTarget => {
  const [over, setOver] = useState(false)
  return {
    over,
    props: {
      onDragOver: (event) => {
        if (!isNodeDrag(event)) return
        event.preventDefault()
        event.stopPropagation()
        event.dataTransfer.dropEffect = event.altKey || event.ctrlKey ? 'copy' : 'move'
        setOver(true)
      },
      onDragLeave: () => setOver(false),
      onDrop: (event) => {
        setOver(false)
        const dragged = readNodeDrag(event)
        if (dragged === undefined) return
        event.preventDefault()
        event.stopPropagation()
        onDrop(dragged.ids, event.altKey || event.ctrlKey)
      }
    }
  }
}
