import type { Node } from '@cairn/client'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { cx } from '../../lib/cx.ts'
import type { EntryHandlers } from './entry-handlers.ts'
import { EntryIcon } from './entry-icon.tsx'
import type { EntriesProps } from './entry-list.tsx'
import { RenameInput } from './rename-input.tsx'
import { useEntryDrop } from './use-entry-drop.ts'

const GAP = 12
const CARD_HEIGHT = 188

export const columnsFor = (width: number): number => Math.max(2, Math.floor((width + GAP) / (172 + GAP)))

interface EntryGridProps extends EntriesProps {
  readonly columns: number
}

export const EntryGrid = ({
  entries,
  selection,
  renaming,
  handlers,
  scroller,
  focusIndex,
  columns
}: EntryGridProps) => {
  const rows = useVirtualizer({
    count: Math.ceil(entries.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_HEIGHT + GAP,
    overscan: 4,
    paddingStart: GAP,
    scrollPaddingEnd: 16
  })
  useEffect(() => {
    if (focusIndex >= 0) rows.scrollToIndex(Math.floor(focusIndex / columns), { align: 'auto' })
  }, [focusIndex, columns, rows])

  return (
    <div role="rowgroup" className="relative" style={{ blockSize: rows.getTotalSize() }}>
      {rows.getVirtualItems().map(({ index: row, start }) => (
        <div
          key={row}
          role="row"
          aria-rowindex={row + 1}
          className="absolute inset-x-0 top-0 grid gap-3"
          style={{ transform: `translateY(${start}px)`, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
        >
          {entries.slice(row * columns, (row + 1) * columns).map((node) => (
            <Card
              key={node.id}
              node={node}
              selected={selection.ids.has(node.id)}
              focused={selection.focus === node.id}
              renaming={renaming === node.id}
              handlers={handlers}
            />
          ))}
        </div>
      ))}
    </div>
  )
}

interface CardProps {
  readonly node: Node
  readonly selected: boolean
  readonly focused: boolean
  readonly renaming: boolean
  readonly handlers: EntryHandlers
}

const Card = memo(({ node, selected, focused, renaming, handlers }: CardProps) => {
  const { t, bytes } = useLocale()
  const drop = useEntryDrop(node, handlers)
  return (
    <div
      role="gridcell"
      id={`row-${node.id}`}
      aria-selected={selected}
      data-node={node.id}
      draggable={!renaming}
      onDragStart={(event) => handlers.onDragStart(event, node)}
      onClick={(event) => handlers.onPress(event, node)}
      onDoubleClick={() => handlers.onOpen(node)}
      {...drop.props}
      className={cx(
        'group relative grid h-47 grid-rows-[1fr_auto] overflow-hidden rounded-xl border select-none',
        selected ? 'border-accent bg-tint' : 'border-line bg-surface hover:bg-hover',
        drop.over && 'outline-2 outline-accent',
        focused &&
          'group-focus-visible/grid:outline-2 group-focus-visible/grid:outline-offset-2 group-focus-visible/grid:outline-accent'
      )}
    >
      <div className="grid min-h-0 place-items-center overflow-hidden bg-sunken/60">
        <EntryIcon
          node={node}
          size={256}
          className={node.kind === 'folder' ? 'size-16' : 'max-h-full min-h-12 min-w-12'}
        />
      </div>
      <div className="flex min-w-0 items-center gap-2 border-t border-line px-3 py-2">
        {renaming ? (
          <RenameInput node={node} onDone={handlers.onRenamed} />
        ) : (
          <div className="min-w-0 grow">
            <Link
              {...handlers.linkOf(node)}
              tabIndex={-1}
              draggable={false}
              onClick={(event) => handlers.onLink(event, node)}
              className="block truncate rounded-sm font-[450] hover:underline"
            >
              {node.name}
            </Link>
            <p className="numeric text-xs text-muted">{bytes(node.treeSize)}</p>
          </div>
        )}
      </div>
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={t.files.select(node.name)}
        checked={selected}
        onClick={(event) => event.stopPropagation()}
        onChange={() => handlers.onToggle(node)}
        className={cx(
          'absolute start-2.5 top-2.5 size-4 accent-accent transition-opacity pointer-coarse:size-5',
          !selected && 'opacity-0 group-hover:opacity-100 pointer-coarse:opacity-70'
        )}
      />
    </div>
  )
})
