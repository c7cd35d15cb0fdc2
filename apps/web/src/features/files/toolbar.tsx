import { ArrowDownWideNarrow, LayoutGrid, List, PanelRight, Search, X } from 'lucide-react'
import type { Ref } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { usePreferences } from '../../app/preferences.tsx'
import type { SortField } from '../../lib/sort.ts'
import { IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'

interface ToolbarProps {
  readonly filter: string
  readonly onFilter: (text: string) => void
  /** Enter and arrows in the filter go on to the list. */
  readonly onLeaveFilter: () => void
  readonly filterRef: Ref<HTMLInputElement>
}

export const Toolbar = ({ filter, onFilter, onLeaveFilter, filterRef }: ToolbarProps) => {
  const { t } = useLocale()
  const { preferences, prefer } = usePreferences()
  const { view, details, sort } = preferences
  const fields: readonly (readonly [SortField, string])[] = [
    ['name', t.files.name],
    ['size', t.files.size],
    ['modified', t.files.modified],
    ['kind', t.files.kind]
  ]
  return (
    <div className="flex items-center gap-1">
      <div className="relative">
        <Search aria-hidden="true" className="pointer-events-none absolute start-2.5 top-2.5 size-4 text-faint" />
        <input
          ref={filterRef}
          type="text"
          role="searchbox"
          aria-label={t.files.filter}
          placeholder={t.files.filter}
          value={filter}
          onChange={(event) => onFilter(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onFilter('')
            if (event.key === 'Escape' || event.key === 'Enter' || event.key === 'ArrowDown') {
              event.preventDefault()
              onLeaveFilter()
            }
          }}
          className="h-9 w-48 rounded-lg border border-line bg-surface ps-8.5 pe-8 placeholder:text-faint hover:border-line-strong max-md:w-36 max-xs:w-28"
        />
        {filter !== '' && (
          <button
            type="button"
            aria-label={t.files.filterClear}
            onClick={() => onFilter('')}
            className="absolute end-1 top-1 grid size-7 place-items-center rounded-md text-muted hover:bg-hover"
          >
            <X aria-hidden="true" className="size-3.5" />
          </button>
        )}
      </div>
      <Menu
        trigger={
          <IconButton label={t.files.sortBy}>
            <ArrowDownWideNarrow />
          </IconButton>
        }
        groups={[
          fields.map(([field, label]) => ({
            id: field,
            label: sort.field === field ? `${label} ✓` : label,
            run: () => prefer({ sort: { ...sort, field } })
          })),
          [
            {
              id: 'direction',
              label: sort.descending ? t.files.ascending : t.files.descending,
              run: () => prefer({ sort: { ...sort, descending: !sort.descending } })
            }
          ]
        ]}
      />
      <IconButton
        label={view === 'list' ? t.files.grid : t.files.list}
        onClick={() => prefer({ view: view === 'list' ? 'grid' : 'list' })}
      >
        {view === 'list' ? <LayoutGrid /> : <List />}
      </IconButton>
      <IconButton
        label={t.files.details}
        active={details}
        className="max-md:hidden"
        onClick={() => prefer({ details: !details })}
      >
        <PanelRight />
      </IconButton>
    </div>
  )
}
