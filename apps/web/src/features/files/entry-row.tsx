import type { Node } from '@cairn/client'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { cx } from '../../lib/cx.ts'
import type { EntryHandlers } from './entry-handlers.ts'
import { EntryIcon } from './entry-icon.tsx'
import { RenameInput } from './rename-input.tsx'
import { useEntryDrop } from './use-entry-drop.ts'

export const COLUMNS =
  'grid-cols-[2.25rem_minmax(0,1fr)_6.5rem_8rem] max-md:grid-cols-[2.25rem_minmax(0,1fr)_5.5rem] max-xs:grid-cols-[2.25rem_minmax(0,1fr)]'

interface EntryRowProps {
  readonly node: Node
  readonly index: number
  readonly selected: boolean
  readonly focused: boolean
  readonly renaming: boolean
  readonly handlers: EntryHandlers
}

export const EntryRow = memo(({ node, index, selected, focused, renaming, handlers }: EntryRowProps) => {
  const { t, bytes, when, moment } = useLocale()
  const drop = useEntryDrop(node, handlers)
  const time = node.kind === 'folder' ? node.modifiedAt : node.mtime
  return (
    <div
      role="row"
      id={`row-${node.id}`}
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-node={node.id}
      draggable={!renaming}
      onDragStart={(event) => handlers.onDragStart(event, node)}
      onClick={(event) => handlers.onPress(event, node)}
      onDoubleClick={() => handlers.onOpen(node)}
      {...drop.props}
      className={cx(
        'group grid h-11 items-center rounded-lg ps-1 pe-3 select-none max-md:h-14',
        COLUMNS,
        selected ? 'bg-tint hover:bg-tint-strong' : 'hover:bg-hover',
        drop.over && 'outline-2 -outline-offset-2 outline-accent',
        focused &&
          'group-focus-visible/grid:outline-2 group-focus-visible/grid:-outline-offset-2 group-focus-visible/grid:outline-accent'
      )}
    >
      <div role="gridcell" className="grid place-items-center">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={t.files.select(node.name)}
          checked={selected}
          onClick={(event) => event.stopPropagation()}
          onChange={() => handlers.onToggle(node)}
          className={cx(
            'size-4 accent-accent transition-opacity pointer-coarse:size-5',
            !selected && 'opacity-0 group-hover:opacity-100 pointer-coarse:opacity-60'
          )}
        />
      </div>
      <div role="gridcell" className="flex min-w-0 items-center gap-3">
        <EntryIcon node={node} className="size-6 shrink-0" />
        {renaming ? (
          <RenameInput node={node} onDone={handlers.onRenamed} />
        ) : (
          <div className="min-w-0">
            <Link
              {...handlers.linkOf(node)}
              tabIndex={-1}
              draggable={false}
              onClick={(event) => handlers.onLink(event, node)}
              className="block truncate rounded-sm font-[450] hover:underline"
            >
              {node.name}
            </Link>
            <p className="truncate text-xs text-muted xs:hidden">
              {bytes(node.treeSize)} · {when(time)}
            </p>
          </div>
        )}
      </div>
      <div role="gridcell" className="numeric truncate text-end text-muted max-xs:hidden">
        {bytes(node.treeSize)}
      </div>
      <div role="gridcell" className="numeric truncate ps-6 text-muted max-md:hidden" title={moment(time)}>
        {when(time)}
      </div>
    </div>
  )
})
