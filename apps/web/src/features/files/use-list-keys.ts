import type { Node } from '@cairn/client'
import type { KeyboardEvent } from 'react'
import type { Action } from '../../ui/menu.tsx'
import type { SelectionState } from './use-selection.ts'

interface Options extends SelectionState {
  /** Entries side by side. */
  readonly columns: number
  /** Entries of one screen. */
  readonly page: number
  readonly byId: ReadonlyMap<string, Node>
  readonly open: (node: Node) => void
  readonly goUp: () => void
  readonly rename: (id: string) => void
  readonly actions: readonly Action[]
  /** A letter: the filter takes it. */
  readonly type: (text: string) => void
}

/** The keyboard of the list, as file managers have it. */
export const useListKeys =
  ({ selection, change, columns, page, byId, open, goUp, rename, actions, type }: Options) =>
  (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target !== event.currentTarget) return
    const { key, shiftKey, altKey } = event
    const control = event.ctrlKey || event.metaKey
    const move = (by: number) => change({ kind: 'step', by, extend: shiftKey, keep: control && !shiftKey })
    const run = (id: string) => actions.find((action) => action.id === id && action.disabled !== true)?.run()
    const focused = selection.focus === undefined ? undefined : byId.get(selection.focus)
    const rtl = getComputedStyle(event.currentTarget).direction === 'rtl'
    const keys: Readonly<Record<string, (() => unknown) | undefined>> = {
      ArrowDown: () => move(columns),
      ArrowUp: altKey ? goUp : () => move(-columns),
      ArrowRight: columns > 1 ? () => move(rtl ? -1 : 1) : undefined,
      ArrowLeft: columns > 1 ? () => move(rtl ? 1 : -1) : undefined,
      Home: () => move(Number.NEGATIVE_INFINITY),
      End: () => move(Number.POSITIVE_INFINITY),
      PageDown: () => move(page),
      PageUp: () => move(-page),
      Enter: () => focused !== undefined && open(focused),
      Backspace: goUp,
      Escape: () => change({ kind: 'clear' }),
      Delete: () => run('trash'),
      F2: () => selection.ids.size === 1 && focused !== undefined && rename(focused.id),
      ' ': () => selection.focus !== undefined && change({ kind: 'toggle', id: selection.focus })
    }
    if (control && key.toLowerCase() === 'a') change({ kind: 'all' })
    else if (keys[key] !== undefined) keys[key]()
    else if (key.length === 1 && !control && !altKey) type(key)
    else return
    event.preventDefault()
  }
