import type { Node } from '@cairn/client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type RefObject, useEffect } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { cx } from '../../lib/cx.ts'
import type { SortField, Sorting } from '../../lib/sort.ts'
import type { EntryHandlers } from './entry-handlers.ts'
import { COLUMNS, EntryRow } from './entry-row.tsx'
import type { Selection } from './selection.ts'

export interface EntriesProps {
  readonly entries: readonly Node[]
  readonly selection: Selection
  readonly renaming: string | undefined
  readonly handlers: EntryHandlers
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly focusIndex: number
}

interface EntryListProps extends EntriesProps {
  readonly sorting: Sorting
  readonly onSort: (field: SortField) => void
  readonly narrow: boolean
}

export const EntryList = ({
  entries,
  selection,
  renaming,
  handlers,
  scroller,
  focusIndex,
  sorting,
  onSort,
  narrow
}: EntryListProps) => {
  const height = narrow ? 56 : 44
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => entries[index]?.id ?? index,
    overscan: 12,
    scrollPaddingStart: 44,
    scrollPaddingEnd: 16
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when the height of rows changes
  useEffect(() => rows.measure(), [height])
  useEffect(() => {
    if (focusIndex >= 0) rows.scrollToIndex(focusIndex, { align: 'auto' })
  }, [focusIndex, rows])

  return (
    <>
      <ListHead sorting={sorting} onSort={onSort} />
      <div role="rowgroup" className="relative" style={{ blockSize: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start, key }) => {
          const node = entries[index]
          if (node === undefined) return null
          return (
            <div
              key={key}
              role="presentation"
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              <EntryRow
                node={node}
                index={index}
                selected={selection.ids.has(node.id)}
                focused={selection.focus === node.id}
                renaming={renaming === node.id}
                handlers={handlers}
              />
            </div>
          )
        })}
      </div>
    </>
  )
}

const ListHead = ({ sorting, onSort }: Pick<EntryListProps, 'sorting' | 'onSort'>) => {
  const { t } = useLocale()
  const head = (field: SortField, label: string, look: string) => {
    const active = sorting.field === field
    const Arrow = sorting.descending ? ArrowDown : ArrowUp
    return (
      <div
        role="columnheader"
        aria-sort={active ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
        className={look}
      >
        <button
          type="button"
          onClick={() => onSort(field)}
          className={cx(
            'inline-flex min-h-8 items-center gap-1 rounded-md px-1.5 hover:bg-hover hover:text-text',
            active && 'text-text'
          )}
        >
          {label}
          {active && <Arrow aria-hidden="true" className="size-3.5" />}
        </button>
      </div>
    )
  }
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface">
      <div
        role="row"
        aria-rowindex={1}
        className={cx('grid h-10 items-center ps-1 pe-3 text-xs font-medium text-muted', COLUMNS)}
      >
        <div role="columnheader">
          <span className="sr-only">{t.files.selectAll}</span>
        </div>
        {head('name', t.files.name, '-ms-1.5')}
        {head('size', t.files.size, 'text-end max-xs:hidden')}
        {head('modified', t.files.modified, 'ps-4.5 max-md:hidden')}
      </div>
    </div>
  )
}
